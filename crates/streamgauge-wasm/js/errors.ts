/** Errors, by where they happened and what they were. */

import { outOfRange, wellFormedName, wrongType } from "./checks.js";
import type { Stage } from "./snapshot-schema.js";

/** In the order of the wasm module's numbers. */
const STAGES: readonly Stage[] = ["send", "process", "commit", "deserialize", "http", "fetch", "other"];

/** The kind of what has none. */
export const UNKNOWN_KIND = "unknown";
/** What is longer is a message, not a code or a name. */
const LONGEST_CODE = 100;

/** The number of a stage. */
export function stageNumber(stage: unknown): number {
  const number = STAGES.indexOf(stage as Stage);
  if (number >= 0) return number;
  const expected = `one of ${STAGES.map((name) => JSON.stringify(name)).join(", ")}`;
  throw typeof stage === "string" ? outOfRange("stage", expected, stage) : wrongType("stage", expected, stage);
}

/**
 * What kind of error it is. A string is the kind itself; of anything that has one, the `code` where
 * it is a string (`"ECONNREFUSED"`), else the `name` (`"KafkaJSConnectionError"`), never the message:
 * kinds should be few. What was thrown can be anything, so nothing is refused and nothing thrown:
 * what has neither, of 1 to 100 characters, and a string over 4,096 are of kind `"unknown"`.
 */
export function kindOf(error: unknown): string {
  try {
    if (typeof error === "string") return wellFormedName("kind", error);
    if (typeof error !== "object" || error === null) return UNKNOWN_KIND;
    const { code, name } = error as { code?: unknown; name?: unknown };
    return shortText(code) ?? shortText(name) ?? UNKNOWN_KIND;
  } catch {
    // Too long, or a getter failed.
    return UNKNOWN_KIND;
  }
}

function shortText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= LONGEST_CODE ? wellFormedName("kind", value) : undefined;
}
