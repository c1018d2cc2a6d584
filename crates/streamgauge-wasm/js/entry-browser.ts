/** `streamgauge` in browsers and bundlers: the module is fetched while the import is awaited. */

import init from "../pkg/core/streamgauge.js";

// The glue names the file, and the build gives that name its place beside this bundle.
await init();

export * from "./index.js";
