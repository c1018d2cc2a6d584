/** Chunks on their way through one stream, as the monitor hears of them. */

import type { Sensor } from "../../sensor.js";
import type { Stage } from "../../snapshot-schema.js";
import type { EventState, MessageTimes } from "../../tokens.js";
import type { Guard } from "../attachment.js";
import type { StreamNames } from "./options.js";

/** One chunk's way. The chunk itself is not in it: nothing of the host's is held, nor marked with times. */
export interface Passage {
  readonly offset: number;
  readonly message: MessageTimes;
  state: EventState | undefined;
}

/** An error that ends one stream of a pipeline destroys all of them: each monitor hears of it once. */
const told = new WeakMap<Sensor, WeakSet<object>>();

function isNews(monitor: Sensor, error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  const known = told.get(monitor) ?? new WeakSet();
  told.set(monitor, known);
  if (known.has(error)) return false;
  known.add(error);
  return true;
}

/** Bytes of a chunk that has a size of its own; a text has one only in some encoding. */
function bytesOf(chunk: unknown): number | null {
  return ArrayBuffer.isView(chunk) || chunk instanceof ArrayBuffer ? chunk.byteLength : null;
}

/** Tells a monitor of the chunks of one stream. Never throws: what the monitor throws is the guard's. */
export class Passages {
  readonly #monitor: Sensor;
  readonly #guard: Guard;
  readonly #names: StreamNames;
  readonly #stage: Stage;
  readonly #open = new Set<Passage>();
  #offset = 0;

  /** `stage` is where the errors of this stream belong. */
  constructor(monitor: Sensor, guard: Guard, names: StreamNames, stage: Stage) {
    this.#monitor = monitor;
    this.#guard = guard;
    this.#names = names;
    this.#stage = stage;
    guard.onDetach(() => this.endAll());
  }

  /** A chunk comes in; undefined once detached. */
  begin(chunk: unknown): Passage | undefined {
    const guard = this.#guard;
    if (guard.detached) return undefined;
    const { tp, stream, timestamp } = this.#names;
    const passage: Passage = { offset: this.#offset, message: {}, state: undefined };
    this.#offset += 1;
    guard.run(() => {
      const monitor = this.#monitor;
      monitor.onPoll(1, bytesOf(chunk));
      const written = timestamp === undefined ? undefined : guard.run(() => timestamp(chunk));
      if (written !== undefined) (passage.message as { timestamp: unknown }).timestamp = written;
      monitor.onMessageIn(tp, passage.offset, passage.message);
      this.#open.add(passage);
      passage.state = monitor.onStreamEventIn(tp, passage.offset, stream);
    });
    return passage;
  }

  /** It is done with; a second time changes nothing. */
  end(passage: Passage): void {
    if (!this.#open.delete(passage)) return;
    const { tp, stream } = this.#names;
    const { offset, message, state } = passage;
    this.#guard.run(() => this.#monitor.onStreamEventOut(tp, offset, stream, undefined, state));
    this.#guard.run(() => this.#monitor.onMessageOut(tp, offset, message));
  }

  /** Whatever is on its way is done with. */
  endAll(): void {
    for (const passage of this.#open) this.end(passage);
  }

  /** It is done with; an error, where there is one, is told. */
  settle(passage: Passage, error: unknown): void {
    if (error != null) this.fail(error);
    this.end(passage);
  }

  /** An error came up; one that this monitor knows from a neighbouring stream is not told again. */
  fail(error: unknown): void {
    const { detached } = this.#guard;
    if (detached || !isNews(this.#monitor, error)) return;
    this.#guard.run(() => this.#monitor.onError(this.#stage, error, this.#names.tp));
  }

  /** The buffer got full. */
  full(): void {
    if (!this.#guard.detached) this.#guard.run(() => this.#monitor.onTopicBufferFull(this.#names.tp));
  }
}
