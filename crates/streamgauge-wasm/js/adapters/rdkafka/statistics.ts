/** librdkafka's statistics into a monitor's hooks; of no client, so that any language's JSON will do. */

import { wrongType } from "../../checks.js";
import type { TopicPartitionLike } from "../../handles.js";
import type { Sensor } from "../../sensor.js";
import type { RebalanceState } from "../../tokens.js";
import type { BrokerStatistics, PartitionStatistics, Statistics } from "./shape.js";

/** What the statistics leave to others, because those know it better: what was told by events or wrappers is not told again. */
export interface StatisticsOptions {
  /** Whether records that came are told, by `onPoll`; true. Where not, the messages are told by others, who are ahead of the statistics. */
  readonly polls?: boolean | undefined;
  /** Whether messages that were sent are told, by `onSendInitiated`; true. */
  readonly sends?: boolean | undefined;
  /** Whether commits are told, by `onTpCommit`; true. */
  readonly commits?: boolean | undefined;
  /** Whether positions are told, by `onPosition`; true. */
  readonly positions?: boolean | undefined;
  /** Whether rebalances and the partitions that come and go are told; true. */
  readonly rebalances?: boolean | undefined;
  /** The client's `queued.min.messages`, at which a partition's queue is full; 100,000. */
  readonly queuedMinMessages?: number | undefined;
}

/** What the statistics say of this moment, beside what the hooks were told. Times are seconds, -1 of librdkafka is null. */
export interface StatisticsFigures {
  /** Messages from the position, and from the stored offset, to the end, of partitions that are being fetched. */
  readonly consumerLag: number | null;
  readonly storedLag: number | null;
  /** Fetched and not yet taken. */
  readonly fetchQueueMessages: number;
  readonly fetchQueueBytes: number;
  /** Produced and not yet acknowledged. */
  readonly sendQueueMessages: number;
  readonly sendQueueBytes: number;
  /** How long messages waited in the producer before they were sent, in the last window. */
  readonly internalLatency: { readonly mean: number; readonly max: number } | null;
  /** The group's: null where there is none. */
  readonly rebalances: { readonly count: number; readonly ageSeconds: number; readonly reason: string; readonly joinState: string } | null;
}

interface Known {
  committed: number;
  position: number | undefined;
  isFull: boolean;
  isOurs: boolean;
  sent: number;
  sentBytes: number;
}

/** What was told already, of one client. */
export class StatisticsState {
  /** @internal */ client = "";
  /** @internal */ age = -1;
  /** @internal */ readonly partitions = new Map<string, Known>();
  /** @internal */ readonly counters = new Map<string, number>();
  /** @internal */ readonly gauges = new Map<string, number>();
  /** @internal */ rebalance: RebalanceState | undefined;
}

/**
 * Tells `monitor` what changed since the statistics before. `statistics` is librdkafka's JSON, or the object that it stands for; `state`, one for
 * each client, remembers.
 *
 * - `hi_offset` of partitions that are being fetched: `trackTpEndOffset`; `committed_offset` where it moved: `onTpCommit`
 * - `app_offset`, after a seek `next_offset`: `onPosition`; where others tell the messages, only once it stood still from one statistics to the next
 * - `cgrp.rebalance_cnt`: `onRebalanceStart`, and `onRebalanceReturn` and `onRebalanceEnd` once the group is steady, so its
 *   duration is known to an interval of the statistics; partitions that came or went: `onPartitionsAssigned`, `onPartitionsRevoked`
 * - `rxmsgs`: `onPoll`; `txmsgs` by topic: `onSendInitiated` (no latency: it is not known of single messages)
 * - a partition's `fetchq_cnt` reached `queued.min.messages`: `onTopicBufferFull`
 * - `txerrs`, `rxerrs`, `req_timeouts` of brokers: `onError`, at `fetch` for a consumer, at `other` for a producer
 * - `count` holds what is true now: `rdkafka.consumer_lag`, `rdkafka.fetch_queue_messages`, `rdkafka.fetch_queue_bytes`,
 *   `rdkafka.send_queue_messages`, `rdkafka.send_queue_bytes`
 *
 * @throws SyntaxError for what is no JSON, TypeError for what are no statistics.
 */
