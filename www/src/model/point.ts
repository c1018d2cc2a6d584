/** A moment for the charts: what happened since the one before, in a few numbers. */

import type { Snapshot } from "streamgauge";
import type { Moment, TopicPartition, WorkerState } from "./moment.js";
import { partitionKey, type Places } from "./places.js";
import { added, difference, type Distribution } from "./quantiles.js";

/** Where errors happen, in the order of a point's errors. */
export const STAGES = ["send", "process", "commit", "deserialize", "http", "fetch", "other"] as const;

/** How much was counted, in how many seconds. */
export interface Flow {
  readonly seconds: number;
  readonly received: number;
  readonly events: number;
  readonly sent: number;
  /** By stage, as `STAGES` has them. */
  readonly errors: readonly number[];
  readonly retried: number;
  readonly deadLettered: number;
  /** Seconds spent processing and waiting, of all workers. */
  readonly busy: number;
  readonly idle: number;
}

/** A span of the run. Lists by place: NaN where nothing is known, and for places past their end. */
export interface Point {
  /** When it ends, in seconds. */
  readonly time: number;
  /** How long it is, in seconds; 0 for the first, which has nothing before it. */
  readonly span: number;
  /** Null where there is no telling: no worker was up, or its counts are of another life. */
  readonly flow: Flow | null;
  readonly produced: { readonly seconds: number; readonly count: number } | null;
  /** Event runtimes of the span. */
  readonly runtime: Distribution | null;
  /** Records from the position to the end offset, by partition; the most of the span. */
  readonly lag: Float64Array;
  /** Age of the oldest record that waits, by partition; the most of the span. */
  readonly lagSeconds: Float32Array;
  readonly lagTotal: number | null;
  readonly lagSecondsMost: number | null;
  /** Records in the handlers' hands, of all workers; the most of the span. */
  readonly active: number | null;
  /** By worker; the most of the span. */
  readonly inFlight: Float32Array;
  readonly buffered: Float32Array;
  /** By worker, 0..1; the mean of the span. */
  readonly utilization: Float32Array;
  /** Faust's median by worker, the newest. */
  readonly faustMedian: Float64Array;
  /** Rebalances that began. */
  readonly rebalances: number;
  readonly isRebalancing: boolean;
}

/** Who has which place in a point's lists. */
export interface Registry {
  readonly partitions: Places<TopicPartition>;
  readonly workers: Places<{ readonly id: number; readonly name: string }>;
}

/** The point of a moment. `registry` gets places for whoever is new. */
export function pointOf(moment: Moment, before: Moment | undefined, registry: Registry): Point {
  const { time, snapshot } = moment;
  const span = before === undefined ? 0 : time - before.time;
  const isSameLife = before?.snapshot !== undefined && snapshot !== undefined && continues(before.snapshot, snapshot);
  const flow = isSameLife ? flowOf(before.snapshot, snapshot, span) : null;
  // A count that goes back is of another run.
  const produced = before === undefined || before.produced === null || moment.produced === null ? -1 : moment.produced - before.produced;

  const places = (snapshot?.partitions ?? []).map((partition) => registry.partitions.of(partitionKey(partition), { topic: partition.topic, partition: partition.partition }));
  const lag = new Float64Array(registry.partitions.items.length).fill(NaN);
  const lagSeconds = new Float32Array(lag.length).fill(NaN);
  for (const [row, place] of places.entries()) {
    const { lag: records, lagSeconds: seconds } = snapshot!.partitions[row]!;
    lag[place] = records ?? NaN;
    lagSeconds[place] = seconds ?? NaN;
  }

  const workers = moment.workers.map(({ id, name }) => registry.workers.of(String(id), { id, name }));
  const byWorker = <L extends Float32Array | Float64Array>(list: L, figure: (worker: Moment["workers"][number]) => number | null): L => {
    list.fill(NaN);
    for (const [row, place] of workers.entries()) {
      const worker = moment.workers[row]!;
      list[place] = isGone(worker.state) ? NaN : (figure(worker) ?? NaN);
    }
    return list;
  };
  const known = registry.workers.items.length;
  return {
    time,
    span,
    flow,
    produced: produced < 0 ? null : { seconds: span, count: produced },
    runtime: flow === null ? null : difference(before!.snapshot!.events.runtime.life, snapshot!.events.runtime.life),
    lag,
    lagSeconds,
    lagTotal: snapshot?.lag.recordsSum ?? null,
    lagSecondsMost: snapshot?.lag.secondsMax ?? null,
    active: snapshot?.messages.active ?? null,
    inFlight: byWorker(new Float32Array(known), (worker) => worker.inFlight),
    buffered: byWorker(new Float32Array(known), (worker) => worker.buffered),
    utilization: byWorker(new Float32Array(known), (worker) => worker.utilization),
    faustMedian: byWorker(new Float64Array(known), (worker) => worker.faustMedian),
    rebalances: before === undefined ? 0 : Math.max(moment.generation - before.generation, 0),
    isRebalancing: moment.isRebalancing,
  };
}

