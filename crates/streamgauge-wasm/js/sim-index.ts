/** What `streamgauge/sim` exports. */

export { Simulation, type DeadLetter, type JournalEntry, type SimulationCounts, type SimulationSettings } from "./sim.js";
export { loadRecorder } from "./sim-module.js";
export { SimulatedWorker, type OwnedPartition, type ReadPartition } from "./sim-worker.js";
export { presets, type Preset, type PresetName } from "./sim-presets.js";
export { PARTICLE_STAGES, stateOf, WORKER_STATES, type ParticleStage, type SimulationState, type WorkerState } from "./sim-state.js";
export type * from "./sim-scenario.js";
export type { SimulationOptions } from "./sim-options.js";
export type { ScenarioRefusal } from "./sim-refusals.js";
export type { Refusal } from "./checks.js";
export type { AsDict, Attributes, TableCounts, TableState } from "./schema.js";
export type * from "./snapshot-schema.js";
