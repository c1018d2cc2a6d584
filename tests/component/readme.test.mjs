// The Python and JavaScript of the component's README are run: they print what their comments say.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { python } from "./python.mjs";

const crate = fileURLToPath(new URL("../../crates/streamgauge-component/", import.meta.url));
const built = fileURLToPath(new URL("../../target/component/", import.meta.url));
const readme = readFileSync(`${crate}README.md`, "utf8");
const blocks = (language) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code);

/** What the comments behind its prints say. */
const promised = (code) => [...code.matchAll(/^ *(?:print|console\.log)\(.*?;?  ?(?:#|\/\/) (.*)$/gm)].map(([, said]) => said);
const lines = (text) => text.trimEnd().split("\n");

test("the Python snippets run and print what they say", () => {
  const snippets = blocks("python");
  assert.deepEqual(snippets.map((code) => promised(code).length), [1, 2]);
  for (const code of snippets) {
    const env = { ...process.env, PYTHONPATH: `${crate}python`, PYTHONDONTWRITEBYTECODE: "1" };
    const printed = execFileSync(python, ["-c", code], { cwd: built, env, encoding: "utf8", timeout: 300_000 });
    assert.deepEqual(lines(printed), promised(code));
  }
});

test("the JavaScript snippet runs and prints what it says", () => {
  const [code, ...more] = blocks("js");
  assert.deepEqual([promised(code).length, more.length], [2, 0]);
  // The build names what it transpiles by itself.
  const located = code.replace("./gauge/streamgauge-host-clock.js", "./js/host-clock/streamgauge.js").replace("gauge/${path}", "js/host-clock/${path}");
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", located], { cwd: built, encoding: "utf8", timeout: 300_000 });
  assert.deepEqual(lines(printed), promised(code));
});
