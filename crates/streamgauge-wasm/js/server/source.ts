/** What a server serves, and how it is read: at most once in an interval, however many ask. */

import { isBytes, wrongType } from "../checks.js";
import type { WorkerState } from "../live/worker-state.js";
import type { AsDict } from "../schema.js";
import type { SnapshotForm } from "../snapshot-input.js";
import type { Snapshot } from "../snapshot-schema.js";

/** Something that has snapshots: a `Monitor`, a `Recorder`, or what gathers those of several. */
export interface SnapshotProvider {
  /** Its snapshot now. */
  snapshot(): SnapshotForm | Promise<SnapshotForm>;
  /** Faust's dictionary, for `/stats/`, which is not served without it. */
  asdict?(): AsDict | Promise<AsDict>;
  /** How the workers are doing that it gathers from, for the page and `/healthz`. */
  workers?(): readonly WorkerState[];
}

/** What can be served: something that has snapshots, or a function that gives one. */
export type SnapshotSource = SnapshotProvider | (() => SnapshotForm | Promise<SnapshotForm>);

/** What one reading of the source gave. */
export interface Reading {
  readonly snapshot: Snapshot;
  readonly workers: readonly WorkerState[];
  /** `performance.now()` at the reading. */
  readonly at: number;
  /** What was made of it so far, by kind: a second client gets the same text. */
  readonly rendered: Map<string, string | Uint8Array>;
}

/** A reading that failed; the reason was logged. */
export class ReadingFailed extends Error {}

/** How long a reading may take before those who wait for it are told that it failed. */
const LONGEST_READING = 5000;

/** One thing that is read from the source: at most once in an interval, and by one at a time. */
class Paced<T> {
  readonly #what: string;
  readonly #interval: number;
  readonly #read: (at: number) => T | Promise<T>;
  readonly #log: FailureLog;
  #last: { readonly at: number; readonly value: T } | undefined;
  #failedAt: number | undefined;
  #underWay: Promise<T> | undefined;

  constructor(what: string, intervalMilliseconds: number, log: FailureLog, read: (at: number) => T | Promise<T>) {
    this.#what = what;
    this.#interval = intervalMilliseconds;
    this.#log = log;
    this.#read = read;
  }

  /** Milliseconds until it may be read again; 0 or less where it may be at once. */
  get dueIn(): number {
    const at = Math.max(this.#last?.at ?? -Infinity, this.#failedAt ?? -Infinity);
    return at + this.#interval - performance.now();
  }

  /** What was read in this interval, or else is read now. @throws ReadingFailed */
  current(): Promise<T> {
    const now = performance.now();
    if (this.#last !== undefined && now - this.#last.at < this.#interval) return Promise.resolve(this.#last.value);
    // A source that fails is not asked more often than one that works.
    if (this.#failedAt !== undefined && now - this.#failedAt < this.#interval) return Promise.reject(new ReadingFailed());
    this.#underWay ??= this.#readNow().finally(() => {
      this.#underWay = undefined;
    });
    return this.#within(LONGEST_READING, this.#underWay);
  }

  async #readNow(): Promise<T> {
    const at = performance.now();
    try {
      const value = await this.#read(at);
      this.#last = { at, value };
      this.#failedAt = undefined;
      this.#log.works(this.#what);
      return value;
    } catch (error) {
      this.#failedAt = at;
      this.#log.failed(this.#what, textOf(error));
      throw new ReadingFailed();
    }
  }

  #within(milliseconds: number, promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const tooLong = (): void => {
        this.#log.failed(this.#what, `no answer within ${milliseconds / 1000} s`);
        reject(new ReadingFailed());
      };
      const timer = setTimeout(tooLong, milliseconds).unref();
      promise.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

/** Tells of a failure once, until it is another one or it works again. */
class FailureLog {
  readonly #warn: (message: string) => void;
  readonly #told = new Map<string, string>();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  failed(what: string, why: string): void {
    if (this.#told.get(what) !== why) this.#warn(`${what} failed: ${why}`);
    this.#told.set(what, why);
  }

  works(what: string): void {
    this.#told.delete(what);
  }
}

/** The source's newest reading. */
export class SharedReading {
  readonly #source: SnapshotProvider;
  readonly #log: FailureLog;
  readonly #reading: Paced<Reading>;
  readonly #stats: Paced<string>;

  constructor(source: unknown, intervalSeconds: number, warn: (message: string) => void, onReading: (reading: Reading) => void) {
    this.#source = providerOf(source);
    this.#log = new FailureLog(warn);
    const interval = intervalSeconds * 1000;
    this.#reading = new Paced("the snapshot", interval, this.#log, async (at) => {
      const snapshot = await snapshotOf(await this.#source.snapshot());
      const reading = { snapshot, workers: this.workers, at, rendered: new Map<string, string | Uint8Array>() };
      onReading(reading);
      return reading;
    });
    this.#stats = new Paced("asdict()", interval, this.#log, async () => JSON.stringify({ Sensor0: await this.#source.asdict?.() }));
  }

  get hasStats(): boolean {
    return typeof this.#source.asdict === "function";
  }

  /** The reading of this interval: one that was made already, or else a new one. @throws ReadingFailed */
  current(): Promise<Reading> {
    return this.#reading.current();
  }

  /** How the workers are doing, also where there is no snapshot. Of a source that fails even at that: none. */
  get workers(): readonly WorkerState[] {
    try {
      const workers = this.#source.workers?.() ?? [];
      this.#log.works("workers()");
      return workers;
    } catch (error) {
      this.#log.failed("workers()", textOf(error));
      return [];
    }
  }

  /** Milliseconds until the next reading may be made; 0 or less where it may be at once. */
  get dueIn(): number {
    return this.#reading.dueIn;
  }

  /** Faust's `/stats/`, likewise. @throws ReadingFailed */
  stats(): Promise<string> {
    return this.#stats.current();
  }
}

function textOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return "something that has no text was thrown";
  }
}

/** @throws TypeError for what has no snapshot. */
function providerOf(source: unknown): SnapshotProvider {
  if (typeof source === "function") return { snapshot: source as () => SnapshotForm };
  if (typeof source === "object" && source !== null && typeof (source as SnapshotProvider).snapshot === "function") return source as SnapshotProvider;
  throw wrongType("source", "a Monitor, an object with a snapshot(), or a function that gives a snapshot", source);
}

async function snapshotOf(form: unknown): Promise<Snapshot> {
  if (typeof form === "string" || isBytes(form)) {
    // Its wasm module is read by those alone whose source gives texts or bytes.
    const { decode, parse } = await import("../snapshot-node.js");
    return typeof form === "string" ? parse(form) : decode(form);
  }
  if ((form as Snapshot | undefined)?.snapshot === "streamgauge/1") return form as Snapshot;
  throw wrongType("snapshot", "a snapshot: an object, JSON text or CBOR bytes", form);
}
