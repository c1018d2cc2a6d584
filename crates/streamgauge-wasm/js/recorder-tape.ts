/** Where a recorder's lines go: bounded, and harmless to the host. */

import type { Logger } from "./options.js";

/** Says a reading as a trace does: what JSON has no number for is a text. */
export function readingText(reading: unknown): string {
  if (typeof reading !== "number") return '"NaN"';
  if (!Number.isFinite(reading)) return `"${reading}"`;
  return Object.is(reading, -0) ? "-0" : String(reading);
}

const UTF8 = new TextEncoder();

/** The bytes of a text in UTF-8. */
function byteLength(text: string): number {
  // eslint-disable-next-line no-control-regex -- ASCII is what is looked for
  return /^[\x00-\x7f]*$/.test(text) ? text.length : UTF8.encode(text).length;
}

export class Tape {
  readonly #write: ((line: string) => unknown) | undefined;
  readonly #logger: Logger | undefined;
  #room: number;
  #lines: string[] = [];
  #isFull = false;
  #isOn = true;

  constructor(maxBytes: number, write: ((line: string) => unknown) | undefined, logger: Logger | undefined) {
    this.#room = maxBytes;
    this.#write = write;
    this.#logger = logger;
  }

  /** Whether lines are still taken. */
  get isOn(): boolean {
    return this.#isOn;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** What was kept so far. */
  get text(): string {
    // Joined once: a trace that is asked for again and again is not copied each time.
    if (this.#lines.length > 1) this.#lines = [this.#lines.join("")];
    return this.#lines[0] ?? "";
  }

  /** Takes a line, its end included. */
  line(text: string): void {
    if (!this.#isOn) return;
    const room = this.#room - byteLength(text);
    if (room < 0) {
      this.#isFull = true;
      return this.stop("maxBytes is reached");
    }
    this.#room = room;
    if (this.#write === undefined) {
      this.#lines.push(text);
      return;
    }
    try {
      const written = this.#write(text);
      if (written instanceof Promise) written.catch((error: unknown) => this.stop(error));
    } catch (error) {
      this.stop(error);
    }
  }

  /** Takes no further line. The logger hears why; nothing that it does disturbs the host. */
  stop(why: unknown): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    try {
      const told: unknown = this.#logger?.warn(`streamgauge: the recording stopped: ${why instanceof Error ? why.message : String(why)}`);
      if (told instanceof Promise) told.catch(() => {});
    } catch {
      // Nobody is left to be told.
    }
  }
}
