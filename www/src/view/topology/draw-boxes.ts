/** Producers, workers and ends; and what is said over the picture. */

import { count, oneDecimal, rate, secondsText, short } from "../../format.js";
import type { Rect, WorkerGeometry } from "../../model/geometry.js";
import { hasMoved } from "../../model/motion.js";
import type { SceneEnd, SceneWorker } from "../../model/scene.js";
import { busy } from "../../model/scene-words.js";
import { DIMMED, type Frame, standsOut } from "./frame.js";
import { workerColours } from "./palette.js";
import type { Pen } from "./pen.js";

const ENDS: Record<SceneEnd["kind"], string> = { sink: "sent", table: "changes", deadLetters: "given up" };
/** Seconds of real time for which a rebalance is told after its end. */
const BANNER_SECONDS = 4;
/** Boxes that are lower hold one line. */
const TWO_LINES = 32;

export function drawCaptions(pen: Pen, { geometry }: Frame): void {
  for (const { text, at } of geometry.captions) pen.text(text, at.x, at.y + 8, at.width, { size: 12, colour: pen.palette.muted });
}

export function drawProducers(pen: Pen, { geometry, scene }: Frame): void {
  for (const [place, box] of geometry.producers.entries()) {
    const { name, rate: perSecond } = scene.producers[place]!;
    pen.box(box, 6, pen.palette.surface, pen.palette.edge);
    drawLines(pen, box, name, [`${rate(perSecond)} /s`]);
  }
}

export function drawEnds(pen: Pen, { geometry, scene }: Frame): void {
  const { palette } = pen;
  for (const [place, box] of geometry.ends.entries()) {
    const { kind, name, count: number } = scene.ends[place]!;
    const isAlarming = kind === "deadLetters" && number > 0;
    pen.box(box, kind === "table" ? 2 : 6, palette.surface, isAlarming ? palette.alarm : palette.line, kind === "deadLetters" && !isAlarming ? [3, 3] : undefined);
    const figures = [`${count(number)} ${ENDS[kind]}`, `${short(number)} ${ENDS[kind]}`, short(number)];
    drawLines(pen, box, name, figures, isAlarming ? palette.alarm : palette.muted);
  }
}

/** @param figures the same in more and in fewer characters: the first that there is room for. */
function drawLines(pen: Pen, { x, y, width, height }: Rect, name: string, figures: readonly string[], colour = pen.palette.muted): void {
  const inset = width < 84 ? 6 : 10;
  const room = width - 2 * inset;
  if (height < TWO_LINES) return pen.text(name, x + inset, y + height / 2, room, { size: 12, weight: 500 });
  const figure = figures.find((one) => pen.width(one, { size: 12 }) <= room) ?? figures.at(-1)!;
  pen.text(name, x + inset, y + height / 2 - 8, room, { size: 12.5, weight: 600 });
  pen.text(figure, x + inset, y + height / 2 + 8, room, { size: 12, colour });
}

export function drawWorkers(pen: Pen, frame: Frame): void {
  const { isUpright, isGrid } = frame.geometry;
  const shared = sharedStart(frame.scene.workers);
  for (const [place, where] of frame.geometry.workers.entries()) {
    const worker = frame.scene.workers[place]!;
    const isGone = worker.state === "left";
    pen.context.globalAlpha = standsOut(frame, "worker", place) ? (isGone ? 0.6 : 1) : DIMMED;
    if (!isGrid && (worker.buffered ?? 0) > 0) {
      const { x, y } = isUpright ? { x: where.mouth.x + 6, y: where.mouth.y - 10 } : { x: where.mouth.x - 6, y: where.mouth.y - 11 };
      pen.text(short(worker.buffered!), x, y, 60, { size: 11.5, colour: pen.palette.muted, align: isUpright ? "left" : "right" });
    }
    drawWorker(pen, worker, shared, where, frame.selected?.kind === "worker" && frame.selected.place === place);
  }
  pen.context.globalAlpha = 1;
}

/** What all names begin with, but for numbers: small boxes leave it out. */
function sharedStart(workers: readonly SceneWorker[]): number {
  const [first = "", ...rest] = workers.map(({ name }) => name);
  let length = first.length;
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length).replace(/\d+$/, "").length;
}

