/** What of a scene changes softly: how full lanes are drawn, and whose they are. Goes by virtual time, so that a paused picture is still. */

import { depth, fullFor } from "./depth.js";
import type { Scene } from "./scene.js";

/** Seconds of real time: until a lane is drawn as full as it is, but for a third; and until a curve came or went. */
const SETTLE = 0.18;
const FADE = 0.7;

/** Whose a lane is, and whose it was; -1 for nobody. */
export interface Ownership {
  readonly owner: number;
  readonly since: number;
  readonly before: number;
  /** Virtual seconds that a change takes to fade. */
  readonly fade: number;
}

export class Motion {
  /** How far each lane is filled, 0..1. */
  depths = new Float64Array(0);
  ownerships: Ownership[] = [];
  /** The records that fill a lane. */
  full = fullFor(0);
  #time = 0;

  clear(): void {
    this.depths = new Float64Array(0);
    this.ownerships = [];
    this.full = fullFor(0);
  }

  /** @param pace virtual seconds per second; 0 for at once. */
  update(scene: Scene, pace: number): void {
    const { lanes, time } = scene;
    const longest = lanes.reduce((most, { waiting }) => Math.max(most, waiting ?? 0), 0);
    const full = fullFor(longest, this.full);
    const isNew = this.depths.length !== lanes.length || time < this.#time || full !== this.full;
    const part = isNew || pace <= 0 ? 1 : 1 - Math.exp(-(time - this.#time) / (SETTLE * pace));
    if (this.depths.length !== lanes.length) {
      this.depths = new Float64Array(lanes.length);
      this.ownerships = lanes.map(({ owner }) => ({ owner, since: -Infinity, before: -1, fade: 0 }));
    }
    for (const [place, { waiting, owner }] of lanes.entries()) {
      this.depths[place]! += (depth(waiting ?? 0, full) - this.depths[place]!) * part;
      const known = this.ownerships[place]!;
      if (known.owner !== owner) this.ownerships[place] = { owner, since: time, before: known.owner, fade: FADE * pace };
    }
    this.full = full;
    this.#time = time;
  }
}

/** How much of a change has come, 0..1. */
export const faded = ({ since, fade }: Ownership, time: number): number => (fade > 0 ? Math.min(Math.max((time - since) / fade, 0), 1) : 1);
