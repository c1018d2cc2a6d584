// What the real Faust answered to recorded calls, held against the component in two foreign hosts: Node, by way of
// jco, and Python, by way of wasmtime. In each by single typed calls, by typed batches and by packed ones.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runPython } from "./python.mjs";
import { replay, ways } from "./replay.mjs";

const folder = fileURLToPath(new URL("../vectors", import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
const read = (name) => readFileSync(`${folder}/${name}`, "utf8");
const count = (trace, pattern) => trace.split("\n").filter((line) => pattern.test(line)).length;
const expects = (trace) => count(trace, /"expect":/);
const afters = (trace) => count(trace, /"after":/);

test("there are five vectors", () => {
  assert.deepEqual(names.sort(), ["default.jsonl", "no-history.jsonl", "restored.jsonl", "short-histories.jsonl", "small.jsonl"]);
});

for (const name of names) {
  for (const way of Object.keys(ways)) {
    test(`${name} agrees in Node, ${way}`, async () => {
      const trace = read(name);
      const { checks, differences } = await replay(way, trace);
      assert.deepEqual(differences, []);
      // Every dictionary is read twice, typed and as JSON; packed calls give no tokens back.
      assert.equal(checks, 2 * expects(trace) + (way === "packed" ? 0 : afters(trace)));
    });
  }
}

test("a changed answer is found in Node, in each way", async () => {
  const lines = read("small.jsonl").trim().split("\n").map((line) => JSON.parse(line));
  const after = lines.findIndex((line) => line.after?.time_total > 0);
  lines[after].after.time_total += 2 ** -40;
  const expect = lines.findIndex((line) => line.expect);
  lines[expect].expect.messages_active += 1;
  const trace = lines.map((line) => JSON.stringify(line)).join("\n");
  const places = async (way) => (await replay(way, trace)).differences.map(({ line }) => line);
  assert.deepEqual(await places("single"), [after + 1, expect + 1, expect + 1]);
  assert.deepEqual(await places("batch"), [after + 1, expect + 1, expect + 1]);
  assert.deepEqual(await places("packed"), [expect + 1, expect + 1]);
});

/** Commits, assignments, rebalances and web requests end without a look at their tokens there. */
const afterInPython = /"call": "on_(message|stream_event_in|send_initiated).*"after":/;

for (const way of ["single", "batch", "packed"]) {
  test(`all vectors agree in Python, ${way}`, async () => {
    const answers = JSON.parse(await runPython("replay.py", way, ...names.map((name) => `${folder}/${name}`)));
    for (const name of names) {
      const trace = read(name);
      const checks = way === "packed" ? expects(trace) + count(trace, afterInPython) : 2 * expects(trace) + afters(trace);
      assert.deepEqual(answers[`${folder}/${name}`], { checks, differences: [], refusals: 0 }, name);
    }
  });
}
