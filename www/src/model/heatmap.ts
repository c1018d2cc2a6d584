/** How durations spread, span by span: histogram buckets, in a fixed set of rows. */

import type { Point } from "./point.js";
import { bound, type Distribution } from "./quantiles.js";

/** Rows for each doubling, as a scale of buckets. */
const SCALE = 2;
const PER_OCTAVE = 2 ** SCALE;
const LOWEST_EXPONENT = -20;
const HIGHEST_EXPONENT = 10;

/** From about a microsecond to about seventeen minutes. */
export const ROWS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * PER_OCTAVE;

/** The lower bound of a row, in seconds; that of the row after it is its upper one. */
export const rowBound = (row: number): number => bound(SCALE, row + LOWEST_EXPONENT * PER_OCTAVE);

/** The row that a duration is in. */
export const rowOf = (seconds: number): number => clamp(Math.ceil(Math.log2(seconds) * PER_OCTAVE - 1e-9) - 1 - LOWEST_EXPONENT * PER_OCTAVE);

const clamp = (row: number): number => Math.min(Math.max(row, 0), ROWS - 1);

/** How many durations are in each row. Those too short for a bucket are in the first, those too long in the last. */
export function rowsOf({ scale, below, above, offset, counts }: Distribution): Float64Array {
  const rows = new Float64Array(ROWS);
  rows[0]! += below;
  rows[ROWS - 1]! += above;
  // Buckets to a row; where a bucket is wider than a row, its count is spread.
  const buckets = 2 ** (scale - SCALE);
  for (let place = 0; place < counts.length; place += 1) {
    const first = Math.floor((offset + place) / buckets) - LOWEST_EXPONENT * PER_OCTAVE;
    const parts = Math.max(1 / buckets, 1);
    for (let part = 0; part < parts; part += 1) rows[clamp(first + part)]! += counts[place]! / parts;
  }
  return rows;
}

/** A span of time, with what happened in it, per second, by row. */
export interface HeatColumn {
  readonly from: number;
  readonly to: number;
  readonly rates: Float64Array;
}

export interface Heatmap {
  readonly columns: readonly HeatColumn[];
  /** The highest rate of a row; 0 where nothing happened. */
  readonly most: number;
  /** The rows that have anything; none where nothing happened. */
  readonly lowestRow: number | null;
  readonly highestRow: number | null;
}

export function heatmapOf(points: readonly Point[]): Heatmap {
  const columns: HeatColumn[] = [];
  let most = 0;
  let lowestRow: number | null = null;
  let highestRow: number | null = null;
  for (const { time, span, runtime, flow } of points) {
    if (runtime === null || flow === null || flow.seconds <= 0) continue;
    const rates = rowsOf(runtime);
    for (let row = 0; row < ROWS; row += 1) {
      if (rates[row] === 0) continue;
      const rate = (rates[row]! /= flow.seconds);
      most = Math.max(most, rate);
      lowestRow = Math.min(lowestRow ?? row, row);
      highestRow = Math.max(highestRow ?? row, row);
    }
    columns.push({ from: time - span, to: time, rates });
  }
  return { columns, most, lowestRow, highestRow };
}

/** The shade of a rate, 1 to `shades`; 0 for none. Small ones are told apart better than large ones: a tail matters. */
export function shadeOf(rate: number, most: number, shades: number): number {
  return rate <= 0 || most <= 0 ? 0 : Math.min(Math.max(Math.ceil(Math.sqrt(rate / most) * shades), 1), shades);
}
