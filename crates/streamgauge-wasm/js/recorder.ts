/** A monitor that writes down what it is told. */

import { statusOf } from "./arguments.js";
import { countNumber, MAX_PARTITION, offsetNumber, record, wellFormedName, wholeNumber, wrongType } from "./checks.js";
import { kindOf } from "./errors.js";
import { NOBODYS, NONE, Stream, TopicPartition, type StreamLike, type TopicPartitionLike } from "./handles.js";
import type { Monitor } from "./monitor.js";
import { defaultTime } from "./options.js";
import {
  named, NOTHING, pair, pairs, perhapsPair, place, settled, settledAll, settledOrNone, settledPair, settledStream, streamAndTask, tableName, timeInOf,
  timestampOf, type Written,
} from "./recorder-arguments.js";
import { Labels, type Named } from "./recorder-labels.js";
import { optionsForTrace } from "./recorder-options.js";
import { Tape } from "./recorder-tape.js";
import type { RecorderConstructor, RecorderOptions } from "./recorder-types.js";
import { Watch } from "./recorder-watch.js";
import type { Offset, RebalancingApp, ResponseLike, TableLike } from "./sensor.js";
import type { Stage } from "./snapshot-schema.js";
import type { AssignmentState, EventState, RebalanceState, WebRequestState } from "./tokens.js";
import { TRACE_VERSION } from "./trace.js";

const DEFAULT_BYTES = 2 ** 24;
const MOST_BYTES = Number.MAX_SAFE_INTEGER;

