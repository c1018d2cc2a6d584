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
    assert.match(stdout, /trace-\d+\.jsonl: 1 call, 0 checks, 0 differences/);
  });

  test("in an array or an object is told at its place", () => {
    const file = trace(
      { at: 1, call: "on_commit_initiated", state: "c", after: 2 },
      { at: 1.5, call: "on_commit_completed", state: "c" },
      { at: 2, call: "on_tp_commit", offsets: [["orders", 3, 7]] },
      { at: 2, call: "asdict", expect: { commit_latency: [0.25, 1], topic_committed_offsets: { orders: { 3: 8 }, __proto__: null } } },
    );
    const lines = streamgauge(["replay", file]).stdout.split("\n");
    assert.ok(lines.includes(`${file}:2: after: expected 2, actual 1`));
    assert.ok(lines.includes(`${file}:5: expect.commit_latency.0: expected 0.25, actual 0.5`));
    assert.ok(lines.includes(`${file}:5: expect.commit_latency.1: expected 1, actual nothing`));
    assert.ok(lines.includes(`${file}:5: expect.topic_committed_offsets.orders.3: expected 8, actual 7`));
  });

  test("is one of twenty that are printed; all are counted", () => {
    const wrong = Array.from({ length: 25 }, (_, at) => ({ at, call: "on_commit_initiated", state: "c", after: -1 }));
    const { status, stdout } = streamgauge(["replay", trace(...wrong)]);
    assert.equal(status, 1);
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines.length, 22);
    assert.match(lines[20], /: \.\.\. and 5 more differences$/);
    assert.match(lines[21], /: 25 calls, 25 checks, 25 differences in /);
  });
});

describe("a broken trace ends with 2 and names its line:", () => {
  const cases = [
    ["bad JSON", () => trace("{"), /:2: not JSON \(.+\)$/],
    ["a line that is no object", () => trace("[1]"), /:2: not a JSON object$/],
    ["an unknown call", () => trace({ at: 1, call: "on_coffee" }), /:2: unknown call "on_coffee"$/],
    ["a call without a name", () => trace({ at: 1 }), /:2: missing argument "call"$/],
    ["a missing argument", () => trace(messageIn, { at: 1, call: "on_message_in", tp: ["orders", 3], message: "m" }), /:3: missing argument "offset"$/],
    ["an argument that a table wants", () => trace({ at: 1, call: "on_table_set", table: "t", key: 1 }), /:2: missing argument "value"$/],
    ["a null that is no label", () => trace({ at: 1, call: "on_stream_event_in", tp: ["t", 0], offset: 1, stream: null, task: null, state: "s" }), /:2: argument "stream" must be a string, got null$/],
    ["an offset that is no number", () => trace({ ...messageIn, offset: "41" }), /:2: argument "offset" must be a number, got "41"$/],
    ["a pair in place of a triple", () => trace({ at: 1, call: "on_tp_commit", offsets: [["t", 0]] }), /:2: argument "offsets" must be an array of \[topic, partition, offset\], got \["t",0\]$/],
    ["a worker that is no name", () => trace({ ...messageIn, worker: null }), /:2: argument "worker" must be a string or a number, got null$/],
    ["a token of another kind", () => trace({ at: 1, call: "on_commit_initiated", state: "c" }, { at: 2, call: "on_rebalance_end", state: "c" }), /:3: on_rebalance_end: state must be the token of the start hook, .*got 1$/],
    ["a status that is none", () => trace({ at: 1, call: "on_web_request_start", state: "w" }, { at: 2, call: "on_web_request_end", state: "w", status: 99 }), /:3: on_web_request_end: response\.status must be a whole number in 100\.\.599, got 99$/],
    ["a second header", () => trace(messageIn, HEADER), /:3: a second header: a file holds one trace$/],
    ["a line cut short", () => raw(`${HEADER}\n{"at": 1, "call": "sam`), /:2: not JSON \(.+\)$/],
    ["text that is not UTF-8", () => raw(Buffer.concat([Buffer.from(`${HEADER}\n${JSON.stringify({ at: 1, call: "sample" })}\n{"at": 2, "call": "count", "name": "`), Buffer.from([0xe9]), Buffer.from('", "count": 1}\n')])), /:3: not UTF-8$/],
    ["a line without end", () => raw(Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.alloc(66 * 2 ** 20, " ")])), /:2: longer than 64 MB: not a trace$/],
    ["a missing time", () => trace({ call: "sample" }), /:2: missing argument "at"$/],
    ["an argument of the wrong kind", () => trace({ ...messageIn, tp: ["orders"] }), /:2: argument "tp" must be \[topic, partition\], got \["orders"\]$/],
    ["what the monitor refuses", () => trace({ ...messageIn, offset: -1 }), /:2: on_message_in: offset must be a whole number in 0\.\.2\^53-1 .*got -1$/],
    ["an unknown version", () => raw('{"trace": "streamgauge/9"}\n'), /:1: unknown version "streamgauge\/9": expected "streamgauge\/1"$/],
    ["no header", () => raw('{"at": 1, "call": "sample"}\n'), /:1: no header: expected \{"trace": "streamgauge\/1", \.\.\.\}$/],
    ["an empty file", () => raw(""), /:1: no header/],
    ["an unknown option", () => raw('{"trace": "streamgauge/1", "options": {"max_coffee": 1}}\n'), /:1: unknown option "max_coffee"/],
    ["an option out of range", () => raw('{"trace": "streamgauge/1", "options": {"max_avg_history": -1}}\n'), /:1: max_avg_history must be .*got -1$/],
    ["an option of the wrong kind", () => raw('{"trace": "streamgauge/1", "options": {"commit_latency": [1, "2"]}}\n'), /:1: commit_latency\[1\] must be .*got "2"$/],
    ["options that are none", () => raw('{"trace": "streamgauge/1", "options": []}\n'), /:1: options must be a plain object, got an array$/],
    ["an epoch that is no number", () => raw('{"trace": "streamgauge/1", "epoch": "now"}\n'), /:1: argument "epoch" must be a number, got "now"$/],
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

  test("a folder", () => {
    const { status, stderr } = streamgauge(["replay", vectors]);
    assert.equal(status, 2);
    assert.match(stderr, /vectors.*EISDIR/);
  });

  test("the worst of several files wins, and all are replayed", () => {
    const [good, differs, broken] = [trace(messageIn), trace({ ...messageIn, after: {} }), trace("{")];
    for (const [order, expected] of [[[good, differs], 1], [[differs, good], 1], [[broken, differs, good], 2], [[good, differs, broken], 2]]) {
      const { status, stdout, stderr } = streamgauge(["replay", ...order]);
      assert.equal(status, expected);
      assert.ok(stdout.includes(`${good}: 1 call, 0 checks, 0 differences`));
      assert.equal(stderr.includes(`${broken}:2: `), order.includes(broken));
    }
  });
});

