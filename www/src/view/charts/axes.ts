/** Where axes begin and end, and what they say. */

import { moment } from "../../format.js";

/** Steps of a time axis that people count in. */
export const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800];

/** A round number not below `value`: the axis changes by jumps, seldom, instead of a little all the time. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8].find((factor) => factor * power >= value * 1.05) ?? 10;
  return step * power;
}

/** Bounds of a log axis out of 1, 3, 10, 30 and so on, around the values, at least a decade. */
export function logRange(least: number, most: number): [from: number, to: number] {
  const from = halfDecade(Math.floor(Math.log10(least) * 2 + 1e-9));
  const to = halfDecade(Math.ceil(Math.log10(most) * 2 - 1e-9));
  return [from, Math.max(to, from * 10)];
}

/** The marks of a log axis: whole decades, and their threes where there is room. */
export function logMarks(from: number, to: number, room: number): number[] {
  const first = Math.round(Math.log10(from) * 2);
  const last = Math.round(Math.log10(to) * 2);
  const marks = Array.from({ length: last - first + 1 }, (_, place) => first + place);
  return marks.filter((half) => marks.length <= room || half % 2 === 0).map(halfDecade);
}

const halfDecade = (half: number): number => (half % 2 === 0 ? 1 : 3) * 10 ** Math.floor(half / 2);

export const timeMarks = (splits: readonly number[]): string[] => splits.map((split) => moment(split, false));
