/** What a server serves, and how it is read in the thread that it lives in. */

import { isBytes, wrongType } from "../checks.js";
import type { WorkerState } from "../live/worker-state.js";
import type { AsDict } from "../schema.js";
import type { SnapshotForm } from "../snapshot-input.js";
import type { Snapshot } from "../snapshot-schema.js";
import { textOf, type FailureLog } from "./failure-log.js";

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

/** A snapshot, and the form in which it is rendered soonest. */
export interface Read {
  readonly snapshot: Snapshot;
  readonly form: SnapshotForm;
}

/** How the routes reach the source, which may live in another thread. */
export interface SourceReader {
  readonly hasStats: boolean;
  /** A new snapshot. Rejects with why there is none. */
  snapshot(): Promise<Read>;
  /** The text of `/stats/`, likewise. */
  stats(): Promise<string>;
  /** How the workers are doing, also where there is no snapshot. */
  workers(): readonly WorkerState[];
  /** Milliseconds since the source's thread was asked for something and did not even hear it; 0 where it heard all. */
  silence(): number;
}

/** Reads a source of this thread. */
export class LocalReader implements SourceReader {
  readonly #source: SnapshotProvider;
  readonly #log: FailureLog;

  constructor(source: SnapshotProvider, log: FailureLog) {
    this.#source = source;
    this.#log = log;
  }

  get hasStats(): boolean {
    return typeof this.#source.asdict === "function";
  }

  async snapshot(): Promise<Read> {
    const form: unknown = await this.#source.snapshot();
    if (typeof form === "string" || isBytes(form)) return readForm(form);
    const snapshot = snapshotObject(form);
    return { snapshot, form: snapshot };
  }

  async stats(): Promise<string> {
    return statsText(this.#source);
  }

  /** Of a source that fails even at that: none. */
  workers(): readonly WorkerState[] {
    return workersOf(this.#source, this.#log);
  }

  silence(): number {
    return 0;
  }
}

/** What `/stats/` says. */
export async function statsText(source: SnapshotProvider): Promise<string> {
  return JSON.stringify({ Sensor0: await source.asdict?.() });
}

export function workersOf(source: SnapshotProvider, log: FailureLog): readonly WorkerState[] {
  try {
    const workers = source.workers?.() ?? [];
    log.works("workers()");
    return workers;
  } catch (error) {
    log.failed("workers()", textOf(error));
    return [];
  }
}

/** @throws TypeError for what has no snapshot. */
export function providerOf(source: unknown): SnapshotProvider {
  if (typeof source === "function") return { snapshot: source as () => SnapshotForm };
  if (typeof source === "object" && source !== null && typeof (source as SnapshotProvider).snapshot === "function") return source as SnapshotProvider;
  throw wrongType("source", "a Monitor, an object with a snapshot(), or a function that gives a snapshot", source);
}

/** Checked as far as is needed to serve it. @throws TypeError */
export function snapshotObject(form: unknown): Snapshot {
  if ((form as Snapshot | undefined)?.snapshot === "streamgauge/1") return form as Snapshot;
  throw wrongType("snapshot", "a snapshot: an object, JSON text or CBOR bytes", form);
}

/** Rejects for what is no snapshot. */
export async function readForm(form: string | Uint8Array): Promise<Read> {
  // Its wasm module is read by those alone whose source gives texts or bytes.
  const { decode, parse } = await import("../snapshot-node.js");
  return { snapshot: typeof form === "string" ? parse(form) : decode(form), form };
}
