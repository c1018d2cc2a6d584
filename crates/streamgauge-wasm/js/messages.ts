/**
 * The four hooks of a message: most of what a monitor costs.
 *
 * Crossing into WebAssembly costs 5 to 10 ns a call, four stores into a typed array cost 1. So
 * these hooks write their calls into a log in the module's memory, which is applied when it is full
 * or when somebody reads (`src/log.rs` has the format). What they return comes from their own
 * arguments. Each keeps its straight way short, for V8 inlines only so much into a caller's loop:
 * plain fields instead of private ones, whatever is seldom in functions of its own.
 */

import type { Figures } from "../pkg/core/streamgauge.js";
import { offsetNumber, reading, wrongType } from "./checks.js";
import { FREED } from "./freed.js";
import { NONE, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { CLOCK_NOT_FINITE, isOffset, Lookups, TOKEN_COMPLETED_TWICE, UNKNOWN } from "./lookups.js";
import type { Logger } from "./options.js";
import { recordTime } from "./record-time.js";
import type { Offset } from "./sensor.js";
import { durationOf, ENDED, Mark, type EventState, type MessageTimes } from "./tokens.js";

const MESSAGE_IN = 0;
const EVENT_IN = 1;
const EVENT_OUT = 2;
const MESSAGE_OUT = 3;
/** A call's kind and its partition share a number: `partition * KINDS + kind`. */
const KINDS = 4;

/** Fields are open to this package alone: a monitor keeps its hooks private. */
export class MessageHooks extends Lookups {
  readonly memory: WebAssembly.Memory;
  readonly time: () => number;

  /** The log, and where the next call goes. */
  numbers: Float64Array;
  at = 0;

  lastReading = 0;
  /** The last timestamp that was a text, and what it says: a message's is read twice. */
  lastTimestamp = "";
  lastRecordTime = UNKNOWN;

  // As in the wasm module once the log is applied: an out without an in is told at once.
  messagesActive: number;
  eventsActive: number;

  constructor(
    figures: Figures,
    memory: WebAssembly.Memory,
    time: () => number,
    logger: Logger | undefined,
    messagesActive: number,
    eventsActive: number,
  ) {
    super(figures, logger);
    this.memory = memory;
    this.time = time;
    this.messagesActive = messagesActive;
    this.eventsActive = eventsActive;
    this.numbers = this.log();
  }

  messageIn(tp: TopicPartitionLike, offset: Offset, message: MessageTimes): void {
    const at = isOffset(offset) ? offset : offsetNumber("offset", offset);
    let index = tp === this.lastHandle ? this.lastIndex : this.partition(tp);
    const folds = this.folds;
    const now = this.now();
    let written = UNKNOWN;
    try {
      const timestamp = message.timestamp;
      if (timestamp !== undefined) written = this.recordTime(timestamp);
      message.timeIn = now;
    } catch {
      setTimeIn(message, now);
    }
    // The clock, or a getter, may have called `sample()`.
    if (folds !== this.folds) index = this.partition(tp);
    if (index === NONE) return this.messageInAnew(tp, at, now, written);
    this.messagesActive += 1;
    this.push(index * KINDS + MESSAGE_IN, at, now, written);
  }

  eventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike): EventState {
    if (!isOffset(offset)) offsetNumber("offset", offset);
    const now = this.now();
    let index = tp === this.lastHandle ? this.lastIndex : this.partition(tp);
    const names = stream === this.lastStream ? this.lastNames : this.resolveStream(stream);
    if (index === NONE) index = this.partitionOrNew(tp);
    this.eventsActive += 1;
    this.push(index * KINDS + EVENT_IN, names, now, UNKNOWN);
    return Mark.issue({ timeIn: now, timeOut: null, timeTotal: null }, this);
  }

  eventOut(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, state: EventState | null | undefined): void {
    let names = tp === this.lastHandle && stream === this.lastStream && isOffset(offset) ? this.lastNames : this.checkEvent(tp, offset, stream);
    if (state == null) return;
    const folds = this.folds;
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
    if (folds !== this.folds) names = UNKNOWN;
    this.push(EVENT_OUT, timeIn, now, names);
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
    let written = UNKNOWN;
    try {
      const timestamp = message.timestamp;
      if (timestamp !== undefined) written = this.recordTime(timestamp);
      message.timeOut = now;
      if (isDuration) message.timeTotal = seconds;
      else if (timeIn === timeIn) message.timeTotal = 0;
    } catch {
      setTimesOut(message, timeIn, now);
    }
    this.push(MESSAGE_OUT, timeIn, now, written);
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
  push(what: number, argument: number, now: number, more: number): void {
    // Full, or emptied because the module's memory grew.
    while (this.at >= this.numbers.length) this.makeRoom();
    const numbers = this.numbers;
    const at = this.at;
    numbers[at] = what;
    numbers[at + 1] = argument;
    numbers[at + 2] = now;
    numbers[at + 3] = more;
    this.at = at + 4;
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
    this.figures = FREED as Figures;
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

  /** When a message's record was written, Unix seconds. */
  recordTime(timestamp: unknown): number {
    if (typeof timestamp !== "string" || timestamp.length > 16) return recordTime(timestamp);
    if (timestamp !== this.lastTimestamp) {
      this.lastRecordTime = recordTime(timestamp);
      this.lastTimestamp = timestamp;
    }
    return this.lastRecordTime;
  }

  /** A message from a topic-partition that has no number: it gets one, or its offset is not kept. */
  messageInAnew({ topic, partition }: TopicPartitionLike, offset: number, now: number, written: number): void {
    const index = this.partitions.add(topic, partition, this.addPartition);
    if (index !== NONE) {
      this.messagesActive += 1;
      this.push(index * KINDS + MESSAGE_IN, offset, now, written);
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

  /** A token was not completed after all: the clock failed (`now` is NaN), or it cannot take its times. */
  reopened(state: object, how: number, now: number, cause: unknown): unknown {
    Mark.reopen(state, this, how);
    return Number.isNaN(now) ? cause : unsettable("state", state, cause);
  }
}

/** Sets it again where setting it, or reading the timestamp before it, failed. */
function setTimeIn(message: MessageTimes, now: number): void {
  try {
    message.timeIn = now;
  } catch (cause) {
    throw unsettable("message", message, cause);
  }
}

function setTimesOut(message: MessageTimes, timeIn: number, now: number): void {
  try {
    message.timeOut = now;
    if (timeIn === timeIn) message.timeTotal = durationOf(timeIn, now);
  } catch (cause) {
    throw unsettable("message", message, cause);
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
