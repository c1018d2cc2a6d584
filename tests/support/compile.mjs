// TypeScript over a file of the tests, as a user's compiler would see it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

/** Compiles `file` (a path or file URL) strictly; fails with what the compiler says. `types` are the ambient ones, `skipLibCheck` is for other packages' mistakes. */
export async function assertCompiles(file, { types = [], lib = ["ES2022"], skipLibCheck = false } = {}) {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const options = ["--ignoreConfig", "--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--target", "es2022", "--lib", lib.join(",")];
  const args = [tsc, ...options, "--types", types.join(","), "--skipLibCheck", String(skipLibCheck), path];
  const said = await new Promise((resolve) => execFile(process.execPath, args, (error, stdout) => resolve(error ? stdout || String(error) : "")));
  assert.equal(said, "");
}