describe("the command itself", () => {
  for (const [args, said] of [
    [[], /no command/],
    [["dance"], /unknown command "dance"/],
    [["replay"], /no file/],
    [["replay", "--fast", "x"], /unknown option "--fast"/],
    [["replay", "--json"], /no file/],
    [["replay", "--"], /no file/],
    [["--fast"], /unknown command "--fast"/],
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
    for (const args of [["--help"], ["-h"], ["help"], ["replay", "--help"], ["replay", "x", "-h"]]) {
      const { status, stdout, stderr } = streamgauge(args);
      assert.deepEqual([status, stderr], [0, ""], args.join(" "));
      assert.match(stdout, /^Usage: streamgauge replay/);
    }
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
    assert.match(stderr, /1 call, 0 checks/);
  });

  test("prints a line per file, and none for a broken one; differences go to standard error", () => {
    const differs = trace({ ...messageIn, after: {} });
    const { status, stdout, stderr } = streamgauge(["replay", "--json", differs, trace("{"), trace(messageIn, messageIn)]);
    assert.equal(status, 2);
    const dicts = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(dicts.map((dict) => dict.messages_received_total), [1, 2]);
    assert.ok(stderr.includes(`${differs}:2: after.time_in: expected nothing, actual 1\n`));
  });

  test("keeps the workers of a trace apart", () => {
    const file = trace({ ...messageIn, worker: "a" }, { ...messageIn, worker: "b" }, { ...messageIn, at: 2, worker: "b" });
    const dicts = JSON.parse(streamgauge(["replay", "--json", file]).stdout);
    assert.deepEqual(Object.entries(dicts).map(([worker, dict]) => [worker, dict.messages_received_total]), [["a", 1], ["b", 2]]);
  });

  test("keeps the tokens of workers apart, though their labels are the same", () => {
    const file = trace(
      { at: 1, call: "on_commit_initiated", state: "c", worker: "a" },
      { at: 2, call: "on_commit_initiated", state: "c", worker: "__proto__" },
      { at: 4, call: "on_commit_completed", state: "c", worker: "a", after: 1 },
      { at: 8, call: "on_commit_completed", state: "c", worker: "__proto__", after: 2 },
    );
    const { status, stdout } = streamgauge(["replay", "--json", file]);
    assert.equal(status, 0);
    const latencies = Object.entries(JSON.parse(stdout)).map(([worker, dict]) => [worker, dict.commit_latency]);
    assert.deepEqual(latencies, [["a", [3]], ["__proto__", [6]]]);
  });

  test("a trace without a call gives the dictionary of its options", () => {
    const file = raw('{"trace": "streamgauge/1", "options": {"messages_sent": 7}}\n');
    assert.equal(JSON.parse(streamgauge(["replay", "--json", file]).stdout).messages_sent, 7);
  });
});

