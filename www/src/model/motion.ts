/** What of a scene changes softly: how full lanes are drawn, and whose they are. Goes by virtual time, so that a paused picture is still. */

import { depth, fullFor } from "./depth.js";
import type { Scene } from "./scene.js";

/** Seconds of real time: until a lane is drawn as full as it is, but for a third; until a curve came or went; and for which a move is told. */
const SETTLE = 0.18;
const FADE = 1.1;
const TOLD = 4;

/** Whose a lane is, and whose it was last; -1 for nobody. Times are virtual seconds. */
export interface Ownership {
  readonly owner: number;
  readonly gainedAt: number;
  readonly last: number;
  readonly lostAt: number;
  /** How long a change takes to fade, and for how long it is told. */
  readonly fade: number;
  readonly told: number;
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
      this.ownerships = lanes.map(({ owner }) => ({ owner, gainedAt: -Infinity, last: -1, lostAt: -Infinity, fade: 0, told: 0 }));
    }
    for (const [place, { waiting, owner }] of lanes.entries()) {
      this.depths[place]! += (depth(waiting ?? 0, full) - this.depths[place]!) * part;
      const known = this.ownerships[place]!;
      if (known.owner !== owner) this.ownerships[place] = changed(known, owner, time, pace);
    }
    this.full = full;
    this.#time = time;
  }
}

function changed(known: Ownership, owner: number, time: number, pace: number): Ownership {
  const wasOwned = known.owner >= 0;
  return {
    owner,
    gainedAt: owner >= 0 ? time : -Infinity,
    last: wasOwned ? known.owner : known.last,
    lostAt: wasOwned ? time : known.lostAt,
    fade: FADE * pace,
    told: TOLD * pace,
  };
}

/** How much there is to see of the curve to its owner, and of the one to its last owner, 0..1. */
export function curvesOf({ gainedAt, lostAt, fade }: Ownership, time: number): { owner: number; last: number } {
  const since = (at: number): number => (fade > 0 ? Math.min(Math.max((time - at) / fade, 0), 1) : 1);
  return { owner: since(gainedAt), last: 1 - since(lostAt) };
}

/** Whether a lane got another owner not long ago. */
export const hasMoved = ({ owner, last, gainedAt, told }: Ownership, time: number): boolean =>
  owner >= 0 && last >= 0 && owner !== last && time - gainedAt < told;
