/** From top to bottom, for narrow pictures: lanes stand upright and fill from below. */

import type { Geometry, LaneGeometry, Rect, Shape, WorkerGeometry } from "./geometry.js";
import { cellsIn, tiles } from "./geometry-parts.js";

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
const TO_WORKERS = 64;
const INLET = 18;
const WORKER = { most: 46, least: 20, width: 104, gap: 8 };
const ENDS = 40;
const END_GAP = 28;
const GAP = 8;

export function layDown(shape: Shape, width: number, height: number): Geometry {
  const hasProducers = shape.producers > 0;
  const lanesTop = hasProducers ? PRODUCERS + PRODUCER_GAP : 0;
  const endsHeight = shape.ends > 0 ? ENDS : 0;
  const endColumns = Math.min(shape.ends, Math.max(Math.floor(width / 72), 1));
  const endRows = Math.max(Math.ceil(shape.ends / Math.max(endColumns, 1)), 1);
  const endsTop = height - endsHeight * endRows;

  const isTight = shape.workers > 9;
  const columns = Math.max(1, Math.min(shape.workers, Math.floor(width / (isTight ? 72 : WORKER.width))));
  const rows = Math.ceil(shape.workers / columns);
  const boxHeight = isTight ? WORKER.least : WORKER.most;
  const workersHeight = rows * (boxHeight + WORKER.gap) - WORKER.gap;
  const workersTop = endsTop - (shape.ends > 0 ? END_GAP : 0) - workersHeight;

  const area: Rect = { x: 0, y: lanesTop, width, height: workersTop - TO_WORKERS - lanesTop };
  const laid = columnsIn(shape.topics, area);
  const parts = laid ?? { ...cellsIn(shape.topics, area), scale: undefined };

  const workersArea = { x: 0, y: workersTop, width, height: workersHeight };
  const workers = tiles(shape.workers, workersArea, columns, boxHeight, WORKER.gap).map((box): WorkerGeometry => {
    const middle = box.x + box.width / 2;
    const radius = Math.max(Math.min(box.height / 2 - 7, 10), 3);
    return {
      box,
      inlet: { x: middle, y: box.y - INLET },
      mouth: { x: middle, y: box.y },
      outlet: { x: middle, y: box.y + box.height },
      ring: { x: box.x + 7 + radius, y: box.y + box.height / 2, radius },
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
    ends: shape.ends > 0 ? tiles(shape.ends, { x: 0, y: endsTop, width, height: endsHeight * endRows }, endColumns, ENDS - 4, 4) : [],
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
