/** Which workers a trace speaks of, and which of them are still there. */

/** Silence that says nothing yet. Seconds. */
const LEAST_SILENCE = 3;
/** So many samples in a row must be missing. */
const SAMPLES_MISSED = 3;
/** Who has sampled less often may do so by hand, or not at all. */
const FEWEST_SAMPLES = 3;
/** Calls that read a monitor: a reader of a dead worker's figures does not bring it back. */
const READINGS = ["snapshot", "asdict"];

/** One life of a worker: what a trace calls a worker. */
export interface Member {
  /** Its name in the trace's lines. */
  readonly label: string;
  /** Its name in snapshots, which all its lives share. */
  readonly name: string;
  /** The number of the worker, counted by names. */
  readonly id: number;
}

interface Seen extends Member {
  lastCall: number;
  firstSample: number;
  lastSample: number;
  samples: number;
}

export class Presence {
  readonly #members = new Map<string, Seen>();
  readonly #names: string[] = [];
  /** The newest life by the worker's number. */
  readonly #newest: Seen[] = [];

  /** The workers' names, by number. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The newest life of each worker, by number. */
  get newest(): readonly Member[] {
    return this.#newest;
  }

  /** Hears of a call. Gives the life that ended by it, where it begins another of the same worker. `nameOf` gives the worker's name in snapshots, and is asked for a new label alone. */
  hear(label: string, call: string, time: number, nameOf: () => string): Member | undefined {
    let member = this.#members.get(label);
    let ended: Member | undefined;
    if (member === undefined) {
      const name = nameOf();
      let id = this.#names.indexOf(name);
      if (id < 0) id = this.#names.push(name) - 1;
      ended = this.#newest[id];
      member = { label, name, id, lastCall: time, firstSample: time, lastSample: time, samples: 0 };
      this.#members.set(label, member);
      this.#newest[id] = member;
    }
    if (READINGS.includes(call)) return ended;
    member.lastCall = time;
    if (call === "sample") {
      if (member.samples === 0) member.firstSample = time;
      member.samples += 1;
      member.lastSample = time;
    }
    return ended;
  }

  /** Whether a worker calls on, or never did so regularly: nothing in a trace says that one died. */
  isUp(id: number, time: number): boolean {
    const member = this.#newest[id];
    if (member === undefined) return false;
    if (member.samples < FEWEST_SAMPLES) return true;
    const between = (member.lastSample - member.firstSample) / (member.samples - 1);
    return time - member.lastCall <= Math.max(LEAST_SILENCE, SAMPLES_MISSED * between);
  }
}