/** Two points that follow each other, as one: counts add up, the most stays the most, a rebalance stays. */
export function joined(one: Point, next: Point): Point {
  const span = one.span + next.span;
  return {
    time: next.time,
    span,
    flow: one.flow === null || next.flow === null ? (next.flow ?? one.flow) : sumOf(one.flow, next.flow),
    produced:
      one.produced === null || next.produced === null
        ? (next.produced ?? one.produced)
        : { seconds: one.produced.seconds + next.produced.seconds, count: one.produced.count + next.produced.count },
    runtime: one.runtime === null || next.runtime === null ? (next.runtime ?? one.runtime) : added(one.runtime, next.runtime),
    lag: combined(one.lag, next.lag, Math.max, new Float64Array(next.lag.length)),
    lagSeconds: combined(one.lagSeconds, next.lagSeconds, Math.max, new Float32Array(next.lagSeconds.length)),
    lagTotal: most(one.lagTotal, next.lagTotal),
    lagSecondsMost: most(one.lagSecondsMost, next.lagSecondsMost),
    active: most(one.active, next.active),
    inFlight: combined(one.inFlight, next.inFlight, Math.max, new Float32Array(next.inFlight.length)),
    buffered: combined(one.buffered, next.buffered, Math.max, new Float32Array(next.buffered.length)),
    utilization: combined(one.utilization, next.utilization, (a, b) => (span > 0 ? (a * one.span + b * next.span) / span : b), new Float32Array(next.utilization.length)),
    faustMedian: combined(one.faustMedian, next.faustMedian, (_, b) => b, new Float64Array(next.faustMedian.length)),
    rebalances: one.rebalances + next.rebalances,
    isRebalancing: one.isRebalancing || next.isRebalancing,
  };
}

/** Who is gone does not idle: there is nothing to say of it. */
const isGone = (state: WorkerState | null): boolean => state === "crashed" || state === "left";

/** Whether every life that was counted is counted still, and who came did so in between: else a difference means nothing. */
function continues(before: Snapshot, after: Snapshot): boolean {
  const lives = new Set(livesOf(before).map(keyOfLife));
  let kept = 0;
  for (const life of livesOf(after)) {
    if (lives.has(keyOfLife(life))) kept += 1;
    else if (life.since < before.at) return false;
  }
  return kept === lives.size;
}

const livesOf = (snapshot: Snapshot): readonly { worker: string; since: number }[] => (snapshot.merged.length > 0 ? snapshot.merged : [snapshot]);
const keyOfLife = ({ worker, since }: { worker: string; since: number }): string => `${since} ${worker}`;

/** What was counted between two snapshots of the same lives; null where a count went back all the same. */
function flowOf(before: Snapshot, after: Snapshot, seconds: number): Flow | null {
  const growth = (count: (snapshot: Snapshot) => number): number => count(after) - count(before);
  const flow: Flow = {
    seconds,
    received: growth(({ messages }) => messages.received),
    events: growth(({ events }) => events.total),
    sent: growth(({ messages }) => messages.sent),
    errors: STAGES.map((stage) => growth(({ errors }) => sum(Object.values(errors.byStage[stage] ?? {})))),
    retried: growth(({ messages }) => messages.retried),
    deadLettered: growth(({ messages }) => messages.deadLettered),
    busy: growth(({ consumer }) => consumer.busyNanoseconds) / 1e9,
    idle: growth(({ consumer }) => consumer.idleNanoseconds) / 1e9,
  };
  const { errors, ...counts } = flow;
  return [...errors, ...Object.values(counts)].some((count) => count < 0) ? null : flow;
}

function sumOf(one: Flow, other: Flow): Flow {
  return {
    seconds: one.seconds + other.seconds,
    received: one.received + other.received,
    events: one.events + other.events,
    sent: one.sent + other.sent,
    errors: one.errors.map((count, stage) => count + other.errors[stage]!),
    retried: one.retried + other.retried,
    deadLettered: one.deadLettered + other.deadLettered,
    busy: one.busy + other.busy,
    idle: one.idle + other.idle,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const most = (one: number | null, other: number | null): number | null => (one === null || other === null ? (one ?? other) : Math.max(one, other));

/** Place by place; who is known in one list alone is taken from there. Later lists are never shorter. */
function combined<L extends Float32Array | Float64Array>(one: L, next: L, combine: (a: number, b: number) => number, into: L): L {
  for (let place = 0; place < into.length; place += 1) {
    const a = one[place] ?? NaN;
    const b = next[place]!;
    into[place] = Number.isNaN(a) ? b : Number.isNaN(b) ? a : combine(a, b);
  }
  return into;
}
