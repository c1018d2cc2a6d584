/** The monitor: Faust's hooks and figures, kept in WebAssembly. */

import { decodeCbor } from "./cbor.js";
import { countNumber, MAX_PARTITION, reading, wellFormedName, wholeNumber } from "./checks.js";
import { Figures } from "./core.js";
import { Decoder, defineAttributes } from "./decode.js";
import { Families } from "./families.js";
import { FREED } from "./freed.js";
import { Stream, TopicPartition, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { GroupHooks } from "./group.js";
import { HealthListeners, type HealthListener } from "./health.js";
import { MessageHooks } from "./messages.js";
import { wasmMemory } from "./module.js";
import { checkOptions, type Checked, type Logger, type MonitorOptions } from "./options.js";
import { Lane } from "./lane.js";
import { LANE } from "./lane-key.js";
import { Sampler } from "./sampler.js";
import { ANOMALIES, FIGURES, type Anomalies, type AsDict, type Attributes } from "./schema.js";
import { Sensor, type Offset, type RebalancingApp, type ResponseLike, type TableLike } from "./sensor.js";
import type { Snapshot, Stage } from "./snapshot-schema.js";
import { SnapshotSlices } from "./slices.js";
import { SLICES } from "./slices-key.js";
import { SpanHooks } from "./spans.js";
import { ShortWays } from "./short-ways.js";
import type { AssignmentState, RebalanceState, WebRequestState } from "./tokens.js";

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
export class Monitor extends ShortWays {
  #core: Figures;
  #decoder: Decoder;
  #hooks: MessageHooks;
  #families: Families;
  #group: GroupHooks;
  #spans: SpanHooks;
  readonly #sampler: Sampler;
  readonly #listeners: HealthListeners;
  readonly #worker: string;

  /** @param options limits, starting values, `time` (a clock of SECONDS) and `logger`. */
  constructor(options?: MonitorOptions) {
    super();
    const restored = (options as { [RESTORED]?: Checked } | null | undefined)?.[RESTORED];
    const checked = restored ?? checkOptions(options);
    const core = new Figures(checked.limits);
    try {
      checked.start(core);
      core.setWorker(checked.worker);
      const memory = wasmMemory();
      const hooks = new MessageHooks(core, checked.time, checked.logger);
      core.begin(hooks.now());
      // Starting values may be over the limits.
      hooks.tell();
      this.#decoder = new Decoder(core, memory);
      this.#hooks = hooks;
      ShortWays.serve(this, hooks);
      this.#families = new Families(hooks);
      this.#group = new GroupHooks(hooks, this.#families);
      this.#spans = new SpanHooks(hooks, this.#families);
    } catch (error) {
      // The clock failed: nobody could free what nobody got.
      core.free();
      throw error;
    }
    this.#core = core;
    this.#worker = checked.worker;
    this.#listeners = new HealthListeners(checked.logger);
    this.#sampler = new Sampler(this);
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

  /**
   * Every figure at this moment, beyond Faust's too: plain ordered data, whose JSON text is the
   * stable form of a snapshot. A whole number over 2^53-1 loses its last digits here, not in
   * `snapshotBytes()`. Costs a few hundred microseconds with 16 partitions, about 5 more for each
   * further one: for once a second, not once a message.
   */
  snapshot(): Snapshot {
    return decodeCbor(this.snapshotBytes()) as Snapshot;
  }

  /** The same in its compact form, CBOR. Costs half of that. */
  snapshotBytes(): Uint8Array {
    const now = this.#hooks.now();
    this.#hooks.apply();
    const bytes = this.#core.snapshot(now);
    this.#hooks.tell();
    return bytes;
  }

  /** @internal For the live server; undefined where a subclass has a snapshot of its own, or hears of it. */
  get [SLICES](): SnapshotSlices | undefined {
    const { prototype } = Monitor;
    const isOwn = this.snapshot === prototype.snapshot && this.snapshotBytes === prototype.snapshotBytes;
    return isOwn ? new SnapshotSlices(() => this.#hooks) : undefined;
  }

  /**
   * Calls `listener` when the health of a partition, or of all together, is another and has been
   * for `healthHold` seconds; gives how to stop. Looked at by `sample()`, while somebody listens.
   * What a listener throws harms nobody; the logger hears of the first.
   */
  onHealthChange(listener: HealthListener): () => void {
    this.#assertAlive();
    return this.#listeners.add(listener);
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

  /** Who is monitored, in snapshots. */
  get worker(): string {
    this.#assertAlive();
    return this.#worker;
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
    return new TopicPartition(name, number, hooks.era, hooks.partitions.add(name, number, hooks.addPartition));
  }

  /** A stream whose place in this monitor is known: hooks skip the look-up. */
  stream(label: string, task?: string | null): Stream {
    const labelName = wellFormedName("label", label);
    const taskName = task == null ? null : wellFormedName("task", task);
    const hooks = this.#hooks;
    return new Stream(labelName, taskName, hooks.era, hooks.namesOf(labelName, taskName));
  }

  // The sampler.

  /**
   * The once-a-second tick. Faust's part: medians to the `*Avg`, growth to `messagesS` and
   * `eventsS`. Beyond it: rates, the last minute of latencies, health, and letting idle labels and
   * partitions go.
   */
  sample(): void {
    const now = this.#hooks.now();
    this.#hooks.apply();
    const core = this.#core;
    const revision = core.revision();
    core.sample(now);
    if (core.revision() !== revision) {
      this.#hooks.forget();
      this.#families.forget();
    }
    this.#hooks.tell();
    // Telling may have freed it.
    if (!this.#listeners.isEmpty && this.#core === core) this.#listeners.tell(core.healthChanges(now));
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
    this.#listeners.clear();
    const core = this.#core;
    if (core === FREED) return;
    this.#hooks.release();
    this.#core = FREED as Figures;
    this.#decoder = FREED as Decoder;
    this.#hooks = FREED as MessageHooks;
    ShortWays.serve(this, this.#hooks);
    this.#families = FREED as Families;
    this.#group = FREED as GroupHooks;
    this.#spans = FREED as SpanHooks;
    core.free();
  }

  // The hooks of one message.

  /** @internal For adapters; undefined where a subclass hears the hooks, and must hear all of them. */
  get [LANE](): Lane | undefined {
    const { prototype } = Monitor;
    const isHeard =
      this.onMessageIn !== prototype.onMessageIn ||
      this.onStreamEventIn !== prototype.onStreamEventIn ||
      this.onStreamEventOut !== prototype.onStreamEventOut ||
      this.onMessageOut !== prototype.onMessageOut;
    return isHeard ? undefined : new Lane(() => this.#hooks);
  }

  // The other hooks.

  override onTopicBufferFull(topic: string | TopicPartitionLike): void {
    if (typeof topic === "object" && topic !== null) {
      this.#hooks.checkPartition(topic);
      topic = topic.topic;
    }
    const full = this.#families.fullTopics.of(topic);
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
    this.#spans.commitCompleted(state);
  }

  override onSendInitiated(_producer: unknown, topic: string, _message?: unknown, keysize?: number | null, valsize?: number | null): number {
    return this.#spans.sendInitiated(topic, keysize ?? 0, valsize ?? 0);
  }

  override onSendCompleted(_producer: unknown, state: number | null | undefined, _metadata?: unknown): void {
    this.#spans.sendCompleted(state);
  }

  override onSendError(_producer: unknown, error: unknown, state: number | null | undefined): void {
    this.#spans.sendError(error, state);
  }

  override count(name: string, n: number | bigint = 1): void {
    const added = countNumber("n", n);
    const metric = this.#families.metrics.of(name);
    this.#core.count(metric, added);
  }

  override onTpCommit(offsets: Iterable<readonly [TopicPartitionLike, Offset]>): void {
    this.#group.committed(offsets);
  }

  override trackTpEndOffset(tp: TopicPartitionLike, offset: Offset): void {
    this.#group.endOffset(tp, offset);
  }

  override onAssignmentStart(_assignor?: unknown): AssignmentState {
    return this.#spans.start();
  }

  override onAssignmentCompleted(_assignor: unknown, state: AssignmentState | null | undefined): void {
    this.#spans.assignmentOver(state, true);
  }

  override onAssignmentError(_assignor: unknown, state: AssignmentState | null | undefined, _error?: unknown): void {
    this.#spans.assignmentOver(state, false);
  }

  override onRebalanceStart(app?: RebalancingApp): RebalanceState {
    return this.#spans.rebalanceStart(app);
  }

  override onRebalanceReturn(_app: unknown, state: RebalanceState | null | undefined): void {
    this.#spans.rebalanceReturn(state);
  }

  override onRebalanceEnd(_app: unknown, state: RebalanceState | null | undefined): void {
    this.#spans.rebalanceEnd(state);
  }

  override onWebRequestStart(_app?: unknown, _request?: unknown, _options?: { readonly view?: unknown }): WebRequestState {
    return this.#spans.start();
  }

  override onWebRequestEnd(
    _app: unknown,
    _request: unknown,
    response: ResponseLike,
    state: WebRequestState | null | undefined,
    _options?: { readonly view?: unknown },
  ): void {
    this.#spans.webRequestEnd(response, state);
  }

  // The hooks beyond Faust.

  override onPartitionsAssigned(tps: Iterable<TopicPartitionLike>): void {
    this.#group.each(tps, (figures, index, now) => figures.partitionAssigned(index, now));
  }

  override onPartitionsRevoked(tps: Iterable<TopicPartitionLike>): void {
    this.#group.each(tps, (figures, index, now) => figures.partitionRevoked(index, now));
  }

  override onPartitionsLost(tps: Iterable<TopicPartitionLike>): void {
    this.#group.each(tps, (figures, index, now) => figures.partitionLost(index, now));
  }

  override onError(stage: Stage, kind: unknown, tp?: TopicPartitionLike | null): void {
    this.#group.error(stage, kind, tp);
  }

  override onRetry(tp?: TopicPartitionLike | null): void {
    this.#group.retry(tp);
  }

  override onDeadLetter(tp?: TopicPartitionLike | null): void {
    this.#group.deadLetter(tp);
  }

  override onPosition(tp: TopicPartitionLike, offset: Offset): void {
    this.#group.position(tp, offset);
  }

  override onHeartbeat(): void {
    this.#group.heartbeat();
  }

  override onPause(tps: Iterable<TopicPartitionLike>): void {
    this.#group.each(tps, (figures, index) => figures.partitionPaused(index, true));
  }

  override onResume(tps: Iterable<TopicPartitionLike>): void {
    this.#group.each(tps, (figures, index) => figures.partitionPaused(index, false));
  }

  override onPoll(records: number, bytes?: number | null): void {
    this.#group.polled(records, bytes);
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
    return this.#families.tables.of(name);
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
