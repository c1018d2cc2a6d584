/** The sum of several live servers: what `streamgauge dashboard` serves. */

import { outOfRange, unknownOption, wrongType } from "../checks.js";
import { asOneLife, INSTANT, type Merge } from "../ended-lives.js";
import { follow, type Follower, type LiveState } from "../live/follower.js";
import type { WorkerState } from "../live/worker-state.js";
import type { Snapshot } from "../snapshot-schema.js";
import type { SnapshotProvider } from "./source.js";

/** What `gatherUrls` takes. */
export interface GatherUrlsOptions {
  /** The bearer token of the workers, or what gives it: asked at every connection. */
  readonly token?: string | (() => string | undefined) | undefined;
  /** See `FollowOptions`. */
  readonly staleAfterSeconds?: number | undefined;
}

/** The workers at several addresses, as one. */
export interface GatheredUrls extends SnapshotProvider {
  /**
   * The merged snapshot of all that ever gave one: a worker that is away counts as it was last.
   * Rejects with an Error while there is none.
   */
  snapshot(): Promise<Snapshot>;
  /** How each address is doing, in their order. */
  workers(): readonly WorkerState[];
  /** Ends all connections. */
  close(): void;
}

/** How often a worker that refused the token is asked again: the file that holds it may be another by then. Milliseconds. */
const ASK_AGAIN = 10_000;
/** So many ended lives are kept apart; those before are one. */
const LIVES_APART = 8;
const KNOWN = ["token", "staleAfterSeconds"];

/** One address, and what it gave. */
class Worker {
  readonly source: string;
  /** Stands for the name of a worker that has none: of such each life would count as a worker that is there. */
  readonly #address: string;
  readonly #follower: Follower;
  #askAgain: NodeJS.Timeout | undefined;
  /** The newest that it told, as it came. */
  #told: Snapshot | undefined;
  #newest: Snapshot | undefined;
  /** The last snapshots of the lives before, where it started again. */
  #ended: Snapshot[] = [];
  /** The sum of the lives before those. */
  #earlier: Snapshot | undefined;
  #refusal = "";

  constructor(url: string, options: GatherUrlsOptions) {
    this.#follower = follow(url, { ...options, onChange: (state) => this.#changed(state) });
    const { href, host, pathname } = new URL(url);
    this.source = href;
    this.#address = `${host}${pathname.replace(/\/$/, "")}`;
  }

  /** The name of the worker that is there now. */
  get worker(): string {
    return this.#newest?.worker ?? "";
  }

