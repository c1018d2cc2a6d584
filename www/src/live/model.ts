/** What the live page shows of a snapshot: pure functions, in the order of the page. */

import type { Histogram, LiveState, PartitionFigures, Snapshot, Status, WorkerState } from "streamgauge/live";

/** Rows of a table that are drawn at most: a browser with more is slow, and nobody reads them. */
export const MOST_ROWS = 200;

export interface LatencyRow {
  readonly what: string;
  readonly figures: Histogram | null;
}

export function latencyRows(snapshot: Snapshot): LatencyRow[] {
  const { messages, events, sends, commits, rebalances, http } = snapshot;
  return [
    { what: "Message, in to out", figures: messages.time.lastMinute },
    { what: "Message, from its timestamp", figures: messages.endToEnd.lastMinute },
    { what: "Event", figures: events.runtime.lastMinute },
    { what: "Send", figures: sends.latency.lastMinute },
    { what: "Commit", figures: commits.latency.lastMinute },
    { what: "Rebalance", figures: rebalances.endLatency.lastMinute },
    { what: "Web request", figures: http.latency.lastMinute },
  ];
}

export interface ThroughputRow {
  readonly what: string;
  readonly now: number | null;
  readonly oneMinute: number | null;
  readonly fiveMinutes: number | null;
  readonly fifteenMinutes: number | null;
  /** Since the start. */
  readonly total: number;
}

export function throughputRows({ rates, messages, events, errors }: Snapshot): ThroughputRow[] {
  return [
    { what: "Messages received", ...rates.messagesReceived, total: messages.received },
    { what: "Messages sent", ...rates.messagesSent, total: messages.sent },
    { what: "Events", ...rates.events, total: events.total },
    { what: "Errors", ...rates.errors, total: errors.total },
  ];
}

/** From bad to good. */
const BADNESS: Readonly<Record<Status, number>> = { rewind: 4, stall: 3, stop: 2, warn: 1, ok: 0 };

/** Those that are furthest behind first; of equals the worse, then by name. */
export function partitionRows({ partitions }: Snapshot): PartitionFigures[] {
  return [...partitions]
    .sort(
      (one, other) =>
        (other.lag ?? -1) - (one.lag ?? -1) ||
        BADNESS[other.status] - BADNESS[one.status] ||
        (one.topic < other.topic ? -1 : Number(one.topic > other.topic)) ||
        one.partition - other.partition,
    )
    .slice(0, MOST_ROWS);
}

export interface WorkerRow {
  readonly key: string;
  readonly worker: string;
  readonly source: string;
  readonly state: string;
  /** Seconds since it was made, by its own clock. */
  readonly up: number | null;
  /** Seconds that its newest snapshot is older than the newest of all. */
  readonly behind: number | null;
  readonly partitions: number;
}

/** Addresses that a dashboard follows, or else the lives that are merged, or the one worker. */
export function workerRows(snapshot: Snapshot, followed: readonly WorkerState[]): WorkerRow[] {
  const owned = new Map<string, number>();
  for (const { worker, owned: isOwned } of snapshot.partitions) {
    if (isOwned) owned.set(worker, (owned.get(worker) ?? 0) + 1);
  }
  const lives = snapshot.merged.length > 0 ? snapshot.merged : [snapshot];
  const row = (worker: string, since: number | null, at: number | null, source: string, state: string, key: string): WorkerRow => ({
    key,
    worker,
    source,
    state,
    up: since === null || at === null ? null : at - since,
    behind: at === null ? null : Math.max(snapshot.at - at, 0),
    partitions: owned.get(worker) ?? 0,
  });
  const rows = followed.map(({ worker, at, source, state, reason }) => {
    const life = lives.findLast((one) => one.worker === worker && one.at === at);
    return row(worker, life?.since ?? null, at, source, state === "live" ? "live" : `${state}: ${reason}`, `url ${source}`);
  });
  const shown = new Set(followed.map(({ worker, at }) => `${at} ${worker}`));
  for (const { worker, since, at } of lives) {
    // The sum of several is no worker, and its lives stand for themselves.
    if (shown.has(`${at} ${worker}`) || (followed.length > 0 && worker === "")) continue;
    const state = followed.some((one) => one.worker === worker) ? "an earlier life" : "";
    rows.push(row(worker, since, at, "", state, `life ${since} ${worker}`));
  }
  return rows.slice(0, MOST_ROWS);
}

export interface ErrorRow {
  readonly stage: string;
  readonly kind: string;
  readonly count: number;
}

/** The most frequent first. */
export function errorRows({ errors }: Snapshot): ErrorRow[] {
  return Object.entries(errors.byStage)
    .flatMap(([stage, kinds]) => Object.entries(kinds ?? {}).map(([kind, count]) => ({ stage, kind, count })))
    .sort((one, other) => other.count - one.count)
    .slice(0, MOST_ROWS);
}

/** `12 s`, `3 min`, `2 h`: as exact as an age needs to be. */
export function age(seconds: number): string {
  const whole = Math.max(Math.floor(seconds), 0);
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.floor(whole / 60)} min`;
  return whole < 172_800 ? `${Math.floor(whole / 3600)} h` : `${Math.floor(whole / 86_400)} d`;
}

/** What stands above the figures where they are not of this moment; undefined where they are. */
export function banner({ phase, reason, workers, receivedAt }: LiveState, now: number): string | undefined {
  const old = receivedAt === undefined ? "" : `Stale since ${age((now - receivedAt) / 1000)}: `;
  const away = workers.filter(({ state }) => state !== "live");
  switch (phase) {
    case "live":
      if (away.length === 0) return undefined;
      return `${away.length} of ${workers.length} workers ${away.length === 1 ? "is" : "are"} away: ${away.map(({ source }) => source).join(", ")}. What was told last still counts.`;
    case "connecting":
      return receivedAt === undefined ? "Connecting …" : `${old}connecting …`;
    case "failing":
      return `${old}${reason}.`;
    case "stale":
      return `${old}${reason}.`;
    case "reconnecting":
      return `${old}${reason}. Reconnecting …`;
    case "unauthorized":
      return receivedAt === undefined ? undefined : `${old}${reason}.`;
    case "closed":
      return "Closed.";
  }
}
