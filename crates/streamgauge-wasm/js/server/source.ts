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

/** The source's newest reading. */
export class SharedReading {
  readonly #source: SnapshotProvider;
  readonly #intervalMilliseconds: number;
  readonly #warn: (message: string) => void;
  readonly #onReading: (reading: Reading) => void;
  #last: Reading | undefined;
  #failedAt: number | undefined;
  #failure = "";
  #underWay: Promise<Reading> | undefined;
  #stats: { readonly at: number; readonly text: string } | undefined;

  constructor(source: unknown, intervalSeconds: number, warn: (message: string) => void, onReading: (reading: Reading) => void) {
    this.#source = providerOf(source);
    this.#intervalMilliseconds = intervalSeconds * 1000;
    this.#warn = warn;
    this.#onReading = onReading;
  }

  get hasStats(): boolean {
    return typeof this.#source.asdict === "function";
  }

  /** The reading of this interval: one that was made already, or else a new one. @throws ReadingFailed */
  async current(): Promise<Reading> {
    const now = performance.now();
    if (this.#last !== undefined && now - this.#last.at < this.#intervalMilliseconds) return this.#last;
    // A source that fails is not asked more often than one that works.
    if (this.#failedAt !== undefined && now - this.#failedAt < this.#intervalMilliseconds) throw new ReadingFailed();
    this.#underWay ??= this.#read().finally(() => {
      this.#underWay = undefined;
    });
    return within(LONGEST_READING, this.#underWay);
  }

  /** How the workers are doing, also where there is no snapshot. */
  get workers(): readonly WorkerState[] {
    return this.#source.workers?.() ?? [];
  }

  /** Milliseconds until the next reading may be made; 0 or less where it may be at once. */
  get dueIn(): number {
    const at = Math.max(this.#last?.at ?? -Infinity, this.#failedAt ?? -Infinity);
    return at + this.#intervalMilliseconds - performance.now();
  }

  /** Faust's `/stats/`, likewise. @throws ReadingFailed */
  async stats(): Promise<string> {
    const now = performance.now();
    if (this.#stats === undefined || now - this.#stats.at >= this.#intervalMilliseconds) {
      try {
        const text = JSON.stringify({ Sensor0: await this.#source.asdict?.() });
        this.#stats = { at: now, text };
      } catch (error) {
        throw this.#failed("asdict()", error);
      }
    }
    return this.#stats.text;
  }

  async #read(): Promise<Reading> {
    const at = performance.now();
    try {
      const snapshot = await snapshotOf(await this.#source.snapshot());
      const reading = { snapshot, workers: this.workers, at, rendered: new Map() };
      this.#onReading(reading);
      this.#last = reading;
    } catch (error) {
      this.#failedAt = at;
      throw this.#failed("the snapshot", error);
    }
    this.#failedAt = undefined;
    this.#failure = "";
    return this.#last;
  }

  /** Told once, until it is another failure or it works again. */
  #failed(what: string, error: unknown): ReadingFailed {
    const failure = `${what} failed: ${textOf(error)}`;
    if (failure !== this.#failure) this.#warn(failure);
    this.#failure = failure;
    return new ReadingFailed();
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

function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ReadingFailed()), milliseconds).unref();
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
