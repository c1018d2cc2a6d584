// How large the package's files are, as they are and compressed.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { inRoot } from "./places.mjs";

const inThousands = (bytes) => bytes.toLocaleString("en-US");

export function printSizes() {
  const names = readdirSync(inRoot("dist")).filter((name) => /\.(wasm|c?js|mjs)$/.test(name));
  for (const name of names) {
    const bytes = readFileSync(inRoot("dist", name));
    const compressed = gzipSync(bytes, { level: 9 }).length;
    console.log(`  ${name.padEnd(24)}${inThousands(bytes.length).padStart(10)} bytes${inThousands(compressed).padStart(10)} gzip`);
  }
}
