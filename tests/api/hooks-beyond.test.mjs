// The hooks that Faust does not have, and what they count in a snapshot.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor, SensorDelegate } from "streamgauge";
import { assertRefused, everything, monitored, orders, payments, seen } from "./support.mjs";

const shipments = Object.freeze({ topic: "shipments", partition: 7 });

/** The partitions of a snapshot, by name. */
const byName = (snapshot) => Object.fromEntries(snapshot.partitions.map((one) => [`${one.topic}/${one.partition}`, one]));

/** Everything but when it was taken. */
const figures = (monitor) => {
  const { at, sequence, partitions, ...rest } = monitor.snapshot();
  return { ...rest, partitions: partitions.map(({ at: _, ...one }) => one), everything: everything(monitor) };
};

describe("onPartitionsAssigned, onPartitionsRevoked, onPartitionsLost", () => {
  it("count what comes and goes, each partition once", () => {
    const { monitor } = monitored();
    monitor.onPartitionsAssigned([orders, payments, shipments]);
    monitor.onPartitionsAssigned([orders]);
    assert.deepStrictEqual(monitor.snapshot().ownership, { owned: 3, assigned: 3, revoked: 0, lost: 0 });
    monitor.onPartitionsRevoked([payments]);
    monitor.onPartitionsRevoked([payments]);
    monitor.onPartitionsLost([shipments, payments]);
    const snapshot = monitor.snapshot();
    assert.deepStrictEqual(snapshot.ownership, { owned: 1, assigned: 3, revoked: 1, lost: 1 });
    assert.deepStrictEqual(Object.keys(byName(snapshot)), ["orders/3"]);
    monitor.onPartitionsAssigned([payments]);
    assert.deepStrictEqual(monitor.snapshot().ownership, { owned: 2, assigned: 4, revoked: 1, lost: 1 });
  });

  it("take handles, objects and any iterable", () => {
    const { monitor } = monitored();
    const handle = monitor.topicPartition("orders", 3);
    monitor.onPartitionsAssigned(new Set([handle]));
    monitor.onPartitionsAssigned((function* () {
      yield payments;
      yield { topic: "orders", partition: 3 };
    })());
    assert.deepStrictEqual(Object.keys(byName(monitor.snapshot())), ["orders/3", "payments/0"]);
    monitor.onPartitionsRevoked([handle]);
    assert.deepStrictEqual(Object.keys(byName(monitor.snapshot())), ["payments/0"]);
  });

  it("come after the messages that came before them", () => {
    const { monitor } = monitored();
    monitor.onPartitionsAssigned([orders]);
    monitor.onMessageIn(orders, 41, {});
    assert.equal(byName(monitor.snapshot())["orders/3"].position, 42);
    monitor.onMessageIn(orders, 50, {});
    monitor.onPartitionsRevoked([orders]);
    monitor.onMessageIn(orders, 51, {});
    monitor.onPartitionsAssigned([orders]);
    assert.equal(byName(monitor.snapshot())["orders/3"].position, null, "neither of 50 and 51 is of this assignment");
    monitor.onMessageIn(orders, 60, {});
    assert.equal(byName(monitor.snapshot())["orders/3"].position, 61);
    assert.equal(monitor.snapshot().messages.received, 4);
  });

  it("keep what a rebalance empties in asdict()", () => {
    const { monitor } = monitored();
    monitor.onPartitionsAssigned([orders]);
    monitor.onMessageIn(orders, 41, {});
    monitor.onTpCommit([[orders, 40]]);
    monitor.trackTpEndOffset(orders, 100);
    monitor.onRebalanceEnd({}, monitor.onRebalanceStart());
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, {});
    const { position, committed, end, lag, committedLag, owned } = byName(monitor.snapshot())["orders/3"];
    assert.deepStrictEqual([position, committed, end, lag, committedLag, owned], [42, 40, 100, 58, 60, true]);
  });
});

describe("onPause and onResume", () => {
  it("count changes alone, and say what is paused now", () => {
    const { monitor } = monitored();
    monitor.onPartitionsAssigned([orders, payments]);
    monitor.onPause([orders, payments, orders]);
    monitor.onPause([orders]);
    monitor.onResume([payments]);
    const { consumer, ...snapshot } = monitor.snapshot();
    assert.deepStrictEqual([consumer.pauses, consumer.resumes, consumer.pausedPartitions], [2, 1, 1]);
    assert.deepStrictEqual(snapshot.partitions.map(({ paused }) => paused), [true, false]);
  });
});

