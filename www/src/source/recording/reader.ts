/** Reads a trace line by line into monitors, and keeps readings of them over all of its time. */

import type { AsDict, Snapshot } from "streamgauge";
import type { Replay } from "streamgauge/replay";
import type { decode, merge } from "streamgauge/snapshot";
import type { Moment, TopicPartition } from "../../model/moment.js";
import { Checkpoints } from "./checkpoints.js";
import { Journal } from "./journal.js";
import { Presence } from "./presence.js";
import type { Summary } from "./protocol.js";

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

/** What a line says of itself. */
interface Fields {
  readonly at?: unknown;
  readonly worker?: unknown;
  readonly call?: unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class TraceReader {
  readonly #tools: Tools;
  readonly #replay: Replay;
  readonly #kept = new Checkpoints<Checkpoint>();
  readonly #presence = new Presence();
  readonly #journal = new Journal();
  readonly #ended: EndedLife[] = [];
  /** What the clock read at the trace's first line. */
  #start: number | undefined;
  #time = 0;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#replay = new tools.Replay();
  }

  get lines(): number {
    return this.#replay.counts.lines;
  }

  /** @throws TraceError, which names the line, where it is no line of a trace. */
  line(text: string): void {
    const fields = fieldsOf(text);
    const at = fields?.at;
    if (typeof at === "number") {
      this.#start ??= at;
      // A clock may be set back; a recording's time goes on.
      const time = Math.max(at - this.#start, this.#time);
      if (time > this.#time && this.#kept.isDue(time) && this.#presence.newest.length > 0) this.#keep();
      this.#time = time;
    }
    this.#replay.line(text);
    if (fields !== undefined && typeof fields.call === "string") this.#hear(textOf(fields.worker) ?? "", fields.call);
  }

  /** After the last line. @throws TraceError where there was no line at all. */
  end(): void {
    this.#replay.end();
    if (this.#presence.newest.length === 0) this.#hear("", "begin");
    this.#keep();
  }

  summary(fileName: string, bytes: number, moments: readonly Moment[]): Summary {
    const { lines, calls } = this.#replay.counts;
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
          faustMedian: one.faustMedian,
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
    const ended = this.#presence.hear(label, call, this.#time, () => this.#replay.monitors.get(label)!.worker);
    if (ended !== undefined) {
      // The clock reads what it read when the next life began.
      this.#ended.push({ worker: ended.id, snapshot: this.#replay.monitors.get(ended.label)!.snapshotBytes() });
      this.#journal.restarted(ended.label, ended.id, ended.name, this.#time);
    }
    this.#journal.hear(label, call, this.#time);
  }

  #keep(): void {
    const before = this.#kept.all.at(-1);
    const { monitors } = this.#replay;
    const workers = this.#presence.newest.map(({ id, label }): WorkerReading => {
      const isUp = this.#presence.isUp(id, this.#time);
      const known = before?.workers.find((one) => one.id === id);
      // Nothing comes from it, so nothing changes.
      if (!isUp && known?.isUp === false) return known;
      const monitor = monitors.get(label)!;
      const asdict = encoder.encode(JSON.stringify(monitor.asdict()));
      return { id, isUp, snapshot: monitor.snapshotBytes(), asdict, faustMedian: monitor.eventsRuntimeAvg };
    });
    const bytes = workers.reduce((sum, { snapshot, asdict }) => sum + snapshot.byteLength + asdict.byteLength, 0);
    this.#kept.add({ time: this.#time, bytes, generation: this.#journal.rebalances, workers, ended: this.#ended.length });
  }
}

/** Undefined for what is no object: the replay says what is wrong with it. */
function fieldsOf(text: string): Fields | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" || typeof value === "number" ? String(value) : undefined);

function partitionsOf(moments: readonly Moment[]): TopicPartition[] {
  const known = new Map<string, TopicPartition>();
  for (const { snapshot } of moments) {
    for (const { topic, partition } of snapshot?.partitions ?? []) known.set(JSON.stringify([topic, partition]), { topic, partition });
  }
  return [...known.values()].sort((one, other) => (one.topic === other.topic ? one.partition - other.partition : one.topic < other.topic ? -1 : 1));
}
