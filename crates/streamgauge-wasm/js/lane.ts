/**
 * A way past the hooks for adapters that handle messages by the batch: the same calls in the log
 * (`messages.ts`), with one reading of the clock for what happens at one moment, and without a token or a time on the message. Four
 * hooks a message read the clock four times, which is most of what they cost.
 *
 * `started` and `ended`, which every message of an `eachMessage` takes, write their calls down themselves: by `push` and
 * `logTimestamp` a message took some 40 ns more.
 */

import { offsetNumber } from "./checks.js";
import { NONE, type Stream, type StreamLike, type TopicPartition, type TopicPartitionLike } from "./handles.js";
import { UNKNOWN } from "./lookups.js";
import { Kind, Log, type MessageHooks } from "./messages.js";
import { wholeOf } from "./record-time.js";
import type { Offset } from "./sensor.js";

/** What is read of a message. */
export interface LaneMessage {
  readonly offset: Offset;
  readonly timestamp?: unknown;
}

export class Lane {
  readonly #hooks: () => MessageHooks;

  /** @param hooks those of now: a freed monitor's refuse. */
  constructor(hooks: () => MessageHooks) {
    this.#hooks = hooks;
  }

  /** Messages come in, all at one moment, which it gives. */
  messagesIn(tp: TopicPartitionLike, messages: readonly LaneMessage[]): number {
    const hooks = this.#hooks();
    const now = hooks.now();
    for (let place = 0; place < messages.length; place += 1) messageIn(hooks, tp, messages[place]!, now);
    return now;
  }

  /** A message comes in, and into a stream; gives the moment. */
  started(tp: TopicPartitionLike, stream: StreamLike, message: LaneMessage): number {
    const hooks = this.#hooks();
    const now = hooks.readFinite();
    const { timestamp } = message;
    const offset = offsetOf(message.offset);
    if (!isPlaced(hooks, tp) || !isNamed(hooks, stream)) {
      messageIn(hooks, tp, message, now);
      eventIn(hooks, tp, stream, now);
      return now;
    }
    let at = hooks.roomFor(3);
    const { numbers } = hooks;
    if (timestamp !== undefined) {
      const written = hooks.recordTime(timestamp);
      if (written === written) {
        numbers[at] = Kind.RecordTime;
        numbers[at + 1] = written;
        numbers[at + 2] = now;
        at -= Log.Call;
      }
    }
    numbers[at] = tp.loggedPlace;
    numbers[at + 1] = offset;
    numbers[at + 2] = now;
    at -= Log.Call;
    numbers[at] = stream.loggedNames + Kind.EventIn;
    numbers[at + 2] = now;
    hooks.at = at - Log.Call;
    hooks.lastOffset = offset;
    if (hooks.lastHandle !== tp) hooks.lastPlace = hooks.lastHandle = tp;
    return now;
  }

  /** A message that came in before comes into a stream. */
  begun(tp: TopicPartitionLike, stream: StreamLike, now: number): void {
    eventIn(this.#hooks(), tp, stream, now);
  }

  /**
   * Messages `from` up to `to` are done, all at one moment, which it gives. They came in at `timeIn`; the first
   * came into the stream at `began`, and the others count as if they had.
   */
  done(tp: TopicPartitionLike, stream: StreamLike, messages: readonly LaneMessage[], from: number, to: number, timeIn: number, began: number): number {
    const hooks = this.#hooks();
    const now = hooks.now();
    for (let place = from; place < to; place += 1) {
      if (place > from) eventIn(hooks, tp, stream, now);
      eventOut(hooks, stream, began, now);
      messageOut(hooks, messages[place]!, timeIn, now);
    }
    return now;
  }

  /** A message that started at `timeIn` is done. */
  ended(stream: StreamLike, message: LaneMessage, timeIn: number): void {
    const hooks = this.#hooks();
    const now = hooks.readFinite();
    const { timestamp } = message;
    if (!isNamed(hooks, stream) || !(now >= timeIn)) {
      eventOut(hooks, stream, timeIn, now);
      return messageOut(hooks, message, timeIn, now);
    }
    let at = hooks.roomFor(3);
    const { numbers } = hooks;
    numbers[at] = stream.loggedNames + Kind.EventOut;
    numbers[at + 1] = timeIn;
    numbers[at + 2] = now;
    at -= Log.Call;
    if (timestamp !== undefined) {
      const written = hooks.recordTime(timestamp);
      if (written === written) {
        numbers[at] = Kind.RecordTime;
        numbers[at + 1] = written;
        numbers[at + 2] = now;
        at -= Log.Call;
      }
    }
    numbers[at] = Kind.MessageOut;
    numbers[at + 1] = timeIn;
    numbers[at + 2] = now;
    hooks.at = at - Log.Call;
  }

  /** Messages from `from` on go out unprocessed; the first of them had come into the stream at `began`. */
  released(stream: StreamLike, messages: readonly LaneMessage[], from: number, timeIn: number, began: number): void {
    if (from >= messages.length) return;
    const hooks = this.#hooks();
    const now = hooks.now();
    eventOut(hooks, stream, began, now);
    for (let place = from; place < messages.length; place += 1) messageOut(hooks, messages[place]!, timeIn, now);
  }
}

/** Whether they are handles that know their numbers. */
function isPlaced(hooks: MessageHooks, tp: TopicPartitionLike): tp is TopicPartition {
  return (tp as TopicPartition).era === hooks.era;
}

function isNamed(hooks: MessageHooks, stream: StreamLike): stream is Stream {
  return (stream as Stream).streamEra === hooks.era;
}

function offsetOf(offset: Offset): number {
  const whole = typeof offset === "string" ? wholeOf(offset) : Number.NaN;
  return Number.isSafeInteger(whole) ? whole : offsetNumber("offset", offset);
}

/** As the hooks do it; what is odd is left to them. */
function messageIn(hooks: MessageHooks, tp: TopicPartitionLike, { offset, timestamp }: LaneMessage, now: number): void {
  const at = offsetOf(offset);
  const written = timestamp === undefined ? UNKNOWN : hooks.recordTime(timestamp);
  const index = hooks.partitionAgain(tp);
  if (index === NONE) hooks.messageInAnew(tp, at, now, written);
  else hooks.logMessageIn(tp, index, at, now, written);
}

function eventIn(hooks: MessageHooks, tp: TopicPartitionLike, stream: StreamLike, now: number): void {
  hooks.logEventIn(tp, hooks.partitionOrNew(tp), hooks.resolveStream(stream), now);
}

function eventOut(hooks: MessageHooks, stream: StreamLike, timeIn: number, now: number): void {
  hooks.logEventOut(hooks.knownNames(stream), timeIn, now);
}

function messageOut(hooks: MessageHooks, { timestamp }: LaneMessage, timeIn: number, now: number): void {
  hooks.logMessageOut(timeIn, now, timestamp === undefined ? UNKNOWN : hooks.recordTime(timestamp));
}