export function applyStatistics(statistics: string | object, monitor: Sensor, state: StatisticsState, options: StatisticsOptions = {}): StatisticsFigures {
  const told: unknown = typeof statistics === "string" ? JSON.parse(statistics) : statistics;
  if (typeof told !== "object" || told === null || !("topics" in told || "brokers" in told)) {
    throw wrongType("statistics", "librdkafka's statistics, as JSON or an object", told);
  }
  const now = told as Statistics;
  const name = now.name ?? "";
  const age = now.age ?? 0;
  if (name !== state.client || age < state.age) {
    // Another client, whose counters start at 0.
    state.counters.clear();
    for (const known of state.partitions.values()) Object.assign(known, { sent: 0, sentBytes: 0 });
  }
  state.client = name;
  state.age = age;
  new Application(now, monitor, state, options).run();
  return figuresOf(now);
}

/** Partitions with their names; -1 is librdkafka's own, for messages that have none yet. */
function* partitionsOf({ topics = {} }: Statistics): Generator<[TopicPartitionLike, PartitionStatistics]> {
  for (const [topic, { partitions = {} }] of Object.entries(topics)) {
    for (const figures of Object.values(partitions)) {
      if ((figures.partition ?? -1) >= 0) yield [{ topic, partition: figures.partition as number }, figures];
    }
  }
}

const isFetched = ({ fetch_state }: PartitionStatistics): boolean => fetch_state === "active";
/** librdkafka has negative numbers for "not known". */
const known = (offset: number | undefined): offset is number => offset !== undefined && offset >= 0;

/** Of a partition of which nothing was taken yet, it is where fetching begins, unless something waits. */
function positionOf({ app_offset: taken, next_offset: fetched, fetchq_cnt: waiting = 0 }: PartitionStatistics): number | undefined {
  if (known(taken)) return taken;
  return waiting === 0 ? fetched : undefined;
}

class Application {
  constructor(
    readonly now: Statistics,
    readonly monitor: Sensor,
    readonly state: StatisticsState,
    readonly options: StatisticsOptions,
  ) {}

  run(): void {
    const { now, options } = this;
    // First, for a rebalance makes a monitor forget offsets.
    if (options.rebalances ?? true) this.#rebalances();
    for (const [tp, figures] of partitionsOf(now)) this.#partition(tp, figures);
    const polled = this.#growth("rxmsgs", now.rxmsgs);
    const bytes = this.#growth("rxmsg_bytes", now.rxmsg_bytes);
    if ((options.polls ?? true) && polled > 0) this.monitor.onPoll(polled, bytes);
    const stage = now.type === "producer" ? "other" : "fetch";
    for (const kind of ["txerrs", "rxerrs", "req_timeouts"] as const) {
      const total = sum(Object.values(now.brokers ?? {}), (broker: BrokerStatistics) => broker[kind]);
      for (let left = this.#growth(kind, total); left > 0; left -= 1) this.monitor.onError(stage, `rdkafka.${kind}`);
    }
    const { consumerLag, fetchQueueMessages, fetchQueueBytes, sendQueueMessages, sendQueueBytes } = figuresOf(now);
    this.#gauge("consumer_lag", consumerLag ?? 0);
    this.#gauge("fetch_queue_messages", fetchQueueMessages);
    this.#gauge("fetch_queue_bytes", fetchQueueBytes);
    this.#gauge("send_queue_messages", sendQueueMessages);
    this.#gauge("send_queue_bytes", sendQueueBytes);
  }

  #partition(tp: TopicPartitionLike, figures: PartitionStatistics): void {
    const { monitor, options } = this;
    const before = this.#known(tp);
    if (isFetched(figures)) {
      const { hi_offset: end, committed_offset: committed } = figures;
      // Told each time: where it stands still is a point of the lag's history as well.
      if (known(end)) monitor.trackTpEndOffset(tp, end);
      if (known(committed) && committed !== before.committed) {
        before.committed = committed;
        if (options.commits ?? true) monitor.onTpCommit([[tp, committed]]);
      }
      const position = positionOf(figures);
      const isOld = options.polls === false && position !== before.position;
      before.position = position;
      if ((options.positions ?? true) && known(position) && !isOld) monitor.onPosition(tp, position);
      const isFull = (figures.fetchq_cnt ?? 0) >= (options.queuedMinMessages ?? 100_000);
      if (isFull && !before.isFull) monitor.onTopicBufferFull(tp);
      before.isFull = isFull;
    }
    const sent = figures.txmsgs ?? 0;
    const bytes = figures.txbytes ?? 0;
    if ((options.sends ?? true) && sent > before.sent) {
      // All bytes with the first: the sum is what is kept.
      for (let place = before.sent; place < sent; place += 1) {
        monitor.onSendInitiated(null, tp.topic, undefined, 0, place === before.sent ? Math.max(bytes - before.sentBytes, 0) : 0);
      }
    }
    before.sent = sent;
    before.sentBytes = bytes;
  }

