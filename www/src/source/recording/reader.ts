/** Reads a trace line by line into monitors, and keeps readings of them over all of its time. */

import type { AsDict, Snapshot } from "streamgauge";
import type { Replay } from "streamgauge/replay";
import type { decode, merge } from "streamgauge/snapshot";
import type { Moment, TopicPartition } from "../../model/moment.js";
import { Checkpoints } from "./checkpoints.js";
import { Journal } from "./journal.js";
import { Presence } from "./presence.js";
import type { Summary } from "./protocol.js";
import { Replays, type Line } from "./replays.js";

/** What reads and adds up: a browser's or Node's. */
export interface Tools {
  readonly Replay: typeof Replay;
  readonly merge: typeof merge;
  readonly decode: typeof decode;
}

/** A worker's figures at a checkpoint, in their compact forms. */
interface WorkerReading {
  readonly id: number;
  readonly isUp: boolean;
  readonly snapshot: Uint8Array;
  readonly asdict: Uint8Array;
  readonly faustMedian: number | null;
}

interface Checkpoint {
  readonly time: number;
  readonly bytes: number;
  readonly generation: number;
  /** The newest life of each worker, by number. */
  readonly workers: readonly WorkerReading[];
  /** How many of the ended lives there were already. */
  readonly ended: number;
}

