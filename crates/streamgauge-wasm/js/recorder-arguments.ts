/** What a recorder's hooks were given: settled before the monitor hears it, plain once it did. */

import { offsetNumber, wellFormedName } from "./checks.js";
import type { StreamLike, TopicPartitionLike } from "./handles.js";
import { recordTime } from "./record-time.js";
import type { Offset, TableLike } from "./sensor.js";
import type { MessageTimes } from "./tokens.js";

/** The arguments of a call, as its line has them. */
export type Written = Readonly<Record<string, unknown>>;
type Pair = readonly [string, number];

export const NOTHING: Written = {};

/** A topic-partition whose getters have been asked: what the monitor hears is what is written. */
export function settled(tp: TopicPartitionLike): TopicPartitionLike {
  return typeof tp === "object" && tp !== null ? { topic: tp.topic, partition: tp.partition } : tp;
}

export function settledOrNone(tp: TopicPartitionLike | null | undefined): TopicPartitionLike | null | undefined {
  return tp == null ? tp : settled(tp);
}

export function settledStream(stream: StreamLike): StreamLike {
  return typeof stream === "object" && stream !== null ? { label: stream.label, task: stream.task } : stream;
}

/** The values of an iterable, which may be good for one pass only. What is none is the monitor's to refuse. */
export function settledAll<T>(values: Iterable<T>, settle: (value: T) => T): Iterable<T> {
  return typeof values === "object" && values !== null && Symbol.iterator in values ? Array.from(values, settle) : values;
}

export function settledPair(entry: readonly [TopicPartitionLike, Offset]): readonly [TopicPartitionLike, Offset] {
  // What is no pair is the monitor's to refuse.
  return Array.isArray(entry) ? [settled(entry[0] as TopicPartitionLike), entry[1] as Offset] : entry;
}

export function tableName(table: TableLike): string {
  return typeof table === "object" && table !== null ? table.name : table;
}

/** A name that the monitor took: only its lone surrogates are still to be replaced. */
export const named = (text: string): string => wellFormedName("name", text);

export const pair = (tp: TopicPartitionLike): Pair => [named(tp.topic), tp.partition];

export const pairs = (tps: Iterable<TopicPartitionLike>): Written => ({ tps: Array.from(tps, pair) });

export const perhapsPair = (tp: TopicPartitionLike | null | undefined): Written => (tp == null ? NOTHING : { tp: pair(tp) });

export function place(tp: TopicPartitionLike, offset: Offset): Written {
  return { tp: pair(tp), offset: offsetNumber("offset", offset) };
}

export function streamAndTask(stream: StreamLike): Written {
  if (typeof stream === "string") return { stream: named(stream), task: null };
  return { stream: named(stream.label), task: stream.task == null ? null : named(stream.task) };
}

/** A message's timestamp as a number, undefined where it has none that serves. */
export function timestampOf(message: object): number | undefined {
  try {
    const { timestamp } = message as { timestamp?: unknown };
    return Number.isNaN(recordTime(timestamp)) ? undefined : Math.floor(Number(timestamp));
  } catch {
    return undefined;
  }
}

export function timeInOf(message: object | null | undefined): unknown {
  return (message as MessageTimes | null | undefined)?.timeIn;
}
