/** From what hooks are given to the numbers of the wasm module. */

import type { Figures } from "./core.js";
import { offsetNumber, wrongType } from "./checks.js";
import { Era, NOBODYS, NONE, STALE, Stream, TopicPartition, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { Labels, Partitions, Streams } from "./names.js";
import type { Logger } from "./options.js";
import { ANOMALIES } from "./schema.js";
import type { Offset } from "./sensor.js";

/** No such number, no such time. */
export const UNKNOWN = Number.NaN;

const kindOf = (name: (typeof ANOMALIES)[number]["name"]): number => ANOMALIES.findIndex((kind) => kind.name === name);
export const CLOCK_NOT_FINITE = kindOf("clockNotFinite");
export const TOKEN_COMPLETED_TWICE = kindOf("tokenCompletedTwice");
export const TOKEN_MISSING = kindOf("tokenMissing");

/** What no caller has: where there is no last handle, nothing passes for it. */
export const NO_HANDLE = new TopicPartition("", 0, NOBODYS, NONE);

export function isOffset(offset: unknown): offset is number {
  return Number.isSafeInteger(offset) && (offset as number) >= 0;
}

/** Fields are open to this package alone. */
export class Lookups {
  figures: Figures;
  readonly logger: Logger | undefined;

  // The hooks of one message are given the same things: they are looked at once.
  /** The handle of the topic-partition that the log spoke of last. */
  lastHandle = NO_HANDLE;
  /** The topic-partition that the log spoke of last, where that was no handle's. */
  placed = UNKNOWN;
  /** What the last message that came in was given as its topic-partition: it was nothing that must be refused. */
  lastPlace: TopicPartitionLike = NO_HANDLE;
  /** The last offset that was no refusal. */
  lastOffset = 0;
  /** The last one that was no number, and the number that it is. */
  lastGiven: Offset = 0;
  lastGivenNumber = 0;

  /** Kinds of anomalies, as bits, that were found where the logger, which may call hooks, could not be told. */
  untold = 0;

  /** Another where numbers got another meaning. */
  era = new Era(this);

  readonly partitions = new Partitions();
  readonly streams = new Streams();
  readonly receivedTopics = new Labels("tp.topic");

  // Bound once, so that a look-up makes no closure.
  readonly addPartition = (topic: string, partition: number): number => this.told(this.figures.partitionIndex(topic, partition));
  readonly addStream = (label: string): number => this.told(this.figures.streamLabel(label));
  readonly addTask = (label: string): number => this.told(this.figures.taskLabel(label));
  readonly addReceivedTopic = (topic: string): number => this.told(this.figures.receivedTopic(topic));

  constructor(figures: Figures, logger: Logger | undefined) {
    this.figures = figures;
    this.logger = logger;
  }

  /** Numbers may have got another meaning: all are looked up again, handles' too. */
  forget(): void {
    this.era = new Era(this);
    this.lastHandle = NO_HANDLE;
    this.lastPlace = NO_HANDLE;
    this.placed = UNKNOWN;
    this.partitions.forget();
    this.streams.forget();
    this.receivedTopics.forget();
  }

  /** The number of a message's topic-partition, as below; its offset is then `lastOffset`. */
  place(tp: TopicPartitionLike, offset: Offset): number {
    // First what may ask a getter, which may call hooks.
    const index = this.partitionAgain(tp);
    if (offset !== this.lastOffset) this.lastOffset = isOffset(offset) ? offset : this.numberOf(offset);
    return index;
  }

  /** An offset that is no number as one. */
  numberOf(offset: Offset): number {
    if (offset !== this.lastGiven) {
      this.lastGivenNumber = offsetNumber("offset", offset);
      this.lastGiven = offset;
    }
    return this.lastGivenNumber;
  }

  /** As below, without a look-up where these are the names that were looked up last. */
  partitionAgain(tp: TopicPartitionLike): number {
    if (typeof tp !== "object" || tp === null || (tp as TopicPartition).era !== undefined) return this.partition(tp);
    const { partitions } = this;
    // Both are read before they are compared: a getter may have another looked up.
    const { topic, partition } = tp;
    return partition === partitions.lastPartition && topic === partitions.lastTopic ? partitions.lastIndex : partitions.find(topic, partition);
  }

  /** The number of a topic-partition, `NONE` where it has none. Refuses what is no topic-partition. */
  partition(tp: TopicPartitionLike): number {
    if (typeof tp !== "object" || tp === null) throw wrongType("tp", "{topic, partition} or a handle", tp);
    const known = TopicPartition.indexIn(tp, this.era);
    if (known === NONE) return this.partitions.find(tp.topic, tp.partition);
    return known === STALE ? this.renewed(tp as TopicPartition) : known;
  }

  /** Of a handle from before a fold, which then knows its number again. */
  renewed(tp: TopicPartition): number {
    const index = this.partitions.find(tp.topic, tp.partition);
    if (index !== NONE) TopicPartition.renew(tp, this.era, index);
    return index;
  }

  /** The same, after giving it one where there is room. */
  partitionOrNew(tp: TopicPartitionLike): number {
    const index = this.partition(tp);
    return index === NONE ? this.partitions.add(tp.topic, tp.partition, this.addPartition) : index;
  }

  /** The numbers of a stream and its task, as the log has them. */
  resolveStream(stream: StreamLike): number {
    if (typeof stream === "string") return this.namesOf(stream, undefined);
    if (typeof stream !== "object" || stream === null) throw noStream(stream);
    if ((stream as Stream).streamEra === undefined) return this.namesOf(stream.label, stream.task);
    let names = Stream.namesIn(stream, this.era);
    if (names !== names) return this.namesOf(stream.label, stream.task);
    if (names === STALE) {
      names = this.namesOf(stream.label, stream.task);
      Stream.renew(stream as Stream, this.era, names);
    }
    return names;
  }

  namesOf(label: string, task: string | null | undefined): number {
    const names = this.streams.find(label, task);
    return names === names ? names : this.streams.add(label, task, this.addStream, this.addTask);
  }

  /** The numbers of a stream that are known, without giving it any; NaN where there are none. */
  knownNames(stream: StreamLike): number {
    if (typeof stream === "string") return this.streams.known(stream, undefined);
    if (typeof stream !== "object" || stream === null) throw noStream(stream);
    if ((stream as Stream).streamEra !== undefined) {
      const names = Stream.namesIn(stream, this.era);
      if (names >= 0) return names;
    }
    const { label, task } = stream;
    const names = this.streams.find(label, task);
    return names === names ? names : this.streams.known(label, task);
  }

  checkPartition(tp: TopicPartitionLike): void {
    this.partition(tp);
  }

  /** Counts an anomaly that only this side sees. */
  note(kind: number): void {
    this.figures.note(kind);
    this.tell();
  }

  /** Tells the logger of each kind of anomaly that was seen for the first time. */
  tell(): void {
    const kinds = this.untold | this.figures.takeUnreported();
    this.untold = 0;
    if (kinds === 0 || this.logger === undefined) return;
    for (const [place, kind] of ANOMALIES.entries()) {
      if ((kinds & (1 << place)) === 0) continue;
      try {
        const told: unknown = this.logger.warn(`streamgauge: ${kind.says} (${kind.name}; told once)`);
        if (told instanceof Promise) told.catch(() => {});
      } catch {
        // A logger that fails, now or later, must not make a hook fail.
      }
    }
  }

  /** What a look-up gave, after telling what it found. */
  told(number: number): number {
    this.tell();
    return number;
  }
}

function noStream(stream: unknown): Error {
  return wrongType("stream", "a label, {label, task} or a handle", stream);
}
