// `streamgauge replay`, as someone types it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "streamgauge-replay-"));
after(() => rmSync(folder, { recursive: true }));

function streamgauge(args, input) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8", input, cwd: folder, timeout: 60_000 });
  return { status, stdout, stderr };
}

const HEADER = '{"trace": "streamgauge/1", "options": {"max_avg_history": 3}, "seed": 7}';
let files = 0;
/** A trace in a file of its own, with a header unless it has one. */
function trace(...lines) {
  const name = `trace-${(files += 1)}.jsonl`;
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(join(folder, name), [...(text[0]?.includes('"trace"') ? [] : [HEADER]), ...text].join("\n") + "\n");
  return name;
}
/** A trace exactly as given. */
function raw(text) {
  const name = `trace-${(files += 1)}.jsonl`;
  writeFileSync(join(folder, name), text);
  return name;
}

const messageIn = { at: 1, call: "on_message_in", tp: ["orders", 3], offset: 41, message: "m" };

test("prints a line per file and ends with 0 where all agree", () => {
  const { status, stdout, stderr } = streamgauge(["replay", join(vectors, "small.jsonl"), join(vectors, "restored.jsonl")]);
  assert.equal(status, 0);
  assert.equal(stderr, "");
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.length, 2);
  assert.match(lines[0], /small\.jsonl: 302 calls, 250 checks, 0 differences in \d+\.\d s$/);
  assert.match(lines[1], /restored\.jsonl: 1502 calls, 1252 checks, 0 differences in \d+\.\d s$/);
});

describe("a difference", () => {
  test("is told with file, line, key path, expected and actual", () => {
    const file = trace(
      { ...messageIn, after: { time_in: 1.5 } },
      { at: 2, call: "asdict", expect: { messages_active: 7 } },
    );
    const { status, stdout } = streamgauge(["replay", file]);
    assert.equal(status, 1);
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines[0], `${file}:2: after.time_in: expected 1.5, actual 1`);
    assert.equal(lines[1], `${file}:3: expect.messages_active: expected 7, actual 1`);
    assert.equal(lines[2], `${file}:3: expect.messages_received_total: expected nothing, actual 1`);
    assert.match(lines.at(-1), new RegExp(`^${file}: 2 calls, 2 checks, 33 differences in `));
  });

  test("in one file does not keep the others from being replayed", () => {
    const wrong = trace({ ...messageIn, after: {} });
    const { status, stdout } = streamgauge(["replay", wrong, trace(messageIn)]);
    assert.equal(status, 1);
    assert.match(stdout, /trace-\d+\.jsonl: 1 calls, 0 checks, 0 differences/);
  });
});

describe("a broken trace ends with 2 and names its line:", () => {
  const cases = [
    ["bad JSON", () => trace("{"), /:2: not JSON \(.+\)$/],
    ["a line that is no object", () => trace("[1]"), /:2: not a JSON object$/],
    ["an unknown call", () => trace({ at: 1, call: "on_coffee" }), /:2: unknown call "on_coffee"$/],
    ["a call without a name", () => trace({ at: 1 }), /:2: missing argument "call"$/],
    ["a missing argument", () => trace(messageIn, { at: 1, call: "on_message_in", tp: ["orders", 3], message: "m" }), /:3: missing argument "offset"$/],
    ["a missing time", () => trace({ call: "sample" }), /:2: missing argument "at"$/],
    ["an argument of the wrong kind", () => trace({ ...messageIn, tp: ["orders"] }), /:2: argument "tp" must be \[topic, partition\], got \["orders"\]$/],
    ["what the monitor refuses", () => trace({ ...messageIn, offset: -1 }), /:2: on_message_in: offset must be a whole number in 0\.\.2\^53-1 .*got -1$/],
    ["an unknown version", () => raw('{"trace": "streamgauge/9"}\n'), /:1: unknown version "streamgauge\/9": expected "streamgauge\/1"$/],
    ["no header", () => raw('{"at": 1, "call": "sample"}\n'), /:1: no header: expected \{"trace": "streamgauge\/1", \.\.\.\}$/],
    ["an empty file", () => raw(""), /:1: no header/],
    ["an unknown option", () => raw('{"trace": "streamgauge/1", "options": {"max_coffee": 1}}\n'), /:1: unknown option "max_coffee"/],
    ["an option out of range", () => raw('{"trace": "streamgauge/1", "options": {"max_avg_history": -1}}\n'), /:1: maxAvgHistory must be .*got -1$/],
  ];
  for (const [what, make, expected] of cases) {
    test(what, () => {
      const file = make();
      const { status, stdout, stderr } = streamgauge(["replay", file]);
      assert.equal(status, 2, stdout + stderr);
      assert.ok(stderr.startsWith(file), stderr);
      assert.match(stderr.trimEnd(), expected);
    });
  }

  test("a file that is not there", () => {
    const { status, stderr } = streamgauge(["replay", "nowhere.jsonl"]);
    assert.equal(status, 2);
    assert.match(stderr, /nowhere\.jsonl.*ENOENT/);
  });
});

