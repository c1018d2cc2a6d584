// What the health card and the event log show, without a browser.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Simulation } from "streamgauge/sim";
import { load } from "./modules.mjs";

const { byTrouble, changesBetween, healthOf, MEANINGS, severity, STATUSES } = await load("model/health.ts");
const { Announcer, EventLog, groupOf, newest } = await load("model/event-log.ts");

const partition = (number, status, lag = 0, topic = "orders") => ({ topic, partition: number, worker: "worker-0", status, lag, committedLag: lag, reason: `reason of ${topic}/${number}` });

/** As much of a snapshot as the card reads. */
function snapshotOf(partitions, { storm = false, recent = 0, stuck = 0, oldestSeconds = null } = {}) {
  const count = (status) => partitions.filter((one) => one.status === status).length;
  const worst = [...partitions].sort(byTrouble)[0];
  return {
    partitions,
    health: { status: worst?.status ?? "ok", reason: worst?.reason ?? "", ok: count("ok"), warn: count("warn"), stop: count("stop"), stall: count("stall"), rewind: count("rewind") },
    messages: { stuck, oldestSeconds, stuckAfterSeconds: 60 },
    rebalances: { recent, storm, stormWindowSeconds: 300, stormRebalances: 5 },
  };
}

describe("the health card's model", () => {
  it("knows the five states from worst to well, and what each means", () => {
    assert.deepEqual(STATUSES, ["rewind", "stall", "stop", "warn", "ok"]);
    assert.deepEqual(MEANINGS.map(({ status }) => status), ["ok", "warn", "stop", "stall", "rewind"]);
    assert.deepEqual(["ok", "warn", "stop", "stall", "rewind"].map(severity), [0, 1, 2, 3, 4]);
  });

  it("says one calm sentence where all is well", () => {
    const { status, reason, troubled, more, rebalances, stuck } = healthOf(snapshotOf([partition(0, "ok"), partition(1, "ok")]), 8);
    assert.deepEqual({ status, reason, troubled, more }, { status: "ok", reason: "All 2 partitions keep up.", troubled: [], more: 0 });
    assert.deepEqual([rebalances, stuck], ["none in 5 min", "none in flight for over 60 s"]);
    assert.equal(healthOf(snapshotOf([partition(0, "ok")]), 8).reason, "The only partition keeps up.");
    assert.equal(healthOf(snapshotOf([]), 8).reason, "No partition is owned yet.");
  });

  it("names the worst first, by status and then by lag, and counts the rest", () => {
    const partitions = [partition(0, "warn", 5), partition(1, "ok", 900), partition(2, "stall", 1), partition(3, "warn", 50), partition(4, "rewind", 2)];
    const { status, reason, counts, troubled, more } = healthOf(snapshotOf(partitions), 3);
    assert.equal(status, "rewind");
    assert.equal(reason, "4 of 5 partitions need attention. The worst, orders-4, went back to an older offset.");
    assert.deepEqual(troubled.map((one) => one.partition), [4, 2, 3]);
    assert.equal(more, 1);
    assert.deepEqual(counts, [
      { status: "ok", count: 1 },
      { status: "warn", count: 2 },
      { status: "stop", count: 0 },
      { status: "stall", count: 1 },
      { status: "rewind", count: 1 },
    ]);
  });

  it("flags a storm of rebalances and stuck messages", () => {
    const { isStorm, rebalances, areStuck, stuck } = healthOf(snapshotOf([partition(0, "ok")], { storm: true, recent: 6, stuck: 3, oldestSeconds: 64.4 }), 8);
    assert.deepEqual({ isStorm, rebalances, areStuck, stuck }, { isStorm: true, rebalances: "6 in 5 min: a storm", areStuck: true, stuck: "3 in flight for over 60 s, the oldest for 64 s" });
    assert.equal(healthOf(snapshotOf([partition(0, "ok")], { recent: 2 }), 8).rebalances, "2 in 5 min");
  });

  it("says that nobody measures while no worker is up", () => {
    const { status, reason } = healthOf(undefined, 8);
    assert.deepEqual({ status, reason }, { status: undefined, reason: "No worker is up, so nobody measures." });
  });

  it("does not call all well while some partitions are in nobody's hands", () => {
    const held = snapshotOf([partition(0, "ok"), partition(1, "ok")]);
    assert.equal(healthOf(held, 8, 2).reason, "All 2 partitions keep up.");
    assert.equal(healthOf(held, 8, 6).reason, "2 partitions keep up. 4 of 6 are in nobody’s hands right now.");
    assert.equal(healthOf(snapshotOf([]), 8, 1).reason, "1 of 1 is in nobody’s hands right now.");
    const simulation = Simulation.of("crash");
    simulation.advance(100);
    assert.equal(healthOf(simulation.snapshot(), 8, simulation.partitions.length).reason, "4 partitions keep up. 2 of 6 are in nobody’s hands right now.");
    simulation.free();
  });

  it("reads a real snapshot: the partition with the hot key falls behind", () => {
    const simulation = Simulation.of("hot-key");
    simulation.advance(120);
    const { status, troubled } = healthOf(simulation.snapshot(), 8);
    assert.equal(status, "warn");
    assert.equal(troubled.length, 1);
    simulation.free();
  });
});

