/** Replays a trace with a clock for each worker: their calls may lie in it out of each other's order, and a reading is of the worker's own time. */

import type { Monitor } from "streamgauge";
import type { Replay } from "streamgauge/replay";

/** What a line says of itself. */
export interface Line {
  readonly at: number | undefined;
  /** The worker's name in the trace's lines; empty where the trace has one worker. */
  readonly label: string;
  /** Undefined for the header. */
  readonly call: string | undefined;
  /** The group of a worker that begins, where the trace says it. */
  readonly group: string | undefined;
}

export class Replays {
  readonly #Replay: typeof Replay;
  /** Takes the header, and whatever is no line of a worker: it says what is wrong. */
  readonly #first: Replay;
  readonly #byLabel = new Map<string, Replay>();
  #header: string | undefined;
  #lines = 0;
  #calls = 0;

  constructor(tool: typeof Replay) {
    this.#Replay = tool;
    this.#first = new tool();
  }

  get lines(): number {
    return this.#lines;
  }

  get calls(): number {
    return this.#calls;
  }

  /** @param line what `lineOf` gives for it. @throws TraceError, which names the line, where it is no line of a trace. */
  line(text: string, line: Line | undefined, number: number): void {
    this.#lines = number;
    if (line === undefined && text.trim() === "") return;
    this.#named(() => {
      if (this.#header === undefined) {
        this.#first.line(text);
        this.#header = text;
      } else if (line?.call === undefined) this.#first.line(text);
      else this.#of(line.label).line(text);
    });
    if (line?.call !== undefined) this.#calls += 1;
  }

  /** After the last line: a trace without calls has one worker. @throws TraceError where there was no line at all. */
  end(): void {
    this.#named(() => this.#first.end());
    if (this.#byLabel.size === 0) this.#byLabel.set("", this.#first);
  }

  monitor(label: string): Monitor {
    return this.#byLabel.get(label)!.monitors.get(label)!;
  }

  /** Gives back what a life took that ended. A later call of it begins a new monitor. */
  forget(label: string): void {
    this.monitor(label).free();
    this.#byLabel.delete(label);
  }

  #of(label: string): Replay {
    let replay = this.#byLabel.get(label);
    if (replay === undefined) {
      replay = new this.#Replay();
      replay.line(this.#header!);
      this.#byLabel.set(label, replay);
    }
    return replay;
  }

  /** Each replay counts its own lines: what they say names the file's. */
  #named(replayed: () => void): void {
    try {
      replayed();
    } catch (error) {
      if (error instanceof Error) error.message = error.message.replace(/^line \d+: /, `line ${Math.max(this.#lines, 1)}: `);
      throw error;
    }
  }
}

/** Undefined for what is no object, such as a blank line. */
export function lineOf(text: string): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { at, worker, call, group } = value as { readonly [name in keyof Line | "worker"]?: unknown };
  return {
    at: typeof at === "number" ? at : undefined,
    label: typeof worker === "string" || typeof worker === "number" ? String(worker) : "",
    call: typeof call === "string" ? call : undefined,
    group: call === "begin" && typeof group === "string" ? group : undefined,
  };
}
