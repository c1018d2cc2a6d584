// The example with the rdkafka crate: it compiles librdkafka, and checks itself.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

it("the rdkafka example runs, and its monitor agrees with it", { timeout: 900_000 }, async () => {
  const manifest = path("crates/streamgauge/examples/rdkafka/Cargo.toml");
  const env = { ...process.env, CARGO_TARGET_DIR: process.env.RDKAFKA_EXAMPLE_TARGET || path("target/rdkafka-example") };
  const { stdout } = await promisify(execFile)("cargo", ["run", "--quiet", "--locked", "--manifest-path", manifest], { env });
  const { messages, partitions } = JSON.parse(stdout);
  assert.deepEqual([messages.sent, messages.received, partitions.length], [1000, 1000, 4]);
});
