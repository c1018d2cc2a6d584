/** A record's age as a step of a colour scale. */

/** Steps between two marks of the scale. */
const PER_MARK = 4;
/** Seconds at the scale's colours `--age-1` to `--age-5`; between them it goes by the logarithm. */
export const AGE_MARKS = [0.1, 1, 5, 20, 60] as const;
export const AGE_STEPS = (AGE_MARKS.length - 1) * PER_MARK + 1;

/** 0..AGE_STEPS-1 */
export function ageStep(seconds: number): number {
  if (seconds <= AGE_MARKS[0]) return 0;
  for (let mark = 1; mark < AGE_MARKS.length; mark += 1) {
    const from = AGE_MARKS[mark - 1]!;
    const to = AGE_MARKS[mark]!;
    if (seconds < to) return (mark - 1) * PER_MARK + Math.round((Math.log(seconds / from) / Math.log(to / from)) * PER_MARK);
  }
  return AGE_STEPS - 1;
}
