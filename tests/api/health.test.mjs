// onHealthChange: a status that is another, and has been for a while.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { assertRefused, fakeClock, orders, payments } from "./support.mjs";

/** A monitor that judges by 3 commits; what a listener heard. */
function listened(options = {}) {
  const clock = fakeClock();
  const monitor = new Monitor({ time: clock, healthCommits: 3, healthHold: 0, partitionIdle: 0, ...options });
  const heard = [];
  const stop = monitor.onHealthChange((change) => heard.push(change));
  return { clock, monitor, heard, stop };
}

/** A second passes: the end offset is seen, maybe an offset committed, and the sampler ticks. */
function second({ clock, monitor }, { end, committed }, tp = orders) {
  clock.advance(1);
  monitor.trackTpEndOffset(tp, end);
  if (committed !== undefined) monitor.onTpCommit([[tp, committed]]);
  monitor.sample();
}

/** What was heard, without the words. */
const told = (heard) => heard.map(({ partition, before, after }) => [partition && `${partition.topic}/${partition.partition}`, before, after]);

const status = (monitor) => monitor.snapshot().partitions.map((one) => one.status);

describe("health", () => {
  it("warns where the lag never falls", () => {
    const all = listened();
    for (let round = 0; round < 3; round += 1) second(all, { end: 100 + 10 * round, committed: 50 + round });
    assert.deepStrictEqual(status(all.monitor), ["warn"]);
    assert.deepStrictEqual(told(all.heard).at(-1), [null, "ok", "warn"]);
    const { health } = all.monitor.snapshot();
    assert.deepStrictEqual([health.status, health.ok, health.warn], ["warn", 0, 1]);
    assert.ok(health.reason.startsWith("orders/3: "), health.reason);
    assert.ok(all.heard.every(({ reason }) => reason.length > 10));
  });

  it("stalls where commits do not move, rewinds where they go back, stops where there are none", () => {
    const stall = listened();
    for (let round = 0; round < 4; round += 1) second(stall, { end: 100 + 10 * round, committed: 50 });
    assert.deepStrictEqual(status(stall.monitor), ["stall"]);
    const rewind = listened();
    for (const committed of [60, 61, 40]) second(rewind, { end: 100, committed });
    assert.deepStrictEqual(status(rewind.monitor), ["rewind"]);
    const stop = listened();
    for (let round = 0; round < 3; round += 1) second(stop, { end: 100 + round, committed: 60 + round });
    for (let round = 0; round < 10; round += 1) second(stop, { end: 200 + 10 * round });
    assert.deepStrictEqual(status(stop.monitor), ["stop"]);
    assert.deepStrictEqual(told(stop.heard).at(-1).slice(1)[1], "stop");
  });

  it("tells of each partition and of the whole, and when it is well again", () => {
    const all = listened();
    for (let round = 0; round < 3; round += 1) second(all, { end: 100 + 10 * round, committed: 50 });
    all.heard.length = 0;
    second(all, { end: 130, committed: 130 });
    assert.deepStrictEqual(told(all.heard), [["orders/3", "stall", "ok"], [null, "stall", "ok"]]);
  });

  it("waits until a status has held for healthHold", () => {
    const all = listened({ healthHold: 5 });
    for (let round = 0; round < 3; round += 1) second(all, { end: 100 + 10 * round, committed: 50 });
    assert.deepStrictEqual(status(all.monitor), ["stall"]);
    assert.deepStrictEqual(all.heard, []);
    for (let round = 0; round < 8; round += 1) second(all, { end: 200, committed: 50 });
    assert.deepStrictEqual(told(all.heard), [["orders/3", "ok", "stall"], [null, "ok", "stall"]]);
  });

  it("takes allowedLag for well", () => {
    const all = listened({ allowedLag: 100 });
    for (let round = 0; round < 4; round += 1) second(all, { end: 100 + 10 * round, committed: 50 });
    assert.deepStrictEqual(all.heard, []);
  });
});

describe("onHealthChange", () => {
  const stalled = (all) => {
    for (let round = 0; round < 3; round += 1) second(all, { end: 100 + 10 * round, committed: 50 });
  };

  it("gives how to stop, for each registration its own", () => {
    const all = listened();
    const more = [];
    const hear = (change) => more.push(change);
    const stops = [all.monitor.onHealthChange(hear), all.monitor.onHealthChange(hear)];
    stops[0]();
    stops[0]();
    all.stop();
    stalled(all);
    assert.deepStrictEqual([all.heard.length, more.length], [0, 2]);
    stops[1]();
    second(all, { end: 130, committed: 130 });
    assert.equal(more.length, 2);
    assert.equal(all.monitor.snapshot().health.status, "ok");
  });

  it("refuses what is no function", () => {
    const { monitor } = listened();
    for (const value of [undefined, null, {}, "x"]) assertRefused(monitor, () => monitor.onHealthChange(value), TypeError, { argument: "listener", value });
  });

  it("lets no listener harm the sampler or another listener; the logger hears of it once", async () => {
    const warned = [];
    const all = listened({ logger: { warn: (text) => warned.push(text) } });
    const more = [];
    all.monitor.onHealthChange(() => { throw new Error("listener broke"); });
    all.monitor.onHealthChange(async () => { throw new Error("later"); });
    all.monitor.onHealthChange(() => { throw null; });
    all.monitor.onHealthChange((change) => more.push(change));
    stalled(all);
    second(all, { end: 130, committed: 130 });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(more.length, all.heard.length);
    assert.ok(more.length >= 4);
    assert.equal(warned.length, 1);
    assert.match(warned[0], /listener broke/);
  });

  it("survives a logger that fails, and a listener whose error cannot be told", () => {
    const all = listened({ logger: { warn: () => { throw new Error("logger broke"); } } });
    all.monitor.onHealthChange(() => { throw Object.create(null); });
    stalled(all);
    assert.ok(all.heard.length > 0);
  });

  it("lets a listener use the monitor: read, sample, listen, stop, free", () => {
    const all = listened();
    const { monitor } = all;
    let seen = 0;
    const stop = monitor.onHealthChange(() => {
      seen += 1;
      monitor.snapshot();
      monitor.sample();
      monitor.onHealthChange(() => {});
      monitor.onMessageIn(payments, 1, {});
      stop();
    });
    stalled(all);
    assert.equal(seen, 1);
    monitor.onHealthChange(() => monitor.free());
    const after = [];
    monitor.onHealthChange((change) => after.push(change));
    second(all, { end: 130, committed: 130 });
    assert.deepStrictEqual(after, [], "nothing is told of a freed monitor");
    assert.throws(() => monitor.snapshot(), { code: "ERR_MONITOR_FREED" });
    stop();
  });

  it("gives each listener a change of its own", () => {
    const all = listened();
    all.monitor.onHealthChange((change) => (change.partition === null ? 0 : (change.partition.topic = "changed")));
    const last = [];
    all.monitor.onHealthChange((change) => last.push(change));
    stalled(all);
    assert.equal(last[0].partition.topic, "orders");
  });
});
