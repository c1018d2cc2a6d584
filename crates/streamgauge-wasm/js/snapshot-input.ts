/** Snapshots that come in, and what is said of those that are none. */

import { isBytes, wrongType, type Refusal } from "./checks.js";
import { jsonText, shortened, Unfit } from "./snapshot-text.js";
import type { Snapshot } from "./snapshot-schema.js";

/** A snapshot in any of its forms: an object as `monitor.snapshot()` gives it, its JSON text, or its CBOR bytes. */
export type SnapshotForm = Snapshot | string | Uint8Array;

/** A snapshot that was refused: a `Refusal` that says where in it. Its `value`, the whole of it, is not enumerable: logs do not print it. */
export interface SnapshotRefusal extends Refusal {
  /** The place in the snapshot: `partitions[3].lag`; empty for the whole of it. */
  readonly path: string;
}

/** What a refusal expects. */
export const ANY_FORM = "a snapshot: an object, JSON text or CBOR bytes";

/** Throws what the module refused, which is `[path, why]`. */
export function refuse(argument: string, value: unknown, thrown: unknown): never {
  if (!Array.isArray(thrown)) throw thrown;
  const [path, why] = thrown as [string, string];
  throw refusal(RangeError, argument, value, path, path === "" ? why : why.replace(path, () => shortened(path)));
}

function refusal(Kind: ErrorConstructor, argument: string, value: unknown, path: string, why: string): Error {
  const code = argument === "snapshots" ? "ERR_INVALID_SNAPSHOTS" : "ERR_INVALID_SNAPSHOT";
  return hidden(Object.assign(new Kind(`${argument}: ${why}`), { code, argument, path }), value);
}

/** A snapshot can be megabytes: whoever logs the error should not log it. */
function hidden<T extends Error>(error: T, value: unknown): T {
  return Object.defineProperty(error, "value", { value, enumerable: false, configurable: true, writable: true });
}

/** The wrong kind of snapshot altogether. */
export function wrongForm(argument: string, expected: string, value: unknown): Error {
  return hidden(wrongType(argument, expected, value), value);
}

/** An object or a text as JSON text. */
export function textOf(argument: string, value: unknown, expected: string): string {
  if (typeof value === "string") return value;
  // What is awaited or decoded first has no fields that would be missed.
  const isData = typeof value === "object" && value !== null && !isBytes(value) && !(value instanceof Promise);
  if (!isData) throw wrongForm(argument, expected, value);
  let text: string | undefined;
  try {
    text = jsonText(value);
  } catch (cause) {
    if (cause instanceof Unfit) throw refusal(cause.Kind, argument, value, cause.path, cause.message);
    throw Object.assign(wrongForm(argument, `${expected}, of plain data`, value), { cause });
  }
  if (text === undefined) throw wrongForm(argument, expected, value);
  return text;
}
