/** What is shown: one reading of a consumer group, wherever it comes from. */

import type { Snapshot } from "streamgauge";
import type { GroupPlan, SimulationState, WorkerState } from "streamgauge/sim";

export type { SimulationState, Snapshot, WorkerState };

/** A topic-partition. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What a source knows before anything happened. Partitions and producers keep their places; workers may come later. */
export interface Layout {
  /** By topic and number. Empty where they show only in snapshots. */
  readonly partitions: readonly TopicPartition[];
  readonly producers: readonly string[];
  /** Brokers, by number. 0 where nothing is known of them. */
  readonly brokers: number;
  /** Of a simulation alone: the name of the group that is asked for; empty for the first. Until there is one of that name, the first is shown. */
  readonly group?: string;
  /** How the group that is shown gives partitions out; where nothing is said of it, undefined. */
  readonly assignor?: NonNullable<GroupPlan["assignor"]>;
}

/** One worker at a moment. What a source cannot know is null. */
export interface WorkerMoment {
  /** Its number, which stands for its colour too. */
  readonly id: number;
  readonly name: string;
  readonly state: WorkerState | null;
  /** Records in the handler's hands. */
  readonly inFlight: number | null;
  /** Records that wait for the handler. */
  readonly buffered: number | null;
  /** The part of the last second that its handlers were busy, 0..1. */
  readonly utilization: number | null;
  /** How many partitions it owns. */
  readonly owned: number;
  /** Faust's median of the newest event runtimes, in seconds. */
  readonly faustMedian: number | null;
}

/** Whether a worker takes part: it neither died nor left, and is not out of reach. */
export const isUp = ({ state }: Pick<WorkerMoment, "state">): boolean => state !== "crashed" && state !== "left" && state !== "offline";

/** One of the groups that read, at a moment. */
export interface GroupMoment {
  readonly name: string;
  /** Workers that take part. */
  readonly up: number;
  /** Records that it has not fetched, in all that it reads. */
  readonly waiting: number;
}

/** A reading: about four a second while time passes. */
export interface Moment {
  /** Seconds since the source began. */
  readonly time: number;
  /** The group's sum; undefined while no worker is up, and before the first snapshot came. */
  readonly snapshot: Snapshot | undefined;
  readonly workers: readonly WorkerMoment[];
  readonly isRebalancing: boolean;
  /** How often the group was rebalanced. */
  readonly generation: number;
  /** Records made so far; null where nobody counts them. */
  readonly produced: number | null;
  /** Every group that reads, by number, and which of them all the rest is of. Of a simulation alone. */
  readonly groups?: readonly GroupMoment[];
  readonly group?: number;
  /** The round of the cooperative rebalance that the group is in; 0 for none, or where another protocol rebalances. */
  readonly round?: number;
}

/** Something that happened, in a sentence. */
export interface LogEntry {
  /** Counts all entries, from 0. */
  readonly number: number;
  /** Seconds since the source began. */
  readonly time: number;
  /** `"rebalanceStarted"`; the journal's words, and `"health"` for a partition whose status changed. */
  readonly kind: string;
  readonly worker: number | null;
  readonly text: string;
}

/** What is looked at: it stands out everywhere. */
export type Selection =
  | { readonly kind: "partition"; readonly topic: string; readonly partition: number }
  | { readonly kind: "worker"; readonly id: number; readonly name: string }
  | undefined;
