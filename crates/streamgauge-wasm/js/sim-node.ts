/** `streamgauge/sim` in Node: the module lies beside this file and is read at once. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { initSync } from "../pkg/sim/streamgauge_sim.js";

initSync({ module: readFileSync(join(__dirname, "streamgauge_sim.wasm")) });

export * from "./sim-index.js";
