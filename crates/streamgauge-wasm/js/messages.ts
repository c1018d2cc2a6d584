/**
 * The four hooks of a message: most of what a monitor costs.
 *
 * Crossing into WebAssembly costs 5 to 10 ns a call, four stores into a typed array cost 1. So
 * these hooks write their calls into a log in the module's memory, which is applied when it is full
 * or when somebody reads (`src/log.rs` has the format). What they return comes from their own
 * arguments. Each keeps its straight way short, for V8 inlines only so much into a caller's loop:
 * plain fields instead of private ones, whatever is seldom in functions of its own. But each reads
 * the clock and writes its call itself: where a function for that is one too many to be inlined,
 * every number passed to it or back takes an allocation.
 */

import type { Figures } from "./core.js";
import { reading, wrongType } from "./checks.js";
import { FREED } from "./freed.js";
import { NONE, type Era, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { CLOCK_NOT_FINITE, Lookups, TOKEN_COMPLETED_TWICE, UNKNOWN } from "./lookups.js";
import type { Logger } from "./options.js";
import { recordTime } from "./record-time.js";
import type { Offset } from "./sensor.js";
import { durationOf, ENDED, Mark, type EventState, type MessageTimes } from "./tokens.js";

export const MESSAGE_IN = 0;
export const EVENT_IN = 1;
export const EVENT_OUT = 2;
export const MESSAGE_OUT = 3;
/** A call's kind and its partition share a number: `partition * KINDS + kind`. */
export const KINDS = 4;

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
    const era = this.era;
    const index = this.place(tp, offset);
    const at = this.lastOffset;
    const time = this.time;
    let now = time();
    if (isFiniteNumber(now)) this.lastReading = now;
    else now = this.notFinite();
    let written = UNKNOWN;
    try {
      const timestamp = message.timestamp;
      if (timestamp !== undefined) written = this.recordTime(timestamp);
      message.timeIn = now;
    } catch {
      setTimeIn(message, now);
    }
    // The clock, or a getter, may have called `sample()`.
    if (index === NONE || era !== this.era) return this.messageInAnew(tp, at, now, written);
    this.messagesActive += 1;
    let end = this.at;
    if (end >= this.numbers.length) end = this.makeRoom();
    const numbers = this.numbers;
    numbers[end] = index * KINDS + MESSAGE_IN;
    numbers[end + 1] = at;
    numbers[end + 2] = now;
    numbers[end + 3] = written;
    this.at = end + 4;
  }

  eventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike): EventState {
    const era = this.era;
    const index = tp === this.lastHandle && offset === this.lastGiven ? this.lastIndex : this.place(tp, offset);
    const names = stream === this.lastStream ? this.lastNames : this.resolveStream(stream);
    const time = this.time;
    let now = time();
    if (isFiniteNumber(now)) this.lastReading = now;
    else now = this.notFinite();
    if (index === NONE || era !== this.era) return this.eventInAnew(tp, era === this.era ? names : this.resolveStream(stream), now);
    this.eventsActive += 1;
    let end = this.at;
    if (end >= this.numbers.length) end = this.makeRoom();
    const numbers = this.numbers;
    numbers[end] = index * KINDS + EVENT_IN;
    numbers[end + 1] = names;
    numbers[end + 2] = now;
    numbers[end + 3] = UNKNOWN;
    this.at = end + 4;
    return Mark.issue({ timeIn: now, timeOut: null, timeTotal: null }, this);
  }

  eventOut(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, state: EventState | null | undefined): void {
    if (!(tp === this.lastHandle && offset === this.lastGiven)) this.place(tp, offset);
    let names = stream === this.lastStream ? this.lastNames : this.knownNames(stream);
    const timeIn = state?.timeIn;
    if (!isFiniteNumber(timeIn)) return refuseTimeIn(state, timeIn);
    if (Mark.isCompleted(state!, this, ENDED)) return this.note(TOKEN_COMPLETED_TWICE);
    const era = this.era;
    const time = this.time;
    let now = time();
    if (isFiniteNumber(now)) this.lastReading = now;
    else now = this.notFinite();
    // The clock may have completed it.
    if (!Mark.complete(state!, this, ENDED)) return this.note(TOKEN_COMPLETED_TWICE);
    const seconds = now - timeIn;
    if (!(seconds >= 0 && seconds < Infinity && this.eventsActive > 0)) return this.eventOutOddly(era, names, state!, timeIn, now);
    try {
      state!.timeOut = now;
      state!.timeTotal = seconds;
    } catch {
      this.setStateTimes(state!, timeIn, now);
    }
    // The clock, or a setter, may have called `sample()`.
    if (era !== this.era) names = UNKNOWN;
    this.eventsActive -= 1;
    let end = this.at;
    if (end >= this.numbers.length) end = this.makeRoom();
    const numbers = this.numbers;
    numbers[end] = EVENT_OUT;
    numbers[end + 1] = timeIn;
    numbers[end + 2] = now;
    numbers[end + 3] = names;
    this.at = end + 4;
  }

  messageOut(tp: TopicPartitionLike, offset: Offset, message: MessageTimes): void {
    if (!(tp === this.lastHandle && offset === this.lastGiven)) this.place(tp, offset);
    const timeIn = message?.timeIn;
    if (!isFiniteNumber(timeIn)) return this.messageOutUntimed(message, timeIn);
    const time = this.time;
    let now = time();
    if (isFiniteNumber(now)) this.lastReading = now;
    else now = this.notFinite();
    const seconds = now - timeIn;
    if (!(seconds >= 0 && seconds < Infinity && this.messagesActive > 0)) return this.messageOutOddly(message, timeIn, now);
    let written = UNKNOWN;
    try {
      const timestamp = message.timestamp;
      if (timestamp !== undefined) written = this.recordTime(timestamp);
      message.timeOut = now;
      message.timeTotal = seconds;
    } catch {
      setTimesOut(message, timeIn, now);
    }
    this.messagesActive -= 1;
    let end = this.at;
    if (end >= this.numbers.length) end = this.makeRoom();
    const numbers = this.numbers;
    numbers[end] = MESSAGE_OUT;
    numbers[end + 1] = timeIn;
    numbers[end + 2] = now;
    numbers[end + 3] = written;
    this.at = end + 4;
  }

  /** The clock's reading, or the last finite one where it is not. */
  now(): number {
    const time = this.time;
    const now = time();
    if (!isFiniteNumber(now)) return this.notFinite();
    this.lastReading = now;
    return now;
  }

  /** Writes a call down, as the hooks do themselves. */
  push(what: number, argument: number, now: number, more: number): void {
    if (this.at >= this.numbers.length) this.makeRoom();
    this.numbers.set([what, argument, now, more], this.at);
    this.at += 4;
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

  /** The log is full, or was emptied because the module's memory grew. */
  makeRoom(): number {
    // Applying may make the memory grow, and a logger may call hooks.
    do {
      if (this.at >= this.figures.logLength()) this.apply();
      this.numbers = this.log();
    } while (this.at >= this.numbers.length);
    return this.at;
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

  /** An event of a topic-partition that has no number yet, or while whose clock was read numbers got another meaning. */
  eventInAnew(tp: TopicPartitionLike, names: number, now: number): EventState {
    const index = this.partitionOrNew(tp);
    this.eventsActive += 1;
    this.push(index * KINDS + EVENT_IN, names, now, UNKNOWN);
    return Mark.issue({ timeIn: now, timeOut: null, timeTotal: null }, this);
  }

  /** An event out without an in, or before it: an anomaly, told now. */
  eventOutOddly(era: Era, names: number, state: EventState, timeIn: number, now: number): void {
    this.setStateTimes(state, timeIn, now);
    this.push(EVENT_OUT, timeIn, now, era === this.era ? names : UNKNOWN);
    this.eventsActive = Math.max(this.eventsActive - 1, 0);
    this.apply();
  }

  /** A message out whose time in is not known, or refused. */
  messageOutUntimed(message: MessageTimes, timeIn: unknown): void {
    if (timeIn != null) reading("message.timeIn", timeIn);
    this.messageOutOddly(message, Number.NaN, this.now());
  }

  /** A message out without an in, before it, or whose time in is not known (NaN). */
  messageOutOddly(message: MessageTimes, timeIn: number, now: number): void {
    let written = UNKNOWN;
    try {
      written = this.recordTime(message.timestamp);
    } catch {
      // As unknown as one that is absent.
    }
    setTimesOut(message, timeIn, now);
    this.push(MESSAGE_OUT, timeIn, now, written);
    const isAnomaly = this.messagesActive === 0 || !Number.isNaN(timeIn);
    this.messagesActive = Math.max(this.messagesActive - 1, 0);
    if (isAnomaly) this.apply();
  }

  /** A token that cannot take its times was not completed after all. */
  setStateTimes(state: EventState, timeIn: number, now: number): void {
    try {
      state.timeOut = now;
      state.timeTotal = durationOf(timeIn, now);
    } catch (cause) {
      Mark.reopen(state, this, ENDED);
      throw unsettable("state", state, cause);
    }
  }

  /** A token was not completed after all: the clock failed (`now` is NaN), or it cannot take its times. */
  reopened(state: object, how: number, now: number, cause: unknown): unknown {
    Mark.reopen(state, this, how);
    return Number.isNaN(now) ? cause : unsettable("state", state, cause);
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && value - value === 0;
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

/** None at all is an event that nobody wants measured. */
function refuseTimeIn(state: unknown, timeIn: unknown): void {
  if (state == null) return;
  if (typeof state !== "object") throw wrongType("state", "the token of the start hook, an object with timeIn", state);
  reading("state.timeIn", timeIn);
}
