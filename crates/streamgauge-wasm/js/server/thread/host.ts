/** The host's side of a server in a thread of its own: starts it, reads the source for it, starts it again where it ends. */

import type { AddressInfo } from "node:net";
import { Worker } from "node:worker_threads";
import { FailureLog, textOf } from "../failure-log.js";
import type { Listening } from "../listen.js";
import type { ServingOptions } from "../options.js";
import { statsText, workersOf, type SnapshotProvider } from "../source.js";
import { readSource, transferable } from "./host-source.js";
import { receiveError, type Beginning, type FromHost, type FromServer, type Wanted } from "./messages.js";

/** Waits before it starts again double from the first to the last. Milliseconds. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;
/** What its own closing takes at most is less. Milliseconds. */
const LONGEST_CLOSING = 900;

/** No thread can be had here: its file is not beside this one, or the process may have none. */
export class NoThread extends Error {}

export interface Threaded extends Listening {
  readonly clients: number;
}

/** @throws NoThread; and what `listen` throws. */
export async function listenInThread(source: SnapshotProvider, options: ServingOptions, warn: (message: string) => void): Promise<Threaded> {
  const server = new ServerThread(source, options, warn);
  const address = await server.start(options.port);
  return {
    address,
    get clients() {
      return server.clients;
    },
    close: () => server.close(),
  };
}

class ServerThread {
  readonly #source: SnapshotProvider;
  readonly #options: ServingOptions;
  readonly #warn: (message: string) => void;
  readonly #log: FailureLog;
  readonly #clients = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #worker: Worker | undefined;
  #isClosing = false;
  #restarts = 0;
  #restarting: NodeJS.Timeout | undefined;

  constructor(source: SnapshotProvider, options: ServingOptions, warn: (message: string) => void) {
    this.#source = source;
    this.#options = options;
    this.#warn = warn;
    this.#log = new FailureLog(warn);
  }

  get clients(): number {
    return Atomics.load(this.#clients, 0);
  }

  /** Resolves when it listens. @throws NoThread; and what `listen` throws. */
  start(port: number): Promise<AddressInfo> {
    const worker = this.#spawn(port);
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      let why = "it ended";
      let port: number | undefined;
      worker.on("error", (error) => {
        why = textOf(error);
      });
      worker.on("message", (message: FromServer) => {
        switch (message.kind) {
          case "ask":
            void this.#read(worker, message.wanted);
            return;
          case "warn":
            this.#warn(message.message);
            return;
          case "refused":
            reject(receiveError(message.error));
            return;
          case "listening":
            ({ port } = message.address);
            if (!this.#options.keepAlive) worker.unref();
            resolve(message.address);
        }
      });
      worker.once("exit", () => {
        Atomics.store(this.#clients, 0, 0);
        this.#worker = undefined;
        if (port === undefined) reject(new NoThread(why));
        else if (!this.#isClosing) this.#startAgain(port, `the thread that serves ended: ${why}`);
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#restarting);
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.ref();
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    tell(worker, { kind: "close" });
    const patience = setTimeout(() => void worker.terminate(), LONGEST_CLOSING);
    await ended;
    clearTimeout(patience);
  }

  #spawn(port: number): Worker {
    const beginning: Beginning = {
      options: { ...this.#options, port },
      hasStats: typeof this.#source.asdict === "function",
      clients: this.#clients.buffer as SharedArrayBuffer,
    };
    try {
      // The host's own flags and loaders are for its own files.
      return new Worker(new URL("./server-worker.cjs", import.meta.url), { workerData: beginning, name: "streamgauge", execArgv: [], env: {} });
    } catch (error) {
      throw new NoThread(textOf(error));
    }
  }

  #startAgain(port: number, why: string): void {
    const wait = Math.min(FIRST_WAIT * 2 ** this.#restarts, LONGEST_WAIT);
    this.#restarts += 1;
    this.#warn(`${why}; it starts again in ${wait / 1000} s`);
    this.#restarting = setTimeout(() => void this.#again(port), wait);
    if (!this.#options.keepAlive) this.#restarting.unref();
  }

  async #again(port: number): Promise<void> {
    try {
      await this.start(port);
    } catch (error) {
      if (!this.#isClosing) this.#startAgain(port, `the thread that serves did not start: ${(error as Error).message}`);
      return;
    }
    // It may have been closed while it started.
    if (this.#isClosing) await this.close();
    else this.#warn("the thread that serves is back");
  }

  /** Asked at most once an interval, and by readers alone. Never rejects. */
  async #read(worker: Worker, wanted: Wanted): Promise<void> {
    tell(worker, { kind: "heard", wanted });
    try {
      if (wanted === "stats") {
        tell(worker, { kind: "stats", text: await statsText(this.#source) });
        return;
      }
      const passed = await readSource(this.#source);
      tell(worker, { kind: "snapshot", passed, workers: this.#workers() }, transferable(passed));
    } catch (error) {
      tell(worker, { kind: "failed", wanted, why: textOf(error), workers: this.#workers() });
    }
  }

  /** As plain data: what it is made of may go nowhere. */
  #workers(): ReturnType<typeof workersOf> {
    const workers = workersOf(this.#source, this.#log);
    try {
      return JSON.parse(JSON.stringify(workers)) as typeof workers;
    } catch (error) {
      this.#log.failed("workers()", textOf(error));
      return [];
    }
  }
}

function tell(worker: Worker, message: FromHost, transfer: readonly ArrayBuffer[] = []): void {
  worker.postMessage(message, transfer);
}
