/** A recorder's options as a trace's header has them: in Faust's names, as plain JSON. */

import { put, wellFormedName } from "./checks.js";
import type { MonitorOptions } from "./options.js";
import { FIGURES } from "./schema.js";

/** The options that a monitor took, but for those that are no data. The epoch has a place of its own in the header. */
export function optionsForTrace(options: MonitorOptions): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(options)) {
    const figure = FIGURES.find((row) => row.attribute === option && row.option);
    if (value === undefined || option === "epoch") continue;
    if (figure !== undefined) put(named, figure.name, plain(value));
    else if (option === "worker") put(named, option, value);
  }
  return named;
}

/** Counts and seconds as numbers, whatever they came as; lists as arrays. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint" || typeof value === "string") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, plain);
  const record: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) put(record, wellFormedName("key", key), plain(entry));
  return record;
}
