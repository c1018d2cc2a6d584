/** Turns the flat blocks of `src/block.rs` into what the API gives. */

import { put } from "./checks.js";
import { FIGURES, type AsDict, type Attributes, type FigureRow, type TableCounts, type TableState } from "./schema.js";

/** What a wasm module's figures must offer to be read. */
export interface FigureSource {
  asdictBlock(): number;
  figureBlock(row: number): number;
  number(row: number): number;
  /** Changes whenever a number may have got another name. */
  revision(): number;
  names(row: number, from: number): string[];
}

const ASDICT_ROWS = FIGURES.map((figure, row) => ({ ...figure, row })).filter((figure) => figure.asdict !== null);
const ROW_OF = new Map(FIGURES.map((figure, row) => [figure.attribute, row]));
/** All figures by partition share one list of topics. */
const TOPICS_ROW = FIGURES.findIndex((figure) => figure.shape === "offsetByPartition");

type ByTopic = Map<string, Map<number, number>>;

/** A table's counters: Faust's `TableState`. */
class Table implements TableState {
  constructor(
    readonly table: string,
    readonly keysRetrieved: number,
    readonly keysUpdated: number,
    readonly keysDeleted: number,
  ) {}

  asdict(): TableCounts {
    return { keys_retrieved: this.keysRetrieved, keys_updated: this.keysUpdated, keys_deleted: this.keysDeleted };
  }
}

/** Reads one monitor's figures. Names cross the boundary when their number is first met, as long as numbers keep their meaning. */
export class Decoder {
  readonly #source: FigureSource;
  readonly #memory: WebAssembly.Memory;
  readonly #names = new Map<number, string[]>();
  #revision = 0;
  #block = new Float64Array(0);
  #address = 0;
  #at = 0;

  constructor(source: FigureSource, memory: WebAssembly.Memory) {
    this.#source = source;
    this.#memory = memory;
  }

  /** Faust's dictionary. */
  asdict(): AsDict {
    this.#open(this.#source.asdictBlock());
    const dict: Record<string, unknown> = {};
    for (let place = 0; place < ASDICT_ROWS.length; place += 1) {
      const figure = ASDICT_ROWS[place]!;
      dict[figure.asdict!] = this.#dictValue(figure, figure.row);
    }
    return dict as unknown as AsDict;
  }

  /** One attribute by its row in the table of figures. */
  attribute(row: number): unknown {
    const figure = FIGURES[row]!;
    if (figure.shape === "whole" || figure.shape === "seconds") return this.#source.number(row);
    this.#open(this.#source.figureBlock(row));
    switch (figure.shape) {
      case "tables":
        return this.#tables(row, (name, retrieved, updated, deleted) => new Table(name, retrieved, updated, deleted));
      case "offsetByPartition":
      case "secondsByPartition":
        return this.#mapByPartition();
      default:
        return this.#dictValue(figure, row);
    }
  }

  #open(address: number): void {
    const buffer = this.#memory.buffer;
    const length = new Float64Array(buffer, address, 1)[0]!;
    this.#block = new Float64Array(buffer, address, length);
    this.#address = address;
    this.#at = 1;
    const revision = this.#source.revision();
    if (revision !== this.#revision) this.#names.clear();
    this.#revision = revision;
  }

  #dictValue(figure: FigureRow, row: number): unknown {
    switch (figure.shape) {
      case "whole":
      case "seconds":
        return this.#block[this.#at++];
      case "secondsList":
        return this.#list();
      case "wholeByLabel":
      case "signedByLabel":
        return this.#byLabel(row);
      case "tables":
        return this.#tables(row, (_, keys_retrieved, keys_updated, keys_deleted) => ({ keys_retrieved, keys_updated, keys_deleted }));
      case "wholeByStatus":
        return this.#byStatus();
      default:
        return this.#byPartition();
    }
  }

  #list(): number[] {
    const block = this.#block;
    const start = this.#at + 1;
    const length = block[this.#at]!;
    const values: number[] = [];
    for (let place = 0; place < length; place += 1) values.push(block[start + place]!);
    this.#at = start + length;
    return values;
  }

  #byLabel(row: number): Record<string, number> {
    const values: Record<string, number> = {};
    for (let left = this.#block[this.#at++]!; left > 0; left -= 1) {
      const name = this.#name(row, this.#block[this.#at]!);
      put(values, name, this.#block[this.#at + 1]!);
      this.#at += 2;
    }
    return values;
  }

  #tables<T>(row: number, make: (name: string, retrieved: number, updated: number, deleted: number) => T): Record<string, T> {
    const tables: Record<string, T> = {};
    for (let left = this.#block[this.#at++]!; left > 0; left -= 1) {
      const block = this.#block;
      const at = this.#at;
      const name = this.#name(row, block[at]!);
      put(tables, name, make(name, this.#block[at + 1]!, this.#block[at + 2]!, this.#block[at + 3]!));
      this.#at = at + 4;
    }
    return tables;
  }

  #byStatus(): Record<string, number> {
    const values: Record<string, number> = {};
    for (let left = this.#block[this.#at++]!; left > 0; left -= 1) {
      values[this.#block[this.#at]!] = this.#block[this.#at + 1]!;
      this.#at += 2;
    }
    return values;
  }

  #byPartition(): Record<string, Record<string, number>> {
    const topics: Record<string, Record<string, number>> = {};
    const byNumber: Record<string, number>[] = [];
    for (let left = this.#block[this.#at++]!; left > 0; left -= 1) {
      const topic = this.#block[this.#at]!;
      let partitions = byNumber[topic];
      if (partitions === undefined) {
        byNumber[topic] = partitions = {};
        put(topics, this.#name(TOPICS_ROW, topic), partitions);
      }
      partitions[this.#block[this.#at + 1]!] = this.#block[this.#at + 2]!;
      this.#at += 3;
    }
    return topics;
  }

  #mapByPartition(): ByTopic {
    const topics: ByTopic = new Map();
    for (let left = this.#block[this.#at++]!; left > 0; left -= 1) {
      const topic = this.#name(TOPICS_ROW, this.#block[this.#at]!);
      let partitions = topics.get(topic);
      if (partitions === undefined) topics.set(topic, (partitions = new Map()));
      partitions.set(this.#block[this.#at + 1]!, this.#block[this.#at + 2]!);
      this.#at += 3;
    }
    return topics;
  }

  #name(row: number, number: number): string {
    let names = this.#names.get(row);
    if (names === undefined) this.#names.set(row, (names = []));
    const name = names[number];
    if (name !== undefined) return name;
    const length = this.#block.length;
    for (const more of this.#source.names(row, names.length)) names.push(more);
    // The memory may have grown for the names, which empties every view; the block lies where it lay.
    if (this.#block.length === 0) this.#block = new Float64Array(this.#memory.buffer, this.#address, length);
    return names[number]!;
  }
}

/** Gives a class a getter for every attribute; `decoderOf` finds the decoder of an instance. */
export function defineAttributes<T extends object>(prototype: T, decoderOf: (instance: T) => Decoder): void {
  for (const [attribute, row] of ROW_OF) {
    Object.defineProperty(prototype, attribute, {
      configurable: true,
      enumerable: false,
      get(this: T): unknown {
        return decoderOf(this).attribute(row);
      },
    });
  }
}

export type { AsDict, Attributes };
