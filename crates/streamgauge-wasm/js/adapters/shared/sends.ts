/** The messages of one request to a producer. */

import type { Sensor } from "../../sensor.js";
import type { Guard } from "../attachment.js";

/** The metrics that count transactions. */
export const TRANSACTIONS_COMMITTED = "transactions.committed";
export const TRANSACTIONS_ABORTED = "transactions.aborted";

/** Each message is a send of its own, and has its end whatever becomes of the request. */
export class Sends {
  readonly #guard: Guard;
  readonly #monitor: Sensor;
  readonly #producer: unknown;
  readonly #states: (number | undefined)[] = [];

  constructor(guard: Guard, monitor: Sensor, producer: unknown) {
    this.#guard = guard;
    this.#monitor = monitor;
    this.#producer = producer;
  }

  initiated(topic: string, message: { readonly key?: unknown; readonly value?: unknown } | null | undefined): void {
    try {
      this.#states.push(this.#monitor.onSendInitiated(this.#producer, topic, message, bytesOf(message?.key), bytesOf(message?.value)));
    } catch (fault) {
      this.#guard.note(fault);
    }
  }

  completed(metadata: unknown): void {
    this.#each((state) => this.#monitor.onSendCompleted(this.#producer, state, metadata));
  }

  failed(error: unknown): void {
    this.#each((state) => this.#monitor.onSendError(this.#producer, error, state));
  }

  #each(tell: (state: number | undefined) => void): void {
    for (const state of this.#states) {
      try {
        tell(state);
      } catch (fault) {
        this.#guard.note(fault);
      }
    }
    this.#states.length = 0;
  }
}

/** The size of a key or a value on the wire; 0 of none, and of what a serializer makes into bytes later. */
function bytesOf(content: unknown): number {
  if (typeof content === "string") return Buffer.byteLength(content);
  return ArrayBuffer.isView(content) ? content.byteLength : 0;
}
