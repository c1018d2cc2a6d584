/** Sampled records as dots; their colour is their age. */

import { AGE_STEPS, ageStep } from "../../model/ages.js";
import { sideOf } from "../../model/geometry.js";
import { Placer } from "../../model/particle-place.js";
import { ageOf, stepAt } from "../../model/particles.js";
import type { Frame } from "./frame.js";
import type { Pen } from "./pen.js";

const RADIUS = { lane: 2.75, grid: 1.75 };
const TURN = Math.PI * 2;

export function drawParticles(pen: Pen, frame: Frame): void {
  const { scene, geometry, motion, particles } = frame;
  const { context, palette } = pen;
  const placer = new Placer({ scene, geometry, depths: motion.depths, full: motion.full });
  const radius = geometry.isGrid ? RADIUS.grid : RADIUS.lane;
  const byAge: number[][] = Array.from({ length: AGE_STEPS }, () => []);
  const retried: number[] = [];
  for (const followed of particles.all) {
    const { place, part } = stepAt(followed, scene.time);
    const isOnTheWay = part < 1;
    // What moves cannot be told at such a speed, or must not.
    if ((frame.isFast || frame.isStill) && (isOnTheWay || followed.ended !== undefined)) continue;
    if (geometry.isGrid && !isOnTheWay && followed.stage === "waiting") continue;
    const at = placer.place(followed, scene.time);
    if (at === undefined) continue;
    byAge[ageStep(ageOf(followed, scene.time))]!.push(at.x, at.y);
    if (followed.stage === "retrying" && place === followed.steps.length - 1) retried.push(at.x, at.y);
  }
  // A rim of the ground keeps dots apart from each other and from what they lie on.
  context.fillStyle = palette.surface;
  context.beginPath();
  for (const dots of byAge) addDots(context, dots, radius + 1);
  context.fill();
  for (const [step, dots] of byAge.entries()) {
    if (dots.length === 0) continue;
    context.fillStyle = palette.ages[step]!;
    context.beginPath();
    addDots(context, dots, radius);
    context.fill();
  }
  context.strokeStyle = palette.alarm;
  context.lineWidth = 1.5;
  for (let place = 0; place < retried.length; place += 2) {
    context.beginPath();
    context.arc(retried[place]!, retried[place + 1]!, radius + 3, 0, TURN);
    context.stroke();
  }
  if (!frame.isStill) drawFlashes(pen, frame);
}

function addDots(context: CanvasRenderingContext2D, dots: readonly number[], radius: number): void {
  for (let place = 0; place < dots.length; place += 2) {
    context.moveTo(dots[place]! + radius, dots[place + 1]!);
    context.arc(dots[place]!, dots[place + 1]!, radius, 0, TURN);
  }
}

/** A record that is given up: a ring that widens and is gone, once. */
function drawFlashes(pen: Pen, { particles, scene, geometry, pace, isFast }: Frame): void {
  const end = scene.ends.findIndex(({ kind }) => kind === "deadLetters");
  const box = geometry.ends[end];
  if (box === undefined || isFast) return;
  const { context, palette } = pen;
  const at = sideOf(box, "before", geometry.isUpright);
  for (const followed of particles.all) {
    if (followed.stage !== "dead") continue;
    const { start, way } = followed.steps.at(-1)!;
    const part = (scene.time - start - way) / (0.6 * pace);
    if (part < 0 || part > 1) continue;
    context.globalAlpha = (1 - part) * 0.8;
    context.strokeStyle = palette.alarm;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(at.x, at.y, 5 + part * 18, 0, TURN);
    context.stroke();
  }
  context.globalAlpha = 1;
}