describe("hooks of many partitions", () => {
  const hooks = ["onPartitionsAssigned", "onPartitionsRevoked", "onPartitionsLost", "onPause", "onResume"];
  for (const hook of hooks) {
    it(`${hook} refuses the whole where one is bad, and what is no iterable`, () => {
      const { monitor } = monitored();
      monitor.onPartitionsAssigned([orders, payments]);
      monitor.onPause([payments]);
      const before = figures(monitor);
      const bad = [
        [[orders, null], TypeError, "tp", null],
        [[orders, "payments"], TypeError, "tp", "payments"],
        [[orders, { topic: 5, partition: 0 }], TypeError, "tp.topic", 5],
        [[orders, { topic: "x", partition: -1 }], RangeError, "tp.partition", -1],
        [[orders, { topic: "x", partition: 2 ** 31 }], RangeError, "tp.partition", 2 ** 31],
        [[orders, { topic: "x", partition: "0" }], TypeError, "tp.partition", "0"],
      ];
      for (const [tps, type, argument, value] of bad) assertRefused(monitor, () => monitor[hook](tps), type, { argument, value });
      for (const value of [null, undefined, 5, "orders", {}]) assertRefused(monitor, () => monitor[hook](value), TypeError, { argument: "tps", value });
      assert.deepStrictEqual(figures(monitor), before);
    });

    it(`${hook} reads the clock once, and changes nothing where it, the iterable or a getter throws`, () => {
      let reads = 0;
      let fails = false;
      const time = () => {
        reads += 1;
        if (fails) throw new Error("no time");
        return reads;
      };
      const monitor = new Monitor({ time, epoch: 0, worker: "w" });
      monitor.onPartitionsAssigned([payments]);
      monitor.onPause([payments]);
      reads = 10;
      monitor[hook]([orders, payments, shipments]);
      assert.equal(reads, 11);
      const partitions = () => monitor.snapshot().partitions.map(({ owned, paused, topic }) => [topic, owned, paused]);
      const before = partitions();
      fails = true;
      assert.throws(() => monitor[hook]([orders]), /no time/);
      fails = false;
      assert.throws(() => monitor[hook]((function* () {
        yield orders;
        throw new Error("no more");
      })()), /no more/);
      const getter = Object.defineProperty({ partition: 1 }, "topic", { get: () => { throw new Error("no topic"); } });
      assert.throws(() => monitor[hook]([orders, getter]), /no topic/);
      assert.deepStrictEqual(partitions(), before);
    });

    it(`${hook} of a monitor that is freed on the way says so`, () => {
      for (const how of ["clock", "iterable", "getter"]) {
        let free = () => {};
        const monitor = new Monitor({ time: () => (how === "clock" && free(), 1) });
        free = () => monitor.free();
        const tps = how === "iterable" ? (function* () {
          yield orders;
          free();
        })() : [orders, how === "getter" ? { get topic() { free(); return "x"; }, partition: 1 } : payments];
        assert.throws(() => monitor[hook](tps), { code: "ERR_MONITOR_FREED" }, how);
      }
    });
  }

  it("a hostile topic-partition is asked once: what was checked is what is used", () => {
    const { monitor } = monitored();
    let asked = 0;
    const shifty = { get topic() { return (asked += 1) === 1 ? "first" : 5; }, partition: 0 };
    monitor.onPartitionsAssigned([shifty]);
    assert.deepStrictEqual(Object.keys(byName(monitor.snapshot())), ["first/0"]);
  });
});

