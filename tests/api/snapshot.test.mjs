// snapshot(): every figure as plain data, and its bytes.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { assertRefused, fakeClock, monitored as plainly, orders, payments } from "./support.mjs";

// The clock reads 100 at 1,700,000,100 s of Unix time.
const epoch = 1_700_000_000;
const monitored = (options = {}) => plainly({ epoch, worker: "w1", ...options });

function oneMessage({ clock, monitor }, seconds, stream = "totals") {
  const message = {};
  monitor.onMessageIn(orders, 1, message);
  const state = monitor.onStreamEventIn(orders, 1, stream);
  clock.advance(seconds);
  monitor.onStreamEventOut(orders, 1, stream, {}, state);
  monitor.onMessageOut(orders, 1, message);
}

describe("snapshot()", () => {
  it("says who, since when, when, and which", () => {
    const { clock, monitor } = monitored();
    clock.advance(2.5);
    const { snapshot, worker, since, at, sequence, merged } = monitor.snapshot();
    assert.deepStrictEqual([snapshot, worker, since, at, sequence, merged], ["streamgauge/1", "w1", epoch + 100, epoch + 102.5, 1, []]);
    assert.equal(monitor.snapshot().sequence, 2);
    assert.equal(monitor.worker, "w1");
  });

  it("is plain data in the order of the form, a copy, and JSON", () => {
    const { monitor } = monitored();
    const snapshot = monitor.snapshot();
    assert.deepStrictEqual(Object.keys(snapshot), [
      "snapshot", "worker", "since", "at", "sequence", "merged", "messages", "events", "sends", "commits", "assignments", "rates", "lag",
      "health", "rebalances", "ownership", "errors", "consumer", "http", "tables", "metrics", "anomalies", "partitions",
    ]);
    assert.equal(Object.getPrototypeOf(snapshot.messages), Object.prototype);
    assert.deepStrictEqual(JSON.parse(JSON.stringify(snapshot)), snapshot);
    snapshot.messages.received = 99;
    snapshot.partitions.push(5);
    assert.equal(monitor.snapshot().messages.received, 0);
    assert.deepStrictEqual(monitor.snapshot().partitions, []);
  });

  it("has the counts and sums of what happened", () => {
    const both = monitored();
    const { clock, monitor } = both;
    for (const seconds of [0.25, 0.5, 1]) oneMessage(both, seconds);
    monitor.onCommitCompleted({}, monitor.onCommitInitiated());
    monitor.onTableSet("users");
    monitor.count("credits", -7);
    monitor.onTopicBufferFull("orders");
    const { messages, events, commits, tables, metrics, consumer, anomalies } = monitor.snapshot();
    assert.deepStrictEqual([messages.received, messages.active, messages.receivedByTopic], [3, 0, { orders: 3 }]);
    assert.deepStrictEqual([messages.time.life.count, messages.time.life.sum, messages.time.life.min, messages.time.life.max], [3, 1.75, 0.25, 1]);
    assert.equal(messages.time.life.sumNanoseconds, "1750000000");
    assert.deepStrictEqual([messages.endToEnd.life.count, messages.endToEnd.life.mean], [0, null], "no message had a timestamp");
    assert.deepStrictEqual([events.total, events.byStream, events.byTask], [3, { totals: 3 }, {}]);
    assert.deepStrictEqual([events.runtimeByStream.totals.count, events.runtimeByStream.totals.sum], [3, 1.75]);
    assert.deepStrictEqual([commits.completed, commits.latency.life.count], [1, 1]);
    assert.deepStrictEqual(tables, { users: { keysRetrieved: 0, keysUpdated: 1, keysDeleted: 0 } });
    assert.deepStrictEqual(metrics, { credits: -7 });
    assert.deepStrictEqual(consumer.bufferFullByTopic, { orders: 1 });
    assert.deepStrictEqual(Object.values(anomalies), []);
    clock.advance(1);
    monitor.onMessageOut(orders, 1, {});
    assert.deepStrictEqual(monitor.snapshot().anomalies, { messageOutWithoutIn: 1 });
  });

  it("has percentiles within 1.1%, those by stream within 5%", () => {
    const both = monitored();
    // 1 ms to 1,000 ms, each once, in some order: the quantile q is q seconds.
    for (let number = 0; number < 1000; number += 1) oneMessage(both, ((number * 337) % 1000 + 1) / 1000);
    const { events } = both.monitor.snapshot();
    const wanted = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 };
    for (const [name, seconds] of Object.entries(wanted)) {
      assert.ok(Math.abs(events.runtime.life[name] / seconds - 1) <= 0.011, `${name} is ${events.runtime.life[name]}`);
      assert.ok(Math.abs(events.runtimeByStream.totals[name] / seconds - 1) <= 0.05, `${name} is ${events.runtimeByStream.totals[name]}`);
    }
    assert.equal(events.runtime.life.buckets.reduce((sum, count) => sum + count, 0), 1000);
  });

  it("has rates over the time that passed, whatever the ticks", () => {
    const both = monitored();
    const { clock, monitor } = both;
    assert.deepStrictEqual(monitor.snapshot().rates.messagesReceived, { now: null, oneMinute: null, fiveMinutes: null, fifteenMinutes: null });
    for (let message = 0; message < 30; message += 1) oneMessage(both, 0);
    clock.advance(2.5);
    monitor.sample();
    const first = monitor.snapshot().rates;
    assert.deepStrictEqual([first.intervalSeconds, first.messagesReceived.now, first.events.now, first.errors.now], [2.5, 12, 12, 0]);
    assert.ok(Math.abs(first.messagesReceived.fifteenMinutes - 12) < 1e-9);
    for (let message = 0; message < 3; message += 1) oneMessage(both, 0);
    clock.advance(0.5);
    monitor.sample();
    assert.equal(monitor.snapshot().rates.messagesReceived.now, 6);
    monitor.sample();
    assert.equal(monitor.snapshot().rates.messagesReceived.now, 6, "no time passed");
  });

  it("says how busy, how old the oldest message is, and how many are stuck", () => {
    const { clock, monitor } = monitored({ stuckAfter: 5 });
    clock.advance(4);
    const [old, young] = [{}, {}];
    monitor.onMessageIn(orders, 1, old);
    clock.advance(5);
    monitor.onMessageIn(orders, 2, young);
    clock.advance(1);
    let { messages, consumer } = monitor.snapshot();
    assert.ok(Math.abs(messages.oldestSeconds - 6) < 0.3, `${messages.oldestSeconds}`);
    assert.deepStrictEqual([messages.stuck, messages.stuckAfterSeconds, messages.active], [1, 5, 2]);
    assert.deepStrictEqual([consumer.busySeconds, consumer.idleSeconds, consumer.busyShare], [6, 4, 0.6]);
    monitor.onMessageOut(orders, 1, old);
    monitor.onMessageOut(orders, 2, young);
    clock.advance(2);
    ({ messages, consumer } = monitor.snapshot());
    assert.deepStrictEqual([messages.oldestSeconds, messages.stuck], [null, 0]);
    assert.deepStrictEqual([consumer.busySeconds, consumer.idleSeconds, consumer.busyShare], [6, 6, 0.5]);
  });

  it("flags a storm of rebalances, and forgets it", () => {
    const { clock, monitor } = monitored({ stormRebalances: 3, stormWindow: 60 });
    for (let count = 0; count < 3; count += 1) {
      assert.equal(monitor.snapshot().rebalances.storm, false);
      monitor.onRebalanceEnd({}, monitor.onRebalanceStart());
      clock.advance(10);
    }
    const { rebalances } = monitor.snapshot();
    assert.deepStrictEqual([rebalances.count, rebalances.recent, rebalances.storm, rebalances.lastAgeSeconds, rebalances.inProgress], [3, 3, true, 10, 0]);
    clock.advance(35);
    assert.deepStrictEqual([monitor.snapshot().rebalances.recent, monitor.snapshot().rebalances.storm], [2, false]);
  });

  it("has the lag in messages and in seconds, and how that was found", () => {
    const { clock, monitor } = monitored();
    const lag = (tp) => {
      const one = monitor.snapshot().partitions.find(({ topic, partition }) => topic === tp.topic && partition === tp.partition);
      return [one.lag, one.committedLag, one.lagSeconds, one.lagMethod];
    };
    monitor.onMessageIn(orders, 9, { timestamp: (epoch + 95) * 1000 });
    assert.deepStrictEqual(lag(orders), [null, null, null, "unknown"], "no end offset is known");
    monitor.trackTpEndOffset(orders, 10);
    assert.deepStrictEqual(lag(orders), [0, null, 0, "none"]);
    monitor.onTpCommit([[orders, 4]]);
    assert.deepStrictEqual(lag(orders), [0, 6, 0, "none"]);
    // Written one a second since then, read from a monitor that knows no timestamps.
    monitor.trackTpEndOffset(payments, 100);
    clock.advance(10);
    monitor.trackTpEndOffset(payments, 110);
    monitor.onMessageIn(payments, 104, {});
    // Record 105 was there once the end was 106: at 106.
    assert.deepStrictEqual(lag(payments), [5, null, 4, "interpolated"]);
    monitor.onMessageIn(payments, 49, {});
    assert.deepStrictEqual(lag(payments), [60, null, 10, "atLeast"]);
    const { lag: all } = monitor.snapshot();
    assert.deepStrictEqual([all.recordsMax, all.recordsSum, all.secondsMax, all.partitionsKnown, all.partitionsUnknown], [60, 60, 10, 2, 0]);
  });

  it("keeps any name as an own key", () => {
    const { monitor } = monitored();
    const names = ["__proto__", "constructor", "", "(other)", "日本語 🦀", "x".repeat(4096), "a\u0000b"];
    for (const name of names) {
      monitor.count(name);
      monitor.onTableGet(name);
      monitor.onPartitionsAssigned([{ topic: name, partition: 1 }]);
    }
    const snapshot = monitor.snapshot();
    assert.deepStrictEqual(Object.keys(snapshot.metrics).toSorted(), names.toSorted());
    assert.deepStrictEqual(Object.keys(snapshot.tables).toSorted(), names.toSorted());
    assert.ok(Object.hasOwn(snapshot.metrics, "__proto__"));
    assert.equal(Object.getPrototypeOf(snapshot.metrics), Object.prototype);
    assert.deepStrictEqual(new Set(snapshot.partitions.map(({ topic }) => topic)), new Set(names));
    assert.deepStrictEqual(JSON.parse(JSON.stringify(snapshot)), snapshot);
  });

  it("is as large as the monitor is: long lists and numbers of every length", () => {
    const { monitor } = monitored({ messagesReceivedTotal: Number.MAX_SAFE_INTEGER });
    const tps = Array.from({ length: 1000 }, (_, partition) => ({ topic: "orders", partition }));
    const offsets = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
    monitor.onPartitionsAssigned(tps);
    monitor.onTpCommit(tps.map((tp, place) => [tp, offsets[place % offsets.length]]));
    const { partitions, messages } = monitor.snapshot();
    assert.deepStrictEqual(partitions.map(({ committed }) => committed), tps.map((_, place) => offsets[place % offsets.length]));
    assert.equal(messages.received, Number.MAX_SAFE_INTEGER);
    for (const n of [-1, -24, -25, -256, -257, -65_537, -(2 ** 32), -(2 ** 32) - 1, Number.MIN_SAFE_INTEGER]) monitor.count(String(n), n);
    for (const [name, value] of Object.entries(monitor.snapshot().metrics)) assert.equal(value, Number(name));
  });

  it("with a clock that fails throws its error, and the next one is right", () => {
    const clock = fakeClock();
    let fails = false;
    const monitor = new Monitor({ time: () => { if (fails) throw new Error("no time"); return clock.at; }, epoch });
    fails = true;
    assert.throws(() => monitor.snapshot(), /no time/);
    assert.throws(() => monitor.sample(), /no time/);
    fails = false;
    assert.equal(monitor.snapshot().sequence, 1);
  });
});

