import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

it("the example runs as it says", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL("example.mjs", import.meta.url))]);
  assert.deepEqual(JSON.parse(stdout), { workers: ["first", "main", "second"], received: 2, isBusy: true });
});
