/** `streamgauge/snapshot` in Node: the module lies beside this file and is read at once. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { initSync } from "../pkg/snapshot/streamgauge_snapshot.js";

initSync({ module: readFileSync(join(__dirname, "streamgauge_snapshot.wasm")) });

export * from "./snapshot-index.js";