describe("onError", () => {
  it("counts by stage and kind", () => {
    const { monitor } = monitored();
    monitor.onError("process", new TypeError("bad record 5"), orders);
    monitor.onError("process", new TypeError("bad record 6"));
    monitor.onError("deserialize", "schema");
    monitor.onError("fetch", Object.assign(new Error("refused"), { code: "ECONNREFUSED", name: "KafkaJSConnectionError" }));
    monitor.onError("commit", { name: "KafkaJSProtocolError", code: 27 });
    monitor.onError("http", "timeout", null);
    monitor.onError("send", "TIMED_OUT");
    monitor.onError("other", "");
    const { errors, rates } = monitor.snapshot();
    assert.equal(errors.total, 8);
    assert.deepStrictEqual(errors.byTopic, { orders: 1 });
    assert.deepStrictEqual(errors.byStage, {
      commit: { KafkaJSProtocolError: 1 },
      deserialize: { schema: 1 },
      fetch: { ECONNREFUSED: 1 },
      http: { timeout: 1 },
      other: { "": 1 },
      process: { TypeError: 2 },
      send: { TIMED_OUT: 1 },
    });
    assert.equal(rates.errors.now, null);
    assert.equal(monitor.sendErrors, 0, "that is onSendError's");
  });

  it("finds a kind for whatever was thrown, and throws nothing itself", () => {
    const { monitor } = monitored();
    const throwing = Object.defineProperty(new Error("x"), "code", { get: () => { throw new Error("no code"); } });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const unknown = [
      undefined, null, 5, 5n, true, Symbol("x"), () => {}, {}, [], Object.create(null), throwing, revoked.proxy, new Map(),
      { name: "" }, { name: "x".repeat(101) }, { code: 5 }, "x".repeat(4097),
    ];
    for (const thrown of unknown) monitor.onError("process", thrown);
    for (const [thrown, kind] of [
      [{ code: "x".repeat(101), name: "Long" }, "Long"],
      [{ code: "", name: "Empty" }, "Empty"],
      ["x".repeat(4096), "x".repeat(4096)],
      ["\ud800", "\ufffd"],
      ["__proto__", "__proto__"],
    ]) {
      monitor.onError("fetch", thrown);
      assert.ok(Object.hasOwn(monitor.snapshot().errors.byStage.fetch, kind), kind);
    }
    assert.deepStrictEqual(monitor.snapshot().errors.byStage.process, { unknown: unknown.length });
  });

  it("refuses what is no stage, and a topic-partition that is none, before anything counts", () => {
    const { monitor } = monitored();
    const before = figures(monitor);
    for (const value of ["Send", "", "sending", "toString"]) assertRefused(monitor, () => monitor.onError(value, "x"), RangeError, { argument: "stage", value });
    for (const value of [undefined, null, 0, {}, ["send"]]) assertRefused(monitor, () => monitor.onError(value, "x"), TypeError, { argument: "stage", value });
    for (const hook of [(tp) => monitor.onError("send", "x", tp), (tp) => monitor.onRetry(tp), (tp) => monitor.onDeadLetter(tp)]) {
      for (const value of [5, "orders", true]) assertRefused(monitor, () => hook(value), TypeError, { argument: "tp", value });
      assertRefused(monitor, () => hook({ topic: "x".repeat(4097), partition: 0 }), RangeError, { argument: "tp.topic", value: "x".repeat(4097) });
      assertRefused(monitor, () => hook({ topic: "x", partition: 0.5 }), RangeError, { argument: "tp.partition", value: 0.5 });
    }
    assert.deepStrictEqual(figures(monitor), before);
  });

  it("keeps kinds within maxLabels", () => {
    const { monitor } = monitored({ maxLabels: 2 });
    for (let kind = 0; kind < 100; kind += 1) monitor.onError("process", `kind ${kind}`);
    assert.deepStrictEqual(monitor.snapshot().errors.byStage.process, { "(other)": 98, "kind 0": 1, "kind 1": 1 });
    assert.equal(seen(monitor).labelOverLimit, 98);
  });
});

describe("onSendInitiated", () => {
  it("counts the bytes of key and value, 0 where there is none: a key of KafkaJS is null then", () => {
    const { monitor } = monitored();
    monitor.onSendInitiated({}, "results", {}, null, 90);
    monitor.onSendInitiated({}, "results", {}, 10, null);
    monitor.onSendInitiated({}, "results", {}, undefined, null);
    const { messages } = monitor.snapshot();
    assert.deepStrictEqual([messages.sent, messages.bytesSent], [3, 100]);
    assert.throws(() => monitor.onSendInitiated({}, "results", {}, "10"), { name: "TypeError", code: "ERR_INVALID_KEYSIZE" });
  });
});

describe("onSendError", () => {
  it("counts an error of the stage send, by the kind of the error, and how long it took", () => {
    const { clock, monitor } = monitored();
    const state = monitor.onSendInitiated({}, "results", {}, 10, 90);
    clock.advance(0.5);
    monitor.onSendError({}, Object.assign(new Error("late"), { code: "ETIMEDOUT" }), state);
    monitor.onSendError({}, undefined, state);
    const { sends, errors, messages } = monitor.snapshot();
    assert.deepStrictEqual(errors, { total: 2, byTopic: {}, byStage: { send: { ETIMEDOUT: 1, unknown: 1 } } });
    assert.deepStrictEqual([sends.errors, sends.errorLatency.life.count, sends.errorLatency.life.max], [2, 2, 0.5]);
    assert.deepStrictEqual([messages.sent, messages.bytesSent], [1, 100]);
  });

  it("without a token is no error, but an anomaly", () => {
    const { monitor } = monitored();
    monitor.onSendError({}, new Error("lost"), null);
    assert.equal(monitor.snapshot().errors.total, 0);
    assert.deepStrictEqual(seen(monitor), { tokenMissing: 1 });
  });
});

describe("web requests", () => {
  it("of a status of 500 or more are errors of the stage http", () => {
    const { monitor } = monitored();
    for (const status of [200, 404, 499, 500, 503, 503]) monitor.onWebRequestEnd({}, {}, { status }, monitor.onWebRequestStart());
    const { errors, http } = monitor.snapshot();
    assert.deepStrictEqual(errors, { total: 3, byTopic: {}, byStage: { http: { 500: 1, 503: 2 } } });
    assert.deepStrictEqual(http.responses, { 200: 1, 404: 1, 499: 1, 500: 1, 503: 2 });
  });
});

