/** Names this monitor has seen, and their numbers in the wasm module. */

import { checkName, MAX_PARTITION, wellFormedName, wholeNumber } from "./checks.js";
import { NONE } from "./handles.js";

/** Places in which a name's number is kept for the next look-up; powers of two. */
const LABEL_PLACES = 64;
const PARTITION_PLACES = 256;

/** Where a name is kept: names that differ do so in their last character or their length, as a rule. */
function placeOf(name: string): number {
  return name.length * 7 + name.charCodeAt(name.length - 1) * 13;
}

/**
 * The numbers of one family's labels. Only names that got a number of their own are remembered,
 * so the map is bounded as the family is: what goes under `(other)` is looked up each time. When
 * labels were folded all is forgotten, and asked for again.
 */
export class Labels {
  readonly #numbers = new Map<string, number>();
  /** What refusals call a name. */
  readonly argument: string;
  // Names looked up lately, each in its place: a Map asks a string for its hash, which costs more.
  readonly #recent: (string | undefined)[] = new Array<string | undefined>(LABEL_PLACES).fill(undefined);
  readonly #recentNumbers = new Uint32Array(LABEL_PLACES);
  /** Whether a name went under `(other)`: then so may any that has no number. */
  isFull = false;

  constructor(argument: string) {
    this.argument = argument;
  }

  /** The number of `name`; `add` asks the wasm module for that of a new one. */
  number(name: unknown, add: (name: string) => number): number {
    const number = this.find(name);
    return number === NONE ? this.add(name, add) : number;
  }

  /** The number of `name`, `NONE` where it has none, whatever it is. */
  find(name: unknown): number {
    if (typeof name !== "string") return NONE;
    const place = placeOf(name) & (LABEL_PLACES - 1);
    return this.#recent[place] === name ? this.#recentNumbers[place]! : this.#findIn(name, place);
  }

  #findIn(name: string, place: number): number {
    const number = this.#numbers.get(name);
    if (number === undefined) return NONE;
    this.#recent[place] = name;
    this.#recentNumbers[place] = number;
    return number;
  }

  /** Refuses what is no name. */
  check(name: unknown): void {
    if (this.find(name) === NONE) checkName(this.argument, name);
  }

  /** Gives a number to a name that has none. */
  add(name: unknown, add: (name: string) => number): number {
    const wellFormed = wellFormedName(this.argument, name);
    let number = this.#numbers.get(wellFormed);
    if (number !== undefined) return number;
    number = add(wellFormed);
    // 0 is `(other)`.
    if (number !== 0) this.#numbers.set(wellFormed, number);
    else this.isFull = true;
    return number;
  }

  /** Numbers may have got other names. */
  forget(): void {
    this.#numbers.clear();
    this.#recent.fill(undefined);
    this.isFull = false;
  }
}

/** Stream and task share a number: `stream * TASKS + task`, where the last task is none. */
const TASKS = 2 ** 21;
const NO_TASK = TASKS - 1;
/** Of a stream that is not known: no stream has so high a number. */
export const NO_NAMES = NO_TASK * TASKS;

/** The numbers of streams and their tasks. */
export class Streams {
  readonly labels = new Labels("stream");
  readonly tasks = new Labels("stream.task");
  // As in `Labels`, for both at once.
  readonly #recentLabels: unknown[] = new Array<unknown>(LABEL_PLACES).fill(undefined);
  readonly #recentTasks: unknown[] = new Array<unknown>(LABEL_PLACES).fill(undefined);
  readonly #recentNumbers = new Float64Array(LABEL_PLACES);
  // And the last, which the two hooks of an event share.
  lastLabel: unknown = undefined;
  lastTask: unknown = undefined;
  lastNumber = Number.NaN;

  /** Their number where it was found lately, NaN where not. */
  find(label: unknown, task: unknown): number {
    return label === this.lastLabel && task === this.lastTask ? this.lastNumber : this.#findRecent(label, task);
  }

