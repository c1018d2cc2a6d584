/** How long a queue is drawn: by its logarithm, so that ten records show beside ten thousand. */

/** Where a lane is full at least. */
const LEAST = 100;

/** The part of a lane that so many records fill, 0..1. */
export function depth(records: number, full: number): number {
  return Math.min(Math.log1p(Math.max(records, 0)) / Math.log1p(full), 1);
}

/** A power of ten that holds the longest queue; it goes down again only when that is well below. */
export function fullFor(longest: number, before = LEAST): number {
  const needed = Math.max(LEAST, 10 ** Math.ceil(Math.log10(Math.max(longest, 1))));
  if (needed >= before) return needed;
  return longest < before / 30 ? needed : before;
}

/** The marks on the scale: 0, 1, 10, ... */
export function depthMarks(full: number): number[] {
  const marks = [0];
  for (let mark = 1; mark <= full; mark *= 10) marks.push(mark);
  return marks;
}
