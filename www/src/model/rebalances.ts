/** When a group was rebalanced, as spans of time. */

import type { Point } from "./point.js";

/** From and to, in seconds. */
export type Span = readonly [from: number, to: number];

/** Takes a moment's point in. Where there are more than `most`, the two that are nearest become one: none vanishes. */
export function addRebalance(spans: Span[], { time, span, isRebalancing, rebalances }: Point, most: number): void {
  const start = time - span;
  const last = spans.at(-1);
  // One that went on at the moment before ends, or goes on, here.
  if (last !== undefined && last[1] === Infinity) spans[spans.length - 1] = [last[0], isRebalancing ? Infinity : time];
  else if (rebalances > 0) spans.push([start, isRebalancing ? Infinity : time]);
  else if (isRebalancing) spans.push([start, Infinity]);
  if (spans.length > most) joinNearest(spans);
}

function joinNearest(spans: Span[]): void {
  let nearest = 1;
  for (let place = 1; place < spans.length; place += 1) {
    if (spans[place]![0] - spans[place - 1]![1] < spans[nearest]![0] - spans[nearest - 1]![1]) nearest = place;
  }
  spans.splice(nearest - 1, 2, [spans[nearest - 1]![0], spans[nearest]![1]]);
}