describe("snapshotBytes()", () => {
  it("is the same in CBOR, a copy that outlives the monitor", () => {
    const both = monitored();
    oneMessage(both, 0.5);
    const bytes = both.monitor.snapshotBytes();
    assert.ok(bytes instanceof Uint8Array);
    const copy = bytes.slice();
    both.monitor.snapshotBytes().fill(0);
    both.monitor.free();
    for (let count = 0; count < 20; count += 1) oneMessage(monitored(), 0.5);
    assert.deepStrictEqual(bytes, copy);
    const text = new TextDecoder("latin1").decode(bytes);
    for (const key of ["streamgauge/1", "receivedByTopic", "orders", "w1"]) assert.ok(text.includes(key), key);
  });
});

describe("worker", () => {
  it("is a short name of its own unless it is given", () => {
    const names = Array.from({ length: 50 }, () => new Monitor().worker);
    for (const name of names) assert.match(name, /^[0-9a-f]{12}$/);
    assert.equal(new Set(names).size, 50);
    assert.equal(new Monitor({ worker: "a\ud800" }).worker, "a\ufffd");
    assert.equal(new Monitor({ worker: "" }).snapshot().worker, "");
  });

  it("is refused where it is no name", () => {
    const { monitor } = monitored();
    for (const value of [5, null, {}, Symbol("x")]) assertRefused(monitor, () => new Monitor({ worker: value }), TypeError, { argument: "worker", value });
    assertRefused(monitor, () => new Monitor({ worker: "x".repeat(4097) }), RangeError, { argument: "worker", value: "x".repeat(4097) });
  });
});

