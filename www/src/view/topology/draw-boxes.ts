/** Producers, workers and ends; and what is said over the picture. */

import { count, oneDecimal, rate, short } from "../../format.js";
import type { Rect, WorkerGeometry } from "../../model/geometry.js";
import type { SceneEnd, SceneWorker } from "../../model/scene.js";
import { busy } from "../../model/scene-words.js";
import { DIMMED, type Frame, standsOut } from "./frame.js";
import { workerColours } from "./palette.js";
import type { Pen } from "./pen.js";

const ENDS: Record<SceneEnd["kind"], string> = { sink: "sent", table: "changes", deadLetters: "given up" };
/** Boxes that are lower hold one line. */
const TWO_LINES = 32;

export function drawCaptions(pen: Pen, { geometry }: Frame): void {
  for (const { text, at } of geometry.captions) pen.text(text, at.x, at.y + 8, at.width, { size: 12, colour: pen.palette.muted });
}

export function drawProducers(pen: Pen, { geometry, scene }: Frame): void {
  for (const [place, box] of geometry.producers.entries()) {
    const { name, rate: perSecond } = scene.producers[place]!;
    pen.box(box, 6, pen.palette.surface, pen.palette.edge);
    drawLines(pen, box, name, `${rate(perSecond)} /s`);
  }
}

export function drawEnds(pen: Pen, { geometry, scene }: Frame): void {
  const { palette } = pen;
  for (const [place, box] of geometry.ends.entries()) {
    const { kind, name, count: number } = scene.ends[place]!;
    const isAlarming = kind === "deadLetters" && number > 0;
    pen.box(box, kind === "table" ? 2 : 6, palette.surface, isAlarming ? palette.alarm : palette.line, kind === "deadLetters" && !isAlarming ? [3, 3] : undefined);
    drawLines(pen, box, name, `${box.width < 84 ? short(number) : count(number)} ${ENDS[kind]}`, isAlarming ? palette.alarm : undefined);
  }
}

function drawLines(pen: Pen, { x, y, width, height }: Rect, name: string, figure: string, colour = pen.palette.ink): void {
  const inset = width < 84 ? 6 : 10;
  const room = width - 2 * inset;
  if (height < TWO_LINES) return pen.text(name, x + inset, y + height / 2, room, { size: 12, weight: 500 });
  pen.text(name, x + inset, y + height / 2 - 8, room, { size: 12.5, weight: 600 });
  pen.text(figure, x + inset, y + height / 2 + 8, room, { size: 12, colour: colour === pen.palette.ink ? pen.palette.muted : colour });
}

export function drawWorkers(pen: Pen, frame: Frame): void {
  for (const [place, where] of frame.geometry.workers.entries()) {
    const worker = frame.scene.workers[place]!;
    const isGone = worker.state === "left";
    pen.context.globalAlpha = standsOut(frame, "worker", place) ? (isGone ? 0.6 : 1) : DIMMED;
    drawWorker(pen, worker, where, frame.selected?.kind === "worker" && frame.selected.place === place);
  }
  pen.context.globalAlpha = 1;
}

function drawWorker(pen: Pen, worker: SceneWorker, { box, ring }: WorkerGeometry, isSelected: boolean): void {
  const { palette, context } = pen;
  const colours = workerColours(palette, worker.id);
  const { state } = worker;
  const isDown = state === "crashed" || state === "left";
  const isTroubled = state === "stalled" || state === "offline" || state === "crashed";
  const alpha = context.globalAlpha;
  context.globalAlpha = 1;
  pen.box(box, 6, isDown ? palette.sunken : palette.surface);
  context.globalAlpha = alpha;
  const border = isTroubled ? palette.alarm : isSelected ? colours.full : isDown ? palette.line : colours.curve;
  pen.box(box, 6, undefined, border, isTroubled || state === "rebalancing" ? [4, 3] : undefined);
  if (isSelected) pen.box({ x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 }, 7, undefined, colours.full);

  const thickness = ring.radius > 8 ? 4 : 2.5;
  context.lineWidth = thickness;
  context.strokeStyle = palette.line;
  context.beginPath();
  context.arc(ring.x, ring.y, ring.radius, 0, Math.PI * 2);
  context.stroke();
  if (isDown) drawCross(pen, ring);
  else {
    context.strokeStyle = isTroubled ? palette.edge : colours.full;
    context.lineCap = "round";
    context.beginPath();
    context.arc(ring.x, ring.y, ring.radius, -Math.PI / 2, -Math.PI / 2 + Math.PI * 2 * Math.min(worker.utilization ?? 0, 1));
    if ((worker.utilization ?? 0) > 0.005) context.stroke();
    context.lineCap = "butt";
  }

  const left = ring.x + ring.radius + thickness / 2 + 7;
  const room = box.x + box.width - left - 8;
  const middle = box.y + box.height / 2;
  if (box.height < TWO_LINES - 2) return pen.text(worker.name, left - 2, middle, room + 6, { size: 11.5, colour: isTroubled ? palette.alarm : palette.ink });
  pen.text(worker.name, left, middle - 8, room, { size: 13, weight: 600, colour: isDown ? palette.muted : palette.ink });
  const note = noteOf(worker, room);
  pen.text(note, left, middle + 9, room, { size: 12, weight: isTroubled ? 600 : 400, colour: isTroubled ? palette.alarm : palette.muted });
}

/** What it is at; and while all is well, how busy it is and what lies with it. */
function noteOf(worker: SceneWorker, room: number): string {
  if (worker.state !== "running" && worker.state !== null) return worker.state;
  if (worker.utilization === null && worker.buffered === null) return `${worker.owned} ${worker.owned === 1 ? "partition" : "partitions"}`;
  const lies = (worker.buffered ?? 0) + (worker.inFlight ?? 0);
  return room < 92 || lies === 0 ? `${busy(worker)} busy` : `${busy(worker)} busy, ${short(lies)} in`;
}

function drawCross(pen: Pen, { x, y, radius }: WorkerGeometry["ring"]): void {
  const { context } = pen;
  const reach = radius * 0.45;
  context.strokeStyle = pen.palette.muted;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - reach, y - reach);
  context.lineTo(x + reach, y + reach);
  context.moveTo(x + reach, y - reach);
  context.lineTo(x - reach, y + reach);
  context.stroke();
}

/** A rebalance is said where it happens: between lanes and workers. */
export function drawBanner(pen: Pen, { scene, geometry, rebalancingSince }: Frame): void {
  if (!scene.isRebalancing || geometry.lanes.length === 0) return;
  const unowned = scene.lanes.filter(({ owner }) => owner < 0).length;
  const what = unowned === scene.lanes.length ? "nobody reads" : unowned === 0 ? "workers join" : `${unowned} of ${scene.lanes.length} lanes wait`;
  const since = rebalancingSince === null ? "" : ` (${oneDecimal(Math.max(scene.time - rebalancingSince, 0))} s)`;
  const text = `Rebalancing: ${what}${since}`;
  const { context, palette } = pen;
  context.font = '600 12.5px "IBM Plex Sans", system-ui, sans-serif';
  const width = Math.ceil(context.measureText(text).width) + 24;
  const first = geometry.workers[0];
  const y = geometry.isUpright ? (first?.inlet.y ?? 0) - 34 : 0;
  const right = geometry.isUpright ? (geometry.width + width) / 2 : Math.min((first?.box.x ?? geometry.width) - 10, geometry.width);
  const box = { x: right - width, y, width, height: 24 };
  pen.box(box, 12, palette.ink);
  pen.text(text, box.x + 12, box.y + 12, width - 20, { size: 12.5, weight: 600, colour: palette.surface });
}
