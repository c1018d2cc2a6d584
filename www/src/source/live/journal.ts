/** What happened between two looks at a server, in sentences. */

import type { LiveState } from "streamgauge/live";
import type { LogEntry, Moment } from "../../model/moment.js";
import { isOfOne } from "./moment.js";

type Entry = Omit<LogEntry, "number">;

export class LiveJournal {
  #number = 0;
  #before: Moment | undefined;
  #away = new Set<string>();
  #phase: LiveState["phase"] = "connecting";

  /** Entries for a new moment. */
  moment(moment: Moment): LogEntry[] {
    const before = this.#before;
    this.#before = moment;
    return before === undefined ? [] : this.#numbered([...restarts(before, moment), ...rebalances(before, moment)]);
  }

  /** Entries for what became of the connection and of the workers behind it, at the time of the newest moment. */
  state({ phase, reason, workers }: LiveState): LogEntry[] {
    const time = this.#before?.time ?? 0;
    const entries: Entry[] = [];
    const entry = (kind: string, text: string): void => void entries.push({ time, kind, worker: null, text });
    const isLost = phase === "reconnecting" || phase === "stale";
    if (isLost && this.#phase === "live") entry("connectionLost", `the connection is lost: ${reason}`);
    if (phase === "live" && (this.#phase === "reconnecting" || this.#phase === "stale") && this.#before !== undefined) entry("connectionBack", "the connection is back");
    if (phase === "live" || isLost) this.#phase = phase;
    const away = new Set(workers.filter(({ state }) => state !== "live").map(({ source }) => source));
    for (const { source, reason: why } of workers) {
      if (away.has(source) && !this.#away.has(source)) entry("workerAway", `${source} is away: ${why}`);
      if (!away.has(source) && this.#away.has(source)) entry("workerBack", `${source} is back`);
    }
    this.#away = away;
    return this.#numbered(entries);
  }

  #numbered(entries: readonly Entry[]): LogEntry[] {
    return entries.map((entry) => ({ ...entry, number: this.#number++ }));
  }
}

function restarts(before: Moment, { snapshot, time, workers }: Moment): Entry[] {
  const known = before.snapshot!;
  if (!isOfOne(snapshot!) || !isOfOne(known) || snapshot!.since === known.since) return [];
  return [{ time, kind: "workerRestarted", worker: workers[0]?.id ?? null, text: `${snapshot!.worker || "the process"} started again` }];
}

function rebalances(before: Moment, { snapshot, time }: Moment): Entry[] {
  const was = before.snapshot!.rebalances;
  const now = snapshot!.rebalances;
  const entry = (kind: string, text: string): Entry => ({ time, kind, worker: null, text });
  // A process that started again counts from 0.
  const hasStarted = now.count > was.count || (now.count > 0 && now.count < was.count);
  const entries: Entry[] = [];
  if (was.inProgress > 0 && (now.inProgress === 0 || hasStarted)) entries.push(entry("rebalanceEnded", "the rebalance is over"));
  if (!hasStarted) return entries;
  entries.push(entry("rebalanceStarted", `rebalance ${now.count} starts`));
  if (now.inProgress === 0) entries.push(entry("rebalanceEnded", `rebalance ${now.count} is over`));
  return entries;
}