test("reads standard input as -", () => {
  const { status, stdout } = streamgauge(["replay", "-"], `${HEADER}\n${JSON.stringify(messageIn)}\n`);
  assert.equal(status, 0);
  assert.match(stdout, /^\(standard input\): 1 call, /);
  const broken = streamgauge(["replay", "-"], `${HEADER}\n{`);
  assert.equal(broken.status, 2);
  assert.match(broken.stderr, /^\(standard input\):2: not JSON/);
});

test("takes a file whose name looks like an option behind --", () => {
  writeFileSync(join(folder, "--json"), `${HEADER}\n`);
  assert.match(streamgauge(["replay", "--", "--json"]).stdout, /^--json: 0 calls, /);
});

test("reads what other systems write: a byte order mark, CRLF, no last line end", () => {
  const file = raw(`\ufeff${HEADER}\r\n${JSON.stringify({ at: 1, call: "count", name: "ünïcödé 🦀", count: 2 })}\r\n${JSON.stringify(messageIn)}`);
  const { status, stdout } = streamgauge(["replay", "--json", file]);
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout).metric_counts, { "ünïcödé 🦀": 2 });
});

test("a reader that has seen enough is no failure", () => {
  const wrong = Array.from({ length: 5000 }, (_, at) => ({ at, call: "asdict" }));
  const files = Array(40).fill(trace(...wrong));
  const piped = `"$0" "$@" | head -n 1; exit "\${PIPESTATUS[0]}"`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", piped, process.execPath, command, "replay", "--json", ...files], { encoding: "utf8", cwd: folder });
  assert.equal(status, 0, stderr);
  assert.equal(stdout.split("\n").length, 2);
  assert.ok(!stderr.includes("EPIPE"), stderr);
});

