/** How messages go through: in, into a stream, out of it, out. Nothing in here throws. */

import { LANE } from "../../lane-key.js";
import type { Lane, LaneMessage } from "../../lane.js";
import type { Sensor } from "../../sensor.js";
import type { EventState } from "../../tokens.js";
import type { Guard } from "../attachment.js";
import type { Partition } from "./partitions.js";
import { beganWith } from "./tokens.js";

/** A message that is being processed, to the flow that started it. */
export type Started = unknown;

export interface Flow {
  /** A message came, and is being processed. */
  started(partition: Partition, message: LaneMessage): Started;
  /** It is done. */
  ended(partition: Partition, message: LaneMessage, started: Started): void;
  /** Messages came together, and the first of them is being processed. */
  batch(partition: Partition, messages: readonly LaneMessage[]): BatchFlow;
}

export interface BatchFlow {
  /** Messages `from` up to `to` are done, and the next one, if there is one, is being processed. */
  done(from: number, to: number): void;
  /** The messages from `from` on go out unprocessed; the first of them has its time. */
  released(from: number): void;
}

export function flowOf(guard: Guard, monitor: Sensor): Flow {
  const lane = (monitor as { readonly [LANE]?: Lane | undefined })[LANE];
  return lane === undefined ? new SensorFlow(guard, monitor) : new LaneFlow(guard, lane);
}

/** By the lane of a `Monitor`. What has no reading (NaN) was not heard when it began. */
class LaneFlow implements Flow {
  readonly #guard: Guard;
  readonly #lane: Lane;

  constructor(guard: Guard, lane: Lane) {
    this.#guard = guard;
    this.#lane = lane;
  }

  started(partition: Partition, message: LaneMessage): Started {
    try {
      return this.#lane.started(partition.tp, partition.stream, message);
    } catch (fault) {
      this.#guard.note(fault);
      return Number.NaN;
    }
  }

  ended(partition: Partition, message: LaneMessage, started: Started): void {
    const timeIn = started as number;
    if (timeIn !== timeIn) return;
    try {
      this.#lane.ended(partition.stream, message, timeIn);
    } catch (fault) {
      this.#guard.note(fault);
    }
  }

  batch(partition: Partition, messages: readonly LaneMessage[]): BatchFlow {
    return new LaneBatch(this.#guard, this.#lane, partition, messages);
  }
}

class LaneBatch implements BatchFlow {
  readonly #guard: Guard;
  readonly #lane: Lane;
  readonly #partition: Partition;
  readonly #messages: readonly LaneMessage[];
  #timeIn = Number.NaN;
  #began = Number.NaN;

  constructor(guard: Guard, lane: Lane, partition: Partition, messages: readonly LaneMessage[]) {
    this.#guard = guard;
    this.#lane = lane;
    this.#partition = partition;
    this.#messages = messages;
    if (messages.length === 0) return;
    try {
      this.#timeIn = lane.messagesIn(partition.tp, messages);
      this.#began = this.#timeIn;
      lane.begun(partition.tp, partition.stream, this.#began);
    } catch (fault) {
      guard.note(fault);
    }
  }

  done(from: number, to: number): void {
    if (this.#timeIn !== this.#timeIn || from >= to) return;
    const { tp, stream } = this.#partition;
    try {
      this.#began = this.#lane.done(tp, stream, this.#messages, from, to, this.#timeIn, this.#began);
      if (to < this.#messages.length) this.#lane.begun(tp, stream, this.#began);
    } catch (fault) {
      this.#guard.note(fault);
    }
  }

  released(from: number): void {
    if (this.#timeIn !== this.#timeIn) return;
    try {
      this.#lane.released(this.#partition.stream, this.#messages, from, this.#timeIn, this.#began);
    } catch (fault) {
      this.#guard.note(fault);
    }
  }
}

/** How far the hooks of a message came: each that was called has its end called. */
const MESSAGE_IN = 1;
const EVENT_IN = 2;

interface Hooked {
  reached: number;
  state: EventState | undefined;
}

/** By the hooks of any sensor, which are given the client's own messages. */
class SensorFlow implements Flow {
  readonly #guard: Guard;
  readonly #monitor: Sensor;

  constructor(guard: Guard, monitor: Sensor) {
    this.#guard = guard;
    this.#monitor = monitor;
  }

  started(partition: Partition, message: LaneMessage): Started {
    const hooked = this.came(partition, message);
    this.begun(partition, message, hooked);
    return hooked;
  }

  ended(partition: Partition, message: LaneMessage, started: Started): void {
    const { tp, stream } = partition;
    const { reached, state } = started as Hooked;
    try {
      if (reached === EVENT_IN) this.#monitor.onStreamEventOut(tp, message.offset, stream, message, state);
    } catch (fault) {
      this.#guard.note(fault);
    }
    try {
      if (reached !== 0) this.#monitor.onMessageOut(tp, message.offset, message);
    } catch (fault) {
      this.#guard.note(fault);
    }
  }

  batch(partition: Partition, messages: readonly LaneMessage[]): BatchFlow {
    const all = messages.map((message) => this.came(partition, message));
    const first = messages[0];
    if (first !== undefined) this.begun(partition, first, all[0]!);
    return {
      done: (from, to) => {
        const { state } = all[from]!;
        for (let place = from; place < to; place += 1) {
          const [message, hooked] = [messages[place]!, all[place]!];
          if (place > from) this.begun(partition, message, hooked, state);
          this.ended(partition, message, hooked);
        }
        const next = messages[to];
        if (next !== undefined) this.begun(partition, next, all[to]!);
      },
      released: (from) => {
        for (let place = from; place < messages.length; place += 1) this.ended(partition, messages[place]!, all[place]!);
      },
    };
  }

  /** In. */
  came({ tp }: Partition, message: LaneMessage): Hooked {
    const hooked: Hooked = { reached: 0, state: undefined };
    try {
      this.#monitor.onMessageIn(tp, message.offset, message);
      hooked.reached = MESSAGE_IN;
    } catch (fault) {
      this.#guard.note(fault);
    }
    return hooked;
  }

  /** Into the stream; when the event of `other` came, where that is given. */
  begun({ tp, stream }: Partition, message: LaneMessage, hooked: Hooked, other?: EventState): void {
    if (hooked.reached !== MESSAGE_IN) return;
    try {
      hooked.state = this.#monitor.onStreamEventIn(tp, message.offset, stream, message);
      hooked.reached = EVENT_IN;
      if (other !== undefined) beganWith(hooked.state, other);
    } catch (fault) {
      this.#guard.note(fault);
    }
  }
}
