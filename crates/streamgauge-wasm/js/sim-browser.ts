/** `streamgauge/sim` in browsers and bundlers: the module is fetched while the import is awaited. */

import init from "../pkg/sim/streamgauge_sim.js";
import { setRecorderHost, type SimulationModule } from "./sim-module.js";

setRecorderHost({ later: async () => (await import("./sim-traced-browser.js")) as unknown as SimulationModule });

// The glue names the file, and the build gives that name its place beside this bundle.
await init();

export * from "./sim-index.js";