/** Recorders on top of a host's monitors. */
export function recorderOn(Base: typeof Monitor): RecorderConstructor {
  return class Recorder extends Base {
    readonly #watch: Watch;
    readonly #tape: Tape;
    readonly #labels = new Labels();

    constructor(options?: RecorderOptions) {
      const given = options === undefined ? {} : (record("options", options) as RecorderOptions);
      const { maxBytes, write, ...monitorOptions } = given;
      const most = maxBytes === undefined ? DEFAULT_BYTES : wholeNumber("maxBytes", maxBytes, 0, MOST_BYTES);
      if (write !== undefined && typeof write !== "function") throw wrongType("write", "a function that takes a line", write);
      const { time } = monitorOptions;
      // What is no function is the monitor's to refuse.
      const watch = typeof time === "function" ? new Watch(time) : new Watch(defaultTime);
      super({ ...monitorOptions, time: time === undefined || typeof time === "function" ? watch.time : time });
      this.#watch = watch;
      this.#tape = new Tape(most, write, monitorOptions.logger);
      try {
        const header = { epoch: this.epoch, options: optionsForTrace({ ...monitorOptions, worker: this.worker }) };
        this.#tape.line(`{"trace":"${TRACE_VERSION}","at":${watch.at},${JSON.stringify(header).slice(1)}\n`);
      } catch (error) {
        this.#tape.stop(error);
      }
    }

    /** A trace's header has no place for all of a dictionary: what it recorded would not replay. */
    static override restore(): never {
      const error = new Error("a Recorder goes on from no asdict(): its trace could not hold it; Monitor.restore() makes a monitor that records nothing");
      throw Object.assign(error, { code: "ERR_RECORDER_RESTORE" });
    }

    static {
      // The bundler renames a class that is assigned.
      Object.defineProperty(this, "name", { value: "Recorder" });
    }

    get monitor(): Monitor {
      return this;
    }

    get full(): boolean {
      return this.#tape.isFull;
    }

    get recording(): boolean {
      return this.#tape.isOn;
    }

    trace(): string {
      return this.#tape.text;
    }

    /** Tells the monitor, then writes what it was told: `written` gives the arguments. */
    #record<T>(call: string, tell: () => T, written: (given: T) => Written): T {
      const tape = this.#tape;
      if (!tape.isOn) return tell();
      const watch = this.#watch;
      // A clock or a getter may call another hook.
      const outer = watch.read;
      watch.read = undefined;
      try {
        const given = tell();
        try {
          const text = JSON.stringify(written(given));
          tape.line(`{"at":${watch.at},"call":"${call}"${text === "{}" ? "}" : `,${text.slice(1)}`}\n`);
        } catch (error) {
          tape.stop(error);
        }
        return given;
      } catch (error) {
        // It was refused, but not before the clock was read: this call does that and nothing else.
        if (watch.read !== undefined) tape.line(`{"at":${watch.at},"call":"on_commit_initiated","state":"${this.#labels.next()}"}\n`);
        throw error;
      } finally {
        watch.read = outer;
      }
    }

    /** The name of a token that ends: asked for before the end changes it. */
    #named<T extends object>(token: T | null | undefined, key: string, field: keyof T): Named {
      if (typeof token !== "object" || token === null || !this.#tape.isOn) return { label: null };
      return this.#labels.endToken(token, key, token[field] as number);
    }

    #started(state: AssignmentState | RebalanceState | WebRequestState | null | undefined): Named {
      return this.#named<{ timeStart: number }>(state, "time_start", "timeStart");
    }

    // Reading.

    override snapshotBytes(): Uint8Array {
      return this.#record("snapshot", () => super.snapshotBytes(), () => NOTHING);
    }

    override secsSince(start: number): number {
      // The clock is read, which is all that a trace can say of it.
      return this.#record("on_commit_initiated", () => super.secsSince(start), () => ({ state: this.#labels.next() }));
    }

    // A handle that has a number takes a place in the monitor's tables, which no call of a trace would take.

    override topicPartition(topic: string, partition: number): TopicPartition {
      const handle = new TopicPartition(wellFormedName("topic", topic), wholeNumber("partition", partition, 0, MAX_PARTITION), NOBODYS, NONE);
      this.#assertAlive();
      return handle;
    }

    override stream(label: string, task?: string | null): Stream {
      const taskName = task == null ? null : wellFormedName("task", task);
      const handle = new Stream(wellFormedName("label", label), taskName, NOBODYS, NONE);
      this.#assertAlive();
      return handle;
    }

    /** What needs nothing of the figures says all the same that they were freed. */
    #assertAlive(): void {
      void this.time;
    }

    override sample(): void {
      this.#record("sample", () => super.sample(), () => NOTHING);
    }

    // The hooks of one message.

    override onMessageIn(tp: TopicPartitionLike, offset: Offset, message: object): void {
      tp = settled(tp);
      this.#record("on_message_in", () => super.onMessageIn(tp, offset, message), () => {
        const timestamp = timestampOf(message);
        const label = this.#labels.start(message, timeInOf(message), timestamp);
        return { ...place(tp, offset), message: label, ...(timestamp === undefined ? {} : { timestamp }) };
      });
    }

    override onStreamEventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, event?: unknown): EventState {
      tp = settled(tp);
      stream = settledStream(stream);
      return this.#record("on_stream_event_in", () => super.onStreamEventIn(tp, offset, stream, event), (state) => ({
        ...place(tp, offset),
        ...streamAndTask(stream),
        state: this.#labels.start(state, state.timeIn),
      }));
    }

    override onStreamEventOut(
      tp: TopicPartitionLike,
      offset: Offset,
      stream: StreamLike,
      event: unknown,
      state: EventState | null | undefined,
    ): void {
      tp = settled(tp);
      stream = settledStream(stream);
      this.#record("on_stream_event_out", () => super.onStreamEventOut(tp, offset, stream, event, state), () => {
        const { label, ...held } = this.#named(state, "time_in", "timeIn");
        return { ...place(tp, offset), ...streamAndTask(stream), state: label, ...held };
      });
    }

    override onMessageOut(tp: TopicPartitionLike, offset: Offset, message: object): void {
      tp = settled(tp);
      this.#record("on_message_out", () => super.onMessageOut(tp, offset, message), () => {
        const { label, ...held } = this.#labels.endMessage(message, timeInOf(message), timestampOf(message));
        return { ...place(tp, offset), message: label, ...held };
      });
    }

    // The other hooks of Faust.

    override onTopicBufferFull(topic: string | TopicPartitionLike): void {
      const given = typeof topic === "object" ? settled(topic) : topic;
      this.#record("on_topic_buffer_full", () => super.onTopicBufferFull(given), () => ({
        topic: named(typeof given === "object" ? given.topic : given),
      }));
    }

    override onTableGet(table: TableLike, key?: unknown): void {
      const of = tableName(table);
      this.#record("on_table_get", () => super.onTableGet(of, key), () => ({ table: named(of), key: null }));
    }

    override onTableSet(table: TableLike, key?: unknown, value?: unknown): void {
      const of = tableName(table);
      this.#record("on_table_set", () => super.onTableSet(of, key, value), () => ({ table: named(of), key: null, value: null }));
    }

    override onTableDel(table: TableLike, key?: unknown): void {
      const of = tableName(table);
      this.#record("on_table_del", () => super.onTableDel(of, key), () => ({ table: named(of), key: null }));
    }

    override onCommitInitiated(consumer?: unknown): number {
      return this.#record("on_commit_initiated", () => super.onCommitInitiated(consumer), (state) => ({
        state: this.#labels.startNumber(state),
      }));
    }

    override onCommitCompleted(consumer: unknown, state: number | null | undefined): void {
      this.#record("on_commit_completed", () => super.onCommitCompleted(consumer, state), () => this.#ended(state));
    }

    override onSendInitiated(producer: unknown, topic: string, message?: unknown, keysize?: number | null, valsize?: number | null): number {
      return this.#record("on_send_initiated", () => super.onSendInitiated(producer, topic, message, keysize, valsize), (state) => ({
        topic: named(topic),
        keysize: keysize ?? 0,
        valsize: valsize ?? 0,
        state: this.#labels.startNumber(state),
      }));
    }

    override onSendCompleted(producer: unknown, state: number | null | undefined, metadata?: unknown): void {
      this.#record("on_send_completed", () => super.onSendCompleted(producer, state, metadata), () => this.#ended(state));
    }

    override onSendError(producer: unknown, error: unknown, state: number | null | undefined): void {
      const kind = kindOf(error);
      this.#record("on_send_error", () => super.onSendError(producer, kind, state), () => ({ kind, ...this.#ended(state) }));
    }

    /** The arguments of the end of a bare time. */
    #ended(state: number | null | undefined): Written {
      if (state == null) return { state: null };
      const { label, ...held } = this.#labels.endNumber(state);
      return { state: label, ...held };
    }

    override count(metric: string, n: number | bigint = 1): void {
      this.#record("count", () => super.count(metric, n), () => ({ name: named(metric), count: countNumber("n", n) }));
    }

    override onTpCommit(offsets: Iterable<readonly [TopicPartitionLike, Offset]>): void {
      const given = settledAll(offsets, settledPair);
      this.#record("on_tp_commit", () => super.onTpCommit(given), () => ({
        offsets: Array.from(given, ([tp, offset]) => [...pair(tp), offsetNumber("offset", offset)]),
      }));
    }

    override trackTpEndOffset(tp: TopicPartitionLike, offset: Offset): void {
      tp = settled(tp);
      this.#record("track_tp_end_offset", () => super.trackTpEndOffset(tp, offset), () => place(tp, offset));
    }

    override onAssignmentStart(assignor?: unknown): AssignmentState {
      return this.#record("on_assignment_start", () => super.onAssignmentStart(assignor), (state) => this.#given(state));
    }

    #given(state: AssignmentState | RebalanceState | WebRequestState): Written {
      return { state: this.#labels.start(state, state.timeStart) };
    }

    #over(state: AssignmentState | RebalanceState | WebRequestState | null | undefined): Written {
      const { label, ...held } = this.#started(state);
      return { state: label, ...held };
    }

    override onAssignmentCompleted(assignor: unknown, state: AssignmentState | null | undefined): void {
      this.#record("on_assignment_completed", () => super.onAssignmentCompleted(assignor, state), () => this.#over(state));
    }

    override onAssignmentError(assignor: unknown, state: AssignmentState | null | undefined, error?: unknown): void {
      this.#record("on_assignment_error", () => super.onAssignmentError(assignor, state, error), () => this.#over(state));
    }

    override onRebalanceStart(app?: RebalancingApp): RebalanceState {
      const rebalances = app?.rebalancingCount;
      const given = { rebalancingCount: rebalances };
      return this.#record("on_rebalance_start", () => super.onRebalanceStart(given), (state) => ({
        rebalances: rebalances ?? null,
        ...this.#given(state),
      }));
    }

    override onRebalanceReturn(app: unknown, state: RebalanceState | null | undefined): void {
      this.#record("on_rebalance_return", () => super.onRebalanceReturn(app, state), () => this.#over(state));
    }

    override onRebalanceEnd(app: unknown, state: RebalanceState | null | undefined): void {
      this.#record("on_rebalance_end", () => super.onRebalanceEnd(app, state), () => this.#over(state));
    }

    override onWebRequestStart(app?: unknown, request?: unknown, options?: { readonly view?: unknown }): WebRequestState {
      return this.#record("on_web_request_start", () => super.onWebRequestStart(app, request, options), (state) => this.#given(state));
    }

    override onWebRequestEnd(
      app: unknown,
      request: unknown,
      response: ResponseLike,
      state: WebRequestState | null | undefined,
      options?: { readonly view?: unknown },
    ): void {
      const given = response == null ? response : { status: statusOf(response) };
      this.#record("on_web_request_end", () => super.onWebRequestEnd(app, request, given, state, options), () => ({
        status: given?.status ?? null,
        ...this.#over(state),
      }));
    }

    // The hooks beyond Faust.

    override onPartitionsAssigned(tps: Iterable<TopicPartitionLike>): void {
      const given = settledAll(tps, settled);
      this.#record("on_partitions_assigned", () => super.onPartitionsAssigned(given), () => pairs(given));
    }

    override onPartitionsRevoked(tps: Iterable<TopicPartitionLike>): void {
      const given = settledAll(tps, settled);
      this.#record("on_partitions_revoked", () => super.onPartitionsRevoked(given), () => pairs(given));
    }

    override onPartitionsLost(tps: Iterable<TopicPartitionLike>): void {
      const given = settledAll(tps, settled);
      this.#record("on_partitions_lost", () => super.onPartitionsLost(given), () => pairs(given));
    }

    override onError(stage: Stage, kind: unknown, tp?: TopicPartitionLike | null): void {
      const of = kindOf(kind);
      const given = settledOrNone(tp);
      this.#record("on_error", () => super.onError(stage, of, given), () => ({ stage, kind: of, ...perhapsPair(given) }));
    }

    override onRetry(tp?: TopicPartitionLike | null): void {
      const given = settledOrNone(tp);
      this.#record("on_retry", () => super.onRetry(given), () => perhapsPair(given));
    }

    override onDeadLetter(tp?: TopicPartitionLike | null): void {
      const given = settledOrNone(tp);
      this.#record("on_dead_letter", () => super.onDeadLetter(given), () => perhapsPair(given));
    }

    override onPosition(tp: TopicPartitionLike, offset: Offset): void {
      tp = settled(tp);
      this.#record("on_position", () => super.onPosition(tp, offset), () => place(tp, offset));
    }

    override onHeartbeat(): void {
      this.#record("on_heartbeat", () => super.onHeartbeat(), () => NOTHING);
    }

    override onPause(tps: Iterable<TopicPartitionLike>): void {
      const given = settledAll(tps, settled);
      this.#record("on_pause", () => super.onPause(given), () => pairs(given));
    }

    override onResume(tps: Iterable<TopicPartitionLike>): void {
      const given = settledAll(tps, settled);
      this.#record("on_resume", () => super.onResume(given), () => pairs(given));
    }

    override onPoll(records: number, bytes?: number | null): void {
      this.#record("on_poll", () => super.onPoll(records, bytes), () => (bytes == null ? { records } : { records, bytes }));
    }
  };
}
