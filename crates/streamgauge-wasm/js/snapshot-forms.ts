/** Snapshots of monitors: their forms, and the sum of many. */

import { cborOfJson, jsonOfCbor, jsonOfJson, Merger } from "../pkg/snapshot/streamgauge_snapshot.js";
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

const ANY_FORM = "a snapshot: an object, JSON text or CBOR bytes";

/** Throws what the module refused, which is `[path, why]`. */
function refuse(argument: string, value: unknown, thrown: unknown): never {
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
function wrongForm(argument: string, expected: string, value: unknown): Error {
  return hidden(wrongType(argument, expected, value), value);
}

/** An object or a text as JSON text. */
function textOf(argument: string, value: unknown, expected: string): string {
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

/**
 * Reads a snapshot from its JSON text, or from an object that JSON gave: checked, with what is
 * missing at its default and what is derived computed anew. Fields that this version does not know
 * are kept, after the known ones. Whole numbers over 2^53-1 lose their last digits.
 *
 * @throws SnapshotRefusal for what is no snapshot, with the place and the reason.
 */
export function parse(snapshot: string | object): Snapshot {
  const text = textOf("snapshot", snapshot, "JSON text or an object");
  try {
    return JSON.parse(jsonOfJson(text)) as Snapshot;
  } catch (thrown) {
    return refuse("snapshot", snapshot, thrown);
  }
}

/**
 * Reads a snapshot from its CBOR bytes, as `monitor.snapshotBytes()` and `encode` give them.
 *
 * @throws SnapshotRefusal for what is no snapshot, with the place and the reason.
 */
export function decode(bytes: Uint8Array): Snapshot {
  if (!isBytes(bytes)) throw wrongForm("bytes", "a Uint8Array", bytes);
  try {
    return JSON.parse(jsonOfCbor(bytes)) as Snapshot;
  } catch (thrown) {
    return refuse("bytes", bytes, thrown);
  }
}

/**
 * A snapshot in its compact form, CBOR: about three quarters of its JSON text.
 *
 * @throws SnapshotRefusal for what is no snapshot, with the place and the reason.
 */
export function encode(snapshot: Snapshot): Uint8Array {
  const text = textOf("snapshot", snapshot, "an object");
  try {
    return cborOfJson(text);
  } catch (thrown) {
    return refuse("snapshot", snapshot, thrown);
  }
}

/**
 * The snapshot of a cluster: counters add up, histograms merge exactly, partitions are their
 * owners', health is the worst. In any order, and merged ones merge again.
 *
 *     const cluster = merge(await Promise.all(workers.map((url) => fetch(url).then((answer) => answer.text()))));
 *     cluster.lag.recordsSum;
 *
 * Of one worker's several snapshots the newest counts once; a worker that started again is a new
 * life, whose counters add to those of the old.
 *
 * @throws SnapshotRefusal for what is no snapshot, with its number and place; and for what cannot
 * be added up without counting something twice. Nothing is given then.
 */
export function merge(snapshots: Iterable<SnapshotForm>): Snapshot {
  // A text and bytes are iterable, too, but what is in them are no snapshots.
  if (typeof snapshots !== "object" || snapshots === null || isBytes(snapshots) || typeof snapshots[Symbol.iterator] !== "function") {
    throw wrongForm("snapshots", "an iterable of snapshots", snapshots);
  }
  const merger = new Merger();
  try {
    let count = 0;
    for (const snapshot of snapshots) {
      const argument = `snapshots[${count}]`;
      count += 1;
      try {
        if (isBytes(snapshot)) merger.addCbor(snapshot);
        else merger.addJson(textOf(argument, snapshot, ANY_FORM));
      } catch (thrown) {
        refuse(argument, snapshot, thrown);
      }
    }
    try {
      return JSON.parse(merger.merged()) as Snapshot;
    } catch (thrown) {
      return refuse("snapshots", snapshots, thrown);
    }
  } finally {
    merger.free();
  }
}
