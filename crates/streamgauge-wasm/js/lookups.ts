/** From what hooks are given to the numbers of the wasm module. */

import type { Figures } from "../pkg/core/streamgauge.js";
import { checkName, MAX_PARTITION, offsetNumber, wholeNumber, wrongType } from "./checks.js";
import { NONE, STALE, Stream, TopicPartition, type StreamLike, type TopicPartitionLike } from "./handles.js";
import { Labels, Partitions } from "./names.js";
import type { Logger } from "./options.js";
import { ANOMALIES } from "./schema.js";
import type { Offset } from "./sensor.js";

/** Stream and task share one, too: `stream * TASKS + task`, where the last task is none. */
const TASKS = 2 ** 21;
const NO_TASK = TASKS - 1;
/** No such number, no such time. */
export const UNKNOWN = Number.NaN;

const kindOf = (name: (typeof ANOMALIES)[number]["name"]): number => ANOMALIES.findIndex((kind) => kind.name === name);
export const CLOCK_NOT_FINITE = kindOf("clockNotFinite");
export const TOKEN_COMPLETED_TWICE = kindOf("tokenCompletedTwice");
export const TOKEN_MISSING = kindOf("tokenMissing");

// What no caller has: before the first handle, nothing passes for the last one.
const NOBODY = { folds: 0 };
const NO_HANDLE = new TopicPartition("", 0, NOBODY, NONE);
const NO_STREAM = new Stream("", null, NOBODY, 0);

export function isOffset(offset: unknown): offset is number {
  return Number.isSafeInteger(offset) && (offset as number) >= 0;
}

/** Fields are open to this package alone. */
export class Lookups {
  figures: Figures;
  readonly logger: Logger | undefined;

  // The last handles, which cannot change: the hooks of one message look them up once.
  lastHandle = NO_HANDLE;
  lastIndex = NONE;
  lastStream = NO_STREAM;
  /** The last stream and its task, as the log has them. */
  lastNames = 0;

  /** How often numbers got another meaning. */
  folds = 0;

  readonly partitions = new Partitions();
  readonly streams = new Labels("stream");
  readonly tasks = new Labels("stream.task");
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
    this.folds += 1;
    this.lastHandle = NO_HANDLE;
    this.lastIndex = NONE;
    this.lastStream = NO_STREAM;
    this.lastNames = 0;
    this.partitions.forget();
    this.streams.forget();
    this.tasks.forget();
    this.receivedTopics.forget();
  }

  /** The number of a topic-partition, `NONE` where it has none. */
  partition(tp: TopicPartitionLike): number {
    if (typeof tp !== "object" || tp === null) throw wrongType("tp", "{topic, partition} or a handle", tp);
    const known = TopicPartition.indexIn(tp, this);
    if (known === NONE) return this.partitions.find(tp.topic, tp.partition);
    if (known === STALE) return this.renewed(tp as TopicPartition);
    this.lastHandle = tp as TopicPartition;
    this.lastIndex = known;
    return known;
  }

  /** Of a handle from before a fold, which then knows its number again. */
  renewed(tp: TopicPartition): number {
    const index = this.partitions.find(tp.topic, tp.partition);
    if (index !== NONE) TopicPartition.renew(tp, index);
    return index;
  }

  /** The same, after giving it one where there is room. */
  partitionOrNew(tp: TopicPartitionLike): number {
    const index = this.partition(tp);
    return index === NONE ? this.partitions.add(tp.topic, tp.partition, this.addPartition) : index;
  }

  /** The numbers of a stream and its task, as the log has them. */
  resolveStream(stream: StreamLike): number {
    if (typeof stream === "string") return this.streams.number(stream, this.addStream) * TASKS + NO_TASK;
    if (typeof stream !== "object" || stream === null) throw wrongType("stream", "a label, {label, task} or a handle", stream);
    let names = Stream.namesIn(stream, this);
    if (names !== names) return this.namesOf(stream.label, stream.task);
    if (names === STALE) {
      names = this.namesOf(stream.label, stream.task);
      Stream.renew(stream as Stream, names);
    }
    this.lastStream = stream as Stream;
    this.lastNames = names;
    return names;
  }

  namesOf(name: string, taskName: string | null | undefined): number {
    let label = this.streams.find(name);
    if (label === NONE) {
      // Both are checked before one is added.
      if (taskName != null) this.tasks.check(taskName);
      label = this.streams.add(name, this.addStream);
    }
    return label * TASKS + (taskName == null ? NO_TASK : this.tasks.number(taskName, this.addTask));
  }

  /** The numbers of a stream that are known, without giving it any; NaN where there are none. */
  checkEvent(tp: TopicPartitionLike, offset: Offset, stream: StreamLike): number {
    this.checkMessage(tp, offset);
    if (typeof stream === "string") return this.knownStream(stream);
    if (typeof stream !== "object" || stream === null) throw wrongType("stream", "a label, {label, task} or a handle", stream);
    const { label, task } = stream;
    const known = this.knownStream(label);
    if (task != null) this.tasks.check(task);
    return known;
  }

  knownStream(label: string): number {
    const number = this.streams.find(label);
    if (number !== NONE) return number * TASKS;
    checkName(this.streams.argument, label);
    return this.streams.isFull ? 0 : UNKNOWN;
  }

  checkMessage(tp: TopicPartitionLike, offset: Offset): void {
    this.checkPartition(tp);
    if (!isOffset(offset)) offsetNumber("offset", offset);
  }

  checkPartition(tp: TopicPartitionLike): void {
    if (typeof tp !== "object" || tp === null) throw wrongType("tp", "{topic, partition} or a handle", tp);
    const { topic, partition } = tp;
    if (this.partitions.knew(topic, partition)) return;
    checkName("tp.topic", topic);
    wholeNumber("tp.partition", partition, 0, MAX_PARTITION);
  }

  /** Counts an anomaly that only this side sees. */
  note(kind: number): void {
    this.figures.note(kind);
    this.tell();
  }

  /** Tells the logger of each kind of anomaly that was seen for the first time. */
  tell(): void {
    const kinds = this.figures.takeUnreported();
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
