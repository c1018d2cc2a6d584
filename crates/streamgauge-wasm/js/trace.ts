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
    return this.isGiven(name) ? this.number(name) : undefined;
  }

  /** Whether it is there, and not null. */
  isGiven(name: string): boolean {
    return this.has(name) && this.fields[name] !== null;
  }

  /** What a clock read: a number, or the name of one that JSON has none for. */
  reading(name: string): number {
    return this.#reading(name, this.any(name));
  }

  /** What a token held, by key: readings. Undefined where the call says nothing of it. */
  held(): { readonly [key: string]: number } | undefined {
    if (!this.isGiven("held")) return undefined;
    const held = this.any("held");
    if (typeof held !== "object" || held === null || Array.isArray(held)) throw this.wrong("held", "an object of what the token held", held);
    return Object.fromEntries(Object.entries(held).map(([key, value]) => [key, this.#reading(`held.${key}`, value)]));
  }

  label(name: string): string | null {
    return this.any(name) === null ? null : this.string(name);
  }

  topicPartition(name: string): { topic: string; partition: number } {
    return this.#topicPartition(name, this.any(name));
  }

  /** A topic-partition; undefined for null, and where it is left out. */
  optionalTopicPartition(name: string): { topic: string; partition: number } | undefined {
    return this.isGiven(name) ? this.topicPartition(name) : undefined;
  }

  topicPartitions(name: string): { topic: string; partition: number }[] {
    const value = this.any(name);
    if (!Array.isArray(value)) throw this.wrong(name, "an array of [topic, partition]", value);
    return value.map((entry) => this.#topicPartition(name, entry));
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

  #reading(name: string, value: Json): number {
    if (typeof value === "number") return value;
    if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
    throw this.wrong(name, "a number", value);
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
