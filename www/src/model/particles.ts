/** Follows sampled records from station to station. They move slower than in truth, so that the eye can follow: each way takes its time. */

import type { ParticleStage } from "streamgauge/sim";
import type { SimulationState } from "./moment.js";

/** In the order of the numbers in `state.particles.stage`. */
const STAGES: readonly ParticleStage[] = ["held", "waiting", "buffered", "handling", "retrying", "done", "dead", "lost"];

/** Where in the picture a record is. */
export type Station = "producer" | "lane" | "tray" | "handler" | "done" | "dead" | "lost";

const STATION_OF: Record<ParticleStage, Station> = {
  held: "producer", waiting: "lane", buffered: "tray", handling: "handler", retrying: "handler", done: "done", dead: "dead", lost: "lost",
};
/** Seconds of real time that the way to a station takes. */
const WAY: Record<Station, number> = { producer: 0, lane: 0.9, tray: 0.7, handler: 0.15, done: 0.8, dead: 0.9, lost: 0.5 };
const WAY_FROM_LANE = 0.8;
/** What comes before what: a record that was not seen in between was there nevertheless. */
const RANK: Record<Station, number> = { producer: 0, lane: 1, tray: 2, handler: 2, done: 3, dead: 3, lost: 1 };
/** Records shown at most; who is new then is passed over. */
const MOST = 640;

/** At a station from the end of its way on. */
export interface Step {
  readonly station: Station;
  readonly worker: number;
  /** Virtual seconds: when the way to it begins, and how long it takes. */
  readonly start: number;
  readonly way: number;
}

/** A record that is followed. */
export interface Followed {
  readonly id: number;
  readonly born: number;
  readonly producer: number;
  readonly partition: number;
  /** Never empty, in the order of time. */
  readonly steps: Step[];
  stage: ParticleStage;
  /** When it came to its end; undefined while it is under way. */
  ended: number | undefined;
  /** The newest state's `since`. */
  since: number;
}

export class Particles {
  readonly #followed = new Map<number, Followed>();

  get all(): Iterable<Followed> {
    return this.#followed.values();
  }

  get count(): number {
    return this.#followed.size;
  }

  clear(): void {
    this.#followed.clear();
  }

  /** @param pace virtual seconds per second: ways take as long at every speed. */
  update(state: SimulationState, pace: number): void {
    const { id: ids, born, producer, partition, stage: stages, since, worker } = state.particles;
    const seen = new Set<number>();
    for (let place = 0; place < ids.length; place += 1) {
      const id = ids[place]!;
      const stage = STAGES[stages[place]!]!;
      if (id === 0) continue;
      seen.add(id);
      let followed = this.#followed.get(id);
      if (followed === undefined) {
        const isOver = stage === "done" || stage === "dead" || stage === "lost";
        if (this.#followed.size >= MOST || (isOver && state.now - since[place]! > WAY.done * pace)) continue;
        followed = { id, born: born[place]!, producer: producer[place]!, partition: partition[place]!, steps: [], stage, ended: undefined, since: NaN };
        followed.steps.push({ station: "producer", worker: -1, start: followed.born, way: 0 });
        this.#followed.set(id, followed);
      }
      if (followed.stage !== stage || followed.since !== since[place]) advance(followed, stage, since[place]!, worker[place]!, pace);
    }
    for (const followed of this.#followed.values()) {
      const { station, start, way } = followed.steps.at(-1)!;
      const isOver = followed.ended !== undefined ? state.now > start + way + (station === "done" ? 0 : 0.6 * pace) : !seen.has(followed.id);
      if (isOver) this.#followed.delete(followed.id);
    }
  }
}

function advance(followed: Followed, stage: ParticleStage, since: number, worker: number, pace: number): void {
  const station = STATION_OF[stage];
  followed.stage = stage;
  followed.since = since;
  if (RANK[station] >= 3 || station === "lost") followed.ended = since;
  const before = followed.steps.at(-1)!;
  if (before.station === station && before.worker === worker) return;
  // Between two frames a record may come through several stations.
  if (RANK[station] > 1 && RANK[before.station] < 1) push(followed.steps, "lane", -1, since, pace);
  if (RANK[station] > 2 && RANK[followed.steps.at(-1)!.station] < 2) push(followed.steps, "handler", worker, since, pace);
  push(followed.steps, station, worker, since, pace);
}

function push(steps: Step[], station: Station, worker: number, since: number, pace: number): void {
  const before = steps.at(-1)!;
  const way = (station === "handler" && before.station === "lane" ? WAY_FROM_LANE : WAY[station]) * pace;
  // A way begins when the one before it is over.
  steps.push({ station, worker, start: Math.max(since, before.start + before.way), way });
}

/** The step that a record is at, or on its way to; and how far it came, 0..1. */
export function stepAt({ steps }: Followed, now: number): { place: number; part: number } {
  let place = steps.length - 1;
  while (place > 0 && steps[place]!.start > now) place -= 1;
  const { start, way } = steps[place]!;
  return { place, part: way > 0 ? Math.min(Math.max((now - start) / way, 0), 1) : 1 };
}

/** How old it is, or was at its end. */
export const ageOf = ({ born, ended }: Followed, now: number): number => Math.max((ended ?? now) - born, 0);
