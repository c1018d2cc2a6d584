/** The hooks, and a sensor that does nothing. */

import type { StreamLike, TopicPartitionLike } from "./handles.js";
import { defaultTime } from "./options.js";
import type { Stage } from "./snapshot-schema.js";
import type { AssignmentState, EventState, RebalanceState, WebRequestState } from "./tokens.js";

/** An offset: a whole number in 0..2^53-1. KafkaJS gives strings. */
export type Offset = number | bigint | string;
/** A table's name, or an object that has one. */
export type TableLike = string | { readonly name: string };
/** The app, for its count of rebalances; one more than before where it keeps none. */
export type RebalancingApp = { readonly rebalancingCount?: number | undefined } | null | undefined;
/** A response, for its status: 100 to 599. */
export type ResponseLike = { readonly status: number } | { readonly statusCode: number } | null | undefined;

/**
 * Hears what a stream processor does. Every hook does nothing unless overridden; the start hooks
 * of assignment, rebalance and web request give `{ timeStart }`, as Faust's base sensor does.
 *
 * In the order of one message: `onMessageIn`; for each stream `onStreamEventIn`, the processing,
 * `onStreamEventOut`; `onMessageOut`.
 */
/* eslint-disable @typescript-eslint/no-unused-vars -- the names of the arguments are the documentation */
export class Sensor {
  /** A message was received by the consumer, before any stream sees it. Its record's time is read from `message.timestamp` (`MessageTimes`). */
  onMessageIn(tp: TopicPartitionLike, offset: Offset, message: object): void {}

  /** A message came into a stream as an event, right before it is processed. Gives a token. */
  onStreamEventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, event?: unknown): EventState | undefined {
    return undefined;
  }

  /** A stream is done with an event. Nothing happens without the token. */
  onStreamEventOut(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, event: unknown, state: EventState | null | undefined): void {}

  /** Every stream is done with a message, after the last `onStreamEventOut`. */
  onMessageOut(tp: TopicPartitionLike, offset: Offset, message: object): void {}

  /** The buffer of a topic is full: the consumer waits. A topic-partition counts for its topic. */
  onTopicBufferFull(topic: string | TopicPartitionLike): void {}

  /** A key of a table was read. */
  onTableGet(table: TableLike, key?: unknown): void {}

  /** A key of a table was written. */
  onTableSet(table: TableLike, key?: unknown, value?: unknown): void {}

  /** A key of a table was deleted. */
  onTableDel(table: TableLike, key?: unknown): void {}

  /** The consumer is about to commit offsets. Gives the time. */
  onCommitInitiated(consumer?: unknown): number | undefined {
    return undefined;
  }

  /** The commit is done; `state` is what `onCommitInitiated` gave. */
  onCommitCompleted(consumer: unknown, state: number | null | undefined): void {}

  /** A message was handed to the producer. Sizes are bytes; without a key, or a value, 0. Gives the time. */
  onSendInitiated(producer: unknown, topic: string, message?: unknown, keysize?: number | null, valsize?: number | null): number | undefined {
    return undefined;
  }

  /** The message was acknowledged; `state` is what `onSendInitiated` gave. */
  onSendCompleted(producer: unknown, state: number | null | undefined, metadata?: unknown): void {}

  /** The message could not be sent; `state` is what `onSendInitiated` gave. The kind of `error` is found as in `onError`. */
  onSendError(producer: unknown, error: unknown, state: number | null | undefined): void {}

  /** The program counts something of its own; `n` is a whole number, negative too. */
  count(name: string, n: number | bigint = 1): void {}

  /** Offsets were committed: pairs of topic-partition and offset. */
  onTpCommit(offsets: Iterable<readonly [TopicPartitionLike, Offset]>): void {}

  /** The end offset (high watermark) of a partition is known. */
  trackTpEndOffset(tp: TopicPartitionLike, offset: Offset): void {}

  /** The assignor starts to assign partitions. Gives a token. */
  onAssignmentStart(assignor?: unknown): AssignmentState {
    return { timeStart: defaultTime() };
  }

  /** The assignment is done. */
  onAssignmentCompleted(assignor: unknown, state: AssignmentState | null | undefined): void {}

  /** The assignment failed. */
  onAssignmentError(assignor: unknown, state: AssignmentState | null | undefined, error?: unknown): void {}

  /** A rebalance starts. Gives a token. */
  onRebalanceStart(app?: RebalancingApp): RebalanceState {
    return { timeStart: defaultTime() };
  }

  /** The consumer is back from the rebalance, recovery starts. */
  onRebalanceReturn(app: unknown, state: RebalanceState | null | undefined): void {}

  /** The rebalance is over, recovery included. */
  onRebalanceEnd(app: unknown, state: RebalanceState | null | undefined): void {}

  /** A web request came. Gives a token. */
  onWebRequestStart(app?: unknown, request?: unknown, options?: { readonly view?: unknown }): WebRequestState {
    return { timeStart: defaultTime() };
  }

  /** A web request was answered; without a response it counts as 500. */
  onWebRequestEnd(
    app: unknown,
    request: unknown,
    response: ResponseLike,
    state: WebRequestState | null | undefined,
    options?: { readonly view?: unknown },
  ): void {}

  // Beyond Faust.

  /** Partitions were assigned to this worker, beside those that it has. */
  onPartitionsAssigned(tps: Iterable<TopicPartitionLike>): void {}

  /** Partitions are being given to other workers, after this one let them go. */
  onPartitionsRevoked(tps: Iterable<TopicPartitionLike>): void {}

  /** Partitions went to other workers without a word: the session had expired. */
  onPartitionsLost(tps: Iterable<TopicPartitionLike>): void {}

  /**
   * Something went wrong. `kind` is what was thrown, or a text of which there should be few: a text
   * is the kind itself; of an error it is the `code` where that is a short string
   * (`"ECONNREFUSED"`), else the `name`, never the message; of what has neither, `"unknown"`.
   *
   * Failed sends are told by `onSendError` alone, web requests by their status.
   */
  onError(stage: Stage, kind: unknown, tp?: TopicPartitionLike | null): void {}

  /** A message is tried again. */
  onRetry(tp?: TopicPartitionLike | null): void {}

  /** A message was given up, and put aside as a dead letter. */
  onDeadLetter(tp?: TopicPartitionLike | null): void {}

  /**
   * The next record to be read of a partition is at `offset`, though no message says so: the client went past what it
   * hands to nobody (a transaction's markers, gaps of compaction), or was sent elsewhere (a seek). Forward or back, it
   * decides until the next message. No message counts by it, and `asdict()` stays as it is.
   */
  onPosition(tp: TopicPartitionLike, offset: Offset): void {}

  /** The group's coordinator was told that this worker lives. */
  onHeartbeat(): void {}

  /** The consumer stops to fetch from partitions. */
  onPause(tps: Iterable<TopicPartitionLike>): void {}

  /** The consumer fetches from partitions again. */
  onResume(tps: Iterable<TopicPartitionLike>): void {}

  /** The consumer asked for records and got so many, of so many bytes where it knows. */
  onPoll(records: number, bytes?: number | null): void {}

  /** A producer thread worked off its buffer of `size` messages. The monitor ignores it. */
  onThreadedProducerBufferProcessed(app?: unknown, size?: number): void {}
}
