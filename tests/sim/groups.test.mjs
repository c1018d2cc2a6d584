// Several consumer groups, as JavaScript sees them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Replay } from "streamgauge/replay";
import { Simulation } from "streamgauge/sim";

const scenario = {
  title: "Two groups",
  seconds: 60,
  topics: [{ name: "orders", partitions: 3 }, { name: "payments", partitions: 1 }],
  groups: [
    { name: "billing", workers: 2, assignor: "cooperative" },
    { name: "audit", workers: 1, topics: ["orders"], handler: { time: { mean: 0.05 } } },
  ],
};
const sum = (numbers) => [...numbers].reduce((all, one) => all + one, 0);

describe("groups", () => {
  const simulation = Simulation.of(scenario);
  simulation.advance(60);

  it("each have their workers and their view of the partitions", () => {
    assert.deepEqual(simulation.groups, ["billing", "audit"]);
    assert.deepEqual(simulation.workers.map(({ name, group }) => [name, group]), [["billing-0", 0], ["billing-1", 0], ["audit-0", 1]]);
    assert.deepEqual(
      simulation.partitions.map(({ topic, partition, group }) => `${group} ${topic} ${partition}`),
      ["0 orders 0", "0 orders 1", "0 orders 2", "0 payments 0", "1 orders 0", "1 orders 1", "1 orders 2"],
    );
    const { partitions, workers, groups } = simulation.state();
    assert.deepEqual([[...partitions.group], [...workers.group]], [[0, 0, 0, 0, 1, 1, 1], [0, 0, 1]]);
    assert.deepEqual([...partitions.end.slice(0, 3)], [...partitions.end.slice(4)]);
    assert.deepEqual([...partitions.owner.slice(4)], [2, 2, 2]);
    assert.deepEqual([[...groups.generation], [...groups.round], [...partitions.revoking]], [[0, 0], [0, 0], [0, 0, 0, 0, 0, 0, 0]]);
  });

  it("have their own lag, counts and snapshot", () => {
    const { end, committed } = simulation.state().partitions;
    const lags = end.map((one, place) => one - committed[place]);
    const [billing, audit] = ["billing", "audit"].map((name) => simulation.snapshot(name));
    assert.equal(billing.lag.committedSum, sum(lags.slice(0, 4)));
    assert.equal(audit.lag.committedSum, sum(lags.slice(4)));
    assert.ok(audit.lag.committedSum > 2000 && billing.lag.committedSum < 400);
    assert.deepEqual(simulation.snapshot().messages, billing.messages);
    const [one, other] = ["billing", "audit"].map((name) => simulation.countsOf(name));
    assert.equal(one.produced + other.produced, simulation.counts.produced);
    assert.equal(other.produced, sum(end.slice(4)));
  });

  it("are refused by names that there are not", () => {
    assert.throws(() => simulation.snapshot("x"), { name: "RangeError", code: "ERR_INVALID_GROUP", message: 'group must be the name of a group (billing, audit), got "x"' });
    assert.throws(() => simulation.command({ command: "crash", worker: 1, group: "audit" }), { code: "ERR_INVALID_COMMAND", path: "worker", expected: "a whole number in 0..=0" });
    assert.throws(() => Simulation.of({ groups: [{ name: "a" }, { name: "a" }] }), { code: "ERR_INVALID_SCENARIO", path: "groups[1].name" });
  });

  it("grow: by workers, and by groups that read from then on", () => {
    const grown = Simulation.of(scenario);
    grown.advance(10);
    grown.command({ command: "addWorker", group: "audit" });
    grown.command({ command: "addGroup", name: "search", workers: 1, topics: ["payments"] });
    assert.deepEqual(grown.groups, ["billing", "audit", "search"]);
    assert.deepEqual(grown.workers.map(({ name }) => name).slice(3), ["audit-1", "search-0"]);
    assert.deepEqual(grown.partitions.at(-1), { topic: "payments", group: 2, partition: 0 });
    assert.equal(grown.countsOf("search").produced, 0);
    const started = grown.journal().find(({ kind }) => kind === "rebalanceStarted");
    assert.deepEqual([started.group, started.worker, started.text], [1, null, "audit: rebalance 1 of 2 workers starts"]);
    assert.equal(grown.rebalance("audit"), false);
    grown.advance(10);
    assert.equal(grown.snapshot("search").messages.received, grown.countsOf("search").produced - grown.countsOf("search").waiting);
  });

  it("are rebalanced cooperatively in two rounds, the partitions that move marked", () => {
    const moving = Simulation.of(scenario);
    moving.advance(10);
    moving.command({ command: "addWorker", group: "billing" });
    const rounds = new Set();
    let marked = 0;
    while (moving.isRebalancing) {
      const { groups, partitions } = moving.state();
      rounds.add(groups.round[0]);
      marked = Math.max(marked, sum(partitions.revoking));
      moving.advance(0.001);
    }
    assert.deepEqual([[...rounds], marked], [[1, 2], 1]);
    assert.deepEqual([...moving.state().groups.generation], [2, 0]);
    assert.equal(moving.snapshot("billing").ownership.revoked, 1);
  });

  it("record one trace, which says whose each worker is and replays to the same figures", () => {
    const recorded = Simulation.of(scenario, { record: true });
    recorded.advance(20);
    const dicts = recorded.workers.map((worker) => worker.asdict());
    const lines = recorded.takeTrace().trimEnd().split("\n");
    const begun = lines.map((line) => JSON.parse(line)).filter(({ call }) => call === "begin");
    assert.deepEqual(begun.map(({ worker, group }) => [worker, group]), [["billing-0", "billing"], ["billing-1", "billing"], ["audit-0", "audit"]]);
    const replay = new Replay();
    for (const line of lines) replay.line(line);
    replay.end();
    for (const [place, { name }] of recorded.workers.entries()) assert.deepEqual(replay.monitors.get(name).asdict(), dicts[place]);
  });
});

describe("streamgauge simulate", () => {
  const folder = mkdtempSync(join(tmpdir(), "streamgauge-groups-"));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "two.json"), JSON.stringify(scenario));
  const command = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
  const simulate = (...args) => spawnSync(process.execPath, [command, "simulate", "two.json", ...args], { encoding: "utf8", cwd: folder });

  it("sums up each group", () => {
    const { status, stdout } = simulate();
    assert.equal(status, 0);
    const [, billing, audit] = stdout.split(/^group /m);
    assert.match(billing, /^billing\nrecords {6}\d+ produced, (.|\n)*health {7}ok(.|\n)*billing-1 {4}running, 2 partitions/);
    assert.match(audit, /^audit\nrecords {6}\d+ produced, (.|\n)*audit-0 {6}running, 3 partitions, busy (9\d|100)%/);
    assert.doesNotMatch(billing, /audit-0/);
  });

  it("has a snapshot of each in its JSON", () => {
    const { groups, workers, snapshot } = JSON.parse(simulate("--json").stdout);
    assert.deepEqual(groups.map(({ name }) => name), ["billing", "audit"]);
    assert.deepEqual(workers.map(({ group }) => group), ["billing", "billing", "audit"]);
    assert.deepEqual(groups[0].snapshot.messages, snapshot.messages);
    assert.equal(groups[1].counts.produced, groups[1].counts.waiting + groups[1].counts.buffered + groups[1].counts.inFlight + groups[1].counts.processed);
  });
});
