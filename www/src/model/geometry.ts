/** Where everything in the picture lies, in CSS pixels. It depends on how many things there are, and on nothing that they do. */

import { layAcross } from "./geometry-across.js";
import { layDown } from "./geometry-down.js";
import { OTHER } from "./geometry-parts.js";
import type { Scene } from "./scene.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** A cubic Bézier curve. */
export interface Curve {
  readonly from: Point;
  readonly first: Point;
  readonly second: Point;
  readonly to: Point;
}

export interface LaneGeometry {
  /** Its name and number; as wide as nothing where lanes are cells. */
  readonly gate: Rect;
  readonly track: Rect;
  /** Where records come in, and where they are fetched. */
  readonly tail: Point;
  readonly head: Point;
}

export interface WorkerGeometry {
  readonly box: Rect;
  /** Where its partitions' curves meet; from here records go straight to the mouth. */
  readonly inlet: Point;
  readonly mouth: Point;
  readonly outlet: Point;
  readonly ring: Point & { readonly radius: number };
}

export interface Geometry {
  readonly width: number;
  readonly height: number;
  /** From top to bottom, where there is no room from left to right. */
  readonly isUpright: boolean;
  /** So many partitions that each is a cell of a grid. */
  readonly isGrid: boolean;
  /** What stands over the columns. */
  readonly captions: readonly { readonly text: string; readonly at: Rect }[];
  readonly producers: readonly Rect[];
  readonly titles: readonly Rect[];
  readonly lanes: readonly LaneGeometry[];
  /** Where the worst partitions are named; in a grid alone. */
  readonly worst: Rect | undefined;
  /** Where the marks of the depth scale stand; without lanes there is none. */
  readonly scale: Rect | undefined;
  readonly workers: readonly WorkerGeometry[];
  readonly ends: readonly Rect[];
  /** Where the other groups stand; undefined without any. */
  readonly others: Rect | undefined;
}

/** How many things there are. */
export interface Shape {
  readonly producers: number;
  /** The partitions of each topic. */
  readonly topics: readonly number[];
  readonly workers: number;
  readonly ends: number;
  /** Groups beside the one that is shown. */
  readonly others?: number;
}

/** Narrower pictures go from top to bottom. */
const UPRIGHT_BELOW = 600;
/** Pixels high, at least and at most. */
const ACROSS = { least: 368, most: 560 };
const DOWN = { least: 540, most: 720 };
/** Lanes that the least height holds in comfort, and pixels for each beyond. */
const COMFORTABLE_LANES = 12;
const LANE_PITCH = 20;
/** Workers that the least height of an upright picture holds. */
const COMFORTABLE_WORKERS = 9;
const WORKER_PITCH = 9;
/** Other groups that the least height of the workers' column holds. */
const COMFORTABLE_OTHERS = 2;

export function shapeOf(scene: Scene): Shape {
  return {
    producers: scene.producers.length,
    topics: scene.topics.map(({ lanes }) => lanes),
    workers: scene.workers.length,
    ends: scene.ends.length,
    others: scene.others ?? 0,
  };
}

export const isUpright = (width: number): boolean => width < UPRIGHT_BELOW;

/** The height to reserve. It takes the number of partitions, workers and other groups alone: nothing that comes later shifts the page. */
export function heightFor(lanes: number, workers: number, width: number, others = 0): number {
  if (isUpright(width)) return Math.min(DOWN.least + Math.max(workers - COMFORTABLE_WORKERS, 0) * WORKER_PITCH, DOWN.most) + Math.ceil(others / OTHER.inRow) * OTHER.pitch;
  return Math.min(ACROSS.least + Math.max(lanes - COMFORTABLE_LANES, 0) * LANE_PITCH, ACROSS.most) + Math.max(others - COMFORTABLE_OTHERS, 0) * OTHER.pitch;
}

export function geometryOf(shape: Shape, width: number, height: number): Geometry {
  return isUpright(width) ? layDown(shape, width, height) : layAcross(shape, width, height);
}

/** From a lane to a worker, from a producer to a lane: it leaves and arrives along the flow. */
export function curveBetween(from: Point, to: Point, isUprightFlow: boolean): Curve {
  if (isUprightFlow) {
    const middle = (from.y + to.y) / 2;
    return { from, first: { x: from.x, y: middle }, second: { x: to.x, y: middle }, to };
  }
  const middle = (from.x + to.x) / 2;
  return { from, first: { x: middle, y: from.y }, second: { x: middle, y: to.y }, to };
}

/** @param part of the curve, 0..1 */
export function pointOn({ from, first, second, to }: Curve, part: number): Point {
  const rest = 1 - part;
  const a = rest * rest * rest;
  const b = 3 * rest * rest * part;
  const c = 3 * rest * part * part;
  const d = part * part * part;
  return { x: a * from.x + b * first.x + c * second.x + d * to.x, y: a * from.y + b * first.y + c * second.y + d * to.y };
}

/** Points on a curve, as far from each other all the way. */
const SAMPLES = 24;
const measured = new WeakMap<Curve, Float64Array>();

/** How long a curve is, from its beginning to each of its samples. */
function lengthsOf(curve: Curve): Float64Array {
  let lengths = measured.get(curve);
  if (lengths === undefined) {
    lengths = new Float64Array(SAMPLES + 1);
    let last = curve.from;
    for (let sample = 1; sample <= SAMPLES; sample += 1) {
      const next = pointOn(curve, sample / SAMPLES);
      lengths[sample] = lengths[sample - 1]! + Math.hypot(next.x - last.x, next.y - last.y);
      last = next;
    }
    measured.set(curve, lengths);
  }
  return lengths;
}

export const lengthOf = (curve: Curve): number => lengthsOf(curve)[SAMPLES]!;

/** @param part of the curve's length, 0..1 */
export function evenPointOn(curve: Curve, part: number): Point {
  const lengths = lengthsOf(curve);
  const wanted = part * lengths[SAMPLES]!;
  let sample = 1;
  while (sample < SAMPLES && lengths[sample]! < wanted) sample += 1;
  const from = lengths[sample - 1]!;
  const step = lengths[sample]! - from;
  return pointOn(curve, (sample - 1 + (step > 0 ? (wanted - from) / step : 1)) / SAMPLES);
}

/** Where a record leaves a box, or comes to it. */
export function sideOf(box: Rect, side: "before" | "after", isUprightFlow: boolean): Point {
  if (isUprightFlow) return { x: box.x + box.width / 2, y: side === "before" ? box.y : box.y + box.height };
  return { x: side === "before" ? box.x : box.x + box.width, y: box.y + box.height / 2 };
}

/** What lies under a point. */
export type Target = { readonly kind: "lane" | "worker" | "producer" | "end"; readonly place: number };

export function targetAt({ lanes, workers, producers, ends, isGrid }: Geometry, at: Point): Target | undefined {
  const slack = isGrid ? 0.5 : 2;
  const search = (kind: Target["kind"], rects: readonly Rect[]): Target | undefined => {
    const place = rects.findIndex((rect) => holds(rect, at, slack));
    return place < 0 ? undefined : { kind, place };
  };
  const lane = lanes.findIndex(({ gate, track }) => holds(track, at, slack) || holds(gate, at, slack));
  if (lane >= 0) return { kind: "lane", place: lane };
  return search("worker", workers.map(({ box }) => box)) ?? search("producer", producers) ?? search("end", ends);
}

const holds = ({ x, y, width, height }: Rect, at: Point, slack: number): boolean =>
  at.x >= x - slack && at.x < x + width + slack && at.y >= y - slack && at.y < y + height + slack;
