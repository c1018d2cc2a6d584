/** The names that hooks count by, and their numbers in the wasm module; those of messages have their own place. */

import type { Figures } from "./core.js";
import { Labels } from "./names.js";

/** One family of names. */
export class Family extends Labels {
  readonly #add: (name: string) => number;

  constructor(argument: string, add: (name: string) => number) {
    super(argument);
    this.#add = add;
  }

  /** The number of a name, which gets one where it has none. */
  of(name: unknown): number {
    return this.number(name, this.#add);
  }
}

/** Where they come from, for as long as the monitor was not freed. */
interface Source {
  readonly figures: Figures;
  /** Passes a number on, and tells what finding it brought up. */
  told(number: number): number;
}

/** All of one monitor's. */
export class Families {
  readonly tables: Family;
  readonly metrics: Family;
  readonly sentTopics: Family;
  readonly fullTopics: Family;
  readonly errorKinds: Family;
  readonly errorTopics: Family;
  readonly retryTopics: Family;
  readonly deadLetterTopics: Family;

  constructor(hooks: Source) {
    this.tables = new Family("table", (name) => hooks.told(hooks.figures.tableName(name)));
    this.metrics = new Family("name", (name) => hooks.told(hooks.figures.metricName(name)));
    this.sentTopics = new Family("topic", (name) => hooks.told(hooks.figures.sentTopic(name)));
    this.fullTopics = new Family("topic", (name) => hooks.told(hooks.figures.bufferFullTopic(name)));
    this.errorKinds = new Family("kind", (name) => hooks.told(hooks.figures.errorKind(name)));
    this.errorTopics = new Family("tp.topic", (name) => hooks.told(hooks.figures.errorTopic(name)));
    this.retryTopics = new Family("tp.topic", (name) => hooks.told(hooks.figures.retryTopic(name)));
    this.deadLetterTopics = new Family("tp.topic", (name) => hooks.told(hooks.figures.deadLetterTopic(name)));
  }

  /** Numbers may have got other names. */
  forget(): void {
    for (const family of Object.values(this) as Family[]) family.forget();
  }
}
