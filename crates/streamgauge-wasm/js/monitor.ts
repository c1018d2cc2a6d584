/** The monitor: Faust's hooks and figures, kept in WebAssembly. */

import { Figures, wasmMemory } from "../pkg/core/streamgauge.js";
import { countNumber, MAX_PARTITION, offsetNumber, reading, wellFormedName, wholeNumber, wrongType } from "./checks.js";
import { Decoder, defineAttributes } from "./decode.js";
import { NONE, Stream, TopicPartition, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { Labels, Partitions } from "./names.js";
import { checkOptions, type Checked, type Logger, type MonitorOptions } from "./options.js";
import { Sampler } from "./sampler.js";
import { ANOMALIES, type Anomalies, type AsDict, type Attributes } from "./schema.js";
import { Sensor, type Offset, type RebalancingApp, type ResponseLike, type TableLike } from "./sensor.js";
import {
  ENDED,
  Mark,
  RETURNED,
  type AssignmentState,
  type EventState,
  type MessageTimes,
  type RebalanceState,
  type WebRequestState,
} from "./tokens.js";

const TOKEN_COMPLETED_TWICE = ANOMALIES.findIndex((kind) => kind.name === "tokenCompletedTwice");
const TOKEN_MISSING = ANOMALIES.findIndex((kind) => kind.name === "tokenMissing");
/** What `Monitor.restore` hands to the constructor; nobody else can make one. */
const RESTORED = Symbol("restored");

/** Stands in for the figures of a monitor that was freed: whatever is asked of it throws. */
const FREED = new Proxy({} as Figures, {
  get(): never {
    throw Object.assign(new Error("this monitor was freed: make a new one"), { code: "ERR_MONITOR_FREED" });
  },
});

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
  readonly #time: () => number;
  readonly #logger: Logger | undefined;
  readonly #sampler: Sampler;

  readonly #partitions = new Partitions();
  readonly #streams = new Labels("stream");
  readonly #tasks = new Labels("stream.task");
  readonly #tableNames = new Labels("table");
  readonly #metricNames = new Labels("name");
  readonly #receivedTopics = new Labels("tp.topic");
  readonly #sentTopics = new Labels("topic");
  readonly #fullTopics = new Labels("topic");

  // Bound once: the look-ups of names never make a closure.
  readonly #addPartition = (topic: string, partition: number): number => this.#core.partitionIndex(topic, partition);
  readonly #addStream = (label: string): number => this.#core.streamLabel(label);
  readonly #addTask = (label: string): number => this.#core.taskLabel(label);
  readonly #addTable = (name: string): number => this.#core.tableName(name);
  readonly #addMetric = (name: string): number => this.#core.metricName(name);
  readonly #addReceivedTopic = (topic: string): number => this.#core.receivedTopic(topic);
  readonly #addSentTopic = (topic: string): number => this.#core.sentTopic(topic);
  readonly #addFullTopic = (topic: string): number => this.#core.bufferFullTopic(topic);

  /** @param options limits, starting values, `time` (a clock of SECONDS) and `logger`. */
  constructor(options?: MonitorOptions) {
    super();
    const restored = (options as { [RESTORED]?: Checked } | null | undefined)?.[RESTORED];
    const checked = restored ?? checkOptions(options);
    this.#time = checked.time;
    this.#logger = checked.logger;
    this.#core = checked.make(Figures);
    this.#decoder = new Decoder(this.#core, wasmMemory() as WebAssembly.Memory);
    this.#sampler = new Sampler(this);
  }

  /**
   * A monitor that goes on from what `asdict()` gave, here or in Faust. Options win over the
   * dictionary: after a restart `{ messagesActive: 0, eventsActive: 0 }` is what is true.
   */
  static restore(dict: Partial<AsDict>, options?: MonitorOptions): Monitor {
    return new Monitor({ [RESTORED]: checkOptions(options, dict ?? null) } as MonitorOptions);
  }

  // Reading.

  /** Faust's dictionary, a copy. Costs a few microseconds. */
  asdict(): AsDict {
    return this.#decoder.asdict();
  }

  /** How often what should not have happened did, by kind. */
  get anomalies(): Anomalies {
    this.#tell();
    return Object.fromEntries(ANOMALIES.map((kind, place) => [kind.name, this.#core.anomaly(place)])) as unknown as Anomalies;
  }

  /** The clock: a function that returns seconds. */
  get time(): () => number {
    return this.#time;
  }

  /** What hears of the first anomaly of each kind. */
  get logger(): Logger | undefined {
    return this.#logger;
  }

  /** Seconds since a reading of the clock; 0, and an anomaly, where that lies in the future. */
  secsSince(start: number): number {
    const from = reading("start", start);
    return this.#settled(this.#core.secondsBetween(from, this.#now()));
  }

  /** Milliseconds since a reading of the clock. */
  msSince(start: number): number {
    return this.secsToMs(this.secsSince(start));
  }

  /** Seconds as milliseconds. */
  secsToMs(seconds: number): number {
    return reading("seconds", seconds) * 1000;
  }

  // Handles.

  /** A topic-partition whose place in this monitor is known: hooks skip the look-up. */
  topicPartition(topic: string, partition: number): TopicPartition {
    const index = this.#partitions.index(topic, partition, this.#addPartition);
    this.#tell();
    return new TopicPartition(wellFormedName("topic", topic), partition, this, index);
  }

  /** A stream whose place in this monitor is known: hooks skip the look-up. */
  stream(label: string, task?: string | null): Stream {
    const labelName = wellFormedName("label", label);
    const taskName = task == null ? null : wellFormedName("task", task);
    const labelNumber = this.#streams.number(labelName, this.#addStream);
    const taskNumber = taskName === null ? NONE : this.#tasks.number(taskName, this.#addTask);
    this.#tell();
    return new Stream(labelName, taskName, this, labelNumber, taskNumber);
  }

  // The sampler.

  /** The once-a-second tick: medians to the `*Avg`, growth to `messagesS` and `eventsS`. */
  sample(): void {
    this.#core.sample();
    this.#tell();
  }

  /** Ticks once a second from now on. Never keeps a process alive. */
  start(): this {
    this.#tell();
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
    this.#core = FREED;
    this.#decoder = new Decoder(FREED, wasmMemory() as WebAssembly.Memory);
    core.free();
  }

  // The hooks of one message.

  override onMessageIn(tp: TopicPartitionLike, offset: Offset, message: object): void {
    const at = isOffset(offset) ? offset : offsetNumber("offset", offset);
    const times = messageTimes(message);
    const now = this.#now();
    const index = this.#partition(tp);
    setTime("message", times, "timeIn", now);
    if (index !== NONE) this.#core.messageIn(index, at, now);
    else this.#core.messageInByTopic(this.#receivedTopics.number(tp.topic, this.#addReceivedTopic), now);
  }

  override onStreamEventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, _event?: unknown): EventState {
    if (!isOffset(offset)) offsetNumber("offset", offset);
    const now = this.#now();
    let label: number;
    let task = NONE;
    if (typeof stream === "string") {
      label = this.#streams.number(stream, this.#addStream);
    } else if (typeof stream !== "object" || stream === null) {
      throw wrongType("stream", "a label, {label, task} or a handle", stream);
    } else if (Stream.isOf(stream, this)) {
      label = Stream.labelNumber(stream);
      task = Stream.taskNumber(stream);
    } else {
      const taskName = stream.task;
      const name = stream.label;
      if (taskName != null) task = this.#tasks.number(taskName, this.#addTask);
      label = this.#streams.number(name, this.#addStream);
    }
    this.#core.eventIn(this.#partition(tp), label, task, now);
    return Mark.issue({ timeIn: now, timeOut: null, timeTotal: null }, this);
  }

  override onStreamEventOut(
    tp: TopicPartitionLike,
    offset: Offset,
    stream: StreamLike,
    _event: unknown,
    state: EventState | null | undefined,
  ): void {
    this.#checkPartition(tp);
    if (!isOffset(offset)) offsetNumber("offset", offset);
    checkStream(stream);
    if (state == null) return;
    const timeIn = startOf("state", state, "timeIn");
    if (this.#wasCompleted(state, ENDED)) return;
    const now = this.#now();
    setTime("state", state, "timeOut", now);
    if (!this.#complete(state, ENDED)) return;
    state.timeTotal = this.#settled(this.#core.eventOut(timeIn, now));
  }

  override onMessageOut(tp: TopicPartitionLike, offset: Offset, message: object): void {
    this.#checkPartition(tp);
    if (!isOffset(offset)) offsetNumber("offset", offset);
    const times = messageTimes(message);
    const timeIn = times.timeIn;
    const from = timeIn == null ? Number.NaN : reading("message.timeIn", timeIn);
    const now = this.#now();
    setTime("message", times, "timeOut", now);
    const total = this.#settled(this.#core.messageOut(from, now));
    if (timeIn != null) times.timeTotal = total;
  }

  // The other hooks.

  override onTopicBufferFull(topic: string | TopicPartitionLike): void {
    if (typeof topic === "object" && topic !== null) {
      this.#checkPartition(topic);
      topic = topic.topic;
    }
    this.#core.bufferFull(this.#fullTopics.number(topic, this.#addFullTopic));
    this.#tell();
  }

  override onTableGet(table: TableLike, _key?: unknown): void {
    this.#core.tableGet(this.#table(table));
  }

  override onTableSet(table: TableLike, _key?: unknown, _value?: unknown): void {
    this.#core.tableSet(this.#table(table));
  }

  override onTableDel(table: TableLike, _key?: unknown): void {
    this.#core.tableDel(this.#table(table));
  }

  override onCommitInitiated(_consumer?: unknown): number {
    return this.#core.reading(this.#now());
  }

  override onCommitCompleted(_consumer: unknown, state: number | null | undefined): void {
    const started = this.#started(state);
    if (started === undefined) return;
    this.#core.commitCompleted(started, this.#now());
    this.#tell();
  }

  override onSendInitiated(_producer: unknown, topic: string, _message?: unknown, keysize = 0, valsize = 0): number {
    if (!isOffset(keysize)) wholeNumber("keysize", keysize, 0, Number.MAX_SAFE_INTEGER);
    if (!isOffset(valsize)) wholeNumber("valsize", valsize, 0, Number.MAX_SAFE_INTEGER);
    const now = this.#now();
    this.#core.sendInitiated(this.#sentTopics.number(topic, this.#addSentTopic), now);
    return now;
  }

  override onSendCompleted(_producer: unknown, state: number | null | undefined, _metadata?: unknown): void {
    const started = this.#started(state);
    if (started === undefined) return;
    this.#core.sendCompleted(started, this.#now());
    this.#tell();
  }

  override onSendError(_producer: unknown, _error: unknown, state: number | null | undefined): void {
    if (this.#started(state) !== undefined) this.#core.sendError();
  }

  override count(name: string, n: number | bigint = 1): void {
    const added = countNumber("n", n);
    this.#core.count(this.#metricNames.number(name, this.#addMetric), added);
  }

  override onTpCommit(offsets: Iterable<readonly [TopicPartitionLike, Offset]>): void {
    // All of it is checked before any of it counts.
    const checked = committed(offsets, (tp) => this.#checkPartition(tp));
    for (const [tp, offset] of checked) {
      const index = this.#partition(tp);
      if (index !== NONE) this.#core.committedOffset(index, offset);
    }
    this.#tell();
  }

  override trackTpEndOffset(tp: TopicPartitionLike, offset: Offset): void {
    const end = isOffset(offset) ? offset : offsetNumber("offset", offset);
    const index = this.#partition(tp);
    if (index !== NONE) this.#core.endOffset(index, end);
  }

  override onAssignmentStart(_assignor?: unknown): AssignmentState {
    return Mark.issue({ timeStart: this.#core.reading(this.#now()) }, this);
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
    const now = this.#now();
    this.#core.rebalanceStarted(rebalances, now);
    return Mark.issue({ timeStart: now }, this);
  }

  override onRebalanceReturn(_app: unknown, state: RebalanceState | null | undefined): void {
    if (!this.#token(state)) return;
    const started = startOf("state", state, "timeStart");
    if (this.#wasCompleted(state, RETURNED)) return;
    const now = this.#now();
    setTime("state", state, "timeReturn", now);
    if (!this.#complete(state, RETURNED)) return;
    state.latencyReturn = this.#settled(this.#core.rebalanceReturned(started, now));
  }

  override onRebalanceEnd(_app: unknown, state: RebalanceState | null | undefined): void {
    if (!this.#token(state)) return;
    const started = startOf("state", state, "timeStart");
    if (this.#wasCompleted(state, ENDED)) return;
    const now = this.#now();
    setTime("state", state, "timeEnd", now);
    if (!this.#complete(state, ENDED)) return;
    state.latencyEnd = this.#settled(this.#core.rebalanceEnded(started, now));
  }

  override onWebRequestStart(_app?: unknown, _request?: unknown, _options?: { readonly view?: unknown }): WebRequestState {
    return Mark.issue({ timeStart: this.#core.reading(this.#now()) }, this);
  }

  override onWebRequestEnd(
    _app: unknown,
    _request: unknown,
    response: ResponseLike,
    state: WebRequestState | null | undefined,
    _options?: { readonly view?: unknown },
  ): void {
    const status = statusOf(response);
    if (!this.#token(state)) return;
    const started = startOf("state", state, "timeStart");
    if (this.#wasCompleted(state, ENDED)) return;
    const now = this.#now();
    setTime("state", state, "timeEnd", now);
    if (!this.#complete(state, ENDED)) return;
    state.statusCode = status;
    state.latencyEnd = this.#settled(this.#core.webRequestEnded(status, started, now));
  }

  // What the hooks share.

  /** The clock's reading, finite. */
  #now(): number {
    const now = this.#time();
    if (typeof now === "number" && now - now === 0) return now;
    const taken = this.#core.reading(Number.NaN);
    this.#tell();
    return taken;
  }

  /** A duration as the wasm module gave it; its sign says that there is an anomaly to tell. */
  #settled(seconds: number): number {
    return seconds > 0 ? seconds : this.#untold(seconds);
  }

  #untold(seconds: number): number {
    this.#tell();
    return Math.abs(seconds);
  }

  /** Tells the logger of each kind of anomaly that was seen for the first time. */
  #tell(): void {
    const kinds = this.#core.takeUnreported();
    if (kinds === 0 || this.#logger === undefined) return;
    ANOMALIES.forEach((kind, place) => {
      if ((kinds & (1 << place)) === 0) return;
      try {
        this.#logger!.warn(`streamgauge: ${kind.says} (${kind.name}; told once)`);
      } catch {
        // A logger that fails must not make a hook fail.
      }
    });
  }

  #note(kind: number): void {
    this.#core.note(kind);
    this.#tell();
  }

  /** The number of a topic-partition, `NONE` where there is no room for it. */
  #partition(tp: TopicPartitionLike): number {
    if (typeof tp !== "object" || tp === null) throw wrongType("tp", "{topic, partition} or a handle", tp);
    const known = TopicPartition.indexIn(tp, this);
    return known !== NONE ? known : this.#partitions.index(tp.topic, tp.partition, this.#addPartition);
  }

  #checkPartition(tp: TopicPartitionLike): void {
    if (typeof tp !== "object" || tp === null) throw wrongType("tp", "{topic, partition} or a handle", tp);
    if (TopicPartition.indexIn(tp, this) !== NONE) return;
    const { topic, partition } = tp;
    if (!this.#partitions.knew(topic, partition)) checkNames(topic, partition);
  }

  #table(table: TableLike): number {
    const name = typeof table === "object" && table !== null ? table.name : table;
    return this.#tableNames.number(name, this.#addTable);
  }

  #assignmentOver(state: AssignmentState | null | undefined, completed: boolean): void {
    if (!this.#token(state)) return;
    const started = startOf("state", state, "timeStart");
    const now = this.#now();
    if (this.#complete(state, ENDED)) this.#core.assignmentOver(started, now, completed);
    this.#tell();
  }

  /** Whether there is a token; none is an anomaly. */
  #token<T>(state: T | null | undefined): state is T {
    if (state != null) return true;
    this.#note(TOKEN_MISSING);
    return false;
  }

  /** The start that a bare number stands for; none is an anomaly. */
  #started(state: number | null | undefined): number | undefined {
    return this.#token(state) ? reading("state", state) : undefined;
  }

  /** Whether a token was completed before, which is an anomaly. */
  #wasCompleted(state: object, how: number): boolean {
    const was = Mark.isComplete(state, this, how);
    if (was) this.#note(TOKEN_COMPLETED_TWICE);
    return was;
  }

  /**
   * Marks a token completed, once nothing can be refused any more; false, and an anomaly, where it
   * was before.
   */
  #complete(state: object, how: number): boolean {
    if (Mark.complete(state, this, how)) return true;
    this.#note(TOKEN_COMPLETED_TWICE);
    return false;
  }

  static {
    defineAttributes(Monitor.prototype, (monitor) => monitor.#decoder);
    const dispose: symbol = Symbol.dispose ?? Symbol.for("Symbol.dispose");
    Object.defineProperty(Monitor.prototype, dispose, { configurable: true, writable: true, value: Monitor.prototype.free });
  }
}


function isOffset(offset: unknown): offset is number {
  return Number.isSafeInteger(offset) && (offset as number) >= 0;
}

function messageTimes(message: object): MessageTimes {
  if ((typeof message !== "object" || message === null) && typeof message !== "function") {
    throw wrongType("message", "an object, on which the times are set", message);
  }
  return message;
}

/** Sets a time on what the user owns, which may be frozen. */
function setTime<K extends string>(argument: string, target: { [key in K]?: number | null }, key: K, now: number): void {
  try {
    target[key] = now;
  } catch (cause) {
    throw Object.assign(wrongType(argument, `an object on which ${key} can be set`, target), { cause });
  }
}

/** When what a token stands for started. */
function startOf<K extends string>(argument: string, state: { readonly [key in K]: number }, key: K): number {
  if (typeof state !== "object") throw wrongType(argument, `the token of the start hook, an object with ${key}`, state);
  return reading(`${argument}.${key}`, state[key]);
}

function checkStream(stream: StreamLike): void {
  if (typeof stream === "string" || (typeof stream === "object" && stream !== null && typeof stream.label === "string")) return;
  throw wrongType("stream", "a label, {label, task} or a handle", stream);
}

function checkNames(topic: unknown, partition: unknown): void {
  wellFormedName("tp.topic", topic);
  wholeNumber("tp.partition", partition, 0, MAX_PARTITION);
}

function committed(
  offsets: Iterable<readonly [TopicPartitionLike, Offset]>,
  check: (tp: TopicPartitionLike) => void,
): [TopicPartitionLike, number][] {
  if (typeof offsets !== "object" || offsets === null || typeof offsets[Symbol.iterator] !== "function") {
    throw wrongType("offsets", "an iterable of [tp, offset]", offsets);
  }
  const checked: [TopicPartitionLike, number][] = [];
  for (const pair of offsets) {
    if (!Array.isArray(pair)) throw wrongType(`offsets[${checked.length}]`, "a pair [tp, offset]", pair);
    const [tp, offset] = pair as readonly [TopicPartitionLike, Offset];
    check(tp);
    checked.push([tp, offsetNumber(`offsets[${checked.length}] offset`, offset)]);
  }
  return checked;
}

function statusOf(response: ResponseLike): number {
  if (response == null) return 500;
  if (typeof response !== "object") throw wrongType("response", "an object with status or statusCode", response);
  const { status, statusCode } = response as { status?: unknown; statusCode?: unknown };
  if (status === undefined && statusCode === undefined) throw wrongType("response", "an object with status or statusCode", response);
  return status === undefined ? wholeNumber("response.statusCode", statusCode, 100, 599) : wholeNumber("response.status", status, 100, 599);
}