describe("the command itself", () => {
  for (const [args, said] of [
    [[], /no command/],
    [["dance"], /unknown command "dance"/],
    [["replay"], /no file/],
    [["replay", "--fast", "x"], /unknown option "--fast"/],
  ]) {
    test(`streamgauge ${args.join(" ")} ends with 2 and says how it is used`, () => {
      const { status, stdout, stderr } = streamgauge(args);
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.match(stderr, said);
      assert.match(stderr, /Usage: streamgauge replay/);
    });
  }

  test("--help and --version", () => {
    assert.match(streamgauge(["--help"]).stdout, /^Usage: streamgauge replay/);
    assert.match(streamgauge(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});

describe("--json", () => {
  test("prints the final asdict() alone; the report goes to standard error", () => {
    const { status, stdout, stderr } = streamgauge(["replay", "--json", trace(messageIn)]);
    assert.equal(status, 0);
    const dict = JSON.parse(stdout);
    assert.equal(Object.keys(dict).length, 32);
    assert.deepEqual(dict.topic_read_offsets, { orders: { 3: 41 } });
    assert.match(stderr, /1 calls, 0 checks/);
  });

  test("keeps the workers of a trace apart", () => {
    const file = trace({ ...messageIn, worker: "a" }, { ...messageIn, worker: "b" }, { ...messageIn, at: 2, worker: "b" });
    const dicts = JSON.parse(streamgauge(["replay", "--json", file]).stdout);
    assert.deepEqual(Object.entries(dicts).map(([worker, dict]) => [worker, dict.messages_received_total]), [["a", 1], ["b", 2]]);
  });

  test("a trace without a call gives the dictionary of its options", () => {
    const file = raw('{"trace": "streamgauge/1", "options": {"messages_sent": 7}}\n');
    assert.equal(JSON.parse(streamgauge(["replay", "--json", file]).stdout).messages_sent, 7);
  });
});

test("reads standard input as -", () => {
  const { status, stdout } = streamgauge(["replay", "-"], `${HEADER}\n${JSON.stringify(messageIn)}\n`);
  assert.equal(status, 0);
  assert.match(stdout, /^\(standard input\): 1 calls/);
});

test("survives keys it does not know, blank lines, a clock that steps back and a token completed twice", () => {
  const file = trace(
    { ...messageIn, at: 5, colour: "blue" },
    "",
    { at: 6, call: "on_rebalance_start", rebalances: 3, state: "r", after: { time_start: 6 } },
    { at: 4, call: "on_rebalance_end", state: "r", after: { time_start: 6, time_end: 4, latency_end: 0 } },
    { at: 7, call: "on_rebalance_end", state: "r", after: { time_start: 6, time_end: 4, latency_end: 0 } },
    { at: 7, call: "on_stream_event_out", tp: ["orders", 3], offset: 41, stream: "s", task: null, state: null },
  );
  const { status, stdout } = streamgauge(["replay", file]);
  assert.equal(status, 0, stdout);
});
