/** What the page and the Web Worker that replays a trace say to each other. */

import type { AsDict, Snapshot } from "streamgauge";
import type { LogEntry, Moment, TopicPartition } from "../../model/moment.js";

export type Request =
  /** Reads the whole file; once. */
  | { readonly type: "read"; readonly file: File }
  /** Shows another of several groups. */
  | { readonly type: "group"; readonly id: number; readonly name: string }
  | { readonly type: "asdict"; readonly id: number; readonly checkpoint: number; readonly worker: number }
  | { readonly type: "snapshot"; readonly id: number; readonly checkpoint: number; readonly worker: number };

/** A group of a trace. */
export interface Read {
  readonly summary: Summary;
  /** One for each checkpoint, in the order of time; at least one. */
  readonly moments: readonly Moment[];
}

/** What a trace holds, beside its moments. */
export interface Summary {
  readonly fileName: string;
  readonly bytes: number;
  readonly lines: number;
  readonly calls: number;
  /** Seconds from its first line to its last. */
  readonly seconds: number;
  /** Seconds between two checkpoints, at least. */
  readonly interval: number;
  readonly workers: readonly string[];
  /** Every partition that a snapshot names, by topic and number. */
  readonly partitions: readonly TopicPartition[];
  readonly entries: readonly LogEntry[];
  /** Starts of rebalances that `entries` has no more. */
  readonly entriesLeftOut: number;
}

export type Reply =
  /** It listens. */
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly bytes: number; readonly lines: number }
  /** Some of its moments, in the order of time: one for each checkpoint. */
  | { readonly type: "moments"; readonly moments: readonly Moment[] }
  | { readonly type: "done"; readonly summary: Summary }
  /** The file is no trace, or breaks off; in a sentence. */
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "answer"; readonly id: number; readonly value: AsDict | Snapshot | Read }
  | { readonly type: "refused"; readonly id: number; readonly message: string };