describe("changes of health", () => {
  it("are those of partitions that both know, and those that are new and not ok", () => {
    const before = snapshotOf([partition(0, "ok"), partition(1, "warn"), partition(2, "stop")]);
    const after = snapshotOf([partition(0, "warn"), partition(1, "ok"), partition(2, "stop"), partition(3, "stall"), partition(4, "ok")]);
    assert.deepEqual(
      changesBetween(before, after).map((change) => [change.partition, change.before, change.after]),
      [
        [0, "ok", "warn"],
        [1, "warn", "ok"],
        [3, undefined, "stall"],
      ],
    );
    assert.deepEqual(changesBetween(after, undefined), []);
  });

  it("do not take one topic for another", () => {
    const before = snapshotOf([partition(1, "ok", 0, "a 1"), partition(1, "warn", 0, "a")]);
    const after = snapshotOf([partition(1, "ok", 0, "a 1"), partition(1, "warn", 0, "a")]);
    assert.deepEqual(changesBetween(before, after), []);
  });
});

const entry = (number, time, kind, worker = null) => ({ number, time, kind, worker, text: `worker-1 did ${kind}` });

describe("the event log", () => {
  it("sorts the journal's words into groups", () => {
    const groups = { rebalanceStarted: "rebalance", workerExpelled: "rebalance", readAgain: "rebalance", workerCrashed: "fault", brokerStalled: "fault", bufferFull: "fault", deadLetter: "error", sendError: "error", health: "health" };
    for (const [kind, group] of Object.entries(groups)) assert.equal(groupOf(kind), group, kind);
  });

  it("tells entries and changes in the order of time, newest first, and by group", () => {
    const log = new EventLog();
    log.compare(1, snapshotOf([partition(0, "ok")]));
    log.compare(2, snapshotOf([partition(0, "warn")]));
    log.add([entry(0, 1.5, "rebalanceStarted"), entry(1, 3, "workerCrashed", 1)]);
    assert.deepEqual(
      newest(log.rows, "all", 10).map(({ time, group, worker }) => [time, group, worker]),
      [
        [3, "fault", 1],
        [2, "health", null],
        [1.5, "rebalance", null],
      ],
    );
    const [change] = newest(log.rows, "health", 10);
    assert.deepEqual(change.partition, { topic: "orders", partition: 0 });
    assert.equal(change.text, "orders-0: warn. Reason of orders/0");
    assert.equal(newest(log.rows, "all", 2).length, 2);
    log.clear();
    assert.deepEqual(log.rows, []);
  });

  it("tells many partitions that change at once in one row", () => {
    const log = new EventLog();
    const all = (status) => snapshotOf(Array.from({ length: 1000 }, (_, place) => partition(place, status)));
    log.compare(1, all("ok"));
    const rows = log.compare(2, all("stall"));
    assert.deepEqual(rows.map(({ text }) => text), ["1000 partitions: stall (orders-0, orders-1, orders-2 and 997 more)"]);
    assert.deepEqual(log.compare(3, all("ok")).map(({ text }) => text), ["1000 partitions: ok again (orders-0, orders-1, orders-2 and 997 more)"]);
  });

  it("does not grow without bound, and a flood of one kind leaves the others", () => {
    const log = new EventLog();
    log.add([entry(0, 0, "workerCrashed", 1)]);
    for (let number = 1; number < 5000; number += 1) log.add([entry(number, number, "rebalanceStarted")]);
    assert.equal(log.rows.length, 201);
    assert.equal(newest(log.rows, "fault", 100).length, 1);
    assert.equal(newest(log.rows, "all", 1)[0].time, 4999);
  });

  it("leaves health to a source that tells of it itself", () => {
    const log = new EventLog();
    log.add([entry(0, 0, "health")]);
    log.compare(1, snapshotOf([partition(0, "ok")]));
    assert.deepEqual(log.compare(2, snapshotOf([partition(0, "stall")])), []);
  });
});

describe("what a screen reader is told", () => {
  const row = (text) => ({ text });

  it("is a sentence at a time, however much happens", () => {
    const announcer = new Announcer(4000);
    assert.equal(announcer.hear([row("one")], 0), "one");
    // A thousandfold speed: ten events in each of 390 readings, within four seconds.
    for (let now = 10; now < 4000; now += 10) assert.equal(announcer.hear([row(`at ${now}`), row("last")], now), undefined);
    assert.equal(announcer.hear([], 4000), "798 events, the last: last");
    assert.equal(announcer.hear([], 9000), undefined);
  });

  it("is nothing of a run that is over", () => {
    const announcer = new Announcer(4000);
    announcer.hear([row("one")], 0);
    announcer.hear([row("two")], 1);
    announcer.clear();
    assert.equal(announcer.hear([], 5000), undefined);
  });
});
