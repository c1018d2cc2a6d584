/** Many partitions as cells of a grid: the fuller, the stronger its owner's colour. */

import type { Rect } from "../../model/geometry.js";
import { coloursOf, isAtRest } from "./draw-lanes.js";
import { DIMMED, type Frame, standsOut } from "./frame.js";
import type { Pen } from "./pen.js";

/** How strong an empty cell's colour is, and how many strengths there are. */
const LEAST = 0.16;
const STRENGTHS = 16;

/** Cells of the same look are filled at once: a fill each would cost too much for a thousand. */
export function drawCells(pen: Pen, frame: Frame): void {
  const { scene, geometry, motion, selected } = frame;
  const { context, palette } = pen;
  const resting: Rect[] = [];
  const byLook = new Map<string, { colour: string; alpha: number; cells: Rect[] }>();
  for (const [place, lane] of scene.lanes.entries()) {
    const cell = geometry.lanes[place]?.track;
    if (cell === undefined) continue;
    if (isAtRest(frame, lane)) resting.push(cell);
    const colour = coloursOf(pen, frame, lane).full;
    const depth = Math.round((motion.depths[place] ?? 0) * STRENGTHS) / STRENGTHS;
    const alpha = (LEAST + (1 - LEAST) * depth) * (standsOut(frame, "lane", place) ? 1 : DIMMED);
    const key = `${colour} ${alpha}`;
    let look = byLook.get(key);
    if (look === undefined) byLook.set(key, (look = { colour, alpha, cells: [] }));
    look.cells.push(cell);
  }
  for (const { colour, alpha, cells } of byLook.values()) fill(context, cells, colour, alpha);
  if (resting.length > 0) fill(context, resting, pen.hatch(palette.shade), 1);
  context.globalAlpha = 1;
  const at = selected?.kind === "lane" ? geometry.lanes[selected.place]?.track : undefined;
  if (at !== undefined) pen.box({ x: at.x - 2, y: at.y - 2, width: at.width + 4, height: at.height + 4 }, 2, undefined, palette.ink);
}

function fill(context: CanvasRenderingContext2D, cells: readonly Rect[], style: string | CanvasPattern, alpha: number): void {
  context.globalAlpha = alpha;
  context.fillStyle = style;
  context.beginPath();
  for (const { x, y, width, height } of cells) context.rect(x, y, width, height);
  context.fill();
}
