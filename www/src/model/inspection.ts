/** What there is to say of a partition, a worker or the group, as terms and their values. */

import type { PartitionFigures, Snapshot } from "streamgauge";
import { count, rate, secondsText, UNKNOWN } from "../format.js";
import { byTrouble } from "./health.js";
import { isUp, type Layout, type Moment, type SimulationState, type TopicPartition, type WorkerMoment } from "./moment.js";
import { duration } from "./scene-words.js";

export interface Fact {
  readonly term: string;
  readonly value: string;
  /** What it means or how it was found, beside it. */
  readonly note?: string;
  /** The worker that it names: with its colour, and to go there. */
  readonly worker?: { readonly id: number; readonly name: string };
}

const METHODS: Record<PartitionFigures["lagMethod"], string> = {
  none: "nothing waits",
  timestamp: "by a record’s timestamp",
  interpolated: "between two end offsets",
  atLeast: "at least",
  unknown: "not known",
};

/** What is known at this moment. */
export interface Known {
  readonly moment: Moment | undefined;
  readonly layout: Layout;
  /** Of a simulation alone. */
  readonly frame: SimulationState | undefined;
}

export const figuresOf = (snapshot: Snapshot | undefined, { topic, partition }: TopicPartition): PartitionFigures | undefined =>
  snapshot?.partitions.find((one) => one.topic === topic && one.partition === partition);

/** A partition whose dead owner is not in the snapshot any more is still known to a simulation. */
export function partitionFacts(at: TopicPartition, { moment, layout, frame }: Known): Fact[] {
  const figures = figuresOf(moment?.snapshot, at);
  const place = layout.partitions.findIndex(({ topic, partition }) => topic === at.topic && partition === at.partition);
  const columns = place < 0 ? undefined : frame?.partitions;
  const end = columns?.end[place] ?? figures?.end ?? null;
  const position = columns?.position[place] ?? figures?.position ?? null;
  const committed = columns?.committed[place] ?? figures?.committed ?? null;
  return [
    ownerFact(moment, figures, columns?.owner[place]),
    ...(columns === undefined ? [] : [brokerFact(frame!, columns.broker[place]!, columns.held[place]!)]),
    { term: "Lag", value: distance(position, end), note: "to be fetched" },
    { term: "Committed lag", value: distance(committed, end), note: "to be committed" },
    lagTimeFact(figures),
    slopeFact(figures),
    { term: "High watermark", value: count(end) },
    { term: "Position", value: count(position) },
    { term: "Committed", value: count(committed) },
    { term: "Fetching", value: figures === undefined ? UNKNOWN : figures.paused ? "paused" : "goes on" },
  ];
}

function ownerFact(moment: Moment | undefined, figures: PartitionFigures | undefined, owner: number | undefined): Fact {
  const worker = owner === undefined ? moment?.workers.find(({ name }) => figures?.owned === true && name === figures.worker) : moment?.workers[owner];
  if (worker === undefined) return { term: "Owner", value: figures?.owned === true ? figures.worker : "none" };
  const isRunning = worker.state === null || worker.state === "running";
  return { term: "Owner", value: worker.name, worker: { id: worker.id, name: worker.name }, ...(isRunning ? {} : { note: worker.state! }) };
}

function brokerFact(frame: SimulationState, broker: number, held: number): Fact {
  const isStalled = frame.brokers.stalled[broker] === 1;
  return { term: "Broker", value: String(broker), ...(isStalled ? { note: `answers nobody${held > 0 ? `, ${count(held)} held back` : ""}` } : {}) };
}

function lagTimeFact(figures: PartitionFigures | undefined): Fact {
  if (figures === undefined || figures.lagSeconds === null) return { term: "Lag in time", value: UNKNOWN, note: METHODS.unknown };
  return { term: "Lag in time", value: duration(figures.lagSeconds), note: METHODS[figures.lagMethod] };
}

function slopeFact(figures: PartitionFigures | undefined): Fact {
  const slope = figures?.slope ?? null;
  if (slope === null) return { term: "Trend", value: UNKNOWN };
  const value = Math.abs(slope) < 0.05 ? "steady" : `${slope > 0 ? "+" : "−"}${rate(Math.abs(slope))} records/s`;
  const left = figures?.catchUpSeconds ?? null;
  return { term: "Trend", value, ...(left !== null && left > 0 ? { note: `caught up in ${duration(left)}` } : {}) };
}

/** @param own the worker's own snapshot; undefined before it came. */
export function workerFacts(worker: WorkerMoment, own: Snapshot | undefined): Fact[] {
  const runtime = own?.events.runtime.lastMinute ?? own?.events.runtime.life;
  return [
    { term: "State", value: worker.state ?? UNKNOWN },
    { term: "Partitions", value: count(worker.owned), ...ownedNote(own) },
    { term: "Busy", value: worker.utilization === null ? UNKNOWN : `${Math.round(worker.utilization * 100)}%`, note: "of the last second" },
    { term: "In flight", value: records(worker.inFlight) },
    { term: "Buffered", value: records(worker.buffered) },
    { term: "Event runtime, p50", value: secondsText(runtime?.p50), note: "half are as fast" },
    { term: "Event runtime, p95", value: secondsText(runtime?.p95) },
    { term: "Event runtime, p99", value: secondsText(runtime?.p99) },
    { term: "Faust’s median", value: secondsText(worker.faustMedian), note: "newest events" },
    { term: "Errors", value: count(own?.errors.total) },
    { term: "Last heartbeat", value: ago(own?.consumer.heartbeatAgeSeconds) },
    { term: "Rebalances", value: count(own?.rebalances.count) },
  ];
}

function ownedNote(own: Snapshot | undefined): { note?: string } {
  const topics = new Map<string, number[]>();
  for (const { topic, partition, owned } of own?.partitions ?? []) {
    if (owned) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  return topics.size === 0 ? {} : { note: [...topics].map(([topic, numbers]) => `${topic} ${numbers.join(", ")}`).join("; ") };
}

const records = (number: number | null): string => (number === null ? UNKNOWN : `${count(number)} ${number === 1 ? "record" : "records"}`);
const ago = (age: number | null | undefined): string => (age == null ? UNKNOWN : `${duration(age)} ago`);
const distance = (from: number | null, end: number | null): string => records(end === null || from === null ? null : Math.max(end - from, 0));

/** The group as a whole. */
export function groupFacts({ workers, snapshot, generation, isRebalancing, round }: Moment): Fact[] {
  const up = workers.filter(isUp).length;
  const events = snapshot?.rates.events.now;
  return [
    { term: "Workers up", value: `${up} of ${workers.length}` },
    { term: "Partitions owned", value: count(snapshot?.ownership.owned) },
    { term: "Generation", value: count(generation), note: isRebalancing ? `rebalancing${round ? `, round ${round}` : " now"}` : "counts rebalances" },
    { term: "Lag", value: records(snapshot?.lag.recordsSum ?? null) },
    { term: "Events", value: events == null ? UNKNOWN : `${rate(events)} /s` },
  ];
}

/** The partition that does worst; undefined without any. */
export function worstOf(snapshot: Snapshot | undefined): PartitionFigures | undefined {
  return snapshot?.partitions.reduce<PartitionFigures | undefined>((worst, one) => (worst === undefined || byTrouble(one, worst) < 0 ? one : worst), undefined);
}