function drawWorker(pen: Pen, worker: SceneWorker, shared: number, { box, ring }: WorkerGeometry, isSelected: boolean): void {
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

  const note = noteOf(worker, box.width - 2 * ring.radius - 30);
  const noted = { size: 12, weight: isTroubled ? 600 : 400, colour: isTroubled ? palette.alarm : palette.muted } as const;
  if (ring.x > box.x + box.width / 2 - 2) {
    // The name stands below the ring.
    pen.text(worker.name, ring.x, ring.y + 20, box.width - 8, { size: 12.5, weight: 600, colour: isDown ? palette.muted : palette.ink, align: "center" });
    return pen.text(note, ring.x, ring.y + 35, box.width - 6, { ...noted, align: "center" });
  }
  const left = ring.x + ring.radius + thickness / 2 + 7;
  const room = box.x + box.width - left - 8;
  const middle = box.y + box.height / 2;
  if (box.height < TWO_LINES - 2) {
    const style = { size: 11.5, colour: isTroubled ? palette.alarm : palette.ink, keep: "end" } as const;
    return pen.text(pen.width("0".repeat(shared + 2), style) < room + 8 ? worker.name : worker.name.slice(shared) || worker.name, left - 3, middle, room + 8, style);
  }
  pen.text(worker.name, left, middle - 8, room, { size: 13, weight: 600, colour: isDown ? palette.muted : palette.ink });
  pen.text(note, left, middle + 9, room, noted);
}

/** What it is at; and while all is well, how busy it is and what lies with it. */
function noteOf(worker: SceneWorker, room: number): string {
  if (worker.state !== "running" && worker.state !== null) return worker.state;
  if (worker.utilization === null && worker.buffered === null) return `${worker.owned} ${worker.owned === 1 ? "partition" : "partitions"}`;
  const inHand = worker.inFlight ?? 0;
  return room < 112 || inHand === 0 ? `${busy(worker)} busy` : `${busy(worker)} busy, ${short(inHand)} in flight`;
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

/** A rebalance is said where it happens: between lanes and workers; and for a moment what it changed. */
export function drawBanner(pen: Pen, frame: Frame): void {
  const { geometry } = frame;
  const text = bannerOf(frame);
  if (text === undefined || geometry.lanes.length === 0) return;
  const { palette } = pen;
  const { isRebalancing } = frame.scene;
  const style = { size: 12.5, weight: 600, colour: isRebalancing ? palette.surface : palette.ink } as const;
  const width = Math.ceil(pen.width(text, style)) + 24;
  const first = geometry.workers[0];
  const y = geometry.isUpright ? (first?.inlet.y ?? 0) - 34 : 0;
  const right = geometry.isUpright ? (geometry.width + width) / 2 : (first?.box.x ?? geometry.width) - 10;
  const box = { x: right - width, y, width, height: 24 };
  pen.box(box, 12, isRebalancing ? palette.ink : palette.surface, palette.ink);
  pen.text(text, box.x + 12, box.y + 12, width - 20, style);
}

function bannerOf({ scene, motion, rebalance, pace }: Frame): string | undefined {
  const { time, lanes } = scene;
  const { start, end } = rebalance;
  if (scene.isRebalancing) {
    const unowned = lanes.filter(({ owner }) => owner < 0).length;
    const { round } = scene;
    const revoked = lanes.filter(({ isRevoking }) => isRevoking).length;
    if (round && revoked > 0) return `Rebalancing, round ${round}: ${revoked} of ${lanes.length} lanes let go`;
    // In a cooperative rebalance all go on with what they keep.
    const isRead = scene.workers.some(({ state, owned }) => (state === "running" || (round && state === "rebalancing")) && owned > 0);
    const what = !isRead ? "nobody reads" : unowned === 0 ? "workers join" : `${unowned} of ${lanes.length} lanes wait`;
    return `Rebalancing${round ? `, round ${round}` : ""}: ${what}${start === null || round ? "" : ` (${oneDecimal(Math.max(time - start, 0))} s)`}`;
  }
  if (start === null || end === null || end < start || time - end > BANNER_SECONDS * pace) return undefined;
  const moved = motion.ownerships.filter((ownership) => hasMoved(ownership, time)).length;
  return `Rebalanced in ${secondsText(end - start)}${moved > 0 ? `: ${moved} of ${lanes.length} moved` : ""}`;
}
