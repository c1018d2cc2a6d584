/** What a simulation can be told in a few numbers; a scenario is made of them. */

import { outOfRange, record, unknownOption, wholeNumber, wrongType } from "./checks.js";
import type { Scenario, Spread } from "./sim-scenario.js";

/** What to simulate. Times are seconds, rates are per second of virtual time; what is left out is the default. */
export interface SimulationOptions {
  /** What all random numbers start from, 0..2^53-1. The same seed gives the same run. 1. */
  seed?: number;
  /**
   * The topics that are consumed, 1 to 64 different names of 1 to 249 characters. Each also has a stream, a task, a
   * table and a topic for its results, named after it. `orders` and `payments`.
   */
  topics?: readonly string[];
  /** Partitions per topic, 1..1024. 4. */
  partitions?: number;
  /** Workers in the consumer group, 1..64. 2. */
  workers?: number;
  /** Records that a worker handles at a time, 1..1024. 1. */
  concurrency?: number;
  /** Records appended per second over all topics, as a Poisson process, 0..1,000,000. 100. */
  messageRate?: number;
  /** Mean time to handle a record, 0..86,400 s. 0.01. */
  handlerLatency?: number;
  /** How that time is distributed around its mean. `"logNormal"`. */
  handlerTime?: "constant" | "exponential" | "logNormal";
  /** For `"logNormal"`: the standard deviation of the logarithm, 0..4; from 1 on the tail is heavy. 0.5. */
  handlerShape?: number;
  /**
   * The share of sends that fail and of web requests answered with 500, 0..1; the assignor fails as often, at most
   * twice in a row. 0.01.
   */
  errorRate?: number;
  /** How many times slower the slow consumer is, 1..1,000. 10. */
  slowFactor?: number;
  /** Records that a worker buffers per topic before it stops fetching, 1..1,000,000. 100. */
  bufferSize?: number;
  /** Time from asking the broker for records to having them, 0..86,400 s. 0.005. */
  fetchLatency?: number;
  /** Time between commits, 0.01..86,400 s. 2. */
  commitInterval?: number;
  /** Web requests per second to each worker, as a Poisson process, 0..1,000,000. 2. */
  webRequestRate?: number;
}

/** The longest time that one call may advance, and the longest duration. A day. */
export const MAX_SECONDS = 86_400;
const MAX_RATE = 1_000_000;
const MAX_TOPICS = 64;
const MAX_TOPIC_CHARACTERS = 249;
const DEFAULT_SHAPE = 0.5;
const DEFAULT_TOPICS = ["orders", "payments"];
const DEFAULT_RATE = 100;
const DEFAULT_LATENCY = 0.01;
const DEFAULT_SLOW_FACTOR = 10;

/** The bounds of what is a whole number. */
const WHOLE = {
  seed: [0, Number.MAX_SAFE_INTEGER],
  partitions: [1, 1024],
  workers: [1, 64],
  concurrency: [1, 1024],
  bufferSize: [1, 1_000_000],
} as const;

/** The bounds of what is any number. */
const NUMBERS = {
  messageRate: [0, MAX_RATE],
  handlerLatency: [0, MAX_SECONDS],
  errorRate: [0, 1],
  slowFactor: [1, 1000],
  fetchLatency: [0, MAX_SECONDS],
  commitInterval: [0.01, MAX_SECONDS],
  webRequestRate: [0, MAX_RATE],
} as const;

const OTHERS = ["topics", "handlerTime", "handlerShape"];
const KNOWN = [...Object.keys(WHOLE), ...Object.keys(NUMBERS), ...OTHERS];

/** A number in `least..most`. */
export function numberIn(argument: string, value: unknown, least: number, most: number): number {
  const expected = `a number in ${least}..${most}`;
  if (typeof value !== "number") throw wrongType(argument, expected, value);
  // Written so that NaN, which is in no range, is refused too.
  if (!(value >= least && value <= most)) throw outOfRange(argument, expected, value);
  return value === 0 ? 0 : value;
}

