/** `streamgauge/sim` in Node: the modules lie beside this file and are read at once; the one that records, when it is needed. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { initSync } from "../pkg/sim/streamgauge_sim.js";
import * as traced from "../pkg/traced/streamgauge_sim_traced.js";
import { setRecorderHost, type SimulationModule } from "./sim-module.js";

const read = (name: string): Buffer => readFileSync(join(__dirname, name));

function recorder(): SimulationModule {
  traced.initSync({ module: read("streamgauge_sim_traced.wasm") });
  return traced as unknown as SimulationModule;
}

initSync({ module: read("streamgauge_sim.wasm") });
setRecorderHost({ now: recorder, later: () => Promise.resolve(recorder()) });

export * from "./sim-index.js";
