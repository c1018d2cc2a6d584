/** Options of the renderer, checked. */

import { outOfRange, record, unknownOption, wholeNumber, wrongType } from "../../checks.js";
import type { Dialect } from "./lines.js";

/** How durations go out. */
export type StatsdDurations = "quantiles" | "samples" | "distributions";

/** Options of `StatsdRenderer`. */
export interface StatsdRendererOptions {
  /** `"statsd"`: labels become parts of the name. `"dogstatsd"`: labels become tags. Default: `"statsd"`. */
  readonly dialect?: Dialect | undefined;
  /** Stands before every name. Letters and digits of ASCII, `_ - .`; may be empty. Default: `"streamgauge."`. */
  readonly prefix?: string | undefined;
  /** Tags of every line, for DogStatsD alone. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Whether DogStatsD's lines carry the worker's name as the tag `worker`. Default: true. */
  readonly workerTag?: boolean | undefined;
  /** The largest packet in bytes: 64 to 65,507. Default: 1,432, which an Ethernet carries whole. */
  readonly maxPacketBytes?: number | undefined;
  /**
   * How durations go out. `"quantiles"`: gauges of the last minute and counters; `"samples"`:
   * single values in milliseconds, `|ms|@rate`; `"distributions"` (DogStatsD alone): a value for each bucket in
   * seconds, `|d|@rate`. Default: `"distributions"` for DogStatsD, else `"quantiles"`.
   */
  readonly durations?: StatsdDurations | undefined;
  /** For `durations: "samples"`: what part of the durations is sent, over 0, up to 1. Default: 1. */
  readonly sampleRate?: number | undefined;
  /** For `durations: "samples"`: how many of one series are sent at once; where more came, fewer are sent of them. Default: 500. */
  readonly maxSamples?: number | undefined;
  /**
   * What becomes of that which a life of a monitor counted before its first snapshot came here: `"send"`, or
   * `"skip"` where somebody told it before (`Monitor.restore`, a new renderer). Default: `"send"`.
   */
  readonly countedBefore?: "send" | "skip" | undefined;
  /** Which figures go out, by their path (`"messages.received"`, `"partitions.lag"`). Default: all. */
  readonly include?: ((path: string) => boolean) | undefined;
}

/** The same with every default. */
export interface CheckedOptions {
  readonly dialect: Dialect;
  readonly prefix: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly workerTag: boolean;
  readonly maxPacketBytes: number;
  readonly durations: StatsdDurations;
  readonly sampleRate: number;
  readonly maxSamples: number;
  readonly countedBefore: "send" | "skip";
  readonly include: (path: string) => boolean;
}

const NAMES = [
  "dialect",
  "prefix",
  "tags",
  "workerTag",
  "maxPacketBytes",
  "durations",
  "sampleRate",
  "maxSamples",
  "countedBefore",
  "include",
] as const satisfies readonly (keyof StatsdRendererOptions)[];

/** Throws a `Refusal` for what is not an option, or not one of its values. */
export function checkOptions(options: StatsdRendererOptions): CheckedOptions {
  const given = record("options", options);
  for (const [name, value] of Object.entries(given)) {
    if (!(NAMES as readonly string[]).includes(name)) throw unknownOption(name, NAMES, value);
  }
  const dialect = oneOf("dialect", options.dialect ?? "statsd", ["statsd", "dogstatsd"]);
  const isDatadog = dialect === "dogstatsd";
  const durations = oneOf("durations", options.durations ?? (isDatadog ? "distributions" : "quantiles"), [
    "quantiles",
    "samples",
    ...(isDatadog ? (["distributions"] as const) : []),
  ]);
  return {
    dialect,
    durations,
    prefix: prefixOf(options.prefix ?? "streamgauge."),
    tags: tagsOf(options.tags ?? {}, isDatadog),
    workerTag: flag("workerTag", options.workerTag ?? true),
    maxPacketBytes: wholeNumber("maxPacketBytes", options.maxPacketBytes ?? 1432, 64, 65_507),
    sampleRate: rate(options.sampleRate ?? 1),
    maxSamples: wholeNumber("maxSamples", options.maxSamples ?? 500, 1, 1_000_000),
    countedBefore: oneOf("countedBefore", options.countedBefore ?? "send", ["send", "skip"]),
    include: predicate(options.include ?? (() => true)),
  };
}

function oneOf<T extends string>(argument: string, value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  const expected = `one of ${known.map((name) => JSON.stringify(name)).join(", ")}`;
  throw typeof value === "string" ? outOfRange(argument, expected, value) : wrongType(argument, expected, value);
}

function prefixOf(value: unknown): string {
  if (typeof value !== "string") throw wrongType("prefix", "a string", value);
  if (!/^[A-Za-z0-9_.-]*$/.test(value)) throw outOfRange("prefix", "letters and digits of ASCII, _ - and .", value);
  return value;
}

function tagsOf(value: unknown, isDatadog: boolean): [string, string][] {
  const tags = Object.entries(record("tags", value)).map(([key, text]): [string, string] => {
    if (typeof text !== "string") throw wrongType(`tags[${JSON.stringify(key.slice(0, 60))}]`, "a string", text);
    return [key, text];
  });
  if (tags.length > 0 && !isDatadog) throw outOfRange("tags", 'none where the dialect is "statsd", which has no tags', value);
  return tags;
}

function flag(argument: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw wrongType(argument, "true or false", value);
  return value;
}

function rate(value: unknown): number {
  if (typeof value !== "number") throw wrongType("sampleRate", "a number over 0, up to 1", value);
  if (!(value > 0 && value <= 1)) throw outOfRange("sampleRate", "over 0, up to 1", value);
  return value;
}

function predicate(value: unknown): (path: string) => boolean {
  if (typeof value !== "function") throw wrongType("include", "a function", value);
  return value as (path: string) => boolean;
}
