/** Exact comparison of what a trace expects with what a monitor has. */

import type { Json } from "./trace.js";

/** A place where two values differ. */
export interface Difference {
  /** Keys from the top: `topic_read_offsets.orders.3`. */
  readonly path: string;
  /** What the trace expects; undefined where it has nothing there. */
  readonly expected: Json | undefined;
  /** What the monitor has; undefined where it has nothing there. */
  readonly actual: Json | undefined;
}

const isObject = (value: unknown): value is Record<string, Json> => typeof value === "object" && value !== null;

/** Every difference: objects without order, numbers exactly. */
export function* differences(expected: Json | undefined, actual: Json | undefined, path: string): Generator<Difference> {
  if (!isObject(expected) || !isObject(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    if (expected !== actual) yield { path, expected, actual };
    return;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const own = (value: Record<string, Json>): Json | undefined => (Object.hasOwn(value, key) ? value[key] : undefined);
    yield* differences(own(expected), own(actual), `${path}.${key}`);
  }
}
