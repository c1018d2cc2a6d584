/** From left to right: producers, lanes, workers, ends. */

import type { Geometry, LaneGeometry, Rect, Shape, WorkerGeometry } from "./geometry.js";
import { cellsIn, OTHER, stack, tiles } from "./geometry-parts.js";

const CAPTION = 24;
const SCALE = 20;
const TITLE = 24;
const TOPIC_GAP = 6;
const GATE = 66;
/** Pixels from one lane to the next. */
const PITCH = { least: 14, most: 42 };
const MOST_THICKNESS = 24;
/** Between these widths everything grows evenly. */
const NARROW = 600;
const WIDE = 1800;
/** Pixels of a worker's box. */
const WORKER = { least: 30, most: 50, gap: 8 };
const SMALL_WORKER = { width: 70, most: 20, gap: 3 };

export function layAcross(shape: Shape, width: number, height: number): Geometry {
  const share = Math.min(Math.max((width - NARROW) / (WIDE - NARROW), 0), 1);
  const between = (narrow: number, wide: number): number => Math.round(narrow + (wide - narrow) * share);
  const hasProducers = shape.producers > 0;
  const hasEnds = shape.ends > 0;
  const top = CAPTION;
  const body = height - CAPTION - SCALE;

  const producerWidth = hasProducers ? between(76, 160) : 0;
  const endWidth = hasEnds ? between(104, 180) : 0;
  const othersHeight = (shape.others ?? 0) * OTHER.pitch;
  const workersHeight = body - othersHeight;
  const workerColumns = columnsOf(shape.workers, workersHeight);
  const workerWidth = Math.max(between(124, 220), workerColumns > 1 ? workerColumns * SMALL_WORKER.width : 0);
  const lanesLeft = producerWidth + (hasProducers ? between(32, 150) : 0);
  const endsLeft = width - endWidth;
  const workersLeft = endsLeft - (hasEnds ? between(28, 130) : 0) - workerWidth;
  const gapToWorkers = between(80, 240);
  const lanesRight = workersLeft - gapToWorkers;
  const inletGap = between(34, 60);

  const lanesArea: Rect = { x: lanesLeft, y: top, width: lanesRight - lanesLeft, height: body };
  const laid = rowsIn(shape.topics, lanesArea);
  const isGrid = laid === undefined;
  const parts = laid ?? { ...cellsIn(shape.topics, { ...lanesArea, height: body + SCALE }, 1), scale: undefined };

  const workersArea: Rect = { x: workersLeft, y: top, width: workerWidth, height: workersHeight };
  const captions = [
    ...(hasProducers ? [{ text: "Producers", at: { x: 0, y: 0, width: producerWidth, height: CAPTION } }] : []),
    { text: "Partitions", at: { x: lanesLeft, y: 0, width: lanesRight - lanesLeft, height: CAPTION } },
    { text: "Workers", at: { x: workersLeft, y: 0, width: workerWidth, height: CAPTION } },
    ...(hasEnds ? [{ text: "Results", at: { x: endsLeft, y: 0, width: endWidth, height: CAPTION } }] : []),
  ];
  return {
    width,
    height,
    isUpright: false,
    isGrid,
    captions,
    producers: stack(shape.producers, { x: 0, y: top, width: producerWidth, height: body }, 46, 10),
    titles: parts.titles,
    lanes: parts.lanes,
    worst: "worst" in parts ? parts.worst : undefined,
    scale: parts.scale,
    workers: workersIn(shape.workers, workersArea, workerColumns, inletGap),
    ends: stack(shape.ends, { x: endsLeft, y: top, width: endWidth, height: body }, 40, 8),
    others: othersHeight > 0 ? { x: workersLeft, y: top + workersHeight, width: workerWidth, height: othersHeight } : undefined,
  };
}

/** Each partition a lane; undefined where they would be too thin. */
function rowsIn(topics: readonly number[], area: Rect): { titles: Rect[]; lanes: LaneGeometry[]; scale: Rect } | undefined {
  const count = topics.reduce((sum, lanes) => sum + lanes, 0);
  const pitch = Math.min((area.height - topics.length * TITLE - (topics.length - 1) * TOPIC_GAP) / Math.max(count, 1), PITCH.most);
  if (pitch < PITCH.least) return undefined;
  const thickness = Math.round(Math.min(pitch * 0.72, MOST_THICKNESS));
  const used = count * pitch + topics.length * TITLE + (topics.length - 1) * TOPIC_GAP;
  const titles: Rect[] = [];
  const lanes: LaneGeometry[] = [];
  let y = area.y + (area.height - used) / 2;
  for (const laneCount of topics) {
    titles.push({ x: area.x, y, width: area.width, height: TITLE });
    y += TITLE;
    for (let lane = 0; lane < laneCount; lane += 1) {
      const from = Math.round(y + (pitch - thickness) / 2);
      const track = { x: area.x + GATE, y: from, width: area.width - GATE, height: thickness };
      const middle = from + thickness / 2;
      lanes.push({
        gate: { x: area.x, y: from, width: GATE, height: thickness },
        track,
        tail: { x: area.x, y: middle },
        head: { x: track.x + track.width, y: middle },
      });
      y += pitch;
    }
    y += TOPIC_GAP;
  }
  const bottom = area.y + (area.height + used) / 2;
  return { titles, lanes, scale: { x: area.x + GATE, y: bottom, width: area.width - GATE, height: SCALE } };
}

/** One under the other, as long as there is room for their figures. */
function columnsOf(workers: number, height: number): number {
  if (height / Math.max(workers, 1) >= WORKER.least + WORKER.gap) return 1;
  return Math.max(Math.ceil((workers * (SMALL_WORKER.most + SMALL_WORKER.gap)) / height), 2);
}

function workersIn(count: number, area: Rect, columns: number, inletGap: number): WorkerGeometry[] {
  const isTight = columns > 1;
  const boxes = isTight ? tiles(count, area, columns, SMALL_WORKER.most, SMALL_WORKER.gap) : stack(count, area, WORKER.most, WORKER.gap * 1.5);
  return boxes.map((box) => {
    const middle = box.y + box.height / 2;
    const radius = isTight ? 4.5 : Math.min(box.height / 2 - 8, 13);
    return {
      box,
      inlet: { x: area.x - inletGap, y: middle },
      mouth: { x: isTight ? area.x : box.x, y: middle },
      outlet: { x: isTight ? area.x + area.width : box.x + box.width, y: middle },
      ring: { x: box.x + (isTight ? 6 : 10) + radius, y: middle, radius },
    };
  });
}
