/** The source as the serving thread sees it: in another thread, which may be busy. */

import type { WorkerState } from "../../live/worker-state.js";
import type { Snapshot } from "../../snapshot-schema.js";
import { Told } from "../failure-log.js";
import { readForm, type Read, type SourceReader } from "../source.js";
import type { FromHost, Passed, Wanted } from "./messages.js";

interface Asked {
  readonly since: number;
  isHeard: boolean;
  readonly take: (answer: FromHost) => void;
  readonly fail: (error: Error) => void;
}

/** Asks by messages. Of each kind one is under way at most: that is what its caller sees to. */
export class HostReader implements SourceReader {
  readonly hasStats: boolean;
  readonly #ask: (wanted: Wanted) => void;
  readonly #asked = new Map<Wanted, Asked>();
  #workers: readonly WorkerState[] = [];

  constructor(hasStats: boolean, ask: (wanted: Wanted) => void) {
    this.hasStats = hasStats;
    this.#ask = ask;
  }

  async snapshot(): Promise<Read> {
    const answer = await this.#answer("snapshot");
    return readPassed((answer as FromHost & { kind: "snapshot" }).passed);
  }

  async stats(): Promise<string> {
    return ((await this.#answer("stats")) as FromHost & { kind: "stats" }).text;
  }

  /** As the newest answer had them. */
  workers(): readonly WorkerState[] {
    return this.#workers;
  }

  silence(): number {
    const unheard = [...this.#asked.values()].filter(({ isHeard }) => !isHeard);
    return unheard.length === 0 ? 0 : performance.now() - Math.min(...unheard.map(({ since }) => since));
  }

  /** What the host's thread says. */
  take(message: FromHost): void {
    if (message.kind === "close") return;
    const wanted = message.kind === "heard" || message.kind === "failed" ? message.wanted : message.kind;
    const asked = this.#asked.get(wanted);
    if (asked === undefined) return;
    asked.isHeard = true;
    if (message.kind === "heard") return;
    this.#asked.delete(wanted);
    if (message.kind !== "stats") this.#workers = message.workers;
    if (message.kind === "failed") asked.fail(new Told(message.why));
    else asked.take(message);
  }

  #answer(wanted: Wanted): Promise<FromHost> {
    return new Promise((take, fail) => {
      this.#asked.set(wanted, { since: performance.now(), isHeard: false, take, fail });
      this.#ask(wanted);
    });
  }
}

const EMPTY_LIST = 0x80;
const OPEN_LIST = 0x9f;
const BREAK = 0xff;

async function readPassed(passed: Passed): Promise<Read> {
  if ("form" in passed) return readForm(passed.form);
  if ("slices" in passed) return readForm(bytesOf(passed.slices));
  const snapshot = JSON.parse(passed.object) as Snapshot;
  return { snapshot, form: passed.object };
}

/** The slices as one snapshot: the partitions come into the list that the first ends with. */
function bytesOf([head, ...rows]: readonly Uint8Array[]): Uint8Array {
  if (head?.at(-1) !== EMPTY_LIST) throw new Error("a snapshot in slices does not end with its partitions");
  return Buffer.concat([head.subarray(0, -1), Uint8Array.of(OPEN_LIST), ...rows, Uint8Array.of(BREAK)]);
}
