/** What is drawn beside lines. */

import uPlot from "uplot";
import type { Span } from "../../model/rebalances.js";
import { colour } from "../theme.js";

/** Draws within the plotting area alone. */
export function clipped(plot: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx);
  ctx.restore();
}

/** Shades spans of time, each at least two pixels wide; one that goes on reaches up to the newest value. */
export function shadeSpans(plot: uPlot, spans: readonly Span[]): void {
  const newest = plot.data[0].at(-1) ?? 0;
  const { min = 0, max = 0 } = plot.scales["x"]!;
  clipped(plot, (context) => {
    context.fillStyle = colour("shade");
    for (const [from, to] of spans) {
      if (to < min! || from > max!) continue;
      const left = plot.valToPos(from, "x", true);
      const width = plot.valToPos(Math.min(to, newest), "x", true) - left;
      context.fillRect(left, plot.bbox.top, Math.max(width, 2 * devicePixelRatio), plot.bbox.height);
    }
  });
}

/** The values that no line leads to: between two gaps, where without a point nothing would be seen. */
export function isolated(plot: uPlot, index: number): number[] | null {
  const column = plot.data[index] as (number | null)[];
  const [first, last] = plot.series[0]!.idxs!;
  const places: number[] = [];
  for (let place = first; place <= last; place += 1) {
    if (column[place] != null && column[place - 1] == null && column[place + 1] == null) places.push(place);
  }
  return places.length === 0 ? null : places;
}
