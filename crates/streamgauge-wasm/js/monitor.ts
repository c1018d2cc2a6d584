/** The monitor: Faust's hooks and figures, kept in WebAssembly. */

import { Figures, Limits, wasmMemory } from "../pkg/core/streamgauge.js";
import { committed, statusOf } from "./arguments.js";
import { countNumber, MAX_PARTITION, offsetNumber, reading, wellFormedName, wholeNumber } from "./checks.js";
import { ending, isGiven, setFields } from "./completions.js";
import { Decoder, defineAttributes } from "./decode.js";
import { FREED } from "./freed.js";
import { NONE, Stream, TopicPartition, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { MessageHooks } from "./messages.js";
import { Labels } from "./names.js";
import { checkOptions, type Checked, type Logger, type MonitorOptions } from "./options.js";
import { Sampler } from "./sampler.js";
import { ANOMALIES, FIGURES, type Anomalies, type AsDict, type Attributes } from "./schema.js";
import { Sensor, type Offset, type RebalancingApp, type ResponseLike, type TableLike } from "./sensor.js";
import { ENDED, Mark, RETURNED } from "./tokens.js";
import type { AssignmentState, EventState, RebalanceState, WebRequestState } from "./tokens.js";

const MESSAGES_ACTIVE = FIGURES.findIndex((figure) => figure.attribute === "messagesActive");
const EVENTS_ACTIVE = FIGURES.findIndex((figure) => figure.attribute === "eventsActive");
/** What `Monitor.restore` hands to the constructor; nobody else can make one. */
const RESTORED = Symbol("restored");

export interface Monitor extends Attributes {
  /** For `using monitor = new Monitor()`: the same as `free()`. */
  [Symbol.dispose](): void;
}

/**
 * Faust's `Monitor`. Every hook of `Sensor`, every attribute of `Attributes` as a getter.
 *
 *     const monitor = new Monitor();
 *     const tp = monitor.topicPartition("orders", 3);
 *     monitor.onMessageIn(tp, message.offset, message);
 *     const state = monitor.onStreamEventIn(tp, message.offset, "totals", message);
 *     // ... work ...
 *     monitor.onStreamEventOut(tp, message.offset, "totals", message, state);
 *     monitor.onMessageOut(tp, message.offset, message);
 *     monitor.asdict().messages_received_total; // 1
 *
 * Bad input throws a `Refusal` (a `TypeError` or `RangeError` with a `code`) before anything
 * changed. What is well-formed but cannot be (an out without an in, a clock that steps back) is
 * counted in `anomalies` and harms no figure. A hook reads the clock at most once.
 */
export class Monitor extends Sensor {
  #core: Figures;
  #decoder: Decoder;
  #hooks: MessageHooks;
  readonly #sampler: Sampler;

  readonly #tableNames = new Labels("table");
  readonly #metricNames = new Labels("name");
  readonly #sentTopics = new Labels("topic");
  readonly #fullTopics = new Labels("topic");

  // Bound once, so that a look-up makes no closure.
  readonly #addTable = (name: string): number => this.#hooks.told(this.#core.tableName(name));
  readonly #addMetric = (name: string): number => this.#hooks.told(this.#core.metricName(name));
  readonly #addSentTopic = (topic: string): number => this.#hooks.told(this.#core.sentTopic(topic));
  readonly #addFullTopic = (topic: string): number => this.#hooks.told(this.#core.bufferFullTopic(topic));

  /** @param options limits, starting values, `time` (a clock of SECONDS) and `logger`. */
  constructor(options?: MonitorOptions) {
    super();
    const restored = (options as { [RESTORED]?: Checked } | null | undefined)?.[RESTORED];
    const checked = restored ?? checkOptions(options);
    this.#core = new Figures(Object.assign(new Limits(), checked.limits));
    checked.start(this.#core);
    const memory = wasmMemory() as WebAssembly.Memory;
    this.#decoder = new Decoder(this.#core, memory);
    const active = (row: number): number => this.#core.number(row);
    this.#hooks = new MessageHooks(this.#core, memory, checked.time, checked.logger, active(MESSAGES_ACTIVE), active(EVENTS_ACTIVE));
    this.#sampler = new Sampler(this);
    // Starting values may be over the limits.
    this.#hooks.tell();
  }

  /**
   * A monitor that goes on from what `asdict()` gave, here or in Faust (whose counts and latencies
   * can be negative, DIFFERENCES D5 and D8; such are refused). Options win over the
   * dictionary: after a restart `{ messagesActive: 0, eventsActive: 0 }` is what is true.
   */
  static restore(dict: Partial<AsDict>, options?: MonitorOptions): Monitor {
    return new Monitor({ [RESTORED]: checkOptions(options, dict ?? null) } as MonitorOptions);
  }

  // Reading.

  /** Faust's dictionary, a copy. Costs a few microseconds. */
  asdict(): AsDict {
    this.#hooks.apply();
    return this.#decoder.asdict();
  }

  /** How often what should not have happened did, by kind. */
  get anomalies(): Anomalies {
    this.#hooks.apply();
    return Object.fromEntries(ANOMALIES.map((kind, place) => [kind.name, this.#core.anomaly(place)])) as unknown as Anomalies;
  }

  /** The clock: a function that returns seconds. */
  get time(): () => number {
    return this.#hooks.time;
  }

  /** What hears of the first anomaly of each kind. */
  get logger(): Logger | undefined {
    return this.#hooks.logger;
  }

  /** Seconds since a reading of the clock; 0, and an anomaly, where that lies in the future. */
  secsSince(start: number): number {
    const from = reading("start", start);
    const now = this.#hooks.now();
    const seconds = this.#core.secondsBetween(from, now);
    this.#hooks.tell();
    return seconds;
  }

  /** Milliseconds since a reading of the clock. */
  msSince(start: number): number {
    return this.secsToMs(this.secsSince(start));
  }

  /** Seconds as milliseconds. */
  secsToMs(seconds: number): number {
    this.#assertAlive();
    return reading("seconds", seconds) * 1000;
  }

  // Handles.

  /** A topic-partition whose place in this monitor is known: hooks skip the look-up. */
  topicPartition(topic: string, partition: number): TopicPartition {
    const name = wellFormedName("topic", topic);
    const number = wholeNumber("partition", partition, 0, MAX_PARTITION);
    const hooks = this.#hooks;
    return new TopicPartition(name, number, hooks, hooks.partitions.add(name, number, hooks.addPartition));
  }

  /** A stream whose place in this monitor is known: hooks skip the look-up. */
  stream(label: string, task?: string | null): Stream {
    const labelName = wellFormedName("label", label);
    const taskName = task == null ? null : wellFormedName("task", task);
    const hooks = this.#hooks;
    const labelNumber = hooks.streams.number(labelName, hooks.addStream);
    const taskNumber = taskName === null ? NONE : hooks.tasks.number(taskName, hooks.addTask);
    return new Stream(labelName, taskName, hooks, labelNumber, taskNumber);
  }

  // The sampler.

  /** The once-a-second tick: medians to the `*Avg`, growth to `messagesS` and `eventsS`. */
  sample(): void {
    this.#hooks.apply();
    this.#core.sample();
    this.#hooks.tell();
  }

  /** Ticks once a second from now on. Never keeps a process alive. */
  start(): this {
    this.#assertAlive();
    this.#sampler.start();
    return this;
  }

  /** Stops ticking. */
  stop(): this {
    this.#sampler.stop();
    return this;
  }

  /** Gives the memory back now; without it, that happens some time after the last use. Stops the sampler. */
  free(): void {
    this.#sampler.stop();
    const core = this.#core;
    if (core === FREED) return;
    this.#hooks.release();
    this.#core = FREED as Figures;
    this.#decoder = FREED as Decoder;
    this.#hooks = FREED as MessageHooks;
    core.free();
  }

  // The hooks of one message.

  override onMessageIn(tp: TopicPartitionLike, offset: Offset, message: object): void {
    this.#hooks.messageIn(tp, offset, message);
  }

  override onStreamEventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, _event?: unknown): EventState {
    return this.#hooks.eventIn(tp, offset, stream);
  }

  override onStreamEventOut(
    tp: TopicPartitionLike,
    offset: Offset,
    stream: StreamLike,
    _event: unknown,
    state: EventState | null | undefined,
  ): void {
    this.#hooks.eventOut(tp, offset, stream, state);
  }

  override onMessageOut(tp: TopicPartitionLike, offset: Offset, message: object): void {
    this.#hooks.messageOut(tp, offset, message);
  }

  // The other hooks.

  override onTopicBufferFull(topic: string | TopicPartitionLike): void {
    if (typeof topic === "object" && topic !== null) {
      this.#hooks.checkPartition(topic);
      topic = topic.topic;
    }
    const full = this.#fullTopics.number(topic, this.#addFullTopic);
    this.#core.bufferFull(full);
  }

  override onTableGet(table: TableLike, _key?: unknown): void {
    const number = this.#table(table);
    this.#core.tableGet(number);
  }

  override onTableSet(table: TableLike, _key?: unknown, _value?: unknown): void {
    const number = this.#table(table);
    this.#core.tableSet(number);
  }

  override onTableDel(table: TableLike, _key?: unknown): void {
    const number = this.#table(table);
    this.#core.tableDel(number);
  }

  override onCommitInitiated(_consumer?: unknown): number {
    return this.#hooks.now();
  }

  override onCommitCompleted(_consumer: unknown, state: number | null | undefined): void {
    const started = this.#started(state);
    if (started === undefined) return;
    const now = this.#hooks.now();
    this.#core.commitCompleted(started, now);
    this.#hooks.tell();
  }

  override onSendInitiated(_producer: unknown, topic: string, _message?: unknown, keysize = 0, valsize = 0): number {
    wholeNumber("keysize", keysize, 0, Number.MAX_SAFE_INTEGER);
    wholeNumber("valsize", valsize, 0, Number.MAX_SAFE_INTEGER);
    this.#sentTopics.check(topic);
    const now = this.#hooks.now();
    const sent = this.#sentTopics.number(topic, this.#addSentTopic);
    this.#core.sendInitiated(sent, now);
    return now;
  }

  override onSendCompleted(_producer: unknown, state: number | null | undefined, _metadata?: unknown): void {
    const started = this.#started(state);
    if (started === undefined) return;
    const now = this.#hooks.now();
    this.#core.sendCompleted(started, now);
    this.#hooks.tell();
  }

  override onSendError(_producer: unknown, _error: unknown, state: number | null | undefined): void {
    if (this.#started(state) !== undefined) this.#core.sendError();
  }

  override count(name: string, n: number | bigint = 1): void {
    const added = countNumber("n", n);
    const metric = this.#metricNames.number(name, this.#addMetric);
    this.#core.count(metric, added);
  }

  override onTpCommit(offsets: Iterable<readonly [TopicPartitionLike, Offset]>): void {
    this.#assertAlive();
    // All of it is checked before any of it counts.
    const checked = committed(offsets, (tp) => this.#hooks.checkPartition(tp));
    for (const [tp, offset] of checked) {
      const index = this.#hooks.partitionOrNew(tp);
      if (index !== NONE) this.#core.committedOffset(index, offset);
    }
  }

  override trackTpEndOffset(tp: TopicPartitionLike, offset: Offset): void {
    const end = offsetNumber("offset", offset);
    const index = this.#hooks.partitionOrNew(tp);
    if (index !== NONE) this.#core.endOffset(index, end);
  }

  override onAssignmentStart(_assignor?: unknown): AssignmentState {
    return Mark.issue({ timeStart: this.#hooks.now() }, this.#hooks);
  }

  override onAssignmentCompleted(_assignor: unknown, state: AssignmentState | null | undefined): void {
    this.#assignmentOver(state, true);
  }

  override onAssignmentError(_assignor: unknown, state: AssignmentState | null | undefined, _error?: unknown): void {
    this.#assignmentOver(state, false);
  }

  override onRebalanceStart(app?: RebalancingApp): RebalanceState {
    const count = app?.rebalancingCount;
    const rebalances = count == null ? Number.NaN : wholeNumber("app.rebalancingCount", count, 0, Number.MAX_SAFE_INTEGER);
    const now = this.#hooks.now();
    // What came before the rebalance must be forgotten by it.
    this.#hooks.apply();
    this.#core.rebalanceStarted(rebalances, now);
    return Mark.issue({ timeStart: now }, this.#hooks);
  }

  override onRebalanceReturn(_app: unknown, state: RebalanceState | null | undefined): void {
    const end = ending(this.#hooks, state, RETURNED);
    if (end === undefined) return;
    setFields(this.#hooks, end.token, RETURNED, { timeReturn: end.now, latencyReturn: end.duration });
    this.#core.rebalanceReturned(end.started, end.now);
    this.#hooks.tell();
  }

  override onRebalanceEnd(_app: unknown, state: RebalanceState | null | undefined): void {
    const end = ending(this.#hooks, state, ENDED);
    if (end === undefined) return;
    setFields(this.#hooks, end.token, ENDED, { timeEnd: end.now, latencyEnd: end.duration });
    this.#hooks.apply();
    this.#core.rebalanceEnded(end.started, end.now);
    this.#hooks.tell();
  }

  override onWebRequestStart(_app?: unknown, _request?: unknown, _options?: { readonly view?: unknown }): WebRequestState {
    return Mark.issue({ timeStart: this.#hooks.now() }, this.#hooks);
  }

  override onWebRequestEnd(
    _app: unknown,
    _request: unknown,
    response: ResponseLike,
    state: WebRequestState | null | undefined,
    _options?: { readonly view?: unknown },
  ): void {
    const status = statusOf(response);
    const end = ending(this.#hooks, state, ENDED);
    if (end === undefined) return;
    setFields(this.#hooks, end.token, ENDED, { timeEnd: end.now, latencyEnd: end.duration, statusCode: status });
    this.#core.webRequestEnded(status, end.started, end.now);
    this.#hooks.tell();
  }

  override onThreadedProducerBufferProcessed(_app?: unknown, _size?: number): void {
    this.#assertAlive();
  }

  // What the hooks share.

  /** What needs nothing of the figures says all the same that they were freed. */
  #assertAlive(): void {
    void this.#hooks.time;
  }

  #table(table: TableLike): number {
    const name = typeof table === "object" && table !== null ? table.name : table;
    return this.#tableNames.number(name, this.#addTable);
  }

  #assignmentOver(state: AssignmentState | null | undefined, completed: boolean): void {
    const end = ending(this.#hooks, state, ENDED);
    if (end === undefined) return;
    this.#core.assignmentOver(end.started, end.now, completed);
    this.#hooks.tell();
  }

  /** The start that a bare number stands for; none is an anomaly. */
  #started(state: number | null | undefined): number | undefined {
    return isGiven(this.#hooks, state) ? reading("state", state) : undefined;
  }

  static {
    // The bundler renames a class that mentions itself.
    Object.defineProperty(this, "name", { value: "Monitor" });
    defineAttributes(Monitor.prototype, (monitor) => {
      monitor.#hooks.apply();
      return monitor.#decoder;
    });
    const dispose: symbol = Symbol.dispose ?? Symbol.for("Symbol.dispose");
    Object.defineProperty(Monitor.prototype, dispose, { configurable: true, writable: true, value: Monitor.prototype.free });
  }
}
