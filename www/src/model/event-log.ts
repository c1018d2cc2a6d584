/** The event log: a source's own entries and changes of health, in one bounded list. */

import type { Snapshot } from "streamgauge";
import { changesBetween, nameOf, type HealthChange } from "./health.js";
import type { LogEntry, TopicPartition } from "./moment.js";

/** What a row is about; a filter shows one of them. */
export type EventGroup = "rebalance" | "fault" | "error" | "health";

export interface EventRow {
  /** Tells it from all others of this run. */
  readonly key: string;
  readonly time: number;
  readonly group: EventGroup;
  readonly text: string;
  /** The worker's number, where it is about one. */
  readonly worker: number | null;
  readonly partition: TopicPartition | null;
}

/** Rows that are kept of each group: a storm of one does not drive out the others. */
const MOST_ROWS = 200;
/** Partitions that came to the same status in one moment, and are told one by one. */
const MOST_APART = 2;
/** Partitions that are named in one row. */
const MOST_NAMED = 3;

const REBALANCES = new Set(["workerJoined", "workerLeaving", "workerLeft", "workerExpelled", "partitionsLost", "readAgain"]);

/** The group of a kind of entry, in the journal's words. */
export function groupOf(kind: string): EventGroup {
  if (kind === "health") return "health";
  if (REBALANCES.has(kind) || /rebalanc|assign|revok/i.test(kind)) return "rebalance";
  return /error|dead|fail|refus/i.test(kind) ? "error" : "fault";
}

export class EventLog {
  #rows: EventRow[] = [];
  #before: Snapshot | undefined;
  #changes = 0;
  #tellsHealth = true;

  /** In the order of time. */
  get rows(): readonly EventRow[] {
    return this.#rows;
  }

  clear(): void {
    this.#rows = [];
    this.#before = undefined;
    this.#changes = 0;
    this.#tellsHealth = true;
  }

  /** Gives back the rows that they became. */
  add(entries: readonly LogEntry[]): EventRow[] {
    // A source that tells of health itself is not told twice.
    if (entries.some(({ kind }) => kind === "health")) this.#tellsHealth = false;
    return this.#append(
      entries.map(({ number, time, kind, worker, text }) => ({ key: `entry ${number}`, time, group: groupOf(kind), text: sentenceCase(text), worker, partition: null })),
    );
  }

  /** Compares with the snapshot before; gives back the rows that the changes became. */
  compare(time: number, snapshot: Snapshot | undefined): EventRow[] {
    const changes = this.#tellsHealth ? changesBetween(this.#before, snapshot) : [];
    if (snapshot !== undefined) this.#before = snapshot;
    const rows: EventRow[] = [];
    for (const alike of groups(changes)) {
      if (alike.length > MOST_APART) rows.push(this.#row(time, textOfMany(alike)));
      else for (const change of alike) rows.push({ ...this.#row(time, textOf(change)), partition: { topic: change.topic, partition: change.partition } });
    }
    return this.#append(rows);
  }

  #row(time: number, text: string): EventRow {
    return { key: `health ${this.#changes++}`, time, group: "health", text, worker: null, partition: null };
  }

  #append(added: EventRow[]): EventRow[] {
    if (added.length === 0) return added;
    // A moment may be read a little before an entry of the same time is told.
    const all = [...this.#rows, ...added].sort((one, other) => one.time - other.time);
    const counts = new Map<EventGroup, number>();
    this.#rows = all
      .toReversed()
      .filter(({ group }) => {
        const count = (counts.get(group) ?? 0) + 1;
        counts.set(group, count);
        return count <= MOST_ROWS;
      })
      .reverse();
    return added;
  }
}

/** The newest `most` rows of a group, or of all, newest first. */
export function newest(rows: readonly EventRow[], group: EventGroup | "all", most: number): EventRow[] {
  const shown: EventRow[] = [];
  for (let place = rows.length - 1; place >= 0 && shown.length < most; place -= 1) {
    const row = rows[place]!;
    if (group === "all" || row.group === group) shown.push(row);
  }
  return shown;
}

/** By what they came to. */
function groups(changes: readonly HealthChange[]): HealthChange[][] {
  const byStatus = new Map<string, HealthChange[]>();
  for (const change of changes) {
    const alike = byStatus.get(change.after);
    if (alike === undefined) byStatus.set(change.after, [change]);
    else alike.push(change);
  }
  return [...byStatus.values()];
}

function textOfMany(changes: readonly HealthChange[]): string {
  const names = changes.slice(0, MOST_NAMED).map(nameOf).join(", ");
  const more = changes.length > MOST_NAMED ? ` and ${changes.length - MOST_NAMED} more` : "";
  const status = changes[0]!.after;
  return `${changes.length} partitions: ${status === "ok" ? "ok again" : status} (${names}${more})`;
}

function textOf(change: HealthChange): string {
  const { before, after, reason } = change;
  if (after === "ok") return `${nameOf(change)}: ok again, was ${before}`;
  const was = before === undefined || before === "ok" ? "" : `, was ${before}`;
  return `${nameOf(change)}: ${after}${was}. ${reason[0]?.toUpperCase() ?? ""}${reason.slice(1)}`;
}

/** Names stay as they are spelled. */
const sentenceCase = (text: string): string => (/^[a-z]+ /.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text);

/**
 * What a screen reader is told of the log: one sentence at a time, and none before the last had its time, so that
 * a run at a thousandfold speed does not talk without end.
 */
export class Announcer {
  readonly #quietMilliseconds: number;
  #waiting: EventRow[] = [];
  #toldAt = -Infinity;

  constructor(quietMilliseconds: number) {
    this.#quietMilliseconds = quietMilliseconds;
  }

  /** Nothing is left to tell. */
  clear(): void {
    this.#waiting = [];
  }

  /** @param now in real milliseconds. Gives what is to be said now, if anything. */
  hear(rows: readonly EventRow[], now: number): string | undefined {
    this.#waiting.push(...rows);
    if (this.#waiting.length === 0 || now - this.#toldAt < this.#quietMilliseconds) return undefined;
    const last = this.#waiting.at(-1)!.text;
    const text = this.#waiting.length === 1 ? last : `${this.#waiting.length} events, the last: ${last}`;
    this.#waiting = [];
    this.#toldAt = now;
    return text;
  }
}
