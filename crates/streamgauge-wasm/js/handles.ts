/** Names that already know their number in one monitor. */

/** What the hooks take for a topic-partition. */
export interface TopicPartitionLike {
  readonly topic: string;
  /** A whole number in 0..2^31-1. */
  readonly partition: number;
}

/** What the hooks take for a stream: its label, or label and task. */
export type StreamLike = string | { readonly label: string; readonly task?: string | null | undefined };

/** `NONE` of the wasm module: no room, no task. */
export const NONE = 0xffff_ffff;

/**
 * A topic-partition from `monitor.topicPartition()`. Serves any monitor; in the one that made it,
 * hooks skip the look-up.
 */
export class TopicPartition implements TopicPartitionLike {
  readonly topic: string;
  readonly partition: number;
  #owner: object;
  #index: number;

  /** @internal Use `monitor.topicPartition()`. */
  constructor(topic: string, partition: number, owner: object, index: number) {
    this.topic = topic;
    this.partition = partition;
    this.#owner = owner;
    this.#index = index;
    Object.freeze(this);
  }

  /** @internal Its number in `owner`, `NONE` where it is not of that monitor. */
  static indexIn(tp: object, owner: object): number {
    return #owner in tp && tp.#owner === owner ? tp.#index : NONE;
  }
}

/**
 * A stream from `monitor.stream()`. Serves any monitor; in the one that made it, hooks skip the
 * look-up.
 */
export class Stream {
  readonly label: string;
  readonly task: string | null;
  #owner: object;
  #labelNumber: number;
  #taskNumber: number;

  /** @internal Use `monitor.stream()`. */
  constructor(label: string, task: string | null, owner: object, labelNumber: number, taskNumber: number) {
    this.label = label;
    this.task = task;
    this.#owner = owner;
    this.#labelNumber = labelNumber;
    this.#taskNumber = taskNumber;
    Object.freeze(this);
  }

  /** @internal Whether it is of this monitor. */
  static isOf(stream: object, owner: object): stream is Stream {
    return #owner in stream && stream.#owner === owner;
  }

  /** @internal */
  static labelNumber(stream: Stream): number {
    return stream.#labelNumber;
  }

  /** @internal `NONE` where it has no task. */
  static taskNumber(stream: Stream): number {
    return stream.#taskNumber;
  }
}
