/** `streamgauge/snapshot` in browsers and bundlers: the module is fetched while the import is awaited. */

import init from "../pkg/snapshot/streamgauge_snapshot.js";

// The glue names the file, and the build gives that name its place beside this bundle.
await init();

export * from "./snapshot-index.js";
