/** `streamgauge/sim` in browsers and bundlers: the module is fetched while the import is awaited. */

import init from "../pkg/sim/streamgauge_sim.js";

// The glue names the file, and the build gives that name its place beside this bundle.
await init();

export * from "./sim-index.js";