/** A value for what can be changed while it runs. */
export function checkNumber(name: keyof typeof NUMBERS, value: unknown): number {
  const [least, most] = NUMBERS[name];
  return numberIn(name, value, least, most);
}

/** The options by name, each of a known name. */
function named(options: unknown): Record<string, unknown> {
  const given = options === undefined ? {} : record("options", options);
  const unknown = Object.keys(given).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw unknownOption(unknown, KNOWN, given[unknown]);
  return given;
}

/** How many times slower the slow consumer is. */
export function slowFactorOf(options: unknown): number {
  const factor = named(options)["slowFactor"];
  return factor === undefined ? DEFAULT_SLOW_FACTOR : checkNumber("slowFactor", factor);
}

/** The scenario that the options stand for. */
export function scenarioOf(options: unknown): Scenario {
  const given = named(options);
  const whole = (name: keyof typeof WHOLE): number | undefined => {
    const [least, most] = WHOLE[name];
    return given[name] === undefined ? undefined : wholeNumber(name, given[name], least, most);
  };
  const number = (name: keyof typeof NUMBERS): number | undefined => (given[name] === undefined ? undefined : checkNumber(name, given[name]));
  const partitions = whole("partitions");
  const topics = given["topics"] === undefined ? DEFAULT_TOPICS : checkTopics(given["topics"]);
  const errors = number("errorRate");
  return withoutUndefined({
    seed: whole("seed"),
    topics: topics.map((name) => ({ name, partitions })),
    producers: [{ pace: { perSecond: number("messageRate") ?? DEFAULT_RATE } }],
    brokers: { fetchSeconds: number("fetchLatency") },
    group: {
      workers: whole("workers"),
      concurrency: whole("concurrency"),
      buffer: whole("bufferSize"),
      commitInterval: number("commitInterval"),
    },
    handler: { time: handlerTime(given["handlerTime"], number("handlerLatency") ?? DEFAULT_LATENCY, given["handlerShape"]) },
    web: { perSecond: number("webRequestRate") },
    errors: { send: errors, web: errors, assignment: errors },
  });
}

/** Keys without a value do not count as given. */
const withoutUndefined = (scenario: unknown): Scenario => JSON.parse(JSON.stringify(scenario)) as Scenario;

function checkTopics(value: unknown): string[] {
  const expected = `1 to ${MAX_TOPICS} different names of 1 to ${MAX_TOPIC_CHARACTERS} characters`;
  if (!Array.isArray(value)) throw wrongType("topics", `an array of ${expected}`, value);
  const topics: string[] = [];
  for (const [place, topic] of (value as unknown[]).entries()) {
    if (typeof topic !== "string") throw wrongType(`topics[${place}]`, "a string", topic);
    const name = topic.replace(/\p{Surrogate}/gu, "\uFFFD");
    const characters = [...name].length;
    if (characters === 0 || characters > MAX_TOPIC_CHARACTERS || topics.includes(name)) {
      throw outOfRange(`topics[${place}]`, `one of ${expected}`, topic);
    }
    topics.push(name);
  }
  if (topics.length === 0 || topics.length > MAX_TOPICS) throw outOfRange("topics", expected, value);
  return topics;
}

function handlerTime(kind: unknown, mean: number, handlerShape: unknown): Spread {
  const sigma = handlerShape === undefined ? DEFAULT_SHAPE : numberIn("handlerShape", handlerShape, 0, 4);
  switch (kind) {
    case "constant":
    case "exponential":
      return { mean, kind };
    case "logNormal":
    case undefined:
      return { mean, kind: "logNormal", sigma };
    default: {
      const expected = '"constant", "exponential" or "logNormal"';
      throw typeof kind === "string" ? outOfRange("handlerTime", expected, kind) : wrongType("handlerTime", expected, kind);
    }
  }
}
