/** `/events`: reads the source in its interval while anybody listens, and lets the rest be. */

import type { ServerResponse } from "node:http";
import type { WorkerState } from "../live/worker-state.js";
import { EventHub } from "./event-hub.js";
import type { Reading, SharedReading } from "./source.js";

/** Milliseconds. */
const TEND_EVERY = 1000;

export class Events {
  readonly #hub: EventHub;
  readonly #most: number;
  #reading: SharedReading | undefined;
  #tending: NodeJS.Timeout | undefined;
  #next: NodeJS.Timeout | undefined;

  constructor(maxClients: number, slowClientSeconds: number) {
    this.#most = maxClients;
    this.#hub = new EventHub(slowClientSeconds);
  }

  get size(): number {
    return this.#hub.size;
  }

  get isFull(): boolean {
    return this.#hub.size >= this.#most;
  }

  publish(reading: Reading): void {
    this.#hub.publish(reading);
  }

  /** Takes on a reader, whose headers were sent. */
  add(response: ServerResponse, reading: SharedReading): void {
    this.#reading = reading;
    this.#hub.add(response, () => {
      if (this.#hub.size === 0) this.#stop();
    });
    if (this.#tending !== undefined) return;
    this.#tending = setInterval(() => this.#hub.tend(), TEND_EVERY).unref();
    void this.#read();
  }

  close(): void {
    this.#stop();
    this.#hub.close();
  }

  #fail(workers: readonly WorkerState[]): void {
    try {
      this.#hub.fail(workers);
    } catch {
      // Workers that have no text: nothing of that may reach the host.
    }
  }

  #stop(): void {
    clearInterval(this.#tending);
    clearTimeout(this.#next);
    this.#tending = undefined;
  }

  async #read(): Promise<void> {
    const tending = this.#tending;
    const reading = this.#reading!;
    try {
      await reading.current();
    } catch {
      // Why was logged.
      this.#fail(reading.workers);
    }
    // The last may have left, and others come, meanwhile.
    if (this.#tending !== tending || tending === undefined) return;
    this.#next = setTimeout(() => void this.#read(), Math.max(reading.dueIn, 1)).unref();
  }
}
