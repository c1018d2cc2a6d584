/** Options and starting values: checked as a whole, then handed to the wasm module. */

import {
  countNumber,
  duration,
  MAX_PARTITION,
  offsetNumber,
  outOfRange,
  put,
  reading,
  record,
  unknownOption,
  wellFormedName,
  wholeNumber,
  wrongType,
} from "./checks.js";
import { FIGURES, type FigureOptions, type FigureRow } from "./schema.js";

/** What hears of the first anomaly of each kind; `console` is one. */
export interface Logger {
  warn(message: string): void;
}

/** What `new Monitor()` takes. Times are seconds. */
export interface MonitorOptions extends FigureOptions {
  /** The clock: monotonic SECONDS, not milliseconds. Default `performance.now() / 1000`. */
  time?: (() => number) | undefined;
  /** Hears of the first anomaly of each kind, and of the first listener that fails. Default: nobody. */
  logger?: Logger | undefined;
  /** Who is monitored, in snapshots: a cluster's workers need names of their own. Default: 12 random hexadecimal digits. */
  worker?: string | undefined;
}

/** The longest that a deque may be. */
const LONGEST_HISTORY = 1_000_000;
const whole = (least: number, most: number) => (argument: string, value: unknown): number => wholeNumber(argument, value, least, most);
/** What the options that are limits may be: all whose values the wasm module's `Limits` takes. */
const LIMITS: Record<string, (argument: string, value: unknown) => number> = {
  max_avg_history: whole(0, LONGEST_HISTORY),
  max_commit_latency_history: whole(0, LONGEST_HISTORY),
  max_send_latency_history: whole(0, LONGEST_HISTORY),
  max_assignment_latency_history: whole(0, LONGEST_HISTORY),
  max_labels: whole(0, 1_000_000),
  max_partitions: whole(0, 10_000_000),
  epoch: reading,
  health_commits: whole(2, 1000),
  allowed_lag: whole(0, Number.MAX_SAFE_INTEGER),
  health_hold: duration,
  stuck_after: duration,
  storm_rebalances: whole(2, 1000),
  storm_window: duration,
  label_idle: duration,
  partition_idle: duration,
};

/** What the wasm module's figures take before the first hook, by row of the table of figures. */
export interface StartableFigures {
  startWhole(row: number, value: number): boolean;
  startSeconds(row: number, value: number): boolean;
  startList(row: number, values: Float64Array): boolean;
  startLabel(row: number, label: string, count: number): boolean;
  startTable(row: number, table: string, retrieved: number, updated: number, deleted: number): boolean;
  startStatus(row: number, status: number, count: number): boolean;
  startOffset(row: number, topic: string, partition: number, offset: number): boolean;
}

type Starter = (figures: StartableFigures) => void;

/** A figure's starting value, checked; `argument` names it in refusals. */
function starter(figure: FigureRow, row: number, argument: string, value: unknown): Starter {
  switch (figure.shape) {
    case "whole": {
      const whole = offsetNumber(argument, value);
      return (figures) => figures.startWhole(row, whole);
    }
    case "seconds": {
      const seconds = duration(argument, value);
      return (figures) => figures.startSeconds(row, seconds);
    }
    case "secondsList": {
      const list = durations(argument, value);
      return (figures) => figures.startList(row, list);
    }
    case "wholeByLabel":
    case "signedByLabel": {
      const number = figure.shape === "signedByLabel" ? countNumber : offsetNumber;
      const counts = entries(argument, value, number);
      return (figures) => counts.forEach(([label, count]) => figures.startLabel(row, label, count));
    }
    case "tables": {
      const tables = entries(argument, value, tableCounts);
      return (figures) => {
        for (const [table, [retrieved, updated, deleted]] of tables) figures.startTable(row, table, retrieved, updated, deleted);
      };
    }
    case "wholeByStatus": {
      const codes = entries(argument, value, offsetNumber).map(([key, count]) => [numericKey(argument, key, 100, 599), count] as const);
      return (figures) => codes.forEach(([status, count]) => figures.startStatus(row, status, count));
    }
    default: {
      const topics = entries(argument, value, offsetsByPartition);
      return (figures) => {
        for (const [topic, offsets] of topics) {
          for (const [partition, offset] of offsets) figures.startOffset(row, topic, partition, offset);
        }
      };
    }
  }
}

function durations(argument: string, value: unknown): Float64Array {
  if (typeof value !== "object" || value === null || !(Symbol.iterator in value)) throw wrongType(argument, "an array of seconds", value);
  const seconds = [...(value as Iterable<unknown>)];
  const wrong = seconds.findIndex((one) => typeof one !== "number" || !(one >= 0 && one < Infinity));
  if (wrong >= 0) duration(`${argument}[${wrong}]`, seconds[wrong]);
  // No deque keeps more: the rest need not cross.
  return Float64Array.from((seconds as number[]).slice(-LONGEST_HISTORY));
}

function entries<T>(argument: string, value: unknown, check: (argument: string, value: unknown) => T): [string, T][] {
  return Object.entries(record(argument, value)).map(([key, entry]) => [
    wellFormedName(`${argument} key`, key),
    check(`${argument}[${JSON.stringify(key.slice(0, 60))}]`, entry),
  ]);
}

