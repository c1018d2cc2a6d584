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

/** The monitor's hooks, for what handles ask of them. */
export interface Owner {
  /** How often numbers got another meaning: what was looked up before is looked up again. */
  readonly folds: number;
}

/**
 * A topic-partition from `monitor.topicPartition()`. Serves any monitor; in the one that made it,
 * hooks skip the look-up.
 */
export class TopicPartition implements TopicPartitionLike {
  readonly topic: string;
  readonly partition: number;
  #owner: Owner;
  // Private fields stay writable in a frozen object.
  #index: number;
  #folds: number;

  /** @internal Use `monitor.topicPartition()`. */
  constructor(topic: string, partition: number, owner: Owner, index: number) {
    this.topic = topic;
    this.partition = partition;
    this.#owner = owner;
    this.#index = index;
    this.#folds = owner.folds;
    Object.freeze(this);
  }

  /** @internal Its number in `owner`, `NONE` where it is not of that monitor, `STALE` from before a fold. */
  static indexIn(tp: object, owner: Owner): number {
    if (!(#owner in tp) || tp.#owner !== owner) return NONE;
    return tp.#folds === owner.folds ? tp.#index : STALE;
  }

  /** @internal Gives a stale handle its number of now. */
  static renew(tp: TopicPartition, index: number): void {
    tp.#index = index;
    tp.#folds = tp.#owner.folds;
  }
}

/**
 * A stream from `monitor.stream()`. Serves any monitor; in the one that made it, hooks skip the
 * look-up.
 */
export class Stream {
  readonly label: string;
  readonly task: string | null;
  #owner: Owner;
  #names: number;
  #folds: number;

  /** @internal Use `monitor.stream()`. */
  constructor(label: string, task: string | null, owner: Owner, names: number) {
    this.label = label;
    this.task = task;
    this.#owner = owner;
    this.#names = names;
    this.#folds = owner.folds;
    Object.freeze(this);
  }

  /** @internal The numbers of label and task in `owner`, NaN where it is not of that monitor, `STALE` from before a fold. */
  static namesIn(stream: object, owner: Owner): number {
    if (!(#owner in stream) || stream.#owner !== owner) return Number.NaN;
    return stream.#folds === owner.folds ? stream.#names : STALE;
  }

  /** @internal Gives a stale handle its numbers of now. */
  static renew(stream: Stream, names: number): void {
    stream.#names = names;
    stream.#folds = stream.#owner.folds;
  }
}
