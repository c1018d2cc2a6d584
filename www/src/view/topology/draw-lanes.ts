/** Partitions: lanes that fill like water from where they are read, or the cells of a grid. */

import { count, short } from "../../format.js";
import { depth, depthMarks } from "../../model/depth.js";
import type { LaneGeometry, Rect } from "../../model/geometry.js";
import { WORST_HEIGHT, WORST_ROWS } from "../../model/geometry-parts.js";
import { curvesOf, hasMoved } from "../../model/motion.js";
import type { SceneLane } from "../../model/scene.js";
import { laneName } from "../../model/scene-words.js";
import { drawCells } from "./draw-cells.js";
import { DIMMED, type Frame, standsOut } from "./frame.js";
import { type WorkerColours, workerColours } from "./palette.js";
import type { Pen } from "./pen.js";

/** Tracks that are wider can tell more than they must. */
const WORDY = 320;

export function drawLanes(pen: Pen, frame: Frame): void {
  const { geometry, scene } = frame;
  if (geometry.isGrid) return drawCells(pen, frame);
  drawScale(pen, frame);
  for (const [place, lane] of scene.lanes.entries()) {
    const where = geometry.lanes[place];
    if (where === undefined) continue;
    pen.context.globalAlpha = standsOut(frame, "lane", place) ? 1 : DIMMED;
    drawTrack(pen, frame, lane, where, place);
  }
  pen.context.globalAlpha = 1;
}

export const coloursOf = (pen: Pen, { scene }: Frame, { owner }: SceneLane): WorkerColours =>
  scene.workers[owner] === undefined ? pen.palette.nobody : workerColours(pen.palette, scene.workers[owner]!.id);

/** Whether nothing is read from it, whoever it belongs to. */
export function isAtRest({ scene }: Frame, { owner, isStalled }: SceneLane): boolean {
  const state = scene.workers[owner]?.state;
  return owner < 0 || isStalled || state === "crashed" || state === "offline" || state === "stalled";
}

function drawTrack(pen: Pen, frame: Frame, lane: SceneLane, { track }: LaneGeometry, place: number): void {
  const { palette, context } = pen;
  const { isUpright } = frame.geometry;
  const colours = coloursOf(pen, frame, lane);
  const rest = isAtRest(frame, lane);
  const isSelected = frame.selected?.kind === "lane" && frame.selected.place === place;
  pen.box(track, 4, palette.sunken);
  const part = frame.motion.depths[place] ?? 0;
  if (part > 0.004) {
    context.save();
    context.beginPath();
    context.roundRect(track.x, track.y, track.width, track.height, 4);
    context.clip();
    context.fillStyle = lane.owner < 0 ? palette.nobody.filling : colours.filling;
    const length = part * (isUpright ? track.height : track.width);
    if (isUpright) context.fillRect(track.x, track.y + track.height - length, track.width, length);
    else context.fillRect(track.x + track.width - length, track.y, length, track.height);
    // The water's surface.
    context.fillStyle = colours.full;
    if (isUpright) context.fillRect(track.x, track.y + track.height - length, track.width, 2);
    else context.fillRect(track.x + track.width - length, track.y, 2, track.height);
    context.restore();
  }
  drawRest(pen, frame, track, place, rest);
  const ownership = frame.motion.ownerships[place];
  const isMoved = ownership !== undefined && hasMoved(ownership, frame.scene.time);
  pen.box(track, 4, undefined, isSelected || isMoved || lane.isRevoking ? colours.full : palette.line, lane.isRevoking ? [4, 3] : undefined);
  if (isSelected) pen.box({ x: track.x - 1, y: track.y - 1, width: track.width + 2, height: track.height + 2 }, 5, undefined, colours.full);
}

/** Nobody reads; once somebody does again, that fades. */
function drawRest(pen: Pen, { motion, scene }: Frame, track: Rect, place: number, isResting: boolean): void {
  const ownership = motion.ownerships[place];
  const part = isResting || ownership === undefined ? Number(isResting) : 1 - curvesOf(ownership, scene.time).owner;
  if (part <= 0) return;
  const { context } = pen;
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * part;
  pen.box(track, 4, pen.hatch(pen.palette.shade));
  context.globalAlpha = alpha;
}

/** Why it stands still, or whose it was: in as many words as there is room for. */
function drawReason(pen: Pen, { scene, motion, geometry }: Frame, { isStalled, isRevoking, owner, broker, held }: SceneLane, { track }: LaneGeometry, place: number): void {
  if (geometry.isUpright || track.height < 12) return;
  const { palette } = pen;
  const ownership = motion.ownerships[place];
  const back = held > 0 ? `, ${count(held)} held back` : "";
  if (isStalled) drawWord(pen, track, [`broker ${broker} stalled${back}`, `stalled${back}`, "stalled"], palette.alarm);
  else if (isRevoking) drawWord(pen, track, ["being let go", "let go"], palette.muted);
  else if (owner < 0) drawWord(pen, track, ["no owner"], palette.muted);
  else if (track.width > WORDY && ownership !== undefined && hasMoved(ownership, scene.time)) {
    drawWord(pen, track, [`from ${scene.workers[ownership.last]?.name ?? "another"}`], palette.muted);
  }
}

function drawWord(pen: Pen, track: Rect, words: readonly string[], colour: string): void {
  const style = { size: 11.5, weight: 500, colour } as const;
  const word = words.find((one) => pen.width(one, style) < track.width - 24);
  if (word === undefined) return;
  const y = track.y + track.height / 2;
  pen.box({ x: track.x + 6, y: y - 8, width: Math.ceil(pen.width(word, style)) + 12, height: 16 }, 3, pen.palette.surface);
  pen.text(word, track.x + 12, y, track.width, style);
}

