/** Names this monitor has seen, and their numbers in the wasm module. */

import { checkName, MAX_PARTITION, wellFormedName, wholeNumber } from "./checks.js";
import { NONE } from "./handles.js";

/**
 * The numbers of one family's labels. Only names that got a number of their own are remembered,
 * so the map is bounded as the family is: what goes under `(other)` is looked up each time.
 */
export class Labels {
  readonly #numbers = new Map<string, number>();
  readonly #argument: string;
  #lastName: unknown = undefined;
  #lastNumber = NONE;

  constructor(argument: string) {
    this.#argument = argument;
  }

  /** The number of `name`; `add` asks the wasm module for that of a new one. */
  number(name: unknown, add: (name: string) => number): number {
    const number = this.find(name);
    return number === NONE ? this.add(name, add) : number;
  }

  /** The number of `name`, `NONE` where it has none, whatever it is. */
  find(name: unknown): number {
    if (name === this.#lastName) return this.#lastNumber;
    const number = this.#numbers.get(name as string);
    if (number === undefined) return NONE;
    this.#lastName = name;
    this.#lastNumber = number;
    return number;
  }

  /** Refuses what is no name. */
  check(name: unknown): void {
    if (this.find(name) === NONE) checkName(this.#argument, name);
  }

  /** Gives a number to a name that has none. */
  add(name: unknown, add: (name: string) => number): number {
    const wellFormed = wellFormedName(this.#argument, name);
    let number = this.#numbers.get(wellFormed);
    if (number !== undefined) return number;
    number = add(wellFormed);
    // 0 is `(other)`.
    if (number !== 0) this.#numbers.set(wellFormed, number);
    return number;
  }
}

/** The numbers of topic-partitions, bounded as the wasm module's table is. */
export class Partitions {
  readonly #topics = new Map<string, Map<number, number>>();
  #lastTopic = "";
  // Equal to nothing, so that nothing passes for known before the first look-up.
  #lastPartition = Number.NaN;
  #lastIndex = NONE;

  /** Whether these are the topic and partition of the last look-up, and so well-formed. */
  knew(topic: unknown, partition: unknown): boolean {
    return topic === this.#lastTopic && partition === this.#lastPartition;
  }

  /** The number, `NONE` where it has none. Refuses what is no topic-partition. */
  find(topic: unknown, partition: unknown): number {
    if (topic === this.#lastTopic && partition === this.#lastPartition) return this.#lastIndex;
    const index = this.#topics.get(topic as string)?.get(partition as number);
    if (index === undefined) {
      checkName("tp.topic", topic);
      wholeNumber("tp.partition", partition, 0, MAX_PARTITION);
      return NONE;
    }
    this.#lastTopic = topic as string;
    this.#lastPartition = partition as number;
    this.#lastIndex = index;
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
}
