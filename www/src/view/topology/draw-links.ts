/** Who feeds what, and who reads what: curves. */

import { curveBetween, type Curve, type Point, sideOf } from "../../model/geometry.js";
import { curvesOf } from "../../model/motion.js";
import { belongs, DIMMED, feedKey, type Frame, standsOut } from "./frame.js";
import { workerColours } from "./palette.js";
import type { Pen } from "./pen.js";

/** Pixels a second that a flow's dashes move. */
const FLOW_SPEED = 90;

export function drawLinks(pen: Pen, frame: Frame): void {
  drawFeeds(pen, frame);
  drawResults(pen, frame);
  drawOwnerships(pen, frame);
}

/** A producer's records go to a whole topic: one curve each. */
function drawFeeds(pen: Pen, frame: Frame): void {
  const { scene, geometry, feeds } = frame;
  const { context, palette } = pen;
  for (const [producer, box] of geometry.producers.entries()) {
    const from = sideOf(box, "after", geometry.isUpright);
    for (const [topic, { first, lanes }] of scene.topics.entries()) {
      if (!feeds.has(feedKey(producer, topic))) continue;
      for (let place = first; place < first + lanes; place += geometry.isGrid ? lanes : 1) {
        const to = geometry.isGrid ? gridEntry(frame, topic) : geometry.lanes[place]!.tail;
        const curve = curveBetween(from, to, geometry.isUpright);
        context.strokeStyle = palette.line;
        context.lineWidth = 1.5;
        pen.curve(curve);
        const rate = scene.lanes[place]!.arriving ?? 0;
        if (frame.isFast && rate > 0) drawFlow(pen, frame, curve, undefined, rate, palette.water);
      }
    }
  }
  context.lineCap = "butt";
}

function gridEntry({ geometry }: Frame, topic: number): Point {
  const title = geometry.titles[topic]!;
  return geometry.isUpright ? { x: title.x + title.width / 2, y: title.y } : { x: title.x - 4, y: title.y + title.height / 2 };
}

function drawResults(pen: Pen, { scene, geometry }: Frame): void {
  const { context, palette } = pen;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  if (geometry.isGrid) return;
  for (const [place, { outlet }] of geometry.workers.entries()) {
    const { state } = scene.workers[place]!;
    if (state === "crashed" || state === "left") continue;
    for (const end of geometry.ends) pen.curve(curveBetween(outlet, sideOf(end, "before", geometry.isUpright), geometry.isUpright));
  }
}

function drawOwnerships(pen: Pen, frame: Frame): void {
  const { scene, geometry, motion } = frame;
  const { context } = pen;
  context.lineCap = "round";
  for (const place of geometry.lanes.keys()) {
    const ownership = motion.ownerships[place];
    if (ownership === undefined) continue;
    if (geometry.isGrid && !belongs(frame, place)) continue;
    const seen = curvesOf(ownership, scene.time);
    if (ownership.last !== ownership.owner) drawOwnership(pen, frame, place, ownership.last, seen.last);
    drawOwnership(pen, frame, place, ownership.owner, seen.owner);
  }
  context.globalAlpha = 1;
  context.lineCap = "butt";
}

function drawOwnership(pen: Pen, frame: Frame, place: number, owner: number, alpha: number): void {
  const { scene, geometry } = frame;
  const worker = scene.workers[owner];
  const where = geometry.workers[owner];
  if (worker === undefined || where === undefined || alpha <= 0) return;
  const { context, palette } = pen;
  const colours = workerColours(palette, worker.id);
  const lane = scene.lanes[place]!;
  const isDead = worker.state === "crashed" || worker.state === "offline" || worker.state === "stalled";
  const stands = standsOut(frame, "lane", place);
  const curve = curveBetween(geometry.lanes[place]!.head, where.inlet, geometry.isUpright);
  context.globalAlpha = alpha * (stands ? 1 : DIMMED);
  context.strokeStyle = isDead ? palette.edge : colours.curve;
  context.lineWidth = belongs(frame, place) ? 2.75 : 1.75;
  if (isDead) context.setLineDash([2, 6]);
  pen.curve(curve, where.mouth);
  if (isDead) context.setLineDash([]);
  if (frame.isFast && !isDead && (lane.leaving ?? 0) > 0) drawFlow(pen, frame, curve, where.mouth, lane.leaving!, colours.full);
}

/** The more records a second, the denser. */
function drawFlow(pen: Pen, { clock, isStill }: Frame, curve: Curve, then: Point | undefined, rate: number, colour: string): void {
  const { context } = pen;
  const gap = Math.min(Math.max(60 / Math.log2(2 + rate), 6), 44);
  context.strokeStyle = colour;
  context.lineWidth = 3.5;
  context.lineCap = "round";
  context.setLineDash([0.1, gap]);
  context.lineDashOffset = isStill ? 0 : -((clock / 1000) * FLOW_SPEED) % (gap + 0.1);
  pen.curve(curve, then);
  context.setLineDash([]);
}
