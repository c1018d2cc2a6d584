/** One line of a trace: what it must hold, and what is said where it does not. */

/** What `JSON.parse` gives. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A trace that cannot be replayed, with the number of the line. */
export class TraceError extends Error {
  override readonly name = "TraceError";

  constructor(
    /** Counted from 1. */
    readonly line: number,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(`line ${line}: ${message}`, options);
  }
}

/** The version of traces that is understood. */
export const TRACE_VERSION = "streamgauge/1";

/** The arguments of one call, each asked for by name. */
export class Arguments {
  constructor(
    private readonly line: number,
    private readonly fields: { readonly [key: string]: Json },
  ) {}

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }

  any(name: string): Json {
    if (!this.has(name)) throw this.error(`missing argument "${name}"`);
    return this.fields[name]!;
  }

  string(name: string): string {
    const value = this.any(name);
    if (typeof value !== "string") throw this.wrong(name, "a string", value);
    return value;
  }

  /** A string, or a number as one. */
  text(name: string): string {
    const value = this.any(name);
    if (typeof value !== "string" && typeof value !== "number") throw this.wrong(name, "a string or a number", value);
    return String(value);
  }

  number(name: string): number {
    const value = this.any(name);
    if (typeof value !== "number") throw this.wrong(name, "a number", value);
    return value;
  }

  /** A number where there is one; undefined for null, and where it is left out. */
  optionalNumber(name: string): number | undefined {
    return this.has(name) && this.fields[name] !== null ? this.number(name) : undefined;
  }

  label(name: string): string | null {
    return this.any(name) === null ? null : this.string(name);
  }

  topicPartition(name: string): { topic: string; partition: number } {
    return this.#topicPartition(name, this.any(name));
  }

  offsets(name: string): [{ topic: string; partition: number }, number][] {
    const value = this.any(name);
    if (!Array.isArray(value)) throw this.wrong(name, "an array of [topic, partition, offset]", value);
    return value.map((entry) => {
      const triple = Array.isArray(entry) && entry.length === 3 ? entry : undefined;
      const offset = triple?.[2];
      if (triple === undefined || typeof offset !== "number") throw this.wrong(name, "an array of [topic, partition, offset]", entry);
      return [this.#topicPartition(name, triple.slice(0, 2)), offset];
    });
  }

  error(message: string): TraceError {
    return new TraceError(this.line, message);
  }

  #topicPartition(name: string, value: Json): { topic: string; partition: number } {
    const [topic, partition] = Array.isArray(value) && value.length === 2 ? value : [];
    if (typeof topic !== "string" || typeof partition !== "number") throw this.wrong(name, "[topic, partition]", value);
    return { topic, partition };
  }

  private wrong(name: string, expected: string, value: Json): TraceError {
    const text = JSON.stringify(value);
    return this.error(`argument "${name}" must be ${expected}, got ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`);
  }
}

/** A line as an object. */
export function parseLine(line: number, text: string): { [key: string]: Json } {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new TraceError(line, `not JSON (${(cause as Error).message})`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TraceError(line, "not a JSON object");
  return value;
}
