/** A server's snapshot as a moment. */

import type { LiveState } from "streamgauge/live";
import type { Moment, Snapshot, WorkerMoment } from "../../model/moment.js";

/** Numbers of workers by name: each keeps its own, and so its colour, for as long as the page is open. */
export class WorkerNumbers {
  readonly #numbers = new Map<string, number>();

  of(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) this.#numbers.set(name, (number = this.#numbers.size));
    return number;
  }

  /** By number. */
  get names(): readonly string[] {
    return [...this.#numbers.keys()];
  }
}

/** Whether a snapshot is of one worker, and no sum. */
export const isOfOne = (snapshot: Snapshot): boolean => snapshot.merged.length === 0;

/** @param first the Unix time that the page counts from. Undefined before the first snapshot. */
export function momentOf({ snapshot, workers }: LiveState, first: number, numbers: WorkerNumbers): Moment | undefined {
  if (snapshot === undefined) return undefined;
  return {
    time: Math.max(snapshot.at - first, 0),
    snapshot,
    workers: workersOf(snapshot, workers, numbers),
    isRebalancing: snapshot.rebalances.inProgress > 0,
    generation: snapshot.rebalances.count,
    produced: null,
  };
}

/** Those that the origin gathers from, and those whose lives are in the sum; ended lives of a worker are no worker of their own. */
function workersOf(snapshot: Snapshot, followed: LiveState["workers"], numbers: WorkerNumbers): WorkerMoment[] {
  const owned = new Map<string, number>();
  for (const { worker, owned: isOwned } of snapshot.partitions) {
    if (isOwned) owned.set(worker, (owned.get(worker) ?? 0) + 1);
  }
  const isOne = isOfOne(snapshot);
  const isRebalancing = isOne && snapshot.rebalances.inProgress > 0;
  const { now: busy } = snapshot.rates.busy;
  const made = new Map<string, WorkerMoment>();
  const add = (name: string, isUp: boolean): void => {
    if (made.has(name)) return;
    made.set(name, {
      id: numbers.of(name),
      name,
      state: isUp ? (isRebalancing ? "rebalancing" : "running") : "offline",
      // A sum does not say whose these are.
      inFlight: isOne ? snapshot.messages.active : null,
      buffered: null,
      utilization: isOne && busy !== null ? Math.min(busy, 1) : null,
      owned: owned.get(name) ?? 0,
      faustMedian: null,
    });
  };
  // One that never answered has no name yet: its address stands for it.
  for (const { worker, source, state } of followed) add(worker === "" ? source : worker, state === "live");
  const isFollowed = followed.length > 0;
  for (const { worker } of isOne ? [snapshot] : snapshot.merged) if (worker !== "" || !isFollowed) add(worker, true);
  return [...made.values()].sort((one, other) => one.id - other.id);
}