  #rebalances(): void {
    const { monitor, state, now } = this;
    const { rebalance_cnt: count, join_state: joinState } = now.cgrp ?? {};
    const more = this.#growth("rebalance_cnt", count);
    for (let place = 0; place < more; place += 1) {
      if (state.rebalance !== undefined) this.#rebalanceOver();
      state.rebalance = monitor.onRebalanceStart();
      // The monitor forgot what it knew.
      for (const known of state.partitions.values()) known.committed = -1;
    }
    const came: TopicPartitionLike[] = [];
    const went: TopicPartitionLike[] = [];
    for (const [tp, figures] of partitionsOf(now)) {
      const known = this.#known(tp);
      const isOurs = now.cgrp !== undefined && figures.desired === true && !["none", "stopping", "stopped"].includes(figures.fetch_state ?? "none");
      if (isOurs !== known.isOurs) (isOurs ? came : went).push(tp);
      known.isOurs = isOurs;
    }
    if (went.length > 0) monitor.onPartitionsRevoked(went);
    if (came.length > 0) monitor.onPartitionsAssigned(came);
    if (state.rebalance !== undefined && (joinState === "steady" || joinState === "init")) this.#rebalanceOver();
  }

  #rebalanceOver(): void {
    const token = this.state.rebalance;
    this.state.rebalance = undefined;
    this.monitor.onRebalanceReturn(null, token);
    this.monitor.onRebalanceEnd(null, token);
  }

  #known({ topic, partition }: TopicPartitionLike): Known {
    const { partitions } = this.state;
    const key = `${partition} ${topic}`;
    let found = partitions.get(key);
    if (found === undefined) partitions.set(key, (found = { committed: -1, position: undefined, isFull: false, isOurs: false, sent: 0, sentBytes: 0 }));
    return found;
  }

  /** By how much a counter grew; one that went back (a broker is gone) grew by nothing. */
  #growth(name: string, total = 0): number {
    const { counters } = this.state;
    const before = counters.get(name) ?? 0;
    counters.set(name, total);
    return Math.max(total - before, 0);
  }

  /** What is true now, held in a count by telling it the difference. */
  #gauge(name: string, value: number): void {
    const { gauges } = this.state;
    const before = gauges.get(name) ?? 0;
    gauges.set(name, value);
    if (value !== before) this.monitor.count(`rdkafka.${name}`, value - before);
  }
}

function sum<T>(items: Iterable<T>, value: (item: T) => number | undefined): number {
  let total = 0;
  for (const item of items) total += Math.max(value(item) ?? 0, 0);
  return total;
}

function figuresOf(now: Statistics): StatisticsFigures {
  const fetched = [...partitionsOf(now)].map(([, figures]) => figures).filter(isFetched);
  const lagOf = (name: "consumer_lag" | "consumer_lag_stored"): number | null => {
    const lags = fetched.filter((figures) => known(figures[name]));
    return lags.length === 0 ? null : sum(lags, (figures) => figures[name]);
  };
  const waits = Object.values(now.brokers ?? {}).flatMap(({ int_latency: latency }) => ((latency?.cnt ?? 0) > 0 ? [latency!] : []));
  const count = sum(waits, ({ cnt }) => cnt);
  const { cgrp } = now;
  return {
    consumerLag: lagOf("consumer_lag"),
    storedLag: lagOf("consumer_lag_stored"),
    fetchQueueMessages: sum(fetched, (figures) => figures.fetchq_cnt),
    fetchQueueBytes: sum(fetched, (figures) => figures.fetchq_size),
    sendQueueMessages: now.msg_cnt ?? 0,
    sendQueueBytes: now.msg_size ?? 0,
    internalLatency:
      count === 0
        ? null
        : { mean: sum(waits, ({ cnt = 0, avg = 0 }) => cnt * avg) / count / 1e6, max: Math.max(...waits.map(({ max = 0 }) => max)) / 1e6 },
    rebalances: cgrp === undefined ? null : {
      count: cgrp.rebalance_cnt ?? 0,
      ageSeconds: (cgrp.rebalance_age ?? 0) / 1000,
      reason: cgrp.rebalance_reason ?? "",
      joinState: cgrp.join_state ?? "",
    },
  };
}
