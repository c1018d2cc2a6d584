/** The simulator's two wasm modules: the one that is loaded with the entry, and the larger one that also records. */

import { Simulation, wasmMemory } from "../pkg/sim/streamgauge_sim.js";

/** @internal A simulation in a module. */
export type Core = Simulation & {
  /** Where its module records. */
  takeTrace?(): string;
};

/** @internal */
export interface SimulationModule {
  readonly Simulation: new (numbers: Float64Array, texts: string[]) => Core;
  readonly wasmMemory: () => WebAssembly.Memory;
}

const plain = { Simulation, wasmMemory } as SimulationModule;

/** @internal How a host comes by the module that records; in Node at once. */
export interface RecorderHost {
  now?(): SimulationModule;
  later(): Promise<SimulationModule>;
}

let host: RecorderHost | undefined;
let recorder: SimulationModule | undefined;

/** @internal Says how the module that records is loaded. */
export function setRecorderHost(how: RecorderHost): void {
  host = how;
}

/**
 * Loads what `record` needs: in browsers before the first simulation with `record`, as nobody else downloads it.
 * In Node it is loaded by itself.
 */
export async function loadRecorder(): Promise<void> {
  recorder ??= await host?.later();
}

/** @internal The module for a simulation. */
export function moduleFor(isRecorded: boolean): SimulationModule {
  if (!isRecorded) return plain;
  recorder ??= host?.now?.();
  if (recorder !== undefined) return recorder;
  const message = "record needs the recorder, which is not loaded: call `await loadRecorder()` first";
  throw Object.assign(new Error(message), { code: "ERR_RECORDER_NOT_LOADED" });
}
