/**
 * A way past the hooks for adapters that handle messages by the batch: the same calls in the log
 * (`messages.ts`), with one reading of the clock for what happens at one moment, and without a token or a time on the message. Four
 * hooks a message read the clock four times, which is most of what they cost.
 */

import { offsetNumber } from "./checks.js";
import { NONE, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { UNKNOWN } from "./lookups.js";
import { EVENT_IN, EVENT_OUT, KINDS, MESSAGE_IN, MESSAGE_OUT, type MessageHooks } from "./messages.js";
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
    const now = hooks.now();
    messageIn(hooks, tp, message, now);
    eventIn(hooks, tp, stream, now);
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
    const now = hooks.now();
    eventOut(hooks, stream, timeIn, now);
    messageOut(hooks, message, timeIn, now);
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

/** As the hooks do it; what is odd is left to them. */
function messageIn(hooks: MessageHooks, tp: TopicPartitionLike, { offset, timestamp }: LaneMessage, now: number): void {
  const whole = typeof offset === "string" ? wholeOf(offset) : Number.NaN;
  const at = Number.isSafeInteger(whole) ? whole : offsetNumber("offset", offset);
  const written = timestamp === undefined ? UNKNOWN : hooks.recordTime(timestamp);
  const index = tp === hooks.lastHandle ? hooks.lastIndex : hooks.partitionAgain(tp);
  if (index === NONE) return hooks.messageInAnew(tp, at, now, written);
  hooks.messagesActive += 1;
  write(hooks, index * KINDS + MESSAGE_IN, at, now, written);
}

function eventIn(hooks: MessageHooks, tp: TopicPartitionLike, stream: StreamLike, now: number): void {
  const index = tp === hooks.lastHandle ? hooks.lastIndex : hooks.partitionOrNew(tp);
  const names = stream === hooks.lastStream ? hooks.lastNames : hooks.resolveStream(stream);
  hooks.eventsActive += 1;
  write(hooks, index * KINDS + EVENT_IN, names, now, UNKNOWN);
}

function eventOut(hooks: MessageHooks, stream: StreamLike, timeIn: number, now: number): void {
  const names = stream === hooks.lastStream ? hooks.lastNames : hooks.knownNames(stream);
  if (!(now - timeIn >= 0 && hooks.eventsActive > 0)) {
    return hooks.eventOutOddly(hooks.era, names, { timeIn, timeOut: null, timeTotal: null }, timeIn, now);
  }
  hooks.eventsActive -= 1;
  write(hooks, EVENT_OUT, timeIn, now, names);
}

function messageOut(hooks: MessageHooks, { timestamp }: LaneMessage, timeIn: number, now: number): void {
  if (!(now - timeIn >= 0 && hooks.messagesActive > 0)) return hooks.messageOutOddly({ timestamp }, timeIn, now);
  const written = timestamp === undefined ? UNKNOWN : hooks.recordTime(timestamp);
  hooks.messagesActive -= 1;
  write(hooks, MESSAGE_OUT, timeIn, now, written);
}

function write(hooks: MessageHooks, what: number, argument: number, now: number, more: number): void {
  let end = hooks.at;
  if (end >= hooks.numbers.length) end = hooks.makeRoom();
  const numbers = hooks.numbers;
  numbers[end] = what;
  numbers[end + 1] = argument;
  numbers[end + 2] = now;
  numbers[end + 3] = more;
  hooks.at = end + 4;
}