/** The last snapshot of a life that another one followed. */
interface EndedLife {
  readonly worker: number;
  readonly snapshot: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class TraceReader {
  readonly #tools: Tools;
  readonly #replays: Replays;
  readonly #kept = new Checkpoints<Checkpoint>();
  readonly #presence = new Presence();
  readonly #journal = new Journal();
  readonly #ended: EndedLife[] = [];
  /** What the clock read at the trace's first line. */
  #start: number | undefined;
  #time = 0;

  /** @param start what the clock read at the trace's first line, where that is not a line of these workers. */
  constructor(tools: Tools, start?: number) {
    this.#start = start;
    this.#tools = tools;
    this.#replays = new Replays(tools.Replay);
  }

  get calls(): number {
    return this.#replays.calls;
  }

  /** Seconds from the trace's first line to the last that was read. */
  get time(): number {
    return this.#time;
  }

  /** @param number of the line in its file. @throws TraceError, which names the line, where it is no line of a trace. */
  line(text: string, line: Line | undefined, number: number): void {
    // A clock may be set back; a recording's time goes on.
    const time = line?.at === undefined ? this.#time : Math.max(line.at - (this.#start ??= line.at), this.#time);
    if (time > this.#time && this.#kept.isDue(time) && this.#presence.newest.length > 0) this.#keep(time);
    this.#time = time;
    this.#replays.line(text, line, number);
    if (line?.call !== undefined) this.#hear(line.label, line.call);
  }

  /** After the last line, at this time. @throws TraceError where there was no line at all. */
  end(time: number): void {
    this.#replays.end();
    this.#time = time;
    if (this.#presence.newest.length === 0) this.#hear("", "begin");
    this.#keep(this.#time);
  }

  summary(fileName: string, bytes: number, moments: readonly Moment[]): Summary {
    const { lines, calls } = this.#replays;
    const { entries, written } = this.#journal;
    return {
      fileName,
      bytes,
      lines,
      calls,
      seconds: this.#time,
      interval: this.#kept.interval,
      workers: this.#presence.names,
      partitions: partitionsOf(moments),
      entries,
      entriesLeftOut: written - entries.length,
    };
  }

  /** How many checkpoints there are. */
  get count(): number {
    return this.#kept.all.length;
  }

  /** A checkpoint's reading of the group. @throws SnapshotRefusal where its workers' figures cannot be added up. */
  moment(place: number): Moment {
    const { time, workers, generation, ended } = this.#checkpoint(place);
    const up = workers.filter(({ isUp }) => isUp);
    const present = new Set(up.map(({ id }) => id));
    const lives = this.#ended.slice(0, ended).filter(({ worker }) => present.has(worker));
    const snapshot = up.length === 0 ? undefined : this.#tools.merge([...up, ...lives].map((one) => one.snapshot));
    const owned = new Map<string, number>();
    for (const one of snapshot?.partitions ?? []) if (one.owned) owned.set(one.worker, (owned.get(one.worker) ?? 0) + 1);
    return {
      time,
      snapshot,
      workers: workers.map((one) => {
        const figures = this.#tools.decode(one.snapshot);
        const isRebalancing = figures.rebalances.inProgress > 0;
        return {
          id: one.id,
          name: this.#presence.names[one.id]!,
          state: one.isUp ? (isRebalancing ? "rebalancing" : "running") : "offline",
          inFlight: one.isUp ? figures.messages.active : null,
          buffered: null,
          utilization: one.isUp && figures.rates.busy.now !== null ? Math.min(figures.rates.busy.now, 1) : null,
          owned: one.isUp ? (owned.get(figures.worker) ?? 0) : 0,
          faustMedian: one.isUp ? one.faustMedian : null,
        };
      }),
      isRebalancing: (snapshot?.rebalances.inProgress ?? 0) > 0,
      generation,
      produced: null,
    };
  }

  asdict(place: number, worker: number): AsDict {
    return JSON.parse(decoder.decode(this.#reading(place, worker).asdict)) as AsDict;
  }

  snapshot(place: number, worker: number): Snapshot {
    return this.#tools.decode(this.#reading(place, worker).snapshot);
  }

  #checkpoint(place: number): Checkpoint {
    const found = this.#kept.all[place];
    if (found === undefined) throw new RangeError(`there is no checkpoint ${place}`);
    return found;
  }

  #reading(place: number, worker: number): WorkerReading {
    const found = this.#checkpoint(place).workers.find(({ id }) => id === worker);
    if (found === undefined) throw new RangeError(`there is no worker ${worker} at this time of the recording`);
    return found;
  }

  #hear(label: string, call: string): void {
    const ended = this.#presence.hear(label, call, this.#time, () => this.#replays.monitor(label).worker);
    if (ended !== undefined) {
      this.#ended.push({ worker: ended.id, snapshot: this.#replays.monitor(ended.label).snapshotBytes() });
      this.#replays.forget(ended.label);
      this.#journal.restarted(ended.label, ended.id, ended.name, this.#time);
    }
    this.#journal.hear(label, call, this.#time);
  }

  #keep(until: number): void {
    const before = this.#kept.all.at(-1);
    const workers = this.#presence.newest.map(({ id, label }): WorkerReading => {
      const isUp = this.#presence.isUp(id, this.#time);
      const known = before?.workers.find((one) => one.id === id);
      // Nothing comes from it, so nothing changes.
      if (!isUp && known?.isUp === false) return known;
      const monitor = this.#replays.monitor(label);
      const asdict = encoder.encode(JSON.stringify(monitor.asdict()));
      return { id, isUp, snapshot: monitor.snapshotBytes(), asdict, faustMedian: monitor.eventsRuntimeAvg };
    });
    const bytes = workers.reduce((sum, { snapshot, asdict }) => sum + snapshot.byteLength + asdict.byteLength, 0);
    this.#kept.add({ time: this.#time, bytes, generation: this.#journal.rebalances, workers, ended: this.#ended.length }, until);
  }
}

function partitionsOf(moments: readonly Moment[]): TopicPartition[] {
  const known = new Map<string, TopicPartition>();
  for (const { snapshot } of moments) {
    for (const { topic, partition } of snapshot?.partitions ?? []) known.set(JSON.stringify([topic, partition]), { topic, partition });
  }
  return [...known.values()].sort((one, other) => (one.topic === other.topic ? one.partition - other.partition : one.topic < other.topic ? -1 : 1));
}
