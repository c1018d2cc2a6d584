// Where a consumer is, told without a message.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { everything, monitored, orders, seen } from "./support.mjs";

function place(monitor) {
  const [{ position, lag, lagSeconds, lagMethod }, ...others] = monitor.snapshot().partitions;
  assert.deepStrictEqual(others, []);
  return { position, lag, lagSeconds, lagMethod };
}

describe("onPosition", () => {
  it("is where the next record is read, forward or back, until a message decides", () => {
    const { clock, monitor } = monitored({ epoch: 1000 });
    monitor.onMessageIn(orders, 41, { timestamp: 1_098_000 });
    monitor.trackTpEndOffset(orders, 43);
    clock.advance(1);
    assert.deepStrictEqual(place(monitor), { position: 42, lag: 1, lagSeconds: 3, lagMethod: "timestamp" });
    const before = monitor.asdict();
    monitor.onPosition(orders, 43);
    assert.deepStrictEqual(place(monitor), { position: 43, lag: 0, lagSeconds: 0, lagMethod: "none" });
    monitor.onPosition(monitor.topicPartition("orders", 3), "41");
    assert.deepStrictEqual(place(monitor), { position: 41, lag: 2, lagSeconds: 1, lagMethod: "atLeast" });
    monitor.onPosition(orders, 10n);
    assert.deepStrictEqual(place(monitor), { position: 10, lag: 33, lagSeconds: 1, lagMethod: "atLeast" });
    assert.deepStrictEqual(monitor.asdict(), before);
    assert.equal(monitor.snapshot().messages.received, 1);
    monitor.onMessageIn(orders, 10, { timestamp: 1_091_000 });
    assert.deepStrictEqual(place(monitor), { position: 11, lag: 32, lagSeconds: 10, lagMethod: "timestamp" });
    assert.deepStrictEqual(seen(monitor), {});
  });

  it("comes after the messages that came before it", () => {
    const { monitor } = monitored();
    monitor.onMessageIn(orders, 41, {});
    monitor.onPosition(orders, 60);
    assert.equal(place(monitor).position, 60);
  });

  it("of a partition that was taken is believed where nobody tells of assignments", () => {
    const told = monitored().monitor;
    told.onPartitionsAssigned([orders]);
    told.onPartitionsRevoked([orders]);
    told.onPosition(orders, 60);
    assert.deepStrictEqual(told.snapshot().partitions, []);
    const untold = monitored().monitor;
    untold.onPosition(orders, 50);
    untold.onPartitionsLost([orders]);
    assert.deepStrictEqual(untold.snapshot().partitions, []);
    untold.onPosition(orders, 60);
    assert.equal(place(untold).position, 60);
  });

  it("refuses what is no offset and no topic-partition, and reads the clock once", () => {
    let reads = 0;
    const monitor = new Monitor({ time: () => (reads += 1) });
    const before = everything(monitor);
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53, "-1", "x"]) assert.throws(() => monitor.onPosition(orders, value), { name: "RangeError", code: "ERR_INVALID_OFFSET" });
    for (const value of [undefined, null, {}, true]) assert.throws(() => monitor.onPosition(orders, value), { name: "TypeError", code: "ERR_INVALID_OFFSET" });
    for (const value of [null, 5, "orders"]) assert.throws(() => monitor.onPosition(value, 1), { name: "TypeError", code: "ERR_INVALID_TP" });
    assert.throws(() => monitor.onPosition({ topic: "x", partition: -1 }, 1), { name: "RangeError", code: "ERR_INVALID_TP_PARTITION" });
    assert.deepStrictEqual([everything(monitor), reads], [before, 1]);
    monitor.onPosition(orders, 2 ** 53 - 1);
    assert.equal(reads, 2);
    assert.equal(place(monitor).position, 2 ** 53 - 1);
  });
});
