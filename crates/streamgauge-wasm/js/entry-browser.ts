/** `streamgauge` in browsers and bundlers: the module is fetched while the import is awaited. */

import { load } from "./module.js";
import { findMoved } from "./moved.js";

// The file lies beside this bundle.
await load(findMoved(new URL("streamgauge.wasm", import.meta.url)));

export * from "./index.js";
