/** A consumer's place in its group: rebalances, and which partitions it has. */

import type { Sensor } from "../../sensor.js";
import type { AssignmentState, RebalanceState } from "../../tokens.js";
import type { TopicPartitionLike } from "../../handles.js";
import { startedEarlier } from "./tokens.js";

/** A topic and some of its partitions, as clients say it. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

const keyOf = ({ topic, partition }: TopicPartitionLike): string => `${partition} ${topic}`;

export class Membership {
  readonly #monitor: Sensor;
  #owned = new Map<string, TopicPartitionLike>();
  #memberId: string | null | undefined;
  #isRebalancing = false;
  #rebalance: RebalanceState | undefined;
  #assignment: AssignmentState | undefined;

  constructor(monitor: Sensor) {
    this.#monitor = monitor;
  }

  get owned(): readonly TopicPartitionLike[] {
    return [...this.#owned.values()];
  }

  owns(tp: TopicPartitionLike): boolean {
    return this.#owned.has(keyOf(tp));
  }

  /** The group rebalances. Told more than once of the same, it counts once. */
  rebalancing(): void {
    this.#begin(0);
  }

  /** `seconds` ago, of a rebalance that is told when it is over. */
  #begin(seconds: number): void {
    if (this.#isRebalancing) return;
    this.#isRebalancing = true;
    this.#rebalance = undefined;
    this.#assignment = undefined;
    this.#rebalance = startedEarlier(this.#monitor.onRebalanceStart(), seconds);
    this.#assignment = startedEarlier(this.#monitor.onAssignmentStart(), seconds);
  }

  /**
   * This member is in the group again, with these partitions. Nothing is recovered after that: the
   * rebalance is over. `seconds` is how long joining took, for a join without a word before it.
   * Under another member's name the group had forgotten it, and all that it had was lost.
   */
  joined(assigned: Iterable<TopicPartitions>, memberId: string | null | undefined, seconds: number): readonly TopicPartitionLike[] {
    this.#begin(seconds);
    const wasForgotten = this.#memberId != null && this.#memberId !== memberId;
    this.#memberId = memberId;
    if (wasForgotten) this.#gone((tps) => this.#monitor.onPartitionsLost(tps));
    const given = this.has(assigned);
    this.#isRebalancing = false;
    if (this.#assignment !== undefined) this.#monitor.onAssignmentCompleted(undefined, this.#assignment);
    if (this.#rebalance !== undefined) {
      this.#monitor.onRebalanceReturn(undefined, this.#rebalance);
      this.#monitor.onRebalanceEnd(undefined, this.#rebalance);
    }
    return given;
  }

  /** It has these partitions now: tells what changed, gives what is new. */
  has(assigned: Iterable<TopicPartitions>): readonly TopicPartitionLike[] {
    const before = this.#owned;
    const now = new Map<string, TopicPartitionLike>();
    for (const { topic, partitions } of assigned) {
      for (const partition of partitions) now.set(keyOf({ topic, partition }), { topic, partition });
    }
    this.#owned = now;
    const without = (some: typeof now, others: typeof now): TopicPartitionLike[] =>
      [...some].flatMap(([key, tp]) => (others.has(key) ? [] : [tp]));
    const taken = without(before, now);
    const given = without(now, before);
    if (taken.length > 0) this.#monitor.onPartitionsRevoked(taken);
    if (given.length > 0) this.#monitor.onPartitionsAssigned(given);
    return given;
  }

  /** It left the group, and gave its partitions back. */
  left(): void {
    this.#memberId = undefined;
    this.#gone((tps) => this.#monitor.onPartitionsRevoked(tps));
  }

  /** It could not join. */
  joinFailed(error: unknown): void {
    if (!this.#isRebalancing || this.#assignment === undefined) return;
    this.#monitor.onAssignmentError(undefined, this.#assignment, error);
    this.#assignment = undefined;
  }

  #gone(tell: (tps: readonly TopicPartitionLike[]) => void): void {
    const owned = this.owned;
    this.#owned = new Map();
    if (owned.length > 0) tell(owned);
  }
}
