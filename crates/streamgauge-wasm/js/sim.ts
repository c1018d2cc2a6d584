/** Simulated stream traffic, in WebAssembly: a consumer group whose workers carry real monitors. */

import { Simulation as Core, SimulationOptions as CoreOptions, wasmMemory } from "../pkg/sim/streamgauge_sim.js";
import { wrongType } from "./checks.js";
import { Decoder, defineAttributes } from "./decode.js";
import type { AsDict, Attributes } from "./schema.js";
import { applyOptions, checkNumber, MAX_SECONDS, numberIn, type SimulationOptions } from "./sim-options.js";

/** Where the records are. At every moment `produced` is the sum of the next four. */
export interface SimulationCounts {
  /** Appended by producers. */
  readonly produced: number;
  /** In a partition, not yet fetched. */
  readonly waiting: number;
  /** In a worker's buffer. */
  readonly buffered: number;
  /** In a handler's hands. */
  readonly inFlight: number;
  /** Done. */
  readonly processed: number;
  /** Given back from a buffer to the partition because a rebalance came; fetched again later. */
  readonly givenBack: number;
}

/** A topic-partition. */
export interface OwnedPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Stands in for a simulation that was freed: whatever is asked of it throws. */
const FREED = new Proxy({} as Core, {
  get(): never {
    throw Object.assign(new Error("this simulation was freed: make a new one"), { code: "ERR_SIMULATION_FREED" });
  },
});

export interface SimulatedWorker extends Attributes {}

/** A worker of a `Simulation`. It has every attribute of a `Monitor`: its own has heard every hook. */
export class SimulatedWorker {
  /** Its number in the group, from 0. */
  readonly id: number;
  readonly #core: () => Core;
  readonly #decoder: Decoder;

  /** @internal Use `simulation.workers`. */
  constructor(id: number, core: () => Core) {
    this.id = id;
    this.#core = core;
    const source = {
      asdictBlock: () => core().asdictBlock(id),
      figureBlock: (row: number) => core().figureBlock(id, row),
      number: (row: number) => core().number(id, row),
      revision: () => core().revision(id),
      names: (row: number, from: number) => core().names(id, row, from),
    };
    this.#decoder = new Decoder(source, wasmMemory() as WebAssembly.Memory);
  }

  /** Faust's dictionary, a copy. */
  asdict(): AsDict {
    return this.#decoder.asdict();
  }

  /** The partitions that it owns, in order. During a rebalance, those that it had. */
  get owned(): OwnedPartition[] {
    const topics = this.#core().ownedTopics(this.id);
    const partitions = this.#core().ownedPartitions(this.id);
    return topics.map((topic, place) => ({ topic, partition: partitions[place]! }));
  }

  /** Whether it is the slow consumer. */
  get isSlow(): boolean {
    return this.#core().isSlow(this.id);
  }

  /** Records fetched that wait for the handler. */
  get buffered(): number {
    return this.#core().buffered(this.id);
  }

  /** Records in the handler's hands. */
  get inFlight(): number {
    return this.#core().inFlight(this.id);
  }

  /** Virtual seconds spent in handlers, counted as each is done. */
  get busySeconds(): number {
    return this.#core().busySeconds(this.id);
  }

  static {
    defineAttributes(this.prototype, (worker: SimulatedWorker) => worker.#decoder);
  }
}

/**
 * Producers, partitions and a consumer group on a virtual clock.
 *
 *     const simulation = new Simulation({ seed: 7, messageRate: 50 });
 *     simulation.advance(60); // a minute passes, at once
 *     simulation.slowConsumer(true);
 *     simulation.advance(60);
 *     simulation.workers[1].asdict().topic_end_offsets;
 *
 * Time passes only in `advance`. The same options and the same calls at the same virtual times
 * give the same figures, bit for bit, on every machine. Bad input throws a `TypeError` or
 * `RangeError` with a `code` before anything changed.
 */
export class Simulation {
  /** The workers, by number. */
  readonly workers: readonly SimulatedWorker[];
  #core: Core;

  /** @param options what to simulate; see `SimulationOptions` for the defaults. */
  constructor(options?: SimulationOptions) {
    const coreOptions = new CoreOptions();
    try {
      applyOptions(options, coreOptions);
      this.#core = new Core(coreOptions);
    } finally {
      coreOptions.free();
    }
    const core = (): Core => this.#core;
    this.workers = Array.from({ length: this.#core.workerCount() }, (_, id) => new SimulatedWorker(id, core));
  }

  /** Lets virtual time pass, and everything happen that happens meanwhile. At most a day a call. */
  advance(seconds: number): void {
    this.#core.advance(numberIn("seconds", seconds, 0, MAX_SECONDS));
  }

  /** The virtual time in seconds: 0 at the start. */
  get now(): number {
    return this.#core.now();
  }

  /** Where the records are. */
  get counts(): SimulationCounts {
    const [produced, waiting, buffered, inFlight, processed, givenBack] = this.#core.counts() as unknown as Six;
    return { produced, waiting, buffered, inFlight, processed, givenBack };
  }

  /** Records appended per second over all topics. */
  get messageRate(): number {
    return this.#core.messageRate();
  }

  set messageRate(rate: number) {
    this.#core.setMessageRate(checkNumber("messageRate", rate));
  }

  /** Mean time to handle a record, in seconds; a change is for those taken up from then on. */
  get handlerLatency(): number {
    return this.#core.handlerLatency();
  }

  set handlerLatency(seconds: number) {
    this.#core.setHandlerLatency(checkNumber("handlerLatency", seconds));
  }

  /** The share of sends, web requests and assignments that fail. */
  get errorRate(): number {
    return this.#core.errorRate();
  }

  set errorRate(rate: number) {
    this.#core.setErrorRate(checkNumber("errorRate", rate));
  }

  /** Rebalances the group: its partitions move on to the next worker. False where it is rebalancing already. */
  rebalance(): boolean {
    return this.#core.rebalance();
  }

  /** Whether the group is rebalancing. */
  get isRebalancing(): boolean {
    return this.#core.isRebalancing();
  }

  /** Makes the last worker's handler slower by the option `slowFactor`, or as fast as the others' again. */
  slowConsumer(on: boolean): void {
    if (typeof on !== "boolean") throw wrongType("on", "a boolean", on);
    this.#core.setSlowConsumer(on);
  }

  /** Gives the memory back now; without it, that happens some time after the last use. */
  free(): void {
    const core = this.#core;
    if (core === FREED) return;
    this.#core = FREED;
    core.free();
  }
}

type Six = [number, number, number, number, number, number];