describe("onRetry and onDeadLetter", () => {
  it("count messages, with or without their topic-partition", () => {
    const { monitor } = monitored();
    monitor.onRetry();
    monitor.onRetry(null);
    monitor.onRetry(orders);
    monitor.onDeadLetter(monitor.topicPartition("orders", 3));
    const { messages } = monitor.snapshot();
    assert.deepStrictEqual([messages.retried, messages.deadLettered], [3, 1]);
  });
});

describe("onHeartbeat", () => {
  it("says how long ago the last was", () => {
    const { clock, monitor } = monitored();
    assert.deepStrictEqual([monitor.snapshot().consumer.heartbeats, monitor.snapshot().consumer.heartbeatAgeSeconds], [0, null]);
    monitor.onHeartbeat();
    clock.advance(3);
    monitor.onHeartbeat();
    clock.advance(2.5);
    const { consumer } = monitor.snapshot();
    assert.deepStrictEqual([consumer.heartbeats, consumer.heartbeatAgeSeconds], [2, 2.5]);
  });
});

describe("onPoll", () => {
  it("counts polls, empty ones, records and bytes", () => {
    const { monitor } = monitored();
    monitor.onPoll(0);
    monitor.onPoll(0, 0);
    monitor.onPoll(10, 4096);
    monitor.onPoll(5, null);
    const { consumer, messages } = monitor.snapshot();
    assert.deepStrictEqual([consumer.polls, consumer.emptyPolls, consumer.polledRecords, messages.bytesReceived], [4, 2, 15, 4096]);
  });

  it("refuses what is no count", () => {
    const { monitor } = monitored();
    const before = figures(monitor);
    for (const value of [undefined, null, "5", 5n, {}]) assertRefused(monitor, () => monitor.onPoll(value), TypeError, { argument: "records", value });
    for (const value of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) assertRefused(monitor, () => monitor.onPoll(value), RangeError, { argument: "records", value });
    for (const value of ["5", 5n, {}]) assertRefused(monitor, () => monitor.onPoll(1, value), TypeError, { argument: "bytes", value });
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53]) assertRefused(monitor, () => monitor.onPoll(1, value), RangeError, { argument: "bytes", value });
    assert.deepStrictEqual(figures(monitor), before);
  });
});

describe("the hooks that do not need the time", () => {
  it("do not read the clock", () => {
    let reads = 0;
    const monitor = new Monitor({ time: () => (reads += 1) });
    assert.equal(reads, 1, "the constructor read it once");
    monitor.onError("process", "x", orders);
    monitor.onRetry(orders);
    monitor.onDeadLetter(orders);
    monitor.onPoll(1, 1);
    assert.equal(reads, 1);
    monitor.onHeartbeat();
    monitor.trackTpEndOffset(orders, 5);
    monitor.onTpCommit([[orders, 5], [payments, 6]]);
    monitor.onSendError({}, null, 1);
    assert.equal(reads, 5, "and these once each");
  });
});

describe("a delegate", () => {
  it("passes the hooks on, an iterable for one pass to all", () => {
    const [one, two] = [monitored().monitor, monitored().monitor];
    const delegate = new SensorDelegate([one, two]);
    const once = (tps) => tps.values();
    delegate.onPartitionsAssigned(once([orders, payments, shipments]));
    delegate.onPartitionsRevoked(once([payments]));
    delegate.onPartitionsLost(once([shipments]));
    delegate.onPause(once([orders]));
    delegate.onResume(once([orders]));
    delegate.onError("commit", "x", orders);
    delegate.onRetry();
    delegate.onDeadLetter(orders);
    delegate.onPosition(orders, 60);
    delegate.onHeartbeat();
    delegate.onPoll(3, 4);
    for (const monitor of [one, two]) {
      const { ownership, consumer, errors, messages, partitions } = monitor.snapshot();
      assert.deepStrictEqual(ownership, { owned: 1, assigned: 3, revoked: 1, lost: 1 });
      assert.deepStrictEqual(partitions.map(({ position }) => position), [60]);
      assert.deepStrictEqual([consumer.pauses, consumer.resumes, consumer.heartbeats, consumer.polledRecords], [1, 1, 1, 3]);
      assert.deepStrictEqual([errors.total, messages.retried, messages.deadLettered, messages.bytesReceived], [1, 1, 1, 4]);
    }
    assert.throws(() => delegate.onPause(5), { code: "ERR_INVALID_TPS" });
  });
});
