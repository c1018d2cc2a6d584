/** What the simulation's module refuses, as errors; and what goes to it, as plain data. */

import { describe, record, type Refusal } from "./checks.js";
import { flatten, type PlainData } from "./sim-plain.js";

/** A scenario or a command that was refused. Nothing changed. */
export interface ScenarioRefusal extends Refusal {
  /** The place in it: `producers[0].pace.perSecond`; empty for the whole of it. */
  readonly path: string;
  /** What must stand there. */
  readonly expected: string;
}

/** Throws what the module refused. */
export function refuse(argument: "scenario" | "command", value: unknown, thrown: unknown): never {
  if (!Array.isArray(thrown)) throw thrown;
  const [whole, expected, sentence] = thrown as [string, string, string];
  const path = whole.replace(/^command\.?/, argument === "command" ? "" : "$&");
  const code = `ERR_INVALID_${argument.toUpperCase()}`;
  const message = argument === "scenario" && path !== "" ? `scenario: ${sentence}` : sentence;
  throw Object.assign(new RangeError(message), { code, argument, path, expected, value });
}

/** An object as JSON has it; a number that JSON has none for is its name, and will be refused under that. */
export function plainOf(argument: "scenario" | "command", value: unknown): PlainData {
  const plain = record(argument, value);
  try {
    const text = JSON.stringify(plain, (_, inner: unknown) => (typeof inner === "number" && !Number.isFinite(inner) ? String(inner) : inner));
    return flatten(JSON.parse(text));
  } catch (cause) {
    const error = new TypeError(`${argument} must be plain data, got ${describe(value)}: ${(cause as Error).message}`, { cause });
    throw Object.assign(error, { code: `ERR_INVALID_${argument.toUpperCase()}`, argument, value });
  }
}
