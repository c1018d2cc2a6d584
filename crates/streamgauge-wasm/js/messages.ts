/**
 * The four hooks of a message: most of what a monitor costs.
 *
 * Crossing into WebAssembly costs 5 to 10 ns a call, three stores into a typed array cost 1. So
 * these hooks write their calls into a log in the module's memory, which is applied when it is full
 * or when somebody reads (`src/log.rs` has the format). What they return comes from their own
 * arguments. Each keeps its straight way short, for V8 inlines only so much into a caller's loop:
 * plain fields instead of private ones, whatever is seldom in functions of its own.
 */

import { checkName, MAX_PARTITION, offsetNumber, reading, wholeNumber, wrongType } from "./checks.js";
import { FREED } from "./freed.js";
import { NONE, Stream, TopicPartition, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { Labels, Partitions } from "./names.js";
import type { Logger } from "./options.js";
import { ANOMALIES } from "./schema.js";
import type { Offset } from "./sensor.js";
import { ENDED, Mark, type EventState, type MessageTimes } from "./tokens.js";

/** What these hooks need of the wasm module's figures. */
export interface MessageFigures {
  logAddress(): number;
  logLength(): number;
  applyLog(numbers: number): void;
  partitionIndex(topic: string, partition: number): number;
  streamLabel(label: string): number;
  taskLabel(label: string): number;
  receivedTopic(topic: string): number;
  messageInByTopic(topic: number, now: number): void;
  note(kind: number): void;
  takeUnreported(): number;
}

const MESSAGE_IN = 0;
const EVENT_IN = 1;
const EVENT_OUT = 2;
const MESSAGE_OUT = 3;
/** A call's kind and its partition share a number: `partition * KINDS + kind`. */
const KINDS = 4;
/** Stream and task share one, too: `stream * TASKS + task`, where the last task is none. */
const TASKS = 2 ** 21;

const kindOf = (name: (typeof ANOMALIES)[number]["name"]): number => ANOMALIES.findIndex((kind) => kind.name === name);
const CLOCK_NOT_FINITE = kindOf("clockNotFinite");
export const TOKEN_COMPLETED_TWICE = kindOf("tokenCompletedTwice");
export const TOKEN_MISSING = kindOf("tokenMissing");

// What no caller has: before the first handle, nothing passes for the last one.
const NO_HANDLE = new TopicPartition("", 0, {}, NONE);
const NO_STREAM = new Stream("", null, {}, 0, NONE);

function isOffset(offset: unknown): offset is number {
  return Number.isSafeInteger(offset) && (offset as number) >= 0;
}

/** Fields are open to this package alone: a monitor keeps its hooks private. */
export class MessageHooks {
  figures: MessageFigures;
  readonly memory: WebAssembly.Memory;
  readonly time: () => number;
  readonly logger: Logger | undefined;

  /** The log, and where the next call goes. */
  numbers: Float64Array;
  at = 0;

  // The last handles, which cannot change: the hooks of one message look them up once.
  lastHandle = NO_HANDLE;
  lastIndex = NONE;
  lastStream = NO_STREAM;
  /** The last stream and its task, as the log has them. */
  lastNames = 0;
  lastReading = 0;

  // As in the wasm module once the log is applied: an out without an in is told at once.
  messagesActive: number;
  eventsActive: number;

  readonly partitions = new Partitions();
  readonly streams = new Labels("stream");
  readonly tasks = new Labels("stream.task");
  readonly receivedTopics = new Labels("tp.topic");

  // Bound once, so that a look-up makes no closure.
  readonly addPartition = (topic: string, partition: number): number => this.told(this.figures.partitionIndex(topic, partition));
  readonly addStream = (label: string): number => this.told(this.figures.streamLabel(label));
  readonly addTask = (label: string): number => this.told(this.figures.taskLabel(label));
  readonly addReceivedTopic = (topic: string): number => this.told(this.figures.receivedTopic(topic));

  constructor(
    figures: MessageFigures,
    memory: WebAssembly.Memory,
    time: () => number,
    logger: Logger | undefined,
    messagesActive: number,
    eventsActive: number,
  ) {
    this.figures = figures;
    this.memory = memory;
    this.time = time;
    this.logger = logger;
    this.messagesActive = messagesActive;
    this.eventsActive = eventsActive;
    this.numbers = this.log();
  }

  messageIn(tp: TopicPartitionLike, offset: Offset, message: MessageTimes): void {
    const at = isOffset(offset) ? offset : offsetNumber("offset", offset);
    const index = tp === this.lastHandle ? this.lastIndex : this.partition(tp);
    const now = this.now();
    try {
      message.timeIn = now;
    } catch (cause) {
      throw unsettable("message", message, cause);
    }
    if (index === NONE) return this.messageInAnew(tp, at, now);
    this.messagesActive += 1;
    this.push(index * KINDS + MESSAGE_IN, at, now);
  }

  eventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike): EventState {
    if (!isOffset(offset)) offsetNumber("offset", offset);
    const now = this.now();
    let index = tp === this.lastHandle ? this.lastIndex : this.partition(tp);
    const names = stream === this.lastStream ? this.lastNames : this.resolveStream(stream);
    if (index === NONE) index = this.partitionOrNew(tp);
    this.eventsActive += 1;
    this.push(index * KINDS + EVENT_IN, names, now);
    return Mark.issue({ timeIn: now, timeOut: null, timeTotal: null }, this);
  }

  eventOut(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, state: EventState | null | undefined): void {
    if (tp !== this.lastHandle || stream !== this.lastStream || !isOffset(offset)) this.checkEvent(tp, offset, stream);
    if (state == null) return;
    const timeIn = state.timeIn;
    if (typeof timeIn !== "number" || timeIn - timeIn !== 0) refuseTimeIn(state, timeIn);
    if (!Mark.complete(state, this, ENDED)) return this.note(TOKEN_COMPLETED_TWICE);
    let now = Number.NaN;
    let isDuration = false;
    try {
      now = this.now();
      const seconds = now - timeIn;
      isDuration = seconds >= 0 && seconds < Infinity;
      state.timeOut = now;
      state.timeTotal = isDuration ? seconds : 0;
    } catch (cause) {
      throw this.reopened(state, ENDED, now, cause);
    }
    this.push(EVENT_OUT, timeIn, now);
    if (isDuration && this.eventsActive > 0) this.eventsActive -= 1;
    else this.eventOutOddly();
  }

  messageOut(tp: TopicPartitionLike, offset: Offset, message: MessageTimes): void {
    if (tp !== this.lastHandle || !isOffset(offset)) this.checkMessage(tp, offset);
    let timeIn = message?.timeIn;
    if (typeof timeIn !== "number" || timeIn - timeIn !== 0) timeIn = notTimed(timeIn);
    const now = this.now();
    const seconds = now - timeIn;
    const isDuration = seconds >= 0 && seconds < Infinity;
    try {
      message.timeOut = now;
      if (isDuration) message.timeTotal = seconds;
      else if (timeIn === timeIn) message.timeTotal = 0;
    } catch (cause) {
      throw unsettable("message", message, cause);
    }
    this.push(MESSAGE_OUT, timeIn, now);
    if (isDuration && this.messagesActive > 0) this.messagesActive -= 1;
    else this.messageOutOddly(timeIn);
  }

  /** The clock's reading, or the last finite one where it is not. */
  now(): number {
    const time = this.time;
    const now = time();
    if (typeof now !== "number" || now - now !== 0) return this.notFinite();
    this.lastReading = now;
    return now;
  }

  /** Writes a call down. */
  push(what: number, argument: number, now: number): void {
    // Full, or emptied because the module's memory grew.
    while (this.at >= this.numbers.length) this.makeRoom();
    const numbers = this.numbers;
    const at = this.at;
    numbers[at] = what;
    numbers[at + 1] = argument;
    numbers[at + 2] = now;
    this.at = at + 3;
  }

  /** Applies the calls that were written down. */
  apply(): void {
    const numbers = this.at;
    if (numbers === 0) return;
    this.at = 0;
    this.figures.applyLog(numbers);
    this.tell();
  }

  /** Lets go of the module's memory: a hook that is still under way (its clock freed the monitor) must not write there. */
  release(): void {
    this.figures = FREED as MessageFigures;
    this.numbers = new Float64Array(0);
    this.at = 0;
  }

  makeRoom(): void {
    if (this.at >= this.figures.logLength()) this.apply();
    this.numbers = this.log();
  }

  log(): Float64Array {
    return new Float64Array(this.memory.buffer, this.figures.logAddress(), this.figures.logLength());
  }

  notFinite(): number {
    this.note(CLOCK_NOT_FINITE);
    return this.lastReading;
  }

  /** A message from a topic-partition that has no number: it gets one, or its offset is not kept. */
  messageInAnew({ topic, partition }: TopicPartitionLike, offset: number, now: number): void {
    const index = this.partitions.add(topic, partition, this.addPartition);
    if (index !== NONE) {
      this.messagesActive += 1;
      this.push(index * KINDS + MESSAGE_IN, offset, now);
    } else {
      // The messages in the log came before, and may take the last labels there are.
      this.apply();
      const byTopic = this.receivedTopics.number(topic, this.addReceivedTopic);
      this.messagesActive += 1;
      this.figures.messageInByTopic(byTopic, now);
    }
  }

  /** An event out without an in, or before it: an anomaly, told now. */
  eventOutOddly(): void {
    this.eventsActive = Math.max(this.eventsActive - 1, 0);
    this.apply();
  }

  /** A message out without an in, before it, or whose time in is not known (NaN). */
  messageOutOddly(timeIn: number): void {
    const isAnomaly = this.messagesActive === 0 || !Number.isNaN(timeIn);
    this.messagesActive = Math.max(this.messagesActive - 1, 0);
    if (isAnomaly) this.apply();
  }

  /** The number of a topic-partition, `NONE` where it has none. */
  partition(tp: TopicPartitionLike): number {
    if (typeof tp !== "object" || tp === null) throw wrongType("tp", "{topic, partition} or a handle", tp);
    const known = TopicPartition.indexIn(tp, this);
    if (known === NONE) return this.partitions.find(tp.topic, tp.partition);
    this.lastHandle = tp as TopicPartition;
    this.lastIndex = known;
    return known;
  }

  /** The same, after giving it one where there is room. */
  partitionOrNew(tp: TopicPartitionLike): number {
    const index = this.partition(tp);
    return index === NONE ? this.partitions.add(tp.topic, tp.partition, this.addPartition) : index;
  }

  /** The numbers of a stream and its task, as the log has them. */
  resolveStream(stream: StreamLike): number {
    let handle: Stream | undefined;
    let label: number;
    let task = NONE;
    if (typeof stream === "string") {
      label = this.streams.number(stream, this.addStream);
    } else if (typeof stream !== "object" || stream === null) {
      throw wrongType("stream", "a label, {label, task} or a handle", stream);
    } else if (Stream.isOf(stream, this)) {
      label = Stream.labelNumber(stream);
      task = Stream.taskNumber(stream);
      handle = stream;
    } else {
      const { label: name, task: taskName } = stream;
      label = this.streams.find(name);
      if (label === NONE) {
        // Both are checked before one is added.
        if (taskName != null) this.tasks.check(taskName);
        label = this.streams.add(name, this.addStream);
      }
      if (taskName != null) task = this.tasks.number(taskName, this.addTask);
    }
    const names = label * TASKS + (task === NONE ? TASKS - 1 : task);
    if (handle !== undefined) {
      this.lastStream = handle;
      this.lastNames = names;
    }
    return names;
  }

  checkEvent(tp: TopicPartitionLike, offset: Offset, stream: StreamLike): void {
    this.checkMessage(tp, offset);
    if (typeof stream === "string") return this.streams.check(stream);
    if (typeof stream !== "object" || stream === null) throw wrongType("stream", "a label, {label, task} or a handle", stream);
    const { label, task } = stream;
    this.streams.check(label);
    if (task != null) this.tasks.check(task);
  }

  checkMessage(tp: TopicPartitionLike, offset: Offset): void {
    this.checkPartition(tp);
    if (!isOffset(offset)) offsetNumber("offset", offset);
  }

  checkPartition(tp: TopicPartitionLike): void {
    if (typeof tp !== "object" || tp === null) throw wrongType("tp", "{topic, partition} or a handle", tp);
    const { topic, partition } = tp;
    if (this.partitions.knew(topic, partition)) return;
    checkName("tp.topic", topic);
    wholeNumber("tp.partition", partition, 0, MAX_PARTITION);
  }

  /** Counts an anomaly that only this side sees. */
  note(kind: number): void {
    this.figures.note(kind);
    this.tell();
  }

  /** Tells the logger of each kind of anomaly that was seen for the first time. */
  tell(): void {
    const kinds = this.figures.takeUnreported();
    if (kinds === 0 || this.logger === undefined) return;
    for (const [place, kind] of ANOMALIES.entries()) {
      if ((kinds & (1 << place)) === 0) continue;
      try {
        const told: unknown = this.logger.warn(`streamgauge: ${kind.says} (${kind.name}; told once)`);
        if (told instanceof Promise) told.catch(() => {});
      } catch {
        // A logger that fails, now or later, must not make a hook fail.
      }
    }
  }

  /** What a look-up gave, after telling what it found. */
  told(number: number): number {
    this.tell();
    return number;
  }

  /** A token was not completed after all: the clock failed (`now` is NaN), or it cannot take its times. */
  reopened(state: object, how: number, now: number, cause: unknown): unknown {
    Mark.reopen(state, this, how);
    return Number.isNaN(now) ? cause : unsettable("state", state, cause);
  }
}

/** What the user owns may be frozen, or no object at all. */
function unsettable(argument: string, value: unknown, cause: unknown): Error {
  return Object.assign(wrongType(argument, "an object on which times can be set", value), { cause });
}

function refuseTimeIn(state: unknown, timeIn: unknown): void {
  if (typeof state !== "object") throw wrongType("state", "the token of the start hook, an object with timeIn", state);
  reading("state.timeIn", timeIn);
}

/** NaN where a message has no time in. */
function notTimed(timeIn: unknown): number {
  return timeIn == null ? Number.NaN : reading("message.timeIn", timeIn);
}
