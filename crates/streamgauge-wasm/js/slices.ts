/**
 * A snapshot in slices, for whoever may not take the time of a whole one at once: first all but the partitions,
 * then these, some at a time. One behind the other they are the bytes of a snapshot (`server/slices.ts`). Each
 * partition is as it is when its slice is taken.
 */

import type { MessageHooks } from "./messages.js";

export class SnapshotSlices {
  readonly #hooks: () => MessageHooks;

  /** @param hooks those of now: a freed monitor's refuse. */
  constructor(hooks: () => MessageHooks) {
    this.#hooks = hooks;
  }

  /** Another where a partition may have got another number: then it may stand in two slices. */
  get revision(): number {
    return this.#hooks().figures.revision();
  }

  /** The end of the partitions' numbers. */
  get end(): number {
    return this.#hooks().figures.partitionNumbers();
  }

  /** A snapshot without partitions, in CBOR: its last byte is their list, which is empty. */
  head(): Uint8Array {
    const hooks = this.#hooks();
    const now = hooks.now();
    hooks.apply();
    const bytes = hooks.figures.snapshotWithoutPartitions(now);
    hooks.tell();
    return bytes;
  }

  /** What stands in that list of the partitions whose numbers are `from` up to `to`. */
  rows(from: number, to: number): Uint8Array {
    const hooks = this.#hooks();
    const now = hooks.now();
    hooks.apply();
    const bytes = hooks.figures.partitionRows(now, from, to);
    hooks.tell();
    return bytes;
  }
}
