/** The hooks of the consumer group: what belongs to whom, how far it is, and what went wrong. */

import type { Figures } from "./core.js";
import { committed, partitionsOf } from "./arguments.js";
import { offsetNumber, wholeNumber } from "./checks.js";
import { kindOf, stageNumber } from "./errors.js";
import type { Families, Family } from "./families.js";
import { NONE, type TopicPartitionLike } from "./handles.js";
import type { MessageHooks } from "./messages.js";
import type { Offset } from "./sensor.js";

/** Asks the hooks for the figures each time: a clock or a getter may have freed them. */
export class GroupHooks {
  readonly #hooks: MessageHooks;
  readonly #families: Families;

  constructor(hooks: MessageHooks, families: Families) {
    this.#hooks = hooks;
    this.#families = families;
  }

  committed(offsets: Iterable<readonly [TopicPartitionLike, Offset]>): void {
    const hooks = this.#hooks;
    // All of it is checked before any of it counts.
    const checked = committed(offsets, (tp) => hooks.checkPartition(tp));
    const now = this.#ordered();
    for (const [tp, offset] of checked) {
      const index = hooks.partitionOrNew(tp);
      if (index !== NONE) hooks.figures.committedOffset(index, offset, now);
    }
  }

  endOffset(tp: TopicPartitionLike, offset: Offset): void {
    this.#offset(tp, offset, (figures, index, end, now) => figures.endOffset(index, end, now));
  }

  position(tp: TopicPartitionLike, offset: Offset): void {
    this.#offset(tp, offset, (figures, index, next, now) => figures.position(index, next, now));
  }

  #offset(tp: TopicPartitionLike, offset: Offset, tell: (figures: Figures, index: number, offset: number, now: number) => void): void {
    const hooks = this.#hooks;
    const checked = offsetNumber("offset", offset);
    hooks.checkPartition(tp);
    const now = this.#ordered();
    const index = hooks.partitionOrNew(tp);
    if (index !== NONE) tell(hooks.figures, index, checked, now);
  }

  /** Tells of each partition, or of none where one of them is refused. */
  each(tps: Iterable<TopicPartitionLike>, tell: (figures: Figures, index: number, now: number) => void): void {
    const hooks = this.#hooks;
    const checked = partitionsOf(tps, (tp) => hooks.checkPartition(tp));
    const now = this.#ordered();
    for (const tp of checked) {
      const index = hooks.partitionOrNew(tp);
      if (index !== NONE) tell(hooks.figures, index, now);
    }
  }

  error(stage: unknown, thrown: unknown, tp: TopicPartitionLike | null | undefined): void {
    const stageAt = stageNumber(stage);
    const kind = kindOf(thrown);
    const topic = this.#topic(this.#families.errorTopics, tp);
    const kindNumber = this.#families.errorKinds.of(kind);
    this.#hooks.figures.error(stageAt, kindNumber, topic);
  }

  retry(tp: TopicPartitionLike | null | undefined): void {
    const topic = this.#topic(this.#families.retryTopics, tp);
    this.#hooks.figures.retry(topic);
  }

  deadLetter(tp: TopicPartitionLike | null | undefined): void {
    const topic = this.#topic(this.#families.deadLetterTopics, tp);
    this.#hooks.figures.deadLetter(topic);
  }

  heartbeat(): void {
    const now = this.#hooks.now();
    this.#hooks.figures.heartbeat(now);
  }

  polled(records: number, bytes: number | null | undefined): void {
    wholeNumber("records", records, 0, Number.MAX_SAFE_INTEGER);
    if (bytes != null) wholeNumber("bytes", bytes, 0, Number.MAX_SAFE_INTEGER);
    this.#hooks.figures.polled(records, bytes ?? Number.NaN);
  }

  /**
   * The clock's reading, for a hook that must not come before messages that are still in the log:
   * one that was read before its partition was taken was the worker's own.
   */
  #ordered(): number {
    const now = this.#hooks.now();
    this.#hooks.apply();
    return now;
  }

  /** The number of a topic that need not be given. */
  #topic(family: Family, tp: TopicPartitionLike | null | undefined): number {
    if (tp == null) return NONE;
    this.#hooks.checkPartition(tp);
    return family.of(tp.topic);
  }
}
