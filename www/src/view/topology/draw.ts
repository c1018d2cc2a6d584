/** Draws one picture: from what lies behind to what lies before. It decides nothing and computes no figure. */

import type { Rect, Target } from "../../model/geometry.js";
import { drawBanner, drawCaptions, drawEnds, drawProducers, drawWorkers } from "./draw-boxes.js";
import { drawGates, drawLanes } from "./draw-lanes.js";
import { drawLinks } from "./draw-links.js";
import { drawParticles } from "./draw-particles.js";
import type { Frame } from "./frame.js";
import type { Held } from "./held.js";
import type { Pen } from "./pen.js";

/** @param held keeps what changes slowly in a picture of many partitions. */
export function draw(pen: Pen, frame: Frame, held: Held): void {
  const { geometry } = frame;
  pen.context.clearRect(0, 0, geometry.width, geometry.height);
  drawLinks(pen, frame);
  held.isOld = false;
  if (geometry.isGrid) held.draw(pen, frame, drawFigures, drawResults);
  else drawFigures(pen, frame);
  drawParticles(pen, frame);
  if (!geometry.isGrid) drawResults(pen, frame);
  drawBanner(pen, frame);
  if (frame.hovered !== undefined) drawOutline(pen, frame, frame.hovered, pen.palette.edge, 1);
  if (frame.focused !== undefined) drawOutline(pen, frame, frame.focused, pen.palette.water, 2);
}

function drawFigures(pen: Pen, frame: Frame): void {
  drawCaptions(pen, frame);
  drawLanes(pen, frame);
  drawProducers(pen, frame);
  drawWorkers(pen, frame);
}

function drawResults(pen: Pen, frame: Frame): void {
  drawEnds(pen, frame);
  drawGates(pen, frame);
}

function drawOutline(pen: Pen, { geometry }: Frame, target: Target, colour: string, width: number): void {
  const box = rectOf(geometry, target);
  if (box === undefined) return;
  const { context } = pen;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.roundRect(box.x - 3, box.y - 3, box.width + 6, box.height + 6, 7);
  context.stroke();
}

export function rectOf({ lanes, workers, producers, ends }: Frame["geometry"], { kind, place }: Target): Rect | undefined {
  switch (kind) {
    case "lane": {
      const lane = lanes[place];
      if (lane === undefined) return undefined;
      const { gate, track } = lane;
      if (gate.width === 0) return track;
      const [x, y] = [Math.min(gate.x, track.x), Math.min(gate.y, track.y)];
      return { x, y, width: Math.max(gate.x + gate.width, track.x + track.width) - x, height: Math.max(gate.y + gate.height, track.y + track.height) - y };
    }
    case "worker":
      return workers[place]?.box;
    case "producer":
      return producers[place];
    case "end":
      return ends[place];
  }
}