  /** What it adds to the sum. `others` are the names of the workers at all addresses. */
  snapshots(merge: Merge, others: ReadonlySet<string>): readonly Snapshot[] {
    const newest = this.#newest;
    if (newest === undefined) return [];
    // One of another name that is nowhere any more ended here: as a life of its own its gauges would count for ever.
    const apart = this.#ended.filter(({ worker }) => worker === newest.worker || others.has(worker)).slice(-LIVES_APART);
    const rest = this.#ended.filter((life) => !apart.includes(life));
    if (rest.length > 0) this.#earlier = asOneLife(this.#earlier === undefined ? rest : [this.#earlier, ...rest], merge);
    this.#ended = apart;
    if (this.#earlier === undefined) return [...apart, newest];
    const since = Math.min(this.#earlier.since, ...[...apart, newest].map((life) => life.since - INSTANT));
    return [{ ...this.#earlier, worker: newest.worker, since }, ...apart, newest];
  }

  /** Makes the text of its newest snapshot, which its sum will want. */
  prepare(): void {
    if (this.#newest !== undefined) textOf(this.#newest);
  }

  get state(): WorkerState {
    const { phase, reason } = this.#follower.state;
    const why = this.#refusal || reason;
    let state: WorkerState["state"] = phase === "live" && this.#refusal === "" ? "live" : "stale";
    if (this.#newest === undefined) state = "missing";
    return { source: this.source, worker: this.#newest?.worker ?? "", state, reason: state === "live" ? "" : why || "no answer yet", at: this.#newest?.at ?? null };
  }

  /** Leaves out what cannot be added up with the others' until it sends another. */
  refuse(reason: string): void {
    this.#refusal = reason;
    this.#newest = undefined;
    this.#ended = [];
    this.#earlier = undefined;
  }

  close(): void {
    clearTimeout(this.#askAgain);
    this.#follower.close();
  }

  #changed({ phase, snapshot: told }: LiveState): void {
    if (phase === "unauthorized") this.#askAgain = setTimeout(() => this.#follower.reconnect(), ASK_AGAIN);
    if (told === undefined || told === this.#told || phase !== "live") return;
    this.#told = told;
    const snapshot = told.worker === "" && told.merged?.length === 0 ? named(told, this.#address) : told;
    const before = this.#newest;
    // One that gathers keeps the ended lives of its own workers.
    const isAnotherLife = before !== undefined && before.merged?.length === 0 && (before.worker !== snapshot.worker || before.since !== snapshot.since);
    if (isAnotherLife) this.#ended.push(before);
    this.#newest = snapshot;
    this.#refusal = "";
  }
}

/** Partitions of a worker without a name are nobody's either. */
function named(snapshot: Snapshot, worker: string): Snapshot {
  if (!Array.isArray(snapshot.partitions)) return snapshot;
  return { ...snapshot, worker, partitions: snapshot.partitions.map((one) => ({ ...one, worker: one.worker || worker })) };
}

/**
 * Follows the live servers at `urls` and gives the sum of their snapshots. It goes on without those that are
 * away, and takes them up again when they are back; a worker that started again is a further life, whose
 * counters add to those of the life before.
 *
 *     const workers = gatherUrls(["http://10.0.0.5:8912", "http://10.0.0.6:8912"], { token });
 *     const server = await serve(workers, { port: 8913 });
 *
 * @throws TypeError, RangeError with a code for a bad address or option.
 */
export function gatherUrls(urls: Iterable<string>, options: GatherUrlsOptions = {}): GatheredUrls {
  if (typeof urls !== "object" || urls === null) throw wrongType("urls", "a list of addresses", urls);
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw unknownOption(unknown, KNOWN, (options as Record<string, unknown>)[unknown]);
  const workers: Worker[] = [];
  try {
    for (const url of urls) workers.push(new Worker(url, options));
    if (workers.length === 0) throw outOfRange("urls", "at least one address", urls);
  } catch (error) {
    for (const worker of workers) worker.close();
    throw error;
  }
  return {
    snapshot: () => sumOf(workers),
    workers: () => workers.map(({ state }) => state),
    close: () => {
      for (const worker of workers) worker.close();
    },
  };
}

/** The texts of what workers told: of one that tells nothing new it is there still. */
const texts = new WeakMap<Snapshot, string>();

/** A follower's snapshots came as JSON and are plain: no look for what JSON cannot say. */
function textOf(snapshot: Snapshot): string {
  let text = texts.get(snapshot);
  if (text === undefined) texts.set(snapshot, (text = JSON.stringify(snapshot)));
  return text;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const namesOf = (workers: readonly Worker[]): ReadonlySet<string> => new Set(workers.map(({ worker }) => worker));

async function sumOf(workers: readonly Worker[]): Promise<Snapshot> {
  // Its wasm module is read by those alone who want a sum.
  const { merge } = await import("../snapshot-node.js");
  // One worker's in a turn of the event loop: the others' news is read in between.
  for (const worker of workers) {
    worker.prepare();
    await nextTurn();
  }
  try {
    const names = namesOf(workers);
    const all = workers.flatMap((worker) => worker.snapshots(merge, names));
    if (all.length > 0) return merge(all.map(textOf));
  } catch {
    return sumOfTheFitting(workers, merge);
  }
  throw new Error("no worker has given a snapshot yet");
}

/** One that sends nonsense must not hide the others. */
function sumOfTheFitting(workers: readonly Worker[], merge: Merge): Snapshot {
  let fitting: readonly Snapshot[] = [];
  let sum: Snapshot | undefined;
  const names = namesOf(workers);
  for (const worker of workers) {
    try {
      const more = [...fitting, ...worker.snapshots(merge, names)];
      if (more.length === fitting.length) continue;
      sum = merge(more);
      fitting = more;
    } catch (error) {
      worker.refuse(`what it sends cannot be added up: ${(error as Error).message}`);
    }
  }
  if (sum === undefined) throw new Error("no worker has given a snapshot that can be read");
  return sum;
}
