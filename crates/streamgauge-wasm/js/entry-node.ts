/** `streamgauge` in Node: the module lies beside this file and is read at once. */

import { readFileSync } from "node:fs";
import { loadNow } from "./module.js";

loadNow(readFileSync(new URL("./streamgauge.wasm", import.meta.url)));

export * from "./index.js";
