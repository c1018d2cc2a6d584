// Several groups: each has its own counts, snapshot, workers and rounds.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Simulation } from "streamgauge/sim";

const two = {
  seed: 5,
  topics: [{ name: "orders", partitions: 4 }, { name: "clicks", partitions: 2 }],
  groups: [
    { name: "billing", topics: ["orders"], workers: 2 },
    { name: "audit", workers: 3, assignor: "cooperative" },
  ],
  producers: [{ pace: { perSecond: 60 } }],
};
const sum = (counts, names) => names.reduce((all, name) => all + counts[name], 0);

describe("several groups", () => {
  it("have rows, workers and numbers of their own", () => {
    const simulation = Simulation.of(two);
    assert.deepEqual(simulation.groups, ["billing", "audit"]);
    assert.deepEqual(simulation.partitions.map(({ group, topic, partition }) => `${group} ${topic} ${partition}`), [
      "0 orders 0", "0 orders 1", "0 orders 2", "0 orders 3",
      "1 orders 0", "1 orders 1", "1 orders 2", "1 orders 3", "1 clicks 0", "1 clicks 1",
    ]);
    assert.deepEqual(simulation.workers.map(({ id, name, group }) => [id, name, group]), [
      [0, "billing-0", 0], [1, "billing-1", 0], [2, "audit-0", 1], [3, "audit-1", 1], [4, "audit-2", 1],
    ]);
    simulation.advance(20);
    const { partitions, workers, groups } = simulation.state();
    assert.deepEqual([...partitions.group], [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    assert.deepEqual([...workers.group], [0, 0, 1, 1, 1]);
    assert.deepEqual([...groups.round], [0, 0]);
    for (const [place, owner] of partitions.owner.entries()) assert.equal(workers.group[owner], partitions.group[place]);
    // The same partition is as long for both.
    assert.deepEqual([...partitions.end.slice(0, 4)], [...partitions.end.slice(4, 8)]);
    simulation.free();
  });

  it("are counted and read apart: a slow one leaves the other's lag alone", () => {
    const simulation = Simulation.of(two);
    simulation.advance(20);
    simulation.command({ command: "handlerTime", mean: 0.5, group: "billing" });
    simulation.advance(60);
    const [billing, audit] = simulation.groups.map((name) => simulation.countsOf(name));
    for (const counts of [billing, audit]) {
      assert.equal(counts.produced + counts.readAgain, sum(counts, ["waiting", "buffered", "inFlight", "processed", "deadLetters", "abandoned", "expired"]));
    }
    for (const name of Object.keys(billing)) assert.equal(simulation.counts[name], billing[name] + audit[name], name);
    // The second group reads clicks, too.
    assert.ok(audit.produced > billing.produced * 1.2, `${audit.produced} and ${billing.produced}`);
    const [slow, quick] = simulation.groups.map((name) => simulation.snapshot(name));
    assert.ok(slow.lag.recordsSum > 500, `${slow.lag.recordsSum} of the slow group`);
    assert.ok(quick.lag.recordsSum < 50, `${quick.lag.recordsSum} of the other`);
    assert.deepEqual(slow.merged.map(({ worker }) => worker), ["billing-0", "billing-1"]);
    assert.deepEqual(quick.merged.map(({ worker }) => worker), ["audit-0", "audit-1", "audit-2"]);
    assert.equal(simulation.snapshot().messages.received, slow.messages.received);
    assert.equal(new Set(quick.partitions.map(({ topic, partition }) => `${topic} ${partition}`)).size, 6);
    simulation.free();
  });

  it("may come later, and read from where their partitions end", () => {
    const simulation = Simulation.of("steady-state", { seed: 7 });
    assert.deepEqual(simulation.groups, ["workers"]);
    simulation.advance(10);
    simulation.command({ command: "addGroup", name: "late", workers: 2 });
    assert.deepEqual(simulation.groups, ["workers", "late"]);
    assert.equal(simulation.partitions.length, 18);
    simulation.advance(10);
    const { produced } = simulation.countsOf("late");
    assert.ok(produced > 0 && produced < simulation.countsOf("workers").produced);
    assert.ok(simulation.journal().some(({ kind, group }) => kind === "groupAdded" && group === 1));
    // Workers by their number in the group, or among all.
    simulation.command({ command: "slow", worker: 1, factor: 4, group: "late" });
    assert.deepEqual([...simulation.state().workers.slowness], [1, 1, 1, 1, 4]);
    simulation.command({ command: "slow", worker: 3, factor: 2 });
    assert.deepEqual([...simulation.state().workers.slowness], [1, 1, 1, 2, 4]);
    simulation.free();
  });

  it("rebalance each for itself, a cooperative one in rounds", () => {
    const simulation = Simulation.of(two);
    simulation.advance(10);
    simulation.command({ command: "addWorker", group: "audit" });
    const rounds = new Set();
    for (let tenth = 0; tenth < 100; tenth += 1) {
      simulation.advance(0.05);
      const { round } = simulation.state().groups;
      assert.equal(round[0], 0, "the other group goes on");
      rounds.add(round[1]);
    }
    assert.deepEqual([...rounds].sort(), [0, 1, 2]);
    assert.deepEqual([...simulation.state().groups.generation], [0, 2]);
    simulation.free();
  });

  it("are known by name only", () => {
    const simulation = Simulation.of(two);
    for (const call of [() => simulation.snapshot("nobody"), () => simulation.countsOf("nobody"), () => simulation.rebalance("nobody")]) {
      assert.throws(call, (error) => error instanceof RangeError && error.code === "ERR_INVALID_GROUP" && /billing, audit.*nobody/.test(error.message));
    }
    assert.throws(() => simulation.command({ command: "addGroup", name: "audit" }), RangeError);
    simulation.free();
  });
});