describe("the options beyond Faust", () => {
  it("are checked", () => {
    const { monitor } = monitored();
    for (const name of ["healthCommits", "stormRebalances"]) {
      for (const value of [1, 0, -1, 1001, 2.5, Number.NaN]) assertRefused(monitor, () => new Monitor({ [name]: value }), RangeError, { argument: name, value });
      for (const value of ["5", 5n, null]) assertRefused(monitor, () => new Monitor({ [name]: value }), TypeError, { argument: name, value });
      for (const value of [2, 1000]) assert.equal(new Monitor({ [name]: value })[name], value);
    }
    for (const value of [-1, 0.5, 2 ** 53, Infinity]) assertRefused(monitor, () => new Monitor({ allowedLag: value }), RangeError, { argument: "allowedLag", value });
    assert.equal(new Monitor({ allowedLag: Number.MAX_SAFE_INTEGER }).allowedLag, Number.MAX_SAFE_INTEGER);
    for (const name of ["healthHold", "stuckAfter", "stormWindow", "labelIdle", "partitionIdle"]) {
      for (const value of [-1, Infinity, Number.NaN]) assertRefused(monitor, () => new Monitor({ [name]: value }), RangeError, { argument: name, value });
      assertRefused(monitor, () => new Monitor({ [name]: "5" }), TypeError, { argument: name, value: "5" });
      for (const value of [0, 0.25, 1e9]) assert.equal(new Monitor({ [name]: value })[name], value);
    }
  });

  it("come to nothing where the clock fails at once: nothing is left behind", () => {
    const error = new Error("no time");
    for (let count = 0; count < 100; count += 1) assert.throws(() => new Monitor({ time: () => { throw error; } }), error);
  });
});
