/** How partitions are doing: sorted, counted and compared, for the health card and the event log. */

import type { PartitionFigures, Snapshot, Status } from "streamgauge";

/** From worst to well: Burrow's order. */
export const STATUSES: readonly Status[] = ["rewind", "stall", "stop", "warn", "ok"];

/** What each status means, in the order in which one gets to know them. */
export const MEANINGS: readonly { readonly status: Status; readonly text: string }[] = [
  { status: "ok", text: "Keeps up: there is no lag, or there was none at one of the last ten commits, or it falls." },
  { status: "warn", text: "Works, but falls behind: it commits and moves on, and its lag never fell over the last ten commits." },
  { status: "stop", text: "Committed nothing for longer than its last ten commits took, while records wait." },
  { status: "stall", text: "Commits, but always the same offset, while records wait." },
  { status: "rewind", text: "The committed offset went back: records that were done will be read again." },
];

/** How bad a status is: 0 is ok. */
export const severity = (status: Status): number => STATUSES.length - 1 - STATUSES.indexOf(status);

/** Negative where `one` does worse than `other`, and stands first. */
export function byTrouble(one: PartitionFigures, other: PartitionFigures): number {
  return severity(other.status) - severity(one.status) || lagOf(other) - lagOf(one) || byName(one, other);
}

export function byName(one: PartitionFigures, other: PartitionFigures): number {
  if (one.topic !== other.topic) return one.topic < other.topic ? -1 : 1;
  return one.partition - other.partition;
}

const lagOf = ({ lag, committedLag }: PartitionFigures): number => lag ?? committedLag ?? -1;

/** A card's worth of health. */
export interface Health {
  /** The worst partition's; undefined where nobody measures. */
  readonly status: Status | undefined;
  readonly reason: string;
  /** How many partitions are at each status, from well to worst. */
  readonly counts: readonly { readonly status: Status; readonly count: number }[];
  /** The worst that are not ok, worst first. */
  readonly troubled: readonly PartitionFigures[];
  /** How many more are not ok. */
  readonly more: number;
  readonly isStorm: boolean;
  /** Rebalances of late. */
  readonly rebalances: string;
  readonly areStuck: boolean;
  /** Messages in flight for too long. */
  readonly stuck: string;
}

const NOBODY = "No worker is up, so nobody measures.";

/**
 * @param most partitions to name
 * @param known how many partitions there are, where that is known: in a rebalance, and after a crash, nobody measures some of them
 */
export function healthOf(snapshot: Snapshot | undefined, most: number, known = 0): Health {
  const counts = STATUSES.toReversed().map((status) => ({ status, count: snapshot?.health[status] ?? 0 }));
  const unknown = { troubled: [], more: 0, isStorm: false, rebalances: "–", areStuck: false, stuck: "–" };
  if (snapshot === undefined) return { status: undefined, reason: NOBODY, counts, ...unknown };

  const { health, messages, rebalances } = snapshot;
  const troubled = snapshot.partitions.filter(({ status }) => status !== "ok").sort(byTrouble);
  const isStorm = rebalances.storm;
  const within = `${whole(rebalances.recent)} in ${span(rebalances.stormWindowSeconds)}`;
  const stuckFor = `in flight for over ${span(messages.stuckAfterSeconds)}`;
  const oldest = messages.oldestSeconds === null ? "" : `, the oldest for ${span(messages.oldestSeconds)}`;
  return {
    status: health.status,
    reason: reasonOf(snapshot, known),
    counts,
    troubled: troubled.slice(0, most),
    more: Math.max(troubled.length - most, 0),
    isStorm,
    rebalances: rebalances.recent === 0 ? `none in ${span(rebalances.stormWindowSeconds)}` : isStorm ? `${within}: a storm` : within,
    areStuck: messages.stuck > 0,
    stuck: messages.stuck === 0 ? `none ${stuckFor}` : `${whole(messages.stuck)} ${stuckFor}${oldest}`,
  };
}

function reasonOf({ health, partitions }: Snapshot, known: number): string {
  const missing = known - partitions.length;
  if (missing > 0 && health.status === "ok") {
    const held = partitions.length === 0 ? "" : `${whole(partitions.length)} ${partitions.length === 1 ? "partition keeps" : "partitions keep"} up. `;
    return `${held}${whole(missing)} of ${whole(known)} ${missing === 1 ? "is" : "are"} in nobody’s hands right now.`;
  }
  if (partitions.length === 0) return "No partition is owned yet.";
  if (health.status !== "ok") {
    const worst = partitions.toSorted(byTrouble)[0]!;
    const troubled = partitions.length - health.ok;
    const many = `${whole(troubled)} of ${whole(partitions.length)} partitions ${troubled === 1 ? "needs" : "need"} attention`;
    return `${many}. The worst, ${nameOf(worst)}, ${DEEDS[worst.status]}.`;
  }
  return partitions.length === 1 ? "The only partition keeps up." : `All ${whole(partitions.length)} partitions keep up.`;
}

const DEEDS: Readonly<Record<Status, string>> = {
  ok: "keeps up",
  warn: "falls behind",
  stop: "commits no more",
  stall: "commits the same offset again and again",
  rewind: "went back to an older offset",
};

/** `orders-7`, as Kafka's own tools say it. */
export const nameOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string => `${topic}-${partition}`;

const whole = (value: number): string => value.toLocaleString("en-US");

/** `0.4 s`, `45 s`, `5 min` */
function span(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1).replace(/\.0$/, "")} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** A partition that does otherwise than before. */
export interface HealthChange {
  readonly topic: string;
  readonly partition: number;
  readonly worker: string;
  /** Undefined where nobody knew of it. */
  readonly before: Status | undefined;
  readonly after: Status;
  readonly reason: string;
}

/** What one snapshot says otherwise than the one before. A partition that is new is told where it is not ok; one that is gone says nothing. */
export function changesBetween(before: Snapshot | undefined, after: Snapshot | undefined): HealthChange[] {
  if (after === undefined) return [];
  const told = new Map((before?.partitions ?? []).map((one) => [keyOf(one), one.status]));
  const changes: HealthChange[] = [];
  for (const one of after.partitions) {
    const was = told.get(keyOf(one));
    if ((was ?? "ok") === one.status) continue;
    const { topic, partition, worker, reason } = one;
    changes.push({ topic, partition, worker, before: was, after: one.status, reason });
  }
  return changes;
}

/** A topic may hold any character: the number stands first, so that no two are alike. */
export const keyOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string => `${partition} ${topic}`;
