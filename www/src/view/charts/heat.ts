/** A heatmap behind a chart: time to the right, durations upwards, the more the deeper the colour. */

import type uPlot from "uplot";
import { rowBound, shadeOf, type Heatmap } from "../../model/heatmap.js";
import { colour } from "../theme.js";
import { logRange } from "./axes.js";
import { clipped } from "./shapes.js";

/** How many shades `tokens.css` has. */
export const SHADES = 8;

export const heatmapRange = ({ lowestRow, highestRow }: Heatmap): [number, number] =>
  lowestRow === null || highestRow === null ? logRange(0.001, 0.1) : logRange(rowBound(lowestRow), rowBound(highestRow + 1));

export function drawHeatmap(plot: uPlot, { columns, most, lowestRow, highestRow }: Heatmap): void {
  if (lowestRow === null || highestRow === null) return;
  const { min, max } = plot.scales["x"]!;
  const shades = Array.from({ length: SHADES }, (_, shade) => colour(`heat-${shade + 1}`));
  const edges = Array.from({ length: highestRow - lowestRow + 2 }, (_, place) => Math.round(plot.valToPos(rowBound(lowestRow + place), "y", true)));
  clipped(plot, (context) => {
    for (const { from, to, rates } of columns) {
      if (to < min! || from > max!) continue;
      const left = Math.round(plot.valToPos(from, "x", true));
      const width = Math.max(Math.round(plot.valToPos(to, "x", true)) - left, 1);
      for (let row = lowestRow; row <= highestRow; row += 1) {
        const shade = shadeOf(rates[row]!, most, SHADES);
        if (shade === 0) continue;
        const bottom = edges[row - lowestRow]!;
        const top = edges[row - lowestRow + 1]!;
        context.fillStyle = shades[shade - 1]!;
        context.fillRect(left, top, width, bottom - top);
      }
    }
  });
}
