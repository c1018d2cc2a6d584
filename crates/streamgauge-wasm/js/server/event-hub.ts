/** The readers of `/events`: each gets the whole snapshot first and then what changed, as fast as it takes it. */

import type { ServerResponse } from "node:http";
import { difference, type Plain } from "../live/delta.js";
import type { WorkerState } from "../live/worker-state.js";
import type { Reading } from "./reading.js";

/** A reader that hears nothing for so long cannot tell a quiet server from a dead one. Milliseconds. */
const HEARTBEAT = 5000;
/** What a reader is asked to wait for before it connects again. Milliseconds. */
const RETRY = 1000;

const NO_WORKERS = "[]";

interface Client {
  readonly response: ServerResponse;
  /** The number of the last snapshot that it was told; undefined where it needs a whole one. */
  told: number | undefined;
  /** The text of the workers that it was told. */
  workers: string;
  /** `performance.now()` since when it takes nothing; undefined while it does. */
  fullSince: number | undefined;
  wroteAt: number;
}

export class EventHub {
  readonly #clients = new Set<Client>();
  readonly #slowAfter: number;
  readonly #onCount: (count: number) => void;
  #number = 0;
  #reading: Reading | undefined;
  #whole: string | undefined;
  #delta: string | undefined;
  #workers = NO_WORKERS;

  constructor(slowClientSeconds: number, onCount: (count: number) => void) {
    this.#slowAfter = slowClientSeconds * 1000;
    this.#onCount = onCount;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Takes on a reader, whose headers stand ready; `onEnd` hears once that it is gone. */
  add(response: ServerResponse, onEnd: () => void): void {
    const client: Client = { response, told: undefined, workers: NO_WORKERS, fullSince: undefined, wroteAt: performance.now() };
    this.#clients.add(client);
    // Before it hears that it is one.
    this.#onCount(this.size);
    response.on("drain", () => {
      client.fullSince = undefined;
      // It missed some: the newest, and that whole.
      if (this.#reading === undefined || client.told === this.#number) return;
      try {
        this.#tell(client);
      } catch {
        // A snapshot that has no text: it was logged, and must not throw into the host.
        response.destroy();
      }
    });
    response.on("error", () => {});
    response.once("close", () => {
      this.#clients.delete(client);
      this.#onCount(this.size);
      onEnd();
    });
    this.#write(client, `retry: ${RETRY}\n\n`);
    if (this.#reading === undefined) return;
    this.#workers = JSON.stringify(this.#reading.workers);
    this.#tell(client);
  }

  /** A new reading, for all. */
  publish(reading: Reading): void {
    const before = this.#reading;
    this.#reading = reading;
    this.#number += 1;
    this.#whole = undefined;
    this.#delta = undefined;
    // Where nobody listens it costs nothing but this.
    if (this.#clients.size === 0) return;
    this.#workers = JSON.stringify(reading.workers);
    if (before !== undefined) {
      const delta = difference(before.snapshot as unknown as Plain, reading.snapshot as unknown as Plain) ?? {};
      this.#delta = event("delta", JSON.stringify(delta), this.#number);
    }
    for (const client of this.#clients) {
      if (client.fullSince === undefined) this.#tell(client);
    }
  }

  /** Says that there is no new snapshot, and why. */
  fail(workers: readonly WorkerState[], why: string): void {
    const text = event("failure", JSON.stringify(why));
    this.#workers = JSON.stringify(workers);
    for (const client of this.#clients) {
      if (client.fullSince === undefined) this.#write(client, this.#workersFor(client) + text);
    }
  }

  /** To be called each second: drops who takes nothing, and shows the quiet ones that the server lives. */
  tend(): void {
    const now = performance.now();
    for (const client of this.#clients) {
      if (client.fullSince !== undefined && now - client.fullSince >= this.#slowAfter) client.response.destroy();
      else if (client.fullSince === undefined && now - client.wroteAt >= HEARTBEAT) this.#write(client, ":\n\n");
    }
  }

  /** Ends all. */
  close(): void {
    for (const { response } of this.#clients) response.end();
  }

  #tell(client: Client): void {
    let text: string;
    if (this.#delta !== undefined && client.told === this.#number - 1) text = this.#delta;
    else text = this.#whole ??= event("snapshot", JSON.stringify(this.#reading!.snapshot), this.#number);
    client.told = this.#number;
    this.#write(client, this.#workersFor(client) + text);
  }

  /** What it does not know yet of the workers. */
  #workersFor(client: Client): string {
    if (client.workers === this.#workers) return "";
    client.workers = this.#workers;
    return event("workers", this.#workers);
  }

  #write(client: Client, text: string): void {
    const now = performance.now();
    client.wroteAt = now;
    if (!client.response.write(text)) client.fullSince ??= now;
  }
}

const event = (type: string, data: string, id?: number): string => `${id === undefined ? "" : `id: ${id}\n`}event: ${type}\ndata: ${data}\n\n`;
