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

/** What a handle says whose number is from before a fold: it has another now, or none. */
export const STALE = -1;

/** For as long as numbers keep their meaning in a monitor; what was looked up before is looked up again. */
export class Era {
  readonly owner: object;

  constructor(owner: object) {
    this.owner = owner;
  }
}

/** Of handles that know no number. */
export const NOBODYS = new Era({});

/**
 * A topic-partition from `monitor.topicPartition()`. Serves any monitor; in the one that made it,
 * hooks skip the look-up.
 */
export class TopicPartition implements TopicPartitionLike {
  readonly topic: string;
  readonly partition: number;
  // Private fields stay writable in a frozen object.
  #era: Era;
  #index: number;

  /** @internal Use `monitor.topicPartition()`. */
  constructor(topic: string, partition: number, era: Era, index: number) {
    this.topic = topic;
    this.partition = partition;
    this.#era = era;
    this.#index = index;
    Object.freeze(this);
  }

  /** @internal Its number in a monitor, `NONE` where it is not of that monitor, `STALE` from before a fold. */
  static indexIn(tp: object, era: Era): number {
    // The first is quick where it fails, the second never wrong.
    if (!(tp instanceof TopicPartition) || !(#era in tp)) return NONE;
    if (tp.#era === era) return tp.#index;
    return tp.#era.owner === era.owner ? STALE : NONE;
  }

  /** @internal Gives a stale handle its number of now. */
  static renew(tp: TopicPartition, era: Era, index: number): void {
    tp.#era = era;
    tp.#index = index;
  }
}

/**
 * A stream from `monitor.stream()`. Serves any monitor; in the one that made it, hooks skip the
 * look-up.
 */
export class Stream {
  readonly label: string;
  readonly task: string | null;
  #era: Era;
  #names: number;

  /** @internal Use `monitor.stream()`. */
  constructor(label: string, task: string | null, era: Era, names: number) {
    this.label = label;
    this.task = task;
    this.#era = era;
    this.#names = names;
    Object.freeze(this);
  }

  /** @internal The numbers of label and task in a monitor, NaN where it is not of that monitor, `STALE` from before a fold. */
  static namesIn(stream: object, era: Era): number {
    if (!(stream instanceof Stream) || !(#era in stream)) return Number.NaN;
    if (stream.#era === era) return stream.#names;
    return stream.#era.owner === era.owner ? STALE : Number.NaN;
  }

  /** @internal Gives a stale handle its numbers of now. */
  static renew(stream: Stream, era: Era, names: number): void {
    stream.#era = era;
    stream.#names = names;
  }
}
