/**
 * The four hooks of a message: most of what a monitor costs.
 *
 * Crossing into WebAssembly costs 5 to 10 ns a call, three stores into a typed array cost 1. So
 * these hooks write their calls into a log, which is applied when it is full or when somebody reads
 * (`src/log.rs` has the format). What they return comes from their own arguments.
 *
 * Each hook is there twice: `short-ways.ts` has the short way of a message whose handles and token are
 * this monitor's own, and leaves whatever else there is to the one here, which knows every case.
 */

import type { Figures } from "./core.js";
import { reading, wrongType } from "./checks.js";
import { FREED } from "./freed.js";
import { KINDS, NONE, type StreamLike, type TopicPartition, type TopicPartitionLike } from "./handles.js";
import { CLOCK_NOT_FINITE, Lookups, NO_HANDLE, TOKEN_COMPLETED_TWICE, UNKNOWN } from "./lookups.js";
import { NO_NAMES } from "./names.js";
import type { Logger } from "./options.js";
import { recordTime } from "./record-time.js";
import type { Offset } from "./sensor.js";
import { durationOf, ENDED_BEFORE, ENDS, EventMark, Mark, NOT_OURS, type EventState, type MessageTimes, type TokenOwner } from "./tokens.js";

/** Kinds of calls in the log. An enumeration, for its names become numbers in the bundle, shorter by what they would be looked up with. */
export const enum Kind {
  MessageIn,
  EventIn,
  EventOut,
  MessageOut,
  RecordTime,
  Place,
}

/** Nothing was read of the clock. */
const UNREAD = Symbol("unread");

/** How the log is laid out. */
export const enum Log {
  /** Numbers that stand for one call. */
  Call = 3,
}

/** Fields are open to this package alone: a monitor keeps its hooks private. */
export class MessageHooks extends Lookups implements TokenOwner {
  readonly time: () => number;

  /**
   * The log: calls from its end on, the newest at the lowest place. It is JavaScript's own, and
   * copied when it is applied: the module's memory moves when it grows, which each call would have to look for.
   */
  numbers: Float64Array;
  /** Where the next call goes; 0 where there is no room for one. */
  at: number;
  /** Where the first one goes. */
  readonly start: number;

  /** What a hook that left its short way had read of the clock. */
  read: unknown = UNREAD;
  /** The last reading but those in the log, and how far that was then. */
  lastReading = 0;
  readAt: number;
  /** The last timestamp that was a text, and what it says: a message's is read twice. */
  lastTimestamp = "";
  lastRecordTime = UNKNOWN;

  /** Stands on tokens of events that ended. */
  readonly ended = {};

  constructor(figures: Figures, time: () => number, logger: Logger | undefined) {
    super(figures, logger);
    this.time = time;
    this.start = figures.logLength();
    this.numbers = new Float64Array(this.start + Log.Call);
    this.at = this.start;
    this.readAt = this.start;
  }

  messageIn(tp: TopicPartitionLike, offset: Offset, message: MessageTimes): void {
    const read = this.takeRead();
    const { era } = this;
    const index = this.place(tp, offset);
    const at = this.lastOffset;
    const now = this.finite(read === UNREAD ? this.readClock() : read);
    let written = UNKNOWN;
    try {
      const timestamp = message.timestamp;
      if (timestamp !== undefined) written = this.recordTime(timestamp);
      message.timeIn = now;
    } catch {
      setTimeIn(message, now);
    }
    // A getter or a setter may have called `sample()`.
    if (index === NONE || era !== this.era) this.messageInAnew(tp, at, now, written);
    else this.logMessageIn(tp, index, at, now, written);
  }

  eventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike): EventState {
    const read = this.takeRead();
    const { era } = this;
    let index = this.place(tp, offset);
    let names = this.resolveStream(stream);
    const now = this.finite(read === UNREAD ? this.readClock() : read);
    if (index === NONE || era !== this.era) {
      if (era !== this.era) names = this.resolveStream(stream);
      index = this.partitionOrNew(tp);
    }
    this.logEventIn(tp, index, names, now);
    const token = { timeIn: now, timeOut: null, timeTotal: null };
    new EventMark(token, this);
    return token;
  }

  eventOut(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, state: EventState | null | undefined): void {
    const read = this.takeRead();
    const { era } = this;
    this.place(tp, offset);
    let names = this.knownNames(stream);
    const timeIn = state?.timeIn;
    if (!isFiniteNumber(timeIn)) return refuseTimeIn(state, timeIn);
    if (EventMark.ending(state!, this) === ENDED_BEFORE) return this.note(TOKEN_COMPLETED_TWICE);
    const now = this.finite(read === UNREAD ? this.readClock() : read);
    // The clock may have completed it.
    const ending = EventMark.ending(state!, this);
    if (ending === ENDED_BEFORE) return this.note(TOKEN_COMPLETED_TWICE);
    if (ending === ENDS) EventMark.close(state!, this);
    this.setStateTimes(state!, timeIn, now);
    // A getter or a setter may have called `sample()`.
    if (era !== this.era) names = UNKNOWN;
    this.logEventOut(names, timeIn, now);
    // What may be an out without an in is told at once.
    if (ending === NOT_OURS) this.apply();
  }

  messageOut(tp: TopicPartitionLike, offset: Offset, message: MessageTimes): void {
    const read = this.takeRead();
    this.place(tp, offset);
    const timeIn: unknown = message?.timeIn;
    const isTimed = isFiniteNumber(timeIn);
    if (!isTimed && timeIn != null) reading("message.timeIn", timeIn);
    const now = this.finite(read === UNREAD ? this.readClock() : read);
    let written = UNKNOWN;
    try {
      const timestamp = message.timestamp;
      if (timestamp !== undefined) written = this.recordTime(timestamp);
    } catch {
      // As unknown as one that is absent.
    }
    setTimesOut(message, isTimed ? timeIn : UNKNOWN, now);
    this.logMessageOut(isTimed ? timeIn : UNKNOWN, now, written);
    if (!isTimed) this.apply();
  }

  // The log.

  /** A message came in. `tp` and `index` are the same topic-partition's, in this era. */
  logMessageIn(tp: TopicPartitionLike, index: number, offset: number, now: number, written: number): void {
    if (written === written) this.push(Kind.RecordTime, written, now);
    this.push(index * KINDS + Kind.MessageIn, offset, now);
    this.lastOffset = offset;
    this.lastPlace = tp;
    this.spokenOf(tp, index);
  }

  logEventIn(tp: TopicPartitionLike, index: number, names: number, now: number): void {
    const placed = this.lastHandle === NO_HANDLE ? this.placed : this.lastHandle.loggedPlace / KINDS;
    if (index !== placed) {
      this.push(index * KINDS + Kind.Place, 0, now);
      this.spokenOf(tp, index);
    }
    this.push(names * KINDS + Kind.EventIn, 0, now);
  }

  /** An event went out of a stream, NaN where that is not known. What is before its in is told at once. */
  logEventOut(names: number, timeIn: number, now: number): void {
    this.push((names === names ? names : NO_NAMES) * KINDS + Kind.EventOut, timeIn, now);
    if (!isDuration(now - timeIn)) this.apply();
  }

  /** A message went out that came in at `timeIn`, NaN where that is not known. */
  logMessageOut(timeIn: number, now: number, written: number): void {
    if (written === written) this.push(Kind.RecordTime, written, now);
    this.push(Kind.MessageOut, timeIn, now);
    if (timeIn === timeIn && !isDuration(now - timeIn)) this.apply();
  }

  /** When the record of the message that comes next, in or out, was written, where its timestamp says so. */
  logTimestamp(timestamp: unknown, now: number): void {
    const written = this.recordTime(timestamp);
    if (written === written) this.push(Kind.RecordTime, written, now);
  }

  /** The log spoke of this topic-partition. */
  spokenOf(tp: TopicPartitionLike, index: number): void {
    this.placed = index;
    const handle = (tp as TopicPartition).era === this.era ? (tp as TopicPartition) : NO_HANDLE;
    if (handle !== this.lastHandle) this.lastHandle = handle;
  }

  /** Writes a call down, as the short ways do themselves. */
  push(what: number, argument: number, now: number): void {
    const at = this.at || this.makeRoom();
    const numbers = this.numbers;
    numbers[at] = what;
    numbers[at + 1] = argument;
    numbers[at + 2] = now;
    this.at = at - Log.Call;
  }

  /** Applies the calls that were written down, and tells of what was odd. */
  apply(): void {
    if (this.at === this.start) return;
    this.makeRoom();
    this.tell();
  }

  /**
   * Applies the calls that were written down; gives where the next one goes. Nothing of the user's
   * runs: a hook may be in the middle of its call.
   */
  makeRoom(): number {
    this.figures.applyLog(this.numbers.subarray(this.at + Log.Call));
    this.lastReading = this.newestReading();
    this.readAt = this.start;
    this.at = this.start;
    this.untold |= this.figures.takeUnreported();
    return this.start;
  }

  /** Lets go of the figures: a hook that is still under way (its clock freed the monitor) must not write. */
  release(): void {
    this.figures = FREED as Figures;
    this.numbers = new Float64Array(0);
    this.at = 0;
  }

  /** Where so many calls go that stay in one log. */
  roomFor(calls: number): number {
    return this.at >= calls * Log.Call ? this.at : this.makeRoom();
  }

  // The clock.

  /** What a short way read, once. First in each hook: it may tell the logger of what was found meanwhile. */
  takeRead(): unknown {
    const { read } = this;
    if (read !== UNREAD) this.read = UNREAD;
    if (this.untold !== 0) this.tell();
    return read;
  }

  readClock(): number {
    const { time } = this;
    return time();
  }

  /** The clock's reading, or the last finite one where it is not. */
  now(): number {
    return this.finite(this.readClock());
  }

  /** The same, for what is written down at once. */
  readFinite(): number {
    const { time } = this;
    const read = time();
    return isFiniteNumber(read) ? read : this.notFinite();
  }

  /** A reading, or the last finite one where it is none. */
  finite(read: unknown): number {
    if (!isFiniteNumber(read)) return this.notFinite();
    this.lastReading = read;
    this.readAt = this.at;
    return read;
  }

  notFinite(): number {
    const last = this.newestReading();
    this.note(CLOCK_NOT_FINITE);
    return last;
  }

  /** The last finite reading: in the log, where calls were written down since the last one elsewhere. */
  newestReading(): number {
    return this.at < this.readAt ? this.numbers[this.at + Log.Call + 2]! : this.lastReading;
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
  messageInAnew(tp: TopicPartitionLike, offset: number, now: number, written: number): void {
    const index = this.partitions.add(tp.topic, tp.partition, this.addPartition);
    if (index !== NONE) return this.logMessageIn(tp, index, offset, now, written);
    // The messages in the log came before, and may take the last labels there are.
    this.apply();
    const byTopic = this.receivedTopics.number(tp.topic, this.addReceivedTopic);
    this.figures.messageInByTopic(byTopic, now);
  }

  /** A token that cannot take its times was not completed after all. */
  setStateTimes(state: EventState, timeIn: number, now: number): void {
    try {
      state.timeTotal = durationOf(timeIn, now);
      state.timeOut = now;
    } catch (cause) {
      EventMark.reopen(state, this);
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

/** Whether so many seconds can have passed. */
function isDuration(seconds: number): boolean {
  return seconds >= 0 && seconds < Infinity;
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
