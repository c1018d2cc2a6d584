/** One stream processor, many sensors. */

import { wrongType } from "./checks.js";
import type { StreamLike, TopicPartitionLike } from "./handles.js";
import { Sensor, type Offset, type RebalancingApp, type ResponseLike, type TableLike } from "./sensor.js";
import type { Stage } from "./snapshot-schema.js";
import type { AssignmentState, EventState, RebalanceState, WebRequestState } from "./tokens.js";

/** What the sensors gave in a start hook, each its own token; undefined for one that gave none. */
export type Fanned<T> = ReadonlyMap<Sensor, T | undefined>;

const HOOKS = [
  "onMessageIn", "onStreamEventIn", "onStreamEventOut", "onMessageOut", "onTopicBufferFull", "onTableGet", "onTableSet",
  "onTableDel", "onCommitInitiated", "onCommitCompleted", "onSendInitiated", "onSendCompleted", "onSendError", "count",
  "onTpCommit", "trackTpEndOffset", "onAssignmentStart", "onAssignmentCompleted", "onAssignmentError", "onRebalanceStart",
  "onRebalanceReturn", "onRebalanceEnd", "onWebRequestStart", "onWebRequestEnd", "onPartitionsAssigned",
  "onPartitionsRevoked", "onPartitionsLost", "onError", "onRetry", "onDeadLetter", "onPosition", "onHeartbeat", "onPause",
  "onResume", "onPoll", "onThreadedProducerBufferProcessed",
] as const satisfies readonly (keyof Sensor)[];

/**
 * Passes every hook on to a set of sensors, in the order in which they were added.
 *
 * A start hook gives a map of each sensor's token; its end hook gives each its own back. A sensor
 * added in between hears nothing of that end, one removed neither. All sensors hear a call even
 * where one of them throws; the first error is thrown when all have heard it, in a start hook with
 * the others' tokens as its `state`, which the end hook takes. The message object is shared: the times that the last sensor sets on it stay.
 */
export class SensorDelegate {
  /** Replaced, never changed: a hook that adds or removes sensors does not disturb the round under way. */
  #sensors: readonly Sensor[] = [];

  constructor(sensors: Iterable<Sensor> = []) {
    if (typeof sensors !== "object" || sensors === null || !(Symbol.iterator in sensors)) {
      throw wrongType("sensors", "an iterable of sensors", sensors);
    }
    for (const sensor of sensors) this.add(sensor);
  }

