// How large the package's files are, as they are and compressed.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { inRoot } from "./places.mjs";
import { StepFailure } from "./report.mjs";

const inThousands = (bytes) => bytes.toLocaleString("en-US");

/** What must not grow unnoticed, in bytes after gzip: a page loads it before anything moves. */
const most = { "streamgauge_sim.wasm": 142_000 };

export function printSizes() {
  const names = readdirSync(inRoot("dist")).filter((name) => /\.(wasm|c?js|mjs)$/.test(name));
  for (const name of names) {
    const bytes = readFileSync(inRoot("dist", name));
    const compressed = gzipSync(bytes, { level: 9 }).length;
    console.log(`  ${name.padEnd(24)}${inThousands(bytes.length).padStart(10)} bytes${inThousands(compressed).padStart(10)} gzip`);
    if (compressed > most[name]) {
      const weighs = `dist/${name} has ${inThousands(compressed)} bytes with gzip, more than ${inThousands(most[name])}`;
      throw new StepFailure(weighs, "find what the change brought in, or raise the limit in crates/xtask/steps/sizes.mjs.");
    }
  }
}
