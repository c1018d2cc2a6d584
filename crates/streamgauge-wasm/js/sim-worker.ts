/** A worker of a simulation, with the figures of its monitor. */

import { decodeCbor } from "./cbor.js";
import { Decoder, defineAttributes } from "./decode.js";
import type { AsDict, Attributes } from "./schema.js";
import type { Core } from "./sim-module.js";
import { WORKER_STATES, type WorkerState } from "./sim-state.js";
import type { Snapshot } from "./snapshot-schema.js";

/** A topic-partition. */
export interface OwnedPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A partition that a group reads. */
export interface ReadPartition extends OwnedPartition {
  /** The number of the group, by its place in `simulation.groups`. */
  readonly group: number;
}

export interface SimulatedWorker extends Attributes {}

/**
 * A worker of a `Simulation`. It has every attribute of a `Monitor`: its own has heard every hook.
 * One that started again has a new monitor; one that died or left keeps its last one.
 */
export class SimulatedWorker {
  /** Its number among all workers, from 0. */
  readonly id: number;
  /** The number of its group, by its place in `simulation.groups`. */
  readonly group: number;
  /** `worker-0`. */
  readonly name: string;
  readonly #core: () => Core;
  readonly #decoder: Decoder;

  /** @internal Use `simulation.workers`. */
  constructor(id: number, core: () => Core, memory: WebAssembly.Memory) {
    this.id = id;
    this.name = core().workerName(id);
    this.group = core().workerGroup(id);
    this.#core = core;
    const source = {
      asdictBlock: () => core().asdictBlock(id),
      figureBlock: (row: number) => core().figureBlock(id, row),
      number: (row: number) => core().number(id, row),
      // Another life has other names.
      revision: () => core().revision(id) + core().life(id) * 2 ** 32,
      names: (row: number, from: number) => core().names(id, row, from),
    };
    this.#decoder = new Decoder(source, memory);
  }

  /** Faust's dictionary, a copy. */
  asdict(): AsDict {
    return this.#decoder.asdict();
  }

  /** Every figure, those beyond Faust's too: what its monitor's `snapshot()` gives. */
  snapshot(): Snapshot {
    return decodeCbor(this.snapshotBytes()) as Snapshot;
  }

  /** The same in its compact form, CBOR. */
  snapshotBytes(): Uint8Array {
    return this.#core().snapshot(this.id);
  }

  /** What it is at. */
  get state(): WorkerState {
    return WORKER_STATES[this.#core().workerState(this.id)]!;
  }

  /** How often it started. */
  get life(): number {
    return this.#core().life(this.id);
  }

  /** The partitions that it takes for its own, in order: none in a rebalance in which everyone lets go of everything. */
  get owned(): OwnedPartition[] {
    const topics = this.#core().ownedTopics(this.id);
    const partitions = this.#core().ownedPartitions(this.id);
    return topics.map((topic, place) => ({ topic, partition: partitions[place]! }));
  }

  /** Whether its handler takes longer than the others'. */
  get isSlow(): boolean {
    return this.#core().slowness(this.id) > 1;
  }

  /** Records fetched that wait for the handler. */
  get buffered(): number {
    return this.#core().buffered(this.id);
  }

  /** Records in the handler's hands. */
  get inFlight(): number {
    return this.#core().inFlight(this.id);
  }

  /** Virtual seconds spent in handlers, counted as each attempt is done. */
  get busySeconds(): number {
    return this.#core().busySeconds(this.id);
  }

  /** The part of the last second that its handlers were busy, 0..1. */
  get utilization(): number {
    return this.#core().utilization(this.id);
  }

  static {
    defineAttributes(this.prototype, (worker: SimulatedWorker) => worker.#decoder);
  }
}
