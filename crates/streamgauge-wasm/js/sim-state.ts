/** A simulation's state as typed arrays: what a page draws from. */

/** What a worker is at. */
export type WorkerState = "running" | "rebalancing" | "stalled" | "offline" | "leaving" | "crashed" | "left";

/** In the order of the numbers in `state.workers.state`. */
export const WORKER_STATES: readonly WorkerState[] = ["running", "rebalancing", "stalled", "offline", "leaving", "crashed", "left"];

/** Where a followed record is. */
export type ParticleStage = "held" | "waiting" | "buffered" | "handling" | "retrying" | "done" | "dead" | "lost";

/** In the order of the numbers in `state.particles.stage`. */
export const PARTICLE_STAGES: readonly ParticleStage[] = ["held", "waiting", "buffered", "handling", "retrying", "done", "dead", "lost"];

/** Columns of numbers, each as long as its table. Times are virtual seconds. */
export interface SimulationState {
  /** The virtual time. */
  readonly now: number;
  /** Whether a group is. */
  readonly isRebalancing: boolean;
  /** How often the groups were rebalanced, together. */
  readonly generation: number;
  /** In the order of `simulation.partitions`. */
  readonly partitions: {
    /** The number of the worker that has it; -1 for none. */
    readonly owner: Float64Array;
    readonly broker: Float64Array;
    /** The end offset. */
    readonly end: Float64Array;
    /** The next to be fetched. */
    readonly position: Float64Array;
    /** The next to be read by whoever takes over. */
    readonly committed: Float64Array;
    /** Records that producers hold back because its broker does not answer. */
    readonly held: Float64Array;
    /** When the oldest record was made that nobody fetched; NaN where there is none. */
    readonly oldestWaiting: Float64Array;
    /** 1 where its owner is letting it go. */
    readonly revoking: Float64Array;
    /** The number of the group that reads it. */
    readonly group: Float64Array;
  };
  /** By number; those that died or left, too. */
  readonly workers: {
    /** See `WORKER_STATES`. */
    readonly state: Float64Array;
    readonly buffered: Float64Array;
    readonly inFlight: Float64Array;
    /** The part of the last second that its handlers were busy, 0..1. */
    readonly utilization: Float64Array;
    /** Records that it handled. */
    readonly processed: Float64Array;
    /** How many times longer its handler takes. */
    readonly slowness: Float64Array;
    /** How often it started. */
    readonly life: Float64Array;
    /** How many partitions it takes for its own. */
    readonly owned: Float64Array;
    /** The number of its group. */
    readonly group: Float64Array;
  };
  /** In the order of `simulation.producers`. */
  readonly producers: {
    /** Records per second at this moment. */
    readonly rate: Float64Array;
    readonly produced: Float64Array;
  };
  readonly brokers: {
    /** 1 where it answers nobody. */
    readonly stalled: Float64Array;
  };
  /** Some records, followed from their making to their end: at most 512. One that ended is there for another second at least. */
  readonly particles: {
    readonly id: Float64Array;
    readonly born: Float64Array;
    readonly producer: Float64Array;
    /** Its place in `simulation.partitions`. */
    readonly partition: Float64Array;
    /** See `PARTICLE_STAGES`. */
    readonly stage: Float64Array;
    /** Since when. */
    readonly since: Float64Array;
    /** The worker that has it or had it last; -1 for none. */
    readonly worker: Float64Array;
  };
  /** In the order of `simulation.groups`. */
  readonly groups: {
    /** How often it was rebalanced, each round counted. */
    readonly generation: Float64Array;
    /** The round of the rebalance that it is in, from 1; 0 for none. Only a cooperative rebalance has more than one. */
    readonly round: Float64Array;
  };
  /** Everything above lies in here: a Web Worker may transfer it, and `stateOf` reads it again. */
  readonly buffer: ArrayBuffer;
}

/** Reads a state's buffer, on whatever side of a Web Worker. Costs next to nothing: the columns are views. */
export function stateOf(buffer: ArrayBuffer): SimulationState {
  const block = new Float64Array(buffer);
  const [, now, isRebalancing, generation, ...lengths] = block.subarray(0, 10) as unknown as [number, number, number, number, ...number[]];
  let at = 10;
  let table = 0;
  const columns = <Name extends string>(...names: Name[]): Record<Name, Float64Array> => {
    const length = lengths[table++]!;
    const entries = names.map((name) => [name, block.subarray(at, (at += length))]);
    return Object.fromEntries(entries) as Record<Name, Float64Array>;
  };
  return {
    now,
    isRebalancing: isRebalancing === 1,
    generation,
    partitions: columns("owner", "broker", "end", "position", "committed", "held", "oldestWaiting", "revoking", "group"),
    workers: columns("state", "buffered", "inFlight", "utilization", "processed", "slowness", "life", "owned", "group"),
    producers: columns("rate", "produced"),
    brokers: columns("stalled"),
    particles: columns("id", "born", "producer", "partition", "stage", "since", "worker"),
    groups: columns("generation", "round"),
    buffer,
  };
}
