/** `/events`: reads the source in its interval while anybody listens, and lets the rest be. */

import type { ServerResponse } from "node:http";
import type { WorkerState } from "../live/worker-state.js";
import { EventHub } from "./event-hub.js";
import { HostSilent, type Reading, type SharedReading } from "./reading.js";

/** Milliseconds. */
const TEND_EVERY = 1000;
/** How often readers are told for how long the source's thread has not answered. Milliseconds. */
const TELL_SILENCE_EVERY = 1000;
const NO_SNAPSHOT = "the server gets no snapshot: its log says why";

export class Events {
  readonly #hub: EventHub;
  readonly #most: number;
  #reading: SharedReading | undefined;
  #tending: NodeJS.Timeout | undefined;
  #next: NodeJS.Timeout | undefined;

  /** @param onCount hears how many read, whenever it is another number. */
  constructor(maxClients: number, slowClientSeconds: number, onCount: (count: number) => void) {
    this.#most = maxClients;
    this.#hub = new EventHub(slowClientSeconds, onCount);
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

  #fail(workers: readonly WorkerState[], why: string): void {
    try {
      this.#hub.fail(workers, why);
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
    let pause = 1;
    try {
      await reading.current();
    } catch (error) {
      // Why was logged. A snapshot that comes late is told when it comes.
      const isSilent = error instanceof HostSilent;
      this.#fail(reading.workers, isSilent ? error.message : NO_SNAPSHOT);
      if (isSilent) pause = TELL_SILENCE_EVERY;
    }
    // The last may have left, and others come, meanwhile.
    if (this.#tending !== tending || tending === undefined) return;
    this.#next = setTimeout(() => void this.#read(), Math.max(reading.dueIn, pause)).unref();
  }
}
