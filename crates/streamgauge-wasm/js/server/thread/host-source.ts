/** Reads the source in its own thread: what must be done there, and no more. */

import { isBytes } from "../../checks.js";
import { SLICES } from "../../slices-key.js";
import type { SnapshotSlices } from "../../slices.js";
import { snapshotObject, type SnapshotProvider } from "../source.js";
import type { Passed } from "./messages.js";

/** So many partitions are read in one turn of the event loop: about a millisecond's work. */
export const ROWS_IN_A_TURN = 250;
/** Where partitions get other numbers again and again, all are read at once. */
const MOST_ATTEMPTS = 3;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A snapshot of `source`, ready to go to another thread. Rejects with what the source throws, and for what is none. */
export async function readSource(source: SnapshotProvider): Promise<Passed> {
  const slices = (source as { readonly [SLICES]?: SnapshotSlices })[SLICES];
  if (slices !== undefined) return { slices: await inSlices(slices) };
  const form: unknown = await source.snapshot();
  if (typeof form === "string" || isBytes(form)) return { form };
  return { object: JSON.stringify(snapshotObject(form)) };
}

/** What was read in slices can be transferred: nobody else has it. */
export const transferable = (passed: Passed): ArrayBuffer[] => ("slices" in passed ? passed.slices.map(({ buffer }) => buffer) : []);

async function inSlices(slices: SnapshotSlices): Promise<Uint8Array<ArrayBuffer>[]> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === MOST_ATTEMPTS;
    const taken = [slices.head()];
    const { revision } = slices;
    for (let from = 0; from < slices.end; from += ROWS_IN_A_TURN) {
      if (from > 0 && !isLast) await nextTurn();
      // A partition that got another number may stand in a slice already.
      if (slices.revision !== revision) break;
      taken.push(slices.rows(from, from + ROWS_IN_A_TURN));
    }
    if (slices.revision === revision) return taken as Uint8Array<ArrayBuffer>[];
  }
}
