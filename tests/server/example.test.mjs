// The example runs, and its figures are right.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

it("the example serves a figure and reads it", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL("example.mjs", import.meta.url))], { encoding: "utf8", timeout: 30_000 });
  assert.equal(stderr, "");
  assert.match(stdout, /^live figures at http:\/\/127\.0\.0\.1:\d+\/\nbilling-1: 1 received\n$/);
  assert.equal(status, 0);
});
