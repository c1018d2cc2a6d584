/** A trace that was read: its moments are here, everything else is with the Web Worker that read it. */

import type { AsDict, Snapshot } from "streamgauge";
import type { Moment } from "../../model/moment.js";
import type { Read, Reply, Request, Summary } from "./protocol.js";

/** How far reading is. */
export interface ReadingProgress {
  readonly bytes: number;
  readonly lines: number;
}

interface Asked {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export class Recording {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  #nextId = 1;

  /** @param moments one for each checkpoint, in the order of time; at least one. */
  constructor(
    worker: Worker,
    public summary: Summary,
    public moments: readonly Moment[],
  ) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.type === "answer") this.#asked.get(data.id)?.resolve(data.value as never);
      else if (data.type === "refused") this.#asked.get(data.id)?.reject(new Error(data.message));
      else return;
      this.#asked.delete(data.id);
    };
  }

  asdict(checkpoint: number, worker: number): Promise<AsDict> {
    return this.#ask((id) => ({ type: "asdict", id, checkpoint, worker }));
  }

  snapshot(checkpoint: number, worker: number): Promise<Snapshot> {
    return this.#ask((id) => ({ type: "snapshot", id, checkpoint, worker }));
  }

  /** Becomes the recording of another of its groups. */
  async choose(group: string): Promise<void> {
    const { summary, moments } = await this.#ask<Read>((id) => ({ type: "group", id, name: group }));
    this.summary = summary;
    this.moments = moments;
  }

  close(): void {
    this.#worker.terminate();
    for (const { reject } of this.#asked.values()) reject(new Error("the recording was closed"));
    this.#asked.clear();
  }

  #ask<A>(request: (id: number) => Request): Promise<A> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage(request(id));
    });
  }
}

/**
 * Reads a trace, whole, in a Web Worker: the file passes through it piece by piece.
 *
 * Rejects with an Error in a sentence where it is none; with `signal`'s reason where that ended it.
 */
export function readRecording(file: File, onProgress: (progress: ReadingProgress) => void, signal: AbortSignal): Promise<Recording> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "streamgauge replay" });
  const moments: Moment[] = [];
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      worker.terminate();
      reject(error as Error);
    };
    const cancel = (): void => fail(signal.reason);
    signal.addEventListener("abort", cancel, { once: true });
    worker.onerror = (event) => fail(new Error(event.message || "the program that replays could not be loaded"));
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      switch (data.type) {
        case "ready":
          return worker.postMessage({ type: "read", file } satisfies Request);
        case "progress":
          return onProgress(data);
        case "moments":
          moments.push(...data.moments);
          return;
        case "failed":
          return fail(new Error(data.message));
        case "done":
          // From here on the worker is the recording's.
          signal.removeEventListener("abort", cancel);
          resolve(new Recording(worker, data.summary, moments));
      }
    };
  });
}
