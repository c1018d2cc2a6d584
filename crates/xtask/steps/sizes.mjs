// How large files are, as they are and compressed.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { inRoot } from "./places.mjs";

const inThousands = (bytes) => bytes.toLocaleString("en-US");

/** What the npm package ships. */
export function packageFiles() {
  const names = readdirSync(inRoot("dist")).filter((name) => /\.(wasm|c?js|mjs)$/.test(name));
  return names.map((name) => inRoot("dist", name));
}

export function printSizes(files) {
  for (const file of files) {
    const bytes = readFileSync(file);
    const compressed = gzipSync(bytes, { level: 9 }).length;
    console.log(`  ${basename(file).padEnd(28)}${inThousands(bytes.length).padStart(10)} bytes${inThousands(compressed).padStart(10)} gzip`);
  }
}
