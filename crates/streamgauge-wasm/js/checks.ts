/** What is refused, and the words for it. Nothing here changes anything. */

/** The largest offset, count or size taken: 2^53 - 1. */
const MAX_WHOLE = Number.MAX_SAFE_INTEGER;
/** The longest name, in characters (code points). */
const MAX_NAME_CHARACTERS = 4096;
/** Kafka's partitions are 32-bit. */
export const MAX_PARTITION = 2 ** 31 - 1;

/** A `TypeError` or `RangeError` thrown for bad input, before anything changed. */
export interface Refusal extends Error {
  /** `ERR_INVALID_` and the argument: `ERR_INVALID_OFFSET`; `ERR_UNKNOWN_OPTION`. */
  readonly code: string;
  /** The argument, as it is called in the API: `offset`, `tp.partition`, `maxAvgHistory`. */
  readonly argument: string;
  /** The value that came. */
  readonly value: unknown;
}

/** A value in a few words, which is all that a message tells of it. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return value > -(2n ** 100n) && value < 2n ** 100n ? `${value}n` : "a bigint of many digits";
    case "boolean":
    case "undefined":
      return String(value);
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    default:
      if (value === null) return "null";
      if (Array.isArray(value)) return "an array";
      if (isBytes(value)) return "a Uint8Array";
      return value instanceof Promise ? "a promise" : "an object";
  }
}

/** A `Uint8Array`, of any realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/**
 * `offset` -> `ERR_INVALID_OFFSET`, `tp.partition` -> `ERR_INVALID_TP_PARTITION`. Places and keys are
 * left out, for a code is one of a known few: `offsets[3] offset` -> `ERR_INVALID_OFFSETS`.
 */
function codeOf(argument: string): string {
  const [name = argument] = /^[\w.]+/.exec(argument) ?? [];
  return `ERR_INVALID_${name.replace(/([a-z])([A-Z])/g, "$1_$2").replace(".", "_").toUpperCase()}`;
}

function refusal(error: Error, code: string, argument: string, value: unknown): Refusal {
  return Object.assign(error, { code, argument, value });
}

/** The wrong kind of value. */
export function wrongType(argument: string, expected: string, value: unknown): Refusal {
  const error = new TypeError(`${argument} must be ${expected}, got ${describe(value)}`);
  return refusal(error, codeOf(argument), argument, value);
}

/** The right kind of value, but not one of those that serve. */
export function outOfRange(argument: string, expected: string, value: unknown): Refusal {
  const error = new RangeError(`${argument} must be ${expected}, got ${describe(value)}`);
  return refusal(error, codeOf(argument), argument, value);
}

/** An option that is not known. */
export function unknownOption(name: string, known: Iterable<string>, value: unknown): Refusal {
  const error = new TypeError(`unknown option ${describe(name)}, got ${describe(value)}; known are ${[...known].join(", ")}`);
  return refusal(error, "ERR_UNKNOWN_OPTION", name, value);
}

/** A whole number in `least..most`. */
export function wholeNumber(argument: string, value: unknown, least: number, most: number): number {
  const expected = `a whole number in ${least}..${most === MAX_WHOLE ? "2^53-1" : most}`;
  if (typeof value !== "number") throw wrongType(argument, expected, value);
  if (!Number.isInteger(value) || value < least || value > most) throw outOfRange(argument, expected, value);
  return value === 0 ? 0 : value;
}

/** An offset or a total: a whole number in 0..2^53-1, as number, bigint or decimal string. */
export function offsetNumber(argument: string, value: unknown): number {
  const expected = "a whole number in 0..2^53-1 (number, bigint or decimal string)";
  let whole: number;
  if (typeof value === "number") whole = value;
  else if (typeof value === "bigint") whole = Number(value);
  else if (typeof value === "string") whole = /^\d{1,19}$/.test(value) ? Number(value) : Number.NaN;
  else throw wrongType(argument, expected, value);
  if (!Number.isSafeInteger(whole) || whole < 0) throw outOfRange(argument, expected, value);
  return whole === 0 ? 0 : whole;
}

/** What `count` adds: a whole number, negative too, as number or bigint. */
export function countNumber(argument: string, value: unknown): number {
  const expected = "a whole number in -(2^53-1)..2^53-1";
  if (typeof value !== "number" && typeof value !== "bigint") throw wrongType(argument, expected, value);
  const whole = Number(value);
  if (!Number.isSafeInteger(whole)) throw outOfRange(argument, expected, value);
  return whole === 0 ? 0 : whole;
}

/** A number of seconds, not negative. */
export function duration(argument: string, value: unknown): number {
  if (typeof value !== "number") throw wrongType(argument, "a number of seconds", value);
  if (!Number.isFinite(value) || value < 0) throw outOfRange(argument, "finite and not negative, in seconds", value);
  return value;
}

/** A reading of the clock. */
export function reading(argument: string, value: unknown): number {
  if (typeof value !== "number") throw wrongType(argument, "a number of seconds", value);
  if (!Number.isFinite(value)) throw outOfRange(argument, "a finite number of seconds", value);
  return value;
}

/** A name of at most 4,096 characters; lone surrogates become U+FFFD. */
export function wellFormedName(argument: string, value: unknown): string {
  if (typeof value !== "string") throw wrongType(argument, "a string", value);
  // A code point has at most two units: short strings need no counting.
  if (value.length > MAX_NAME_CHARACTERS && (value.length > 2 * MAX_NAME_CHARACTERS || codePoints(value) > MAX_NAME_CHARACTERS)) {
    throw outOfRange(argument, `at most ${MAX_NAME_CHARACTERS} characters`, value);
  }
  return value.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** Refuses what `wellFormedName` does; for names that are not kept. */
export function checkName(argument: string, value: unknown): void {
  if (typeof value !== "string" || value.length > MAX_NAME_CHARACTERS) wellFormedName(argument, value);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** A plain object: one whose prototype is the root of its realm, or none. A Map has no keys to read. */
export function record(argument: string, value: unknown, expected = "a plain object"): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw wrongType(argument, expected, value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw wrongType(argument, expected, value);
  return value as Record<string, unknown>;
}

/** Sets a key as an own property, whatever its name. */
export function put<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}
