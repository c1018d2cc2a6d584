import { execFile } from "node:child_process";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

it("the own types of @platformatic/kafka fit the adapter's", async () => {
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck", "--types", "node"];
  await promisify(execFile)(process.execPath, [tsc, ...options, fileURLToPath(new URL("types.ts", import.meta.url))]).catch(({ stdout }) => {
    throw new Error(stdout);
  });
});
