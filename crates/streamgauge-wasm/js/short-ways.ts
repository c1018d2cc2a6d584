/**
 * The short ways of a message's hooks: those of a message whose handles and token are the monitor's own. Whatever
 * else there is, `messages.ts` knows.
 *
 * V8 inlines no more than 920 bytes of bytecode into a loop, all four hooks and the clock together; then a message
 * and its token cost next to no memory, which is most of what they cost otherwise. So each hook is one chain of
 * conditions that changes nothing, and no function is called that need not be.
 *
 * The clock, and then getters and setters, may call the monitor back: what is relied on is asked after them. What
 * they throw, or setting a time does, they throw again in `messages.ts`, which says what was wrong.
 */

import { FREED } from "./freed.js";
import type { Stream, StreamLike, TopicPartition, TopicPartitionLike } from "./handles.js";
import { Kind, Log, type MessageHooks } from "./messages.js";
import { Sensor, type Offset } from "./sensor.js";
import { EventMark, type EventState, type MessageTimes } from "./tokens.js";

const { isSafeInteger, isFinite } = Number;
const { close, isHeld } = EventMark;

/** A sensor whose message hooks are those of a monitor. */
export class ShortWays extends Sensor {
  #hooks = FREED as MessageHooks;

  /** @internal From now on its hooks are these. */
  static serve(sensor: ShortWays, hooks: MessageHooks): void {
    sensor.#hooks = hooks;
  }

  override onMessageIn(tp: TopicPartitionLike, offset: Offset, message: MessageTimes): void {
    const hooks = this.#hooks;
    if ((tp as TopicPartition | null)?.loggedPlace !== undefined) {
      const { time } = hooks;
      const now = time();
      try {
        if (isSafeInteger(offset) && (offset as number) >= 0 && isFinite(now)) {
          const timestamp = message.timestamp;
          message.timeIn = now;
          if ((tp as TopicPartition).era === hooks.era) {
            if (timestamp !== undefined) hooks.logTimestamp(timestamp, now);
            const at = hooks.at || hooks.makeRoom();
            const { numbers } = hooks;
            hooks.lastPlace = hooks.lastHandle = tp as TopicPartition;
            numbers[at] = (tp as TopicPartition).loggedPlace;
            numbers[at + 1] = hooks.lastOffset = offset as number;
            numbers[at + 2] = now;
            hooks.at = at - Log.Call;
            return;
          }
        }
      } catch {}
      hooks.read = now;
    }
    hooks.messageIn(tp, offset, message);
  }

  override onStreamEventIn(tp: TopicPartitionLike, offset: Offset, stream: StreamLike, _event?: unknown): EventState {
    const hooks = this.#hooks;
    if (tp === hooks.lastHandle) {
      const { time } = hooks;
      const now = time();
      if (tp === hooks.lastHandle && offset === hooks.lastOffset && (stream as Stream | null)?.streamEra === hooks.era && isFinite(now)) {
        const at = hooks.at || hooks.makeRoom();
        const { numbers } = hooks;
        numbers[at] = (stream as Stream).loggedNames + Kind.EventIn;
        numbers[at + 2] = now;
        hooks.at = at - Log.Call;
        return new EventMark({ timeIn: now, timeOut: null, timeTotal: null }, hooks) as unknown as EventState;
      }
      hooks.read = now;
    }
    return hooks.eventIn(tp, offset, stream);
  }

  override onStreamEventOut(
    tp: TopicPartitionLike,
    offset: Offset,
    stream: StreamLike,
    _event: unknown,
    state: EventState | null | undefined,
  ): void {
    const hooks = this.#hooks;
    if (tp === hooks.lastHandle && offset === hooks.lastOffset) {
      const { time } = hooks;
      const now = time();
      try {
        const timeIn = state!.timeIn;
        const seconds = now - timeIn;
        if ((stream as Stream).loggedNames !== undefined && isFinite(now) && typeof timeIn === "number" && seconds >= 0 && seconds < Infinity && isHeld(state!, hooks)) {
          state!.timeTotal = seconds;
          state!.timeOut = now;
          if ((stream as Stream).streamEra === hooks.era && close(state!, hooks)) {
            const at = hooks.at || hooks.makeRoom();
            const { numbers } = hooks;
            numbers[at] = (stream as Stream).loggedNames + Kind.EventOut;
            numbers[at + 1] = timeIn;
            numbers[at + 2] = now;
            hooks.at = at - Log.Call;
            return;
          }
        }
      } catch {}
      hooks.read = now;
    }
    hooks.eventOut(tp, offset, stream, state);
  }

  override onMessageOut(tp: TopicPartitionLike, offset: Offset, message: MessageTimes): void {
    const hooks = this.#hooks;
    if (tp === hooks.lastPlace) {
      const { time } = hooks;
      const now = time();
      try {
        const timeIn = message.timeIn;
        const seconds = now - (timeIn as number);
        if (offset === hooks.lastOffset && isFinite(now) && typeof timeIn === "number" && seconds >= 0 && seconds < Infinity) {
          const timestamp = message.timestamp;
          message.timeOut = now;
          message.timeTotal = seconds;
          if (timestamp !== undefined) hooks.logTimestamp(timestamp, now);
          const at = hooks.at || hooks.makeRoom();
          const { numbers } = hooks;
          numbers[at] = Kind.MessageOut;
          numbers[at + 1] = timeIn;
          numbers[at + 2] = now;
          hooks.at = at - Log.Call;
          return;
        }
      } catch {}
      hooks.read = now;
    }
    hooks.messageOut(tp, offset, message);
  }
}