  /** Adds a sensor, after those that are there; one that is there stays where it is. */
  add(sensor: Sensor): this {
    const hooks = sensor as unknown as Record<string, unknown> | null;
    if (typeof hooks !== "object" || hooks === null) throw wrongType("sensor", "a sensor", sensor);
    const missing = HOOKS.find((hook) => typeof hooks[hook] !== "function");
    if (missing !== undefined) throw wrongType("sensor", `a sensor, with a method ${missing} (extend Sensor)`, sensor);
    if (hooks === (this as unknown)) throw wrongType("sensor", "another sensor than the delegate itself", sensor);
    if (!this.#sensors.includes(sensor)) this.#sensors = [...this.#sensors, sensor];
    return this;
  }

  /** Takes a sensor out; false where it was not there. */
  remove(sensor: Sensor): boolean {
    const others = this.#sensors.filter((one) => one !== sensor);
    const wasThere = others.length < this.#sensors.length;
    this.#sensors = others;
    return wasThere;
  }

  /** The sensors, in their order. */
  get sensors(): readonly Sensor[] {
    return [...this.#sensors];
  }

  onMessageIn(tp: TopicPartitionLike, offset: Offset, message: object): void {
    this.#each((sensor) => sensor.onMessageIn(tp, offset, message));
  }

  onStreamEventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, event?: unknown): Fanned<EventState> {
    return this.#start((sensor) => sensor.onStreamEventIn(tp, offset, stream, event));
  }

  onStreamEventOut(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, event: unknown, state: Fanned<EventState> | null | undefined): void {
    this.#end(state, (sensor, token) => sensor.onStreamEventOut(tp, offset, stream, event, token));
  }

  onMessageOut(tp: TopicPartitionLike, offset: Offset, message: object): void {
    this.#each((sensor) => sensor.onMessageOut(tp, offset, message));
  }

  onTopicBufferFull(topic: string | TopicPartitionLike): void {
    this.#each((sensor) => sensor.onTopicBufferFull(topic));
  }

  onTableGet(table: TableLike, key?: unknown): void {
    this.#each((sensor) => sensor.onTableGet(table, key));
  }

  onTableSet(table: TableLike, key?: unknown, value?: unknown): void {
    this.#each((sensor) => sensor.onTableSet(table, key, value));
  }

  onTableDel(table: TableLike, key?: unknown): void {
    this.#each((sensor) => sensor.onTableDel(table, key));
  }

  onCommitInitiated(consumer?: unknown): Fanned<number> {
    return this.#start((sensor) => sensor.onCommitInitiated(consumer));
  }

  onCommitCompleted(consumer: unknown, state: Fanned<number> | null | undefined): void {
    this.#end(state, (sensor, token) => sensor.onCommitCompleted(consumer, token));
  }

  onSendInitiated(producer: unknown, topic: string, message?: unknown, keysize?: number | null, valsize?: number | null): Fanned<number> {
    return this.#start((sensor) => sensor.onSendInitiated(producer, topic, message, keysize, valsize));
  }

  onSendCompleted(producer: unknown, state: Fanned<number> | null | undefined, metadata?: unknown): void {
    this.#end(state, (sensor, token) => sensor.onSendCompleted(producer, token, metadata));
  }

  onSendError(producer: unknown, error: unknown, state: Fanned<number> | null | undefined): void {
    this.#end(state, (sensor, token) => sensor.onSendError(producer, error, token));
  }

  count(name: string, n: number | bigint = 1): void {
    this.#each((sensor) => sensor.count(name, n));
  }

  onTpCommit(offsets: Iterable<readonly [TopicPartitionLike, Offset]>): void {
    const pairs = listed(offsets);
    this.#each((sensor) => sensor.onTpCommit(pairs));
  }

  trackTpEndOffset(tp: TopicPartitionLike, offset: Offset): void {
    this.#each((sensor) => sensor.trackTpEndOffset(tp, offset));
  }

  onAssignmentStart(assignor?: unknown): Fanned<AssignmentState> {
    return this.#start((sensor) => sensor.onAssignmentStart(assignor));
  }

  onAssignmentCompleted(assignor: unknown, state: Fanned<AssignmentState> | null | undefined): void {
    this.#end(state, (sensor, token) => sensor.onAssignmentCompleted(assignor, token));
  }

  onAssignmentError(assignor: unknown, state: Fanned<AssignmentState> | null | undefined, error?: unknown): void {
    this.#end(state, (sensor, token) => sensor.onAssignmentError(assignor, token, error));
  }

  onRebalanceStart(app?: RebalancingApp): Fanned<RebalanceState> {
    return this.#start((sensor) => sensor.onRebalanceStart(app));
  }

  onRebalanceReturn(app: unknown, state: Fanned<RebalanceState> | null | undefined): void {
    this.#end(state, (sensor, token) => sensor.onRebalanceReturn(app, token));
  }

  onRebalanceEnd(app: unknown, state: Fanned<RebalanceState> | null | undefined): void {
    this.#end(state, (sensor, token) => sensor.onRebalanceEnd(app, token));
  }

  onWebRequestStart(app?: unknown, request?: unknown, options?: { readonly view?: unknown }): Fanned<WebRequestState> {
    return this.#start((sensor) => sensor.onWebRequestStart(app, request, options));
  }

  onWebRequestEnd(
    app: unknown,
    request: unknown,
    response: ResponseLike,
    state: Fanned<WebRequestState> | null | undefined,
    options?: { readonly view?: unknown },
  ): void {
    this.#end(state, (sensor, token) => sensor.onWebRequestEnd(app, request, response, token, options));
  }

  onPartitionsAssigned(tps: Iterable<TopicPartitionLike>): void {
    const list = listed(tps);
    this.#each((sensor) => sensor.onPartitionsAssigned(list));
  }

  onPartitionsRevoked(tps: Iterable<TopicPartitionLike>): void {
    const list = listed(tps);
    this.#each((sensor) => sensor.onPartitionsRevoked(list));
  }

  onPartitionsLost(tps: Iterable<TopicPartitionLike>): void {
    const list = listed(tps);
    this.#each((sensor) => sensor.onPartitionsLost(list));
  }

  onError(stage: Stage, kind: unknown, tp?: TopicPartitionLike | null): void {
    this.#each((sensor) => sensor.onError(stage, kind, tp));
  }

  onRetry(tp?: TopicPartitionLike | null): void {
    this.#each((sensor) => sensor.onRetry(tp));
  }

  onDeadLetter(tp?: TopicPartitionLike | null): void {
    this.#each((sensor) => sensor.onDeadLetter(tp));
  }

  onPosition(tp: TopicPartitionLike, offset: Offset): void {
    this.#each((sensor) => sensor.onPosition(tp, offset));
  }

  onHeartbeat(): void {
    this.#each((sensor) => sensor.onHeartbeat());
  }

  onPause(tps: Iterable<TopicPartitionLike>): void {
    const list = listed(tps);
    this.#each((sensor) => sensor.onPause(list));
  }

  onResume(tps: Iterable<TopicPartitionLike>): void {
    const list = listed(tps);
    this.#each((sensor) => sensor.onResume(list));
  }

  onPoll(records: number, bytes?: number | null): void {
    this.#each((sensor) => sensor.onPoll(records, bytes));
  }

  onThreadedProducerBufferProcessed(app?: unknown, size?: number): void {
    this.#each((sensor) => sensor.onThreadedProducerBufferProcessed(app, size));
  }

  #each(tell: (sensor: Sensor) => unknown): void {
    let failed = false;
    let first: unknown;
    for (const sensor of this.#sensors) {
      try {
        tell(sensor);
      } catch (error) {
        if (!failed) first = error;
        failed = true;
      }
    }
    if (failed) throw first;
  }

  #start<T>(tell: (sensor: Sensor) => T | undefined): Fanned<T> {
    const tokens = new Map<Sensor, T | undefined>();
    try {
      this.#each((sensor) => tokens.set(sensor, tell(sensor)));
    } catch (error) {
      // The tokens of those that heard it, so that their ends are not lost with the error.
      if (typeof error === "object" && error !== null && tokens.size > 0 && Object.isExtensible(error)) Object.assign(error, { state: tokens });
      throw error;
    }
    return tokens;
  }

  /** Gives each sensor that heard the start its own token back, or all of them none where the whole was not given. */
  #end<T>(state: Fanned<T> | null | undefined, tell: (sensor: Sensor, token: T | undefined) => void): void {
    if (state == null) return this.#each((sensor) => tell(sensor, undefined));
    if (!(state instanceof Map)) throw wrongType("state", "the map that the start hook of this delegate gave", state);
    this.#each((sensor) => {
      if (state.has(sensor)) tell(sensor, state.get(sensor));
    });
  }
}

/** An iterable may be good for one pass only; what is none is refused by who hears it. */
function listed<T>(given: Iterable<T>): Iterable<T> {
  return typeof given === "object" && given !== null && Symbol.iterator in given ? [...given] : given;
}
