/** The charts' columns: the times, then one list for each line. What is not known is a gap. */

import { STAGES, type Flow, type Point } from "./point.js";
import { quantile } from "./quantiles.js";

export type Column = (number | null)[];
export type Columns = [times: number[], ...lines: Column[]];

/** A span this many times longer than those beside it was not watched. */
const UNWATCHED = 4;

/** A point, or null where nothing is known between two of them. */
export interface Row {
  readonly time: number;
  readonly point: Point | null;
}

/** Points with a gap where the source was silent. */
export function rowsOf(points: readonly Point[]): Row[] {
  const rows: Row[] = [];
  for (const [place, point] of points.entries()) {
    const beside = Math.max(points[place - 1]?.span ?? Infinity, points[place + 1]?.span ?? Infinity, 1);
    if (point.span > beside * UNWATCHED) rows.push({ time: point.time - point.span / 2, point: null });
    rows.push({ time: point.time, point });
  }
  return rows;
}

const columnsOf = (rows: readonly Row[], ...figures: ((point: Point) => number | null)[]): Columns => [
  rows.map(({ time }) => time),
  ...figures.map((figure) => rows.map(({ point }) => (point === null ? null : figure(point)))),
];

const perSecond =
  (count: (flow: Flow) => number) =>
  ({ flow }: Point): number | null =>
    flow === null || flow.seconds <= 0 ? null : count(flow) / flow.seconds;

/** Records per second: produced, received; events; records sent. */
export function throughput(rows: readonly Row[]): Columns {
  return columnsOf(
    rows,
    ({ produced }) => (produced === null || produced.seconds <= 0 ? null : produced.count / produced.seconds),
    perSecond(({ received }) => received),
    perSecond(({ events }) => events),
    perSecond(({ sent }) => sent),
  );
}

/** Seconds: the 50th, 95th and 99th percentile of event runtimes, and the middle of the workers' Faust medians. */
export function runtime(rows: readonly Row[]): Columns {
  const at = (share: number) => ({ runtime: one }: Point) => (one === null ? null : quantile(one, share));
  // Faust's median is 0 before the first event.
  return columnsOf(rows, at(0.5), at(0.95), at(0.99), ({ faustMedian }) => middle(faustMedian) || null);
}

/** Per second: errors of each stage in the order of `STAGES`, records tried again, dead letters. */
export function errors(rows: readonly Row[]): Columns {
  return columnsOf(
    rows,
    ...STAGES.map((_, stage) => perSecond((flow) => flow.errors[stage]!)),
    perSecond(({ retried }) => retried),
    perSecond(({ deadLettered }) => deadLettered),
  );
}

/** The share of their time that all workers spend processing. */
export function busyShare({ flow }: Point): number | null {
  return flow === null || flow.busy + flow.idle <= 0 ? null : flow.busy / (flow.busy + flow.idle);
}

/** Some by name, and what the rest are between: `total`, one column for each lane, the rest's highest and lowest. */
export function byLane(
  rows: readonly Row[],
  list: (point: Point) => ArrayLike<number>,
  lanes: readonly number[],
  total: (point: Point) => number | null,
  known: number,
): Columns {
  const isLane = new Uint8Array(known);
  for (const place of lanes) isLane[place] = 1;
  const columns = columnsOf(rows, total, ...lanes.map((place) => (point: Point) => orGap(list(point)[place])));
  const highest: Column = [];
  const lowest: Column = [];
  for (const { point } of rows) {
    let high = -Infinity;
    let low = Infinity;
    if (point !== null && lanes.length < known) {
      const values = list(point);
      for (let place = 0; place < values.length; place += 1) {
        if (isLane[place] === 1) continue;
        const value = values[place]!;
        if (value > high) high = value;
        if (value < low) low = value;
      }
    }
    highest.push(high < 0 ? null : high);
    lowest.push(low === Infinity ? null : low);
  }
  return [...columns, highest, lowest];
}

/** The most that each has had, by place; NaN where it is not known. */
export function peaks(points: readonly Point[], list: (point: Point) => ArrayLike<number>, known: number): Float64Array {
  const most = new Float64Array(known).fill(NaN);
  for (const point of points) {
    const values = list(point);
    for (let place = 0; place < values.length; place += 1) {
      const value = values[place]!;
      if (!(value <= most[place]!) && !Number.isNaN(value)) most[place] = value;
    }
  }
  return most;
}

/** The median; null where none is known. */
export function middle(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  if (known.length === 0) return null;
  const half = known.length >> 1;
  return known.length % 2 === 1 ? known[half]! : (known[half - 1]! + known[half]!) / 2;
}

const orGap = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
