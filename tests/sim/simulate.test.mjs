// `streamgauge simulate`, as someone types it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "streamgauge-simulate-"));
after(() => rmSync(folder, { recursive: true }));

function streamgauge(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8", cwd: folder, timeout: 60_000, maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

test("a preset's summary says what happened", () => {
  const { status, stdout, stderr } = streamgauge("simulate", "poison-message", "--seed", "3", "--seconds", "100");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^A poison message\n\n100 s of virtual time\nrecords {6}\d+ produced, \d+ processed, 1 dead letters\n/);
  assert.match(stdout, /worker-1 {5}running, 2 partitions/);
  assert.match(stdout, /gives up orders-\d offset \d+ after 5 attempts/);
  assert.deepEqual(streamgauge("simulate", "poison-message", "--seed", "3", "--seconds", "100").stdout, stdout);
});

test("each of several groups is told, and has its own figures in the document", () => {
  const groups = [{ name: "billing", workers: 1 }, { name: "audit", workers: 2, handler: { time: { mean: 0.5 } } }];
  writeFileSync(join(folder, "two.json"), JSON.stringify({ seconds: 30, topics: [{ name: "orders", partitions: 2 }], groups, producers: [{ pace: { perSecond: 50 } }] }));
  const { status, stdout, stderr } = streamgauge("simulate", "two.json");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^30 s of virtual time\n\ngroup billing\nrecords {6}(\d+) produced[^]*\nbilling-0 {4}running, 2 partitions[^]*\n\ngroup audit\nrecords {6}\1 produced[^]*\naudit-0 {6}running, 1 partitions/);
  const said = JSON.parse(streamgauge("simulate", "two.json", "--json").stdout);
  assert.deepEqual(said.groups.map(({ name }) => name), ["billing", "audit"]);
  assert.deepEqual(said.groups[0].snapshot, said.snapshot);
  assert.equal(said.counts.processed, said.groups[0].counts.processed + said.groups[1].counts.processed);
  assert.ok(said.groups[1].snapshot.lag.recordsSum > 500 && said.groups[0].snapshot.lag.recordsSum < 50);
  assert.deepEqual(said.workers.map(({ name, group }) => [name, group]), [["billing-0", "billing"], ["audit-0", "audit"], ["audit-1", "audit"]]);
});

test("a trace replays to the very figures", () => {
  const simulated = streamgauge("simulate", "crash", "--seconds", "150", "--trace", "crash.jsonl", "--json");
  assert.deepEqual([simulated.status, simulated.stderr], [0, ""]);
  const said = JSON.parse(simulated.stdout);
  const dicts = JSON.parse(streamgauge("replay", "--json", "crash.jsonl").stdout);
  assert.deepEqual(Object.keys(dicts), ["worker-0", "worker-1", "worker-2", "worker-1 (life 2)"]);
  for (const { name, life, asdict } of said.workers) assert.deepEqual(dicts[life === 1 ? name : `${name} (life ${life})`], asdict);
  const snapshots = JSON.parse(streamgauge("replay", "--snapshot", "crash.jsonl").stdout);
  assert.equal(snapshots["worker-1 (life 2)"].worker, "worker-1");
  const merged = JSON.parse(streamgauge("replay", "--snapshot", "--merge", "crash.jsonl").stdout);
  assert.equal(merged.messages.received, said.snapshot.messages.received);
  assert.equal(said.counts.lost, 0);
  assert.ok(said.counts.repeated > 100);
});

test("a scenario comes from a file, and a trace can go to standard output", () => {
  writeFileSync(join(folder, "mine.json"), JSON.stringify({ title: "Mine", seconds: 5, topics: ["a"] }));
  assert.match(streamgauge("simulate", "mine.json").stdout, /^Mine\n\n5 s of virtual time\n/);
  const { stdout, stderr } = streamgauge("simulate", "mine.json", "--trace", "-");
  assert.match(stdout, /^\{"trace":"streamgauge\/1","at":0.0,"epoch":1767225600.0,"options":\{\}\}\n/);
  assert.match(stderr, /^Mine\n/);
});

test("the presets are listed", () => {
  assert.match(streamgauge("simulate", "list").stdout, /^steady-state {6}Steady state\nhot-key {11}A hot key\n(.*\n){6}$/);
});

for (const [args, message] of [
  [[], "no scenario"],
  [["crash", "burst"], "one scenario at a time"],
  [["no-such"], "no-such: no preset and no file of that name"],
  [["crash", "--seed", "x"], '--seed must be a whole number in 0..9007199254740991, got "x"'],
  [["crash", "--speed", "1"], "Unknown option '--speed'"],
  [["crash", "--json", "--trace", "-"], "--json and --trace - both want standard output"],
  [["crash", "--seconds", "1", "--trace", "no/such/folder"], "no/such/folder: ENOENT"],
  [["broken.json"], "broken.json: not JSON"],
  [["wrong.json"], "wrong.json: scenario: group.wokers must be left out"],
]) {
  test(`simulate ${args.join(" ")} is refused`, () => {
    writeFileSync(join(folder, "broken.json"), "{");
    writeFileSync(join(folder, "wrong.json"), '{"group": {"wokers": 1}}');
    const { status, stdout, stderr } = streamgauge("simulate", ...args);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.ok(stderr.startsWith(`streamgauge simulate: ${message}`) && stderr.includes("Usage: streamgauge simulate"), stderr);
  });
}