  #findRecent(label: unknown, task: unknown): number {
    if (typeof label !== "string") return Number.NaN;
    const place = placeOf(label) & (LABEL_PLACES - 1);
    if (this.#recentLabels[place] !== label || this.#recentTasks[place] !== task) return Number.NaN;
    this.lastLabel = label;
    this.lastTask = task;
    return (this.lastNumber = this.#recentNumbers[place]!);
  }

  /** Their number, after giving them one where they have none. */
  add(label: string, task: unknown, addLabel: (name: string) => number, addTask: (name: string) => number): number {
    let stream = this.labels.find(label);
    if (stream === NONE) {
      // Both are checked before one is added.
      if (task != null) this.tasks.check(task);
      stream = this.labels.add(label, addLabel);
    }
    const taskNumber = task == null ? NO_TASK : this.tasks.number(task, addTask);
    const number = stream * TASKS + taskNumber;
    // 0 is `(other)`, which is not remembered.
    if (stream !== 0 && taskNumber !== 0) {
      const place = placeOf(label) & (LABEL_PLACES - 1);
      this.#recentLabels[place] = label;
      this.#recentTasks[place] = task;
      this.#recentNumbers[place] = number;
    }
    return number;
  }

  /** The stream's number with no certain task, NaN where it has none. Refuses what are no names. */
  known(label: unknown, task: unknown): number {
    const number = this.labels.find(label);
    if (number === NONE) checkName(this.labels.argument, label);
    if (task != null) this.tasks.check(task);
    if (number !== NONE) return number * TASKS;
    return this.labels.isFull ? 0 : Number.NaN;
  }

  /** Numbers may have got other names. */
  forget(): void {
    this.labels.forget();
    this.tasks.forget();
    this.#recentLabels.fill(undefined);
    this.lastLabel = undefined;
    this.lastNumber = Number.NaN;
  }
}

/** The numbers of topic-partitions, bounded as the wasm module's table is. */
export class Partitions {
  readonly #topics = new Map<string, Map<number, number>>();
  // As in `Labels`; no partition is -1, so nothing passes for known before it was looked up.
  readonly #recentTopics: (string | undefined)[] = new Array<string | undefined>(PARTITION_PLACES).fill(undefined);
  readonly #recentPartitions = new Int32Array(PARTITION_PLACES).fill(-1);
  readonly #recentIndexes = new Uint32Array(PARTITION_PLACES);
  // And the last, which the hooks of one message share.
  lastTopic = "";
  lastPartition = Number.NaN;
  lastIndex = NONE;

  /** The number, `NONE` where it has none. Refuses what is no topic-partition. */
  find(topic: unknown, partition: unknown): number {
    if (typeof topic !== "string" || typeof partition !== "number") return this.#findIn(topic, partition, 0);
    const place = (placeOf(topic) + partition) & (PARTITION_PLACES - 1);
    if (this.#recentPartitions[place] !== partition || this.#recentTopics[place] !== topic) return this.#findIn(topic, partition, place);
    this.lastPartition = partition;
    this.lastTopic = topic;
    return (this.lastIndex = this.#recentIndexes[place]!);
  }

  #findIn(topic: unknown, partition: unknown, place: number): number {
    const index = this.#topics.get(topic as string)?.get(partition as number);
    if (index === undefined) {
      checkName("tp.topic", topic);
      wholeNumber("tp.partition", partition, 0, MAX_PARTITION);
      return NONE;
    }
    this.#recentTopics[place] = topic as string;
    this.#recentPartitions[place] = partition as number;
    this.#recentIndexes[place] = index;
    return index;
  }

  /** Gives a number to one that has none; `NONE` where the wasm module, which `add` asks, has no room for it. */
  add(topic: unknown, partition: unknown, add: (topic: string, partition: number) => number): number {
    const name = wellFormedName("tp.topic", topic);
    const number = wholeNumber("tp.partition", partition, 0, MAX_PARTITION);
    let partitions = this.#topics.get(name);
    let index = partitions?.get(number);
    if (index !== undefined) return index;
    index = add(name, number);
    if (index === NONE) return NONE;
    if (partitions === undefined) this.#topics.set(name, (partitions = new Map()));
    partitions.set(number, index);
    return index;
  }

  /** Indexes may have got other topic-partitions. */
  forget(): void {
    this.#topics.clear();
    this.#recentPartitions.fill(-1);
    this.lastPartition = Number.NaN;
  }
}