test("takes a message and a state of the same label for two, and a message that comes again for one", () => {
  const event = { tp: ["orders", 3], offset: 41, stream: "s", task: null, state: "m" };
  const file = trace(
    { ...messageIn, after: { time_in: 1 } },
    { at: 2, call: "on_stream_event_in", ...event },
    { ...messageIn, at: 3, after: { time_in: 3 } },
    { at: 4, call: "on_stream_event_out", ...event, after: { time_in: 2, time_out: 4, time_total: 2 } },
    { ...messageIn, at: 5, call: "on_message_out", after: { time_in: 3, time_out: 5, time_total: 2 } },
    { ...messageIn, at: 6, after: { time_in: 6, time_out: 5, time_total: 2 } },
  );
  const { status, stdout } = streamgauge(["replay", file]);
  assert.equal(status, 0, stdout);
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

describe("--snapshot", () => {
  const header = '{"trace": "streamgauge/1", "at": 10, "epoch": 1700000000, "options": {"worker": "w"}}';
  const counted = (worker, count) => ({ at: 12, call: "count", name: "n", count, ...(worker === undefined ? {} : { worker }) });

  test("prints the final snapshot, as the trace's own monitor would", () => {
    const file = trace(header, counted(undefined, 2), { at: 13, call: "snapshot", expect: 7 }, { at: 14, call: "on_heartbeat" });
    const { status, stdout, stderr } = streamgauge(["replay", "--snapshot", file]);
    assert.equal(status, 1);
    assert.match(stderr, /:3: expect: expected 7, actual \{"snapshot":"streamgauge\/1","worker":"w"/);
    const snapshot = JSON.parse(stdout);
    const { worker, since, at, sequence, metrics } = snapshot;
    assert.deepEqual({ worker, since, at, sequence, metrics }, { worker: "w", since: 1700000010, at: 1700000014, sequence: 2, metrics: { n: 2 } });
    assert.equal(snapshot.consumer.heartbeats, 1);
  });

  test("prints each worker's by name, with --merge their sum", () => {
    const file = trace(header, counted("a", 2), counted("b", 3));
    const each = JSON.parse(streamgauge(["replay", "--snapshot", file]).stdout);
    assert.deepEqual(Object.entries(each).map(([name, { worker, metrics }]) => [name, worker, metrics.n]), [["a", "a", 2], ["b", "b", 3]]);
    const { status, stdout } = streamgauge(["replay", "--snapshot", "--merge", file]);
    assert.equal(status, 0);
    const merged = JSON.parse(stdout);
    assert.deepEqual(merged.metrics, { n: 5 });
    assert.deepEqual(merged.merged.map(({ worker }) => worker), ["a", "b"]);
  });

  test("--merge adds up the workers of all files", () => {
    const files = [trace(header, counted("a", 2), counted("b", 3)), trace(header, counted("c", 4))];
    const { status, stdout } = streamgauge(["replay", "--snapshot", "--merge", ...files]);
    assert.equal(status, 0);
    assert.equal(stdout.split("\n").length, 2);
    const merged = JSON.parse(stdout);
    assert.deepEqual(merged.metrics, { n: 9 });
    assert.deepEqual(merged.merged.map(({ worker }) => worker), ["a", "b", "c"]);
  });

  test("--merge gives no sum where a file is broken, but where one differs", () => {
    const differs = trace(header, { ...messageIn, after: {} });
    const broken = streamgauge(["replay", "--snapshot", "--merge", differs, trace("{")]);
    assert.deepEqual([broken.status, broken.stdout], [2, ""]);
    const summed = streamgauge(["replay", "--snapshot", "--merge", differs]);
    assert.equal(summed.status, 1);
    assert.equal(JSON.parse(summed.stdout).messages.received, 1);
  });

  test("--merge takes one trace that names no worker, not two: one would count as the other", () => {
    const unnamed = [trace(counted(undefined, 2)), trace(counted(undefined, 3))];
    assert.deepEqual(JSON.parse(streamgauge(["replay", "--snapshot", "--merge", unnamed[0]]).stdout).metrics, { n: 2 });
    const { status, stdout, stderr } = streamgauge(["replay", "--snapshot", "--merge", ...unnamed]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.ok(stderr.endsWith(`${unnamed[0]}: names no worker: in a sum over several files each needs a name\n`), stderr);
  });

  test("without an epoch the clock counts from 0, so that each run prints the same", () => {
    const file = trace({ at: 12.5, call: "on_heartbeat" });
    const [first, second] = [0, 1].map(() => streamgauge(["replay", "--snapshot", file]).stdout);
    assert.equal(first, second);
    assert.deepEqual([JSON.parse(first).since, JSON.parse(first).at], [0, 12.5]);
    const given = raw('{"trace": "streamgauge/1", "options": {"epoch": 50}}\n');
    assert.equal(JSON.parse(streamgauge(["replay", "--snapshot", given]).stdout).since, 50);
  });

  for (const [args, says] of [
    [["--snapshot", "--json"], "--json and --snapshot: one of them"],
    [["--merge"], "--merge is for --snapshot"],
  ]) {
    test(`${args.join(" ")} is refused`, () => {
      const { status, stderr } = streamgauge(["replay", ...args, trace(header)]);
      assert.equal(status, 2);
      assert.ok(stderr.startsWith(`streamgauge replay: ${says}`), stderr);
    });
  }
});

test("makes a monitor later where a trace says so, and calls it by its name", () => {
  const lines = [
    { ...messageIn, worker: "a" },
    { at: 60, call: "begin", worker: "a (life 2)", name: "a" },
    { at: 70, call: "sample", worker: "a (life 2)" },
  ];
  const { status, stdout } = streamgauge(["replay", "--snapshot", trace(...lines)]);
  assert.equal(status, 0);
  const said = JSON.parse(stdout);
  assert.deepEqual(Object.entries(said).map(([key, { worker, since }]) => [key, worker, since]), [["a", "a", 0], ["a (life 2)", "a", 60]]);
  const again = streamgauge(["replay", trace(...lines, { at: 71, call: "begin", worker: "a" })]);
  assert.equal(again.status, 2);
  assert.match(again.stderr, /:5: worker "a" has begun already\n$/);
});
