// How large files are, as they are and compressed.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { inRoot } from "./places.mjs";
import { StepFailure } from "./report.mjs";

const inThousands = (bytes) => bytes.toLocaleString("en-US");

/** What must not grow unnoticed, in bytes after gzip: who imports waits for it. The first is the goal of 40 KB, the others have 2% of room. */
const most = {
  "streamgauge.wasm": 40_960,
  "streamgauge_sim.wasm": 141_800,
  "streamgauge_sim_traced.wasm": 187_400,
  "streamgauge_snapshot.wasm": 150_400,
};

/** What the npm package ships. */
export function packageFiles() {
  const names = readdirSync(inRoot("dist")).filter((name) => /\.(wasm|c?js|mjs)$/.test(name));
  return names.map((name) => inRoot("dist", name));
}

export function printSizes(files) {
  for (const file of files) {
    const bytes = readFileSync(file);
    const compressed = gzipSync(bytes, { level: 9 }).length;
    const name = basename(file);
    console.log(`  ${name.padEnd(28)}${inThousands(bytes.length).padStart(10)} bytes${inThousands(compressed).padStart(10)} gzip`);
    if (compressed > most[name]) {
      const weighs = `dist/${name} has ${inThousands(compressed)} bytes with gzip, more than ${inThousands(most[name])}`;
      throw new StepFailure(weighs, "find what the change brought in, or raise the limit in crates/xtask/steps/sizes.mjs.");
    }
  }
}
