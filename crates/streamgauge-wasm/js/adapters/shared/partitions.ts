/** What an adapter knows of each partition, found without a look-up where it is the one of before. */

import type { StreamLike, TopicPartitionLike } from "../../handles.js";
import type { Sensor } from "../../sensor.js";

/** The parts of a `Monitor` that spare its hooks the look-ups; other sensors have none. */
interface HandleMaker {
  topicPartition?(topic: string, partition: number): TopicPartitionLike;
  stream?(label: string, task?: string | null): StreamLike;
}

/** One partition. */
export class Partition {
  readonly tp: TopicPartitionLike;
  readonly stream: StreamLike;
  /** The highest end offset that a fetch told; -1 where none did. */
  end = -1;
  /** A fetch told its end offset since somebody looked last. */
  endIsNew = false;
  /** The number of the last commit that was told of it, of all partitions' commits; 0 before the first. */
  committedAt = 0;
  /** The messages that failed and will come again: from, to. Both -1 where there are none. */
  retryFrom = -1;
  retryTo = -1;
  /** Where the host sent the client, which goes there with a fetch to come; -1 where it did not. */
  sought = -1;

  constructor(tp: TopicPartitionLike, stream: StreamLike) {
    this.tp = tp;
    this.stream = stream;
  }
}

/** An offset that was committed, as clients say it. */
export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number | string;
  readonly offset: unknown;
}

/** How the streams of events are called. */
export interface StreamNames {
  /** The stream's label; each topic's name where it is not given. */
  readonly streamName?: string | undefined;
  /** The task's label. */
  readonly taskName?: string | undefined;
}

export class Partitions {
  readonly #monitor: Sensor;
  readonly #names: StreamNames;
  readonly #topics = new Map<string, Map<number, Partition>>();
  #lastTopic = "";
  #lastNumber = -1;
  #last: Partition | undefined;
  #commits = 0;

  constructor(monitor: Sensor, names: StreamNames) {
    this.#monitor = monitor;
    this.#names = names;
  }

  of(topic: string, number: number): Partition {
    if (number === this.#lastNumber && topic === this.#lastTopic && this.#last !== undefined) return this.#last;
    let topics = this.#topics.get(topic);
    if (topics === undefined) this.#topics.set(topic, (topics = new Map()));
    let found = topics.get(number);
    if (found === undefined) topics.set(number, (found = this.#made(topic, number)));
    this.#lastTopic = topic;
    this.#lastNumber = number;
    this.#last = found;
    return found;
  }

  #made(topic: string, number: number): Partition {
    const maker = this.#monitor as HandleMaker;
    const { streamName: label = topic, taskName: task } = this.#names;
    return new Partition(
      maker.topicPartition?.(topic, number) ?? { topic, partition: number },
      maker.stream?.(label, task ?? null) ?? { label, task },
    );
  }

  /** The end offset as a fetch brought it; what the client does not know (-1) is passed over. */
  endSeen(topic: string, number: number, end: unknown): void {
    const offset = Number(end);
    if (!Number.isSafeInteger(offset) || offset < 0) return;
    const partition = this.of(topic, number);
    partition.end = offset;
    partition.endIsNew = true;
    this.#monitor.trackTpEndOffset(partition.tp, offset);
  }

  /**
   * The end offset as somebody else answered, of a partition of which no fetch brought it since the
   * last time. Such an answer may be older than a fetch (or short: some brokers' ListOffsets is), so it never
   * takes the end back.
   */
  endAnswered(topic: string, number: number, end: unknown): void {
    const offset = Number(end);
    const partition = this.of(topic, number);
    const isKnown = partition.endIsNew;
    partition.endIsNew = false;
    if (isKnown || !Number.isSafeInteger(offset) || offset < 0 || offset < partition.end) return;
    this.#monitor.trackTpEndOffset(partition.tp, offset);
  }

  /** Offsets that were committed; what means "none" (below 0) is passed over. KafkaJS makes texts of partitions, too. */
  committed(offsets: Iterable<CommittedOffset>): void {
    this.#commits += 1;
    const pairs: (readonly [TopicPartitionLike, number])[] = [];
    for (const { topic, partition: number, offset } of offsets) {
      const committed = Number(String(offset));
      if (!Number.isSafeInteger(committed) || committed < 0) continue;
      const partition = this.of(topic, Number(number));
      partition.committedAt = this.#commits;
      pairs.push([partition.tp, committed]);
    }
    if (pairs.length > 0) this.#monitor.onTpCommit(pairs);
  }

  /** What time it is by commits, for `committedAsOf`. */
  get commits(): number {
    return this.#commits;
  }

  /** Committed offsets as somebody answered who was asked at `asked`. A commit since then is newer than the answer. */
  committedAsOf(asked: number, offsets: Iterable<CommittedOffset>): void {
    this.committed([...offsets].filter(({ topic, partition }) => this.of(topic, Number(partition)).committedAt <= asked));
  }

  /** Messages from `from` to `to` failed and will come again. */
  failed(partition: Partition, from: string | number | bigint, to: string | number | bigint): void {
    partition.retryFrom = Number(from);
    partition.retryTo = Number(to);
  }

  /** A message came: again? Asked where `retryTo` is not -1. */
  cameAgain(partition: Partition, offset: string | number | bigint): void {
    const at = Number(offset);
    if (at >= partition.retryFrom && at <= partition.retryTo) this.#monitor.onRetry(partition.tp);
    if (at >= partition.retryTo) partition.retryTo = -1;
  }
}
