/** Where the consumer is, where no message says so. */

import type { Sensor } from "../../sensor.js";
import type { Membership } from "../shared/membership.js";
import type { Partition, Partitions } from "../shared/partitions.js";
import type { CommitOffsets, Seek, StartBatch } from "./types.js";

export class Positions {
  readonly #monitor: Sensor;
  readonly #partitions: Partitions;
  readonly #membership: Membership;

  constructor(monitor: Sensor, partitions: Partitions, membership: Membership) {
    this.#monitor = monitor;
    this.#partitions = partitions;
    this.#membership = membership;
  }

  /** A seek, which the next fetch obeys. Where the earliest or the latest offset lies (-2, -1) only that will show. */
  sought({ topic, partition: number, offset }: Seek): void {
    const at = Number(String(offset));
    // A partition's number as text KafkaJS takes, and finds no such partition.
    const isHeld = typeof number === "number" && this.#membership.owns({ topic, partition: number });
    if (!isHeld || !Number.isSafeInteger(at) || at < 0) return;
    const partition = this.#partitions.of(topic, number);
    partition.sought = at;
    this.#monitor.onPosition(partition.tp, at);
  }

  /**
   * A batch without anything for a handler (markers, what was aborted or compacted away): KafkaJS is past it at once. One
   * that was fetched before a seek does not count; one that ends beyond where it leads may be that, and the next fetch says so.
   */
  nothingIn({ topic, partition: number, lastOffset }: StartBatch): void {
    const next = Number(lastOffset) + 1;
    const partition = this.#partitions.of(topic, number);
    if (!Number.isSafeInteger(next) || next <= partition.sought) return;
    partition.sought = -1;
    this.#monitor.onPosition(partition.tp, next);
  }

  /** The next fetch begins with this offset, unless it was sent elsewhere. */
  next(partition: Partition, offset: number): void {
    this.#monitor.onPosition(partition.tp, partition.sought < 0 ? offset : partition.sought);
  }

  /** A commit moves a position on to it, but not one that is sent back. */
  committed({ topics }: CommitOffsets): void {
    for (const { topic, partitions } of topics) {
      for (const one of partitions) {
        const partition = this.#partitions.of(topic, Number(one.partition));
        if (partition.sought >= 0) this.#monitor.onPosition(partition.tp, partition.sought);
      }
    }
  }
}
