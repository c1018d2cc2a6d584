/** What `streamgauge/sim` exports. */

export { SimulatedWorker, Simulation, type OwnedPartition, type SimulationCounts } from "./sim.js";
export type { SimulationOptions } from "./sim-options.js";
export type { Refusal } from "./checks.js";
export type { AsDict, Attributes, TableCounts, TableState } from "./schema.js";