function drawPause(pen: Pen, x: number, y: number): void {
  const { context, palette } = pen;
  context.fillStyle = palette.muted;
  context.fillRect(x, y, 2.5, 8);
  context.fillRect(x + 4.5, y, 2.5, 8);
}

/** Over everything that flows: names and numbers, on a ground of their own. */
export function drawGates(pen: Pen, frame: Frame): void {
  const { geometry, scene } = frame;
  const { context, palette } = pen;
  for (const [place, topic] of scene.topics.entries()) {
    const at = geometry.titles[place];
    if (at === undefined) continue;
    const y = at.y + at.height / 2;
    const isCentred = geometry.isUpright && !geometry.isGrid;
    if (isCentred) {
      const room = Math.min(pen.width(topic.name, { weight: 600 }) + 8, at.width);
      pen.box({ x: at.x + (at.width - room) / 2, y: y - 9, width: room, height: 19 }, 2, palette.surface);
    }
    if (isCentred) pen.text(topic.name, at.x + at.width / 2, y, at.width, { weight: 600, align: "center" });
    else {
      const long = `${count(topic.lanes)} ${topic.lanes === 1 ? "partition" : "partitions"}, ${count(topic.waiting)} waiting`;
      const note = pen.width(long, { size: 12 }) < at.width * 0.66 ? long : `${count(topic.waiting)} waiting`;
      const room = Math.min(pen.width(note, { size: 12 }), at.width * 0.66);
      pen.text(topic.name, at.x, y, at.width - room - 10, { weight: 600 });
      pen.text(note, at.x + at.width, y, room + 1, { size: 12, colour: palette.muted, align: "right" });
    }
  }
  if (geometry.isGrid) return drawWorst(pen, frame);
  for (const [place, lane] of scene.lanes.entries()) {
    const where = geometry.lanes[place];
    if (where === undefined) continue;
    context.globalAlpha = 1;
    const { gate } = where;
    pen.box({ x: gate.x, y: gate.y - 2, width: gate.width - 4, height: gate.height + 4 }, 2, palette.surface);
    context.globalAlpha = standsOut(frame, "lane", place) ? 1 : DIMMED + 0.2;
    drawGate(pen, frame, lane, gate);
    drawReason(pen, frame, lane, where, place);
  }
  context.globalAlpha = 1;
}

function drawGate(pen: Pen, { geometry }: Frame, lane: SceneLane, gate: Rect): void {
  const { palette } = pen;
  const isMany = (lane.waiting ?? 0) > 0;
  const number = { size: 12.5, weight: isMany ? 600 : 400, colour: isMany ? palette.ink : palette.muted } as const;
  if (geometry.isUpright) {
    const x = gate.x + gate.width / 2;
    pen.text(String(lane.partition), x, gate.y + 9, gate.width, { size: 12, colour: palette.muted, align: "center" });
    pen.text(lane.waiting === null ? "–" : short(lane.waiting), x, gate.y + 24, gate.width, { ...number, size: 12, align: "center" });
    if (lane.isPaused) drawPause(pen, x + 7, gate.y + 5);
    return;
  }
  const y = gate.y + gate.height / 2;
  pen.text(String(lane.partition), gate.x + 2, y, 24, { size: 12, colour: palette.muted });
  if (lane.isPaused) drawPause(pen, gate.x + 18, y - 4);
  pen.text(lane.waiting === null ? "–" : lane.waiting < 100_000 ? count(lane.waiting) : short(lane.waiting), gate.x + gate.width - 8, y, 44, { ...number, align: "right" });
}

function drawScale(pen: Pen, { geometry, motion }: Frame): void {
  const { context, palette } = pen;
  const { scale, isUpright } = geometry;
  if (scale === undefined || geometry.lanes.length === 0) return;
  const style = { size: 11.5, colour: palette.muted } as const;
  if (!isUpright) pen.text("waiting", scale.x - 8, scale.y + 10, 60, { ...style, align: "right" });
  const marks = depthMarks(motion.full);
  const length = isUpright ? scale.height : scale.width;
  let last = -Infinity;
  for (const mark of marks) {
    const part = depth(mark, motion.full);
    // They must not touch.
    if (part * length - last < (isUpright ? 14 : 26)) continue;
    last = part * length;
    if (isUpright) pen.text(short(mark), scale.x, scale.y + scale.height * (1 - part), 26, style);
    else {
      const align = part === 0 ? "right" : part === 1 ? "left" : "center";
      pen.text(short(mark), scale.x + scale.width * (1 - part), scale.y + 10, 40, { ...style, align });
    }
  }
  context.globalAlpha = 1;
}

function drawWorst(pen: Pen, { geometry, scene }: Frame): void {
  const { worst } = geometry;
  if (worst === undefined) return;
  const { palette } = pen;
  const longest = scene.lanes.filter(({ waiting }) => (waiting ?? 0) > 0).sort((one, other) => other.waiting! - one.waiting!);
  pen.text(longest.length === 0 ? "No partition has records waiting." : "Longest queues", worst.x, worst.y + WORST_HEIGHT / 2, worst.width, { size: 12, colour: palette.muted });
  for (const [place, lane] of longest.slice(0, WORST_ROWS).entries()) {
    const y = worst.y + WORST_HEIGHT * (place + 1.5);
    const owner = scene.workers[lane.owner];
    pen.box({ x: worst.x, y: y - 4, width: 8, height: 8 }, 2, owner === undefined ? palette.edge : workerColours(palette, owner.id).full);
    pen.text(laneName(lane), worst.x + 14, y, worst.width - 84, { size: 12.5 });
    pen.text(count(lane.waiting!), worst.x + worst.width, y, 66, { size: 12.5, weight: 600, align: "right" });
  }
}