function tableCounts(argument: string, value: unknown): [number, number, number] {
  const counts: Record<string, unknown> = { ...record(argument, value) };
  const take = (key: string): number => {
    const count = counts[key] ?? 0;
    delete counts[key];
    return offsetNumber(`${argument}.${key}`, count);
  };
  const taken: [number, number, number] = [take("keys_retrieved"), take("keys_updated"), take("keys_deleted")];
  const unknown = Object.keys(counts)[0];
  if (unknown !== undefined) throw unknownOption(unknown, ["keys_retrieved", "keys_updated", "keys_deleted"], counts[unknown]);
  return taken;
}

function offsetsByPartition(argument: string, value: unknown): [number, number][] {
  return entries(argument, value, offsetNumber).map(([key, offset]) => [numericKey(argument, key, 0, MAX_PARTITION), offset]);
}

function numericKey(argument: string, key: string, least: number, most: number): number {
  const number = /^(0|[1-9]\d{0,9})$/.test(key) ? Number(key) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw outOfRange(`${argument} key`, `a whole number in ${least}..${most}`, key);
}

/** The parts of the options that are not figures. */
export interface Checked {
  readonly time: () => number;
  readonly logger: Logger | undefined;
  readonly worker: string;
  /** The limits that were given, in Faust's names: the setters of the wasm module's `Limits`. */
  readonly limits: Readonly<Record<string, number>>;
  /** Gives new figures their starting values. */
  readonly start: Starter;
}

const OPTION_NAMES = ["time", "logger", "worker", ...FIGURES.filter((figure) => figure.option).map((figure) => figure.attribute)];
const OPTION_ROWS = new Map(FIGURES.flatMap((figure, row) => (figure.option ? [[figure.attribute, row] as const] : [])));
const ASDICT_ROWS = new Map(FIGURES.flatMap((figure, row) => (figure.asdict === null ? [] : [[figure.asdict, row] as const])));

/**
 * The clock that a monitor has unless it is given one: that of `performance` as it is now. In Node the global is a
 * getter, and asking it at every reading costs a fifth of the reading.
 */
export function defaultClock(): () => number {
  const { performance } = globalThis;
  return () => performance.now() / 1000;
}

/** Its reading, of who has no clock. */
export const defaultTime = defaultClock();

/** Checks options, and the `asdict()` to start from where there is one; options win over it. */
export function checkOptions(options: unknown, dict?: unknown): Checked {
  const given: Record<string, unknown> = options === undefined ? {} : record("options", options);
  let time: (() => number) | undefined;
  let logger: Logger | undefined;
  let worker: string | undefined;
  const limits: Record<string, number> = { epoch: performance.timeOrigin / 1000 };
  const starters = new Map<number, Starter>();
  if (dict !== undefined) {
    for (const [key, value] of Object.entries(record("dict", dict, "an object from asdict()"))) {
      if (value === undefined) continue;
      const row = ASDICT_ROWS.get(key);
      if (row === undefined) throw unknownOption(key, ASDICT_ROWS.keys(), value);
      starters.set(row, starter(FIGURES[row]!, row, `dict.${key}`, value));
    }
  }
  for (const [name, value] of Object.entries(given)) {
    if (!OPTION_NAMES.includes(name)) throw unknownOption(name, OPTION_NAMES, value);
    if (value === undefined) continue;
    if (name === "time") time = checkTime(value);
    else if (name === "logger") logger = checkLogger(value);
    else if (name === "worker") worker = wellFormedName("worker", value);
    else {
      const row = OPTION_ROWS.get(name)!;
      const figure = FIGURES[row]!;
      const limit = LIMITS[figure.name];
      if (limit !== undefined) limits[figure.name] = limit(name, value);
      else starters.set(row, starter(figure, row, name, value));
    }
  }
  const start: Starter = (figures) => starters.forEach((one) => one(figures));
  return { time: time ?? defaultClock(), logger, worker: worker ?? randomName(), limits, start };
}

/** Tells two processes apart. A page without TLS has no `crypto.randomUUID`. */
function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function checkTime(value: unknown): () => number {
  if (typeof value !== "function") throw wrongType("time", "a function that returns seconds", value);
  return value as () => number;
}

function checkLogger(value: unknown): Logger {
  const logger = value as Logger | null;
  if (typeof logger !== "object" || logger === null || typeof logger.warn !== "function") {
    throw wrongType("logger", "an object with a method warn, such as console", value);
  }
  return logger;
}

/** The options in a trace's header, which are in Faust's names, under the monitor's own. */
export function optionsOfTrace(options: unknown): MonitorOptions {
  const named: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record("options", options))) {
    const attribute = key === "worker" ? key : FIGURES.find((row) => row.name === key && row.option)?.attribute;
    if (attribute === undefined) {
      throw unknownOption(key, [...FIGURES.filter((row) => row.option).map((row) => row.name), "worker"], value);
    }
    put(named, attribute, value);
  }
  return named as MonitorOptions;
}

/** A refusal of one of those options, which names it as the trace does. */
export function inTraceWords(message: string): string {
  return message.replace(/^\w+/, (word) => FIGURES.find((row) => row.attribute === word && row.option)?.name ?? word);
}
