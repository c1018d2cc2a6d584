/** The simulator's module that records, in browsers: a file of its own, which `loadRecorder()` imports. */

import init from "../pkg/traced/streamgauge_sim_traced.js";

await init();

export { Simulation, wasmMemory } from "../pkg/traced/streamgauge_sim_traced.js";
