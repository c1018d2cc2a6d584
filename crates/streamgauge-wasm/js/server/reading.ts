/** The source's newest reading: at most one in an interval, however many ask. */

import type { WorkerState } from "../live/worker-state.js";
import { textOf, type FailureLog } from "./failure-log.js";
import type { Read, SourceReader } from "./source.js";

/** What one reading of the source gave. */
export interface Reading extends Read {
  readonly workers: readonly WorkerState[];
  /** What was made of it so far, by kind: a second client gets the same text. */
  readonly rendered: Map<string, string | Uint8Array>;
}

/** A reading that failed; the reason was logged. */
export class ReadingFailed extends Error {}

/** The source's thread is busy with something else. */
export class HostSilent extends ReadingFailed {
  constructor(milliseconds: number) {
    super(`the process has not answered for ${(milliseconds / 1000).toFixed(1)} s`);
  }
}

/** How long a reading may take before those who wait for it are told that it failed. Milliseconds. */
const LONGEST_READING = 5000;
/** How long the source's thread may not even hear that it is asked: probes that wait for a second get an answer. Milliseconds. */
const LONGEST_SILENCE = 800;

/** One thing that is read from the source: at most once in an interval, and by one at a time. */
class Paced<T> {
  readonly #what: string;
  readonly #interval: number;
  readonly #read: () => Promise<T>;
  readonly #silence: () => number;
  readonly #log: FailureLog;
  #last: { readonly at: number; readonly value: T } | undefined;
  #failedAt: number | undefined;
  #underWay: Promise<T> | undefined;

  constructor(what: string, intervalMilliseconds: number, log: FailureLog, silence: () => number, read: () => Promise<T>) {
    this.#what = what;
    this.#interval = intervalMilliseconds;
    this.#log = log;
    this.#silence = silence;
    this.#read = read;
  }

  /** Milliseconds until it may be read again; 0 or less where it may be at once. */
  get dueIn(): number {
    const at = Math.max(this.#last?.at ?? -Infinity, this.#failedAt ?? -Infinity);
    return at + this.#interval - performance.now();
  }

  /** What was read in this interval, or else is read now. @throws ReadingFailed, HostSilent */
  current(): Promise<T> {
    const now = performance.now();
    if (this.#last !== undefined && now - this.#last.at < this.#interval) return Promise.resolve(this.#last.value);
    // A source that fails is not asked more often than one that works.
    if (this.#failedAt !== undefined && now - this.#failedAt < this.#interval) return Promise.reject(new ReadingFailed());
    this.#underWay ??= this.#readNow().finally(() => {
      this.#underWay = undefined;
    });
    return this.#patiently(this.#underWay);
  }

  async #readNow(): Promise<T> {
    const began = performance.now();
    try {
      const value = await this.#read();
      const now = performance.now();
      // Of a thread that was busy it was read just now, and is not asked again at once.
      this.#last = { at: now - began > LONGEST_SILENCE ? now : began, value };
      this.#failedAt = undefined;
      this.#log.works(this.#what);
      return value;
    } catch (error) {
      this.#failedAt = performance.now();
      this.#log.failed(this.#what, textOf(error));
      throw new ReadingFailed();
    }
  }

  /** Waits for a reading that may never come; one that comes late is the next one's. */
  #patiently(reading: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const whenSilent = (): void => {
        if (this.#silence() > 0) reject(new HostSilent(this.#silence()));
      };
      const tooLong = (): void => {
        this.#log.failed(this.#what, `no answer within ${LONGEST_READING / 1000} s`);
        reject(new ReadingFailed());
      };
      const timers = [setTimeout(whenSilent, Math.max(LONGEST_SILENCE - this.#silence(), 0)), setTimeout(tooLong, LONGEST_READING)];
      for (const timer of timers) timer.unref();
      reading.then(resolve, reject).finally(() => timers.forEach(clearTimeout));
    });
  }
}

/** The source's newest reading. */
export class SharedReading {
  readonly #source: SourceReader;
  readonly #reading: Paced<Reading>;
  readonly #stats: Paced<string>;

  constructor(source: SourceReader, intervalSeconds: number, log: FailureLog, onReading: (reading: Reading) => void) {
    this.#source = source;
    const interval = intervalSeconds * 1000;
    const silence = (): number => source.silence();
    this.#reading = new Paced("the snapshot", interval, log, silence, async () => {
      const reading = { ...(await source.snapshot()), workers: source.workers(), rendered: new Map<string, string | Uint8Array>() };
      onReading(reading);
      return reading;
    });
    this.#stats = new Paced("asdict()", interval, log, silence, () => source.stats());
  }

  get hasStats(): boolean {
    return this.#source.hasStats;
  }

  /** The reading of this interval: one that was made already, or else a new one. @throws ReadingFailed, HostSilent */
  current(): Promise<Reading> {
    return this.#reading.current();
  }

  /** How the workers are doing, also where there is no snapshot. */
  get workers(): readonly WorkerState[] {
    return this.#source.workers();
  }

  /** Milliseconds until the next reading may be made; 0 or less where it may be at once. */
  get dueIn(): number {
    return this.#reading.dueIn;
  }

  /** Faust's `/stats/`, likewise. @throws ReadingFailed, HostSilent */
  stats(): Promise<string> {
    return this.#stats.current();
  }
}
