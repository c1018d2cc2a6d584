// `message.timestamp`: when a record was written, as Kafka clients say it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { fakeClock, orders, seen } from "./support.mjs";

// The clock reads 100 at 1,700,000,100 s of Unix time.
const epoch = 1_700_000_000;
const monitored = () => {
  const clock = fakeClock();
  return { clock, monitor: new Monitor({ time: clock, epoch }) };
};

/** Seconds from record to message out: of a message that was written with `timestamp`. A handle changes nothing. */
function endToEnd(timestamp, how = (message) => Object.assign(message, { timestamp })) {
  const [plain, handled] = [() => orders, (monitor) => monitor.topicPartition(orders.topic, orders.partition)].map((tpOf) =>
    endToEndOf(tpOf, how({})),
  );
  assert.equal(plain, handled);
  return plain;
}

function endToEndOf(tpOf, message) {
  const { clock, monitor } = monitored();
  const tp = tpOf(monitor);
  monitor.onMessageIn(tp, 1, message);
  clock.advance(1);
  monitor.onMessageOut(tp, 1, message);
  assert.equal(message.timeTotal, 1);
  assert.deepStrictEqual(seen(monitor), {});
  monitor.trackTpEndOffset(orders, 5);
  const { messages, partitions } = monitor.snapshot();
  assert.equal(messages.received, 1);
  assert.equal(messages.endToEnd.life.max > 0, partitions[0].lagMethod === "timestamp", "both hooks understood it alike");
  return messages.endToEnd.life.max;
}

describe("message.timestamp", () => {
  it("is Unix milliseconds: a number, a bigint or a string", () => {
    assert.equal(endToEnd(1_700_000_098_500), 2.5);
    assert.equal(endToEnd(1_700_000_098_500n), 2.5);
    assert.equal(endToEnd("1700000098500"), 2.5);
    assert.equal(endToEnd(0), epoch + 101);
    assert.equal(endToEnd("0"), epoch + 101);
    assert.equal(endToEnd("0001700000098500"), 2.5);
    assert.equal(endToEnd(1_700_000_098_500.9), 2.5, "whole milliseconds of a number with a fraction");
  });

  it("from the future is 0 seconds old, a day ahead at most", () => {
    assert.equal(endToEnd(1_700_000_200_000), 0);
    assert.equal(endToEnd(1_700_086_000_000), 0);
    // Microseconds, taken for milliseconds.
    for (const timestamp of [1_700_090_000_000, 1_700_000_098_500_000, String(Number.MAX_SAFE_INTEGER)]) {
      assert.equal(endToEnd(timestamp), null);
    }
  });

  it("that is absent or nonsense is not known, and never refused", () => {
    const unknown = [
      undefined, null, "", -1, -1n, "-1", "1.5", Number.NaN, Infinity, -Infinity, 2 ** 53, 2n ** 53n, 2n ** 200n, String(2 ** 53),
      "17000000985000000", "1e3", "0x10", " 1700000098500", "1700000098500 ", "١", "yesterday", true, false, {}, [], [1_700_000_098_500], () => {}, Symbol("x"),
      new Date(1_700_000_098_500), "9".repeat(10_000),
    ];
    for (const timestamp of unknown) assert.equal(endToEnd(timestamp), null, String(timestamp));
    assert.equal(endToEnd(undefined, (message) => message), null);
  });

  it("is its own message's, wherever the log of calls is full in between", () => {
    const { clock, monitor } = monitored();
    const handle = monitor.topicPartition(orders.topic, orders.partition);
    let known = 0;
    for (let offset = 0; offset < 5_000; offset += 1) {
      const tp = offset % 3 === 0 ? orders : handle;
      // Every third message's record is as old as its number, in milliseconds.
      const message = offset % 3 === 1 ? { timestamp: (epoch + clock.at) * 1000 - offset } : {};
      known += offset % 3 === 1 ? offset : 0;
      monitor.onMessageIn(tp, offset, message);
      if (offset % 5 === 0) monitor.onStreamEventIn(tp, offset, "totals");
      monitor.onMessageOut(tp, offset, message);
    }
    const { life } = monitor.snapshot().messages.endToEnd;
    assert.equal(life.count, 1_667);
    // At this epoch a clock of seconds has steps of a quarter of a microsecond.
    assert.ok(Math.abs(life.max - 4.999) < 1e-6, `${life.max}`);
    assert.ok(Math.abs(life.mean - known / 1000 / 1_667) < 1e-6, `${life.mean}`);
  });

  it("whose getter throws is not known, and the message is timed all the same", () => {
    const message = Object.defineProperty({}, "timestamp", { get: () => { throw new Error("no timestamp"); } });
    assert.equal(endToEnd(undefined, () => message), null);
    assert.deepStrictEqual([message.timeIn, message.timeOut, message.timeTotal], [100, 101, 1]);
  });

  it("may come from a getter, a class or a prototype", () => {
    class Message {
      get timestamp() {
        return "1700000098500";
      }
    }
    assert.equal(endToEnd(undefined, () => new Message()), 2.5);
    assert.equal(endToEnd(undefined, () => Object.create({ timestamp: 1_700_000_098_500 })), 2.5);
  });

  it("of many messages in flight is each one's own", () => {
    const { clock, monitor } = monitored();
    const messages = ["1700000097000", "1700000098000", "1700000099000", "junk", "1700000096000"].map((timestamp) => ({ timestamp }));
    messages.forEach((message, offset) => monitor.onMessageIn(orders, offset, message));
    clock.advance(1);
    for (const message of messages) monitor.onMessageOut(orders, 0, message);
    const { life } = monitor.snapshot().messages.endToEnd;
    assert.deepStrictEqual([life.count, life.sum, life.min, life.max], [4, 4 + 3 + 2 + 5, 2, 5]);
  });

  it("does not make a frozen message one that is taken", () => {
    const { monitor } = monitored();
    const message = Object.freeze({ timestamp: 5, timeIn: null, timeOut: null, timeTotal: null });
    assert.throws(() => monitor.onMessageIn(orders, 1, message), { code: "ERR_INVALID_MESSAGE", argument: "message", value: message });
    assert.throws(() => monitor.onMessageOut(orders, 1, message), { code: "ERR_INVALID_MESSAGE", argument: "message", value: message });
    assert.throws(() => monitor.onMessageIn(orders, 1, null), { code: "ERR_INVALID_MESSAGE" });
    assert.throws(() => monitor.onMessageOut(orders, 1, undefined), { code: "ERR_INVALID_MESSAGE" });
    assert.equal(monitor.snapshot().messages.received, 0);
  });

  it("read by a getter that frees the monitor does not write into what is gone", () => {
    for (const hook of ["onMessageIn", "onMessageOut"]) {
      const { monitor } = monitored();
      monitor.onMessageIn(orders, 1, {});
      const message = { get timestamp() { monitor.free(); return 5; } };
      assert.throws(() => monitor[hook](orders, 2, message), { code: "ERR_MONITOR_FREED" });
    }
  });

  it("is read of a partition without room as well", () => {
    const clock = fakeClock();
    const monitor = new Monitor({ time: clock, epoch, maxPartitions: 0 });
    const message = { timestamp: 1_700_000_099_000 };
    monitor.onMessageIn(orders, 1, message);
    monitor.onMessageOut(orders, 1, message);
    const { messages, partitions } = monitor.snapshot();
    assert.deepStrictEqual([messages.endToEnd.life.max, partitions], [1, []]);
  });
});
