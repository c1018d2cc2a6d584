/** From top to bottom, for narrow pictures: lanes stand upright and fill from below. */

import type { Geometry, LaneGeometry, Rect, Shape, WorkerGeometry } from "./geometry.js";
import { cellsIn, OTHER, tiles } from "./geometry-parts.js";

const PRODUCERS = 42;
const PRODUCER_GAP = 26;
const TITLE = 22;
/** The number of a lane, and below it how many records wait. */
const GATE = 34;
const PITCH = { least: 22, most: 46 };
const MOST_THICKNESS = 24;
const TOPIC_GAP = 10;
/** Room for the marks of the scale. */
const SCALE = 26;
/** Columns of topics, where partitions are cells. */
const MOST_COLUMNS = 3;
const TO_WORKERS = 64;
const INLET = 18;
/** Pixels of a worker's box: in one row with its name below its ring, or one of many. */
const WORKER = { height: 64, small: 22, gap: 8, smallGap: 4, smallWidth: 92, inRow: 4, mostRows: 8 };
const ENDS = 46;
const END_GAP = 28;
const GAP = 8;

export function layDown(shape: Shape, width: number, height: number): Geometry {
  const hasProducers = shape.producers > 0;
  const lanesTop = hasProducers ? PRODUCERS + PRODUCER_GAP : 0;
  const endsHeight = shape.ends > 0 ? ENDS : 0;
  const othersHeight = Math.ceil((shape.others ?? 0) / OTHER.inRow) * OTHER.pitch;
  const endsTop = height - othersHeight - endsHeight;

  const isTight = shape.workers > WORKER.inRow;
  const columns = Math.max(1, isTight ? Math.max(Math.floor(width / WORKER.smallWidth), Math.ceil(shape.workers / WORKER.mostRows)) : shape.workers);
  const boxHeight = isTight ? WORKER.small : WORKER.height;
  const gap = isTight ? WORKER.smallGap : WORKER.gap;
  const workersHeight = Math.ceil(shape.workers / columns) * (boxHeight + gap) - gap;
  const workersTop = endsTop - (shape.ends > 0 ? END_GAP : 0) - workersHeight;

  const area: Rect = { x: 0, y: lanesTop, width, height: workersTop - TO_WORKERS - lanesTop };
  const laid = columnsIn(shape.topics, area);
  const parts = laid ?? { ...cellsIn(shape.topics, area, MOST_COLUMNS), scale: undefined };

  const workersArea = { x: 0, y: workersTop, width, height: workersHeight };
  const workers = tiles(shape.workers, { ...workersArea, height: workersHeight + gap }, columns, boxHeight, gap).map((box): WorkerGeometry => {
    const middle = box.x + box.width / 2;
    const ring = isTight ? { x: box.x + 10, y: box.y + box.height / 2, radius: 4.5 } : { x: middle, y: box.y + 17, radius: 9 };
    return {
      box,
      inlet: { x: middle, y: workersTop - INLET },
      mouth: { x: middle, y: workersTop },
      outlet: { x: middle, y: workersTop + workersHeight },
      ring,
    };
  });
  return {
    width,
    height,
    isUpright: true,
    isGrid: laid === undefined,
    captions: [],
    producers: tiles(shape.producers, { x: 0, y: 0, width, height: PRODUCERS }, Math.max(Math.min(shape.producers, Math.floor(width / 80)), 1), PRODUCERS, GAP),
    titles: parts.titles,
    lanes: parts.lanes,
    worst: "worst" in parts ? parts.worst : undefined,
    scale: parts.scale,
    workers,
    ends: tiles(shape.ends, { x: 0, y: endsTop, width, height: endsHeight }, Math.max(shape.ends, 1), ENDS - GAP, GAP),
    others: othersHeight > 0 ? { x: 0, y: height - othersHeight, width, height: othersHeight } : undefined,
  };
}

function columnsIn(topics: readonly number[], area: Rect): { titles: Rect[]; lanes: LaneGeometry[]; scale: Rect } | undefined {
  const count = topics.reduce((sum, lanes) => sum + lanes, 0);
  const room = area.width - SCALE - TOPIC_GAP * Math.max(topics.length - 1, 0);
  const pitch = Math.min(room / Math.max(count, 1), PITCH.most);
  if (pitch < PITCH.least) return undefined;
  const thickness = Math.round(Math.min(pitch * 0.66, MOST_THICKNESS));
  const used = pitch * count + TOPIC_GAP * Math.max(topics.length - 1, 0);
  const titles: Rect[] = [];
  const lanes: LaneGeometry[] = [];
  const trackTop = area.y + TITLE + GATE;
  const trackHeight = area.height - TITLE - GATE;
  let x = SCALE + (area.width - SCALE - used) / 2;
  for (const laneCount of topics) {
    titles.push({ x, y: area.y, width: pitch * laneCount, height: TITLE });
    for (let lane = 0; lane < laneCount; lane += 1) {
      const left = Math.round(x + (pitch - thickness) / 2);
      const track = { x: left, y: trackTop, width: thickness, height: trackHeight };
      const middle = left + thickness / 2;
      lanes.push({
        gate: { x: x, y: trackTop - GATE, width: pitch, height: GATE },
        track,
        tail: { x: middle, y: trackTop - GATE },
        head: { x: middle, y: trackTop + trackHeight },
      });
      x += pitch;
    }
    x += TOPIC_GAP;
  }
  return { titles, lanes, scale: { x: 0, y: trackTop, width: Math.max(lanes[0]?.track.x ?? SCALE, SCALE), height: trackHeight } };
}
