// What the real Faust answered to recorded calls, held against the package in Node and in a browser.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Replay } from "streamgauge/replay";
import { launchChromium, newWatchedPage } from "../support/chromium.mjs";
import { serveFolder } from "../support/static-server.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");
const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));
const names = readdirSync(vectors).filter((name) => name.endsWith(".jsonl"));
const read = (name) => readFileSync(`${vectors}/${name}`, "utf8");

/** The lines with an `after` or an `expect`: were checks skipped, nothing would differ either. */
const checksOf = (trace) => trace.split("\n").filter((line) => /"(after|expect)":/.test(line)).length;

function replayInNode(trace) {
  const differences = [];
  const replay = new Replay((difference) => differences.push(difference));
  for (const line of trace.split("\n")) replay.line(line);
  replay.end();
  return { checks: replay.counts.checks, differences };
}

test("there are five vectors", () => {
  assert.deepEqual(names.sort(), ["default.jsonl", "no-history.jsonl", "restored.jsonl", "short-histories.jsonl", "small.jsonl"]);
});

for (const name of names) {
  test(`${name} agrees in Node`, () => {
    const trace = read(name);
    const { checks, differences } = replayInNode(trace);
    assert.deepEqual(differences, []);
    assert.equal(checks, checksOf(trace));
    assert.ok(checks > 200, `${checks} checks`);
  });
}

test("a changed answer is found at its line and key path", () => {
  const lines = read("small.jsonl").split("\n");
  const place = lines.findIndex((line) => line.includes('"expect"'));
  const call = JSON.parse(lines[place]);
  call.expect.messages_active += 1;
  call.expect.tables.invented = { keys_retrieved: 0 };
  delete call.expect.rebalances;
  lines[place] = JSON.stringify(call);
  const line = place + 1;
  const { messages_active } = call.expect;
  assert.deepEqual(replayInNode(lines.join("\n")).differences, [
    { line, path: "expect.messages_active", expected: messages_active, actual: messages_active - 1 },
    { line, path: "expect.tables.invented", expected: { keys_retrieved: 0 }, actual: undefined },
    { line, path: "expect.rebalances", expected: undefined, actual: 0 },
  ]);
});

test("the last bit of a number counts", () => {
  const trace = (seconds) =>
    ['{"trace": "streamgauge/1"}', `{"at": 0.1, "call": "on_commit_initiated", "state": "a", "after": ${seconds}}`].join("\n");
  assert.deepEqual(replayInNode(trace("0.1")).differences, []);
  assert.deepEqual(replayInNode(trace("0.10000000000000002")).differences, [
    { line: 2, path: "after", expected: 0.10000000000000002, actual: 0.1 },
  ]);
  assert.deepEqual(replayInNode(trace('"0.1"')).differences, [{ line: 2, path: "after", expected: "0.1", actual: 0.1 }], "text is no number");
});

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([launchChromium(), serveFolder(root)]);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Replays traces in a new page, with the package loaded as a plain module. */
async function replayInBrowser(traces) {
  const { page, troubles } = await newWatchedPage(browser);
  await page.goto(`${server.url}tests/conformance/empty.html`);
  const found = await page.evaluate(async (traces) => {
    const { Replay } = await import("/dist/replay.browser.js");
    const replayed = (trace) => {
      const differences = [];
      const replay = new Replay((difference) => differences.push(difference));
      for (const line of trace.split("\n")) replay.line(line);
      replay.end();
      return { checks: replay.counts.checks, differences };
    };
    return Object.fromEntries(Object.entries(traces).map(([name, trace]) => [name, replayed(trace)]));
  }, traces);
  await page.close();
  assert.deepEqual(troubles, []);
  return found;
}

test("all vectors agree in a browser", async () => {
  const found = await replayInBrowser(Object.fromEntries(names.map((name) => [name, read(name)])));
  assert.deepEqual(found, Object.fromEntries(names.map((name) => [name, { checks: checksOf(read(name)), differences: [] }])));
});

test("a browser finds what Node finds", async () => {
  const changed = (name) => {
    const lines = read(name).split("\n").map((line) => (line === "" ? line : JSON.parse(line)));
    const afters = lines.filter((call) => call.after?.time_total > 0);
    for (const call of [afters[3], afters.at(-1)]) call.after.time_total += 2 ** -40;
    lines.findLast((call) => call.expect).expect.http_response_latency.push(1);
    return lines.map((line) => (line === "" ? line : JSON.stringify(line))).join("\n");
  };
  const traces = Object.fromEntries(names.map((name) => [name, changed(name)]));
  const found = await replayInBrowser(traces);
  for (const name of names) {
    assert.equal(found[name].differences.length, 3, name);
    assert.deepEqual(found[name], replayInNode(traces[name]), name);
  }
});
