/** A trace that may be of several consumer groups: each is read as if it were alone. */

import type { GroupMoment, Moment } from "../../model/moment.js";
import type { Summary } from "./protocol.js";
import { TraceReader, type Tools } from "./reader.js";
import { lineOf } from "./replays.js";

/** What a group is called of which the trace says nothing, where it says so of others. */
const UNNAMED = "workers";

export class TraceGroups {
  readonly #tools: Tools;
  /** By the groups' names, in the order in which they come; empty for workers of no group. */
  readonly #readers = new Map<string, TraceReader>();
  /** The groups of the workers that have one, by their names in lines. */
  readonly #groupOf = new Map<string, string>();
  readonly #moments: (readonly Moment[])[] = [];
  #header: { readonly text: string; readonly line: number } | undefined;
  #start: number | undefined;
  #lines = 0;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  get lines(): number {
    return this.#lines;
  }

  /** @throws TraceError, which names the line, where it is no line of a trace. */
  line(text: string): void {
    this.#lines += 1;
    if (text.trim() === "") return;
    const line = lineOf(text);
    if (this.#header === undefined) {
      this.#header = { text, line: this.#lines };
      this.#start = line?.at;
      // Whoever reads says what is wrong with it.
      if (line === undefined || line.call !== undefined) this.#readerOf("");
      return;
    }
    this.#start ??= line?.at;
    if (line?.group !== undefined) this.#groupOf.set(line.label, line.group);
    this.#readerOf(this.#groupOf.get(line?.label ?? "") ?? "").line(text, line, this.#lines);
  }

  /** After the last line. @throws TraceError where there was no line at all. */
  end(): void {
    if (this.#readers.size === 0) this.#readerOf("");
    const readers = [...this.#readers.values()];
    const end = Math.max(...readers.map(({ time }) => time));
    for (const reader of readers) reader.end(end);
    const each = readers.map((reader) => Array.from({ length: reader.count }, (_, place) => reader.moment(place)));
    for (const [group, moments] of each.entries()) this.#moments.push(each.length === 1 ? moments : moments.map((moment) => ({ ...moment, group, groups: this.#standing(each, moment.time) })));
  }

  /** How many groups there are. */
  get count(): number {
    return this.#readers.size;
  }

  /** The number of the group of a name. */
  numberOf(name: string): number {
    return this.#names.indexOf(name);
  }

  reader(group: number): TraceReader {
    return [...this.#readers.values()][group]!;
  }

  /** One for each checkpoint of a group, in the order of time. @throws SnapshotRefusal where its workers' figures cannot be added up. */
  moments(group: number): readonly Moment[] {
    return this.#moments[group]!;
  }

  summary(group: number, fileName: string, bytes: number): Summary {
    const calls = [...this.#readers.values()].reduce((sum, reader) => sum + reader.calls, 0);
    return { ...this.reader(group).summary(fileName, bytes, this.moments(group)), lines: this.#lines, calls };
  }

  get #names(): readonly string[] {
    return [...this.#readers.keys()].map((name) => name || UNNAMED);
  }

  /** Every group as its last checkpoint by this time has it. */
  #standing(each: readonly (readonly Moment[])[], time: number): readonly GroupMoment[] {
    return this.#names.map((name, group) => {
      const last = each[group]!.findLast((moment) => moment.time <= time);
      return { name, up: last?.workers.filter(({ state }) => state !== "offline").length ?? 0, waiting: last?.snapshot?.lag.recordsSum ?? 0 };
    });
  }

  #readerOf(group: string): TraceReader {
    let reader = this.#readers.get(group);
    if (reader === undefined) {
      reader = new TraceReader(this.#tools, this.#start);
      this.#readers.set(group, reader);
      if (this.#header !== undefined) reader.line(this.#header.text, lineOf(this.#header.text), this.#header.line);
    }
    return reader;
  }
}
