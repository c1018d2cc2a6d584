/** The Web Worker that simulates: asked by number, and told apart from one that failed. */

import type { Scenario } from "streamgauge/sim";
import type { Answer, Reply, Request } from "./protocol.js";

interface Asked {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly onShare: ((share: number) => void) | undefined;
}

/** Simulates a scenario's first moment apart from everything that is shown. Rejects with a sentence where it makes no sense. */
export async function tryScenario(scenario: Scenario): Promise<void> {
  const thread = new Thread(
    () => {},
    () => {},
  );
  try {
    await thread.ask<number>((id) => ({ type: "start", id, run: { scenario, seed: scenario.seed ?? 1, commands: [] }, until: 0, group: "" }));
  } finally {
    thread.close();
  }
}

export class Thread {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "streamgauge simulation" });
  readonly #asked = new Map<number, Asked>();
  readonly #hear: (reply: Reply) => void;
  readonly #broken: (message: string) => void;
  #nextId = 1;
  #isBroken = false;
  /** It hears nothing while it still loads: what is said before it is ready. */
  #unsent: Request[] | undefined = [];

  /**
   * @param hear told everything that it says, answers included
   * @param broken told once, in a sentence without an end, when nothing more is to be expected
   */
  constructor(hear: (reply: Reply) => void, broken: (message: string) => void) {
    this.#hear = hear;
    this.#broken = broken;
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#receive(data);
    this.#worker.onerror = (event) => this.#break(event.message === undefined || event.message === "" ? "its program could not be loaded" : event.message);
    this.#worker.onmessageerror = () => this.#break("it said something that cannot be read");
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Says something; nothing to one that failed. */
  send(request: Request): void {
    if (this.#unsent === undefined) this.#worker.postMessage(request);
    else this.#unsent.push(request);
  }

  /** Rejects with a sentence where it is refused, and where no answer will come. */
  ask<A extends Answer>(request: (id: number) => Request, onShare?: (share: number) => void): Promise<A> {
    if (this.#isBroken) return Promise.reject(new Error("the simulation stopped: begin again"));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject, onShare });
      this.send(request(id));
    });
  }

  close(): void {
    this.#end("the simulation was closed");
  }

  #end(message: string): void {
    this.#worker.terminate();
    this.#isBroken = true;
    for (const { reject } of this.#asked.values()) reject(new Error(message));
    this.#asked.clear();
  }

  #break(message: string): void {
    if (this.#isBroken) return;
    this.#end(`the simulation stopped: ${message}`);
    this.#broken(message);
  }

  #receive(reply: Reply): void {
    switch (reply.type) {
      case "ready":
        for (const request of this.#unsent ?? []) this.#worker.postMessage(request);
        this.#unsent = undefined;
        break;
      case "broken":
        return this.#break(reply.message);
      case "tracing":
        return this.#asked.get(reply.id)?.onShare?.(reply.share);
      case "answer":
        this.#asked.get(reply.id)?.resolve(reply.value as never);
        this.#asked.delete(reply.id);
        return;
      case "refused":
        this.#hear(reply);
        this.#asked.get(reply.id)?.reject(new Error(reply.message));
        this.#asked.delete(reply.id);
        return;
    }
    this.#hear(reply);
  }
}
