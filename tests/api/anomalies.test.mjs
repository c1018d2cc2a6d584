// Anomalies: every kind is counted, and the logger hears of the first of each, once and at once.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { fakeClock, monitored, orders, payments, seen } from "./support.mjs";

/** For each kind, options and a call that is one. */
const kinds = {
  messageOutWithoutIn: { once: ({ monitor }) => monitor.onMessageOut(orders, 1, {}) },
  eventOutWithoutIn: { once: ({ monitor, clock }) => monitor.onStreamEventOut(orders, 1, "totals", {}, { timeIn: clock.at }) },
  tokenCompletedTwice: {
    prepare: ({ monitor }) => {
      const state = monitor.onAssignmentStart();
      monitor.onAssignmentCompleted({}, state);
      return state;
    },
    once: ({ monitor }, state) => monitor.onAssignmentCompleted({}, state),
  },
  tokenMissing: { once: ({ monitor }) => monitor.onCommitCompleted({}, null) },
  clockWentBack: { once: ({ monitor, clock }) => monitor.onCommitCompleted({}, clock.at + 1) },
  clockNotFinite: {
    once: ({ monitor, clock }) => {
      clock.at = Number.NaN;
      monitor.onCommitInitiated();
      clock.at = 100;
    },
  },
  labelOverLimit: { options: { maxLabels: 0 }, once: ({ monitor }) => monitor.count("bytes") },
  partitionOverLimit: { options: { maxPartitions: 0 }, once: ({ monitor }) => monitor.trackTpEndOffset(orders, 1) },
};

describe("anomalies", () => {
  it("has every kind, and no other", () => {
    // A name that is too long is refused in JavaScript, so that kind stays at 0.
    assert.deepStrictEqual(Object.keys(new Monitor().anomalies).toSorted(), [...Object.keys(kinds), "nameTooLong"].toSorted());
    assert.deepStrictEqual(new Set(Object.values(new Monitor().anomalies)), new Set([0]));
  });

  for (const [kind, { options, prepare, once }] of Object.entries(kinds)) {
    it(`counts ${kind}`, () => {
      const context = monitored(options);
      const prepared = prepare?.(context);
      for (const count of [1, 2, 3]) {
        once(context, prepared);
        assert.deepStrictEqual(seen(context.monitor), { [kind]: count });
      }
    });

    it(`tells the logger of the first ${kind}, once, before the call returns`, () => {
      const heard = [];
      const context = monitored({ ...options, logger: { warn: (...args) => heard.push(args) } });
      const prepared = prepare?.(context);
      assert.deepStrictEqual(heard, []);
      once(context, prepared);
      assert.equal(heard.length, 1);
      assert.equal(heard[0].length, 1);
      assert.match(heard[0][0], /^streamgauge: [^;]+; .+/);
      assert.ok(heard[0][0].includes(kind), heard[0][0]);
      once(context, prepared);
      context.monitor.sample();
      context.monitor.asdict();
      assert.equal(heard.length, 1);
    });
  }

  it("are counted per monitor, and not undone by a rebalance", () => {
    const [one, other] = [monitored().monitor, monitored().monitor];
    one.onMessageOut(orders, 1, {});
    one.onRebalanceEnd({}, one.onRebalanceStart());
    assert.deepStrictEqual([seen(one), seen(other)], [{ messageOutWithoutIn: 1 }, {}]);
  });

  it("are a copy", () => {
    const { monitor } = monitored();
    const before = monitor.anomalies;
    monitor.onMessageOut(orders, 1, {});
    assert.equal(before.messageOutWithoutIn, 0);
  });
});

describe("the logger", () => {
  const over = (name, act, options = { maxLabels: 0 }) => {
    it(`hears at once ${name}`, () => {
      const heard = [];
      const { clock, monitor } = monitored({ ...options, logger: { warn: (text) => heard.push(text) } });
      act(monitor, clock);
      assert.equal(heard.length, 1, "before anything was read");
    });
  };
  over("of a stream over the limit", (monitor) => monitor.onStreamEventIn(orders, 1, "totals"));
  over("of a task over the limit", (monitor) => monitor.onStreamEventIn(orders, 1, { label: "(other)", task: "agent" }));
  over("of a topic that is sent to over the limit", (monitor) => monitor.onSendInitiated({}, "results"));
  over("of a full topic over the limit", (monitor) => monitor.onTopicBufferFull("orders"));
  over("of a table over the limit", (monitor) => monitor.onTableSet("counts"));
  over("of a stream's handle over the limit", (monitor) => monitor.stream("totals"));
  const none = { maxPartitions: 0 };
  over("of a read partition over the limit", (monitor) => monitor.onMessageIn(orders, 1, {}), none);
  over("of an event's partition over the limit", (monitor) => monitor.onStreamEventIn(orders, 1, "totals"), none);
  over("of a committed partition over the limit", (monitor) => monitor.onTpCommit([[orders, 1]]), none);
  over("of a partition's handle over the limit", (monitor) => monitor.topicPartition("orders", 1), none);
  const back = (monitor, clock, start, end) => {
    const token = start();
    clock.at -= 1;
    end(token);
  };
  over("of a rebalance that went back", (m, c) => back(m, c, () => m.onRebalanceStart(), (state) => m.onRebalanceReturn({}, state)), {});
  over("of a web request that went back", (m, c) => back(m, c, () => m.onWebRequestStart(), (state) => m.onWebRequestEnd({}, {}, null, state)), {});
  over("of a send that went back", (m, c) => back(m, c, () => m.onSendInitiated({}, "t"), (state) => m.onSendCompleted({}, state)), {});
  over("of an assignment that went back", (m, c) => back(m, c, () => m.onAssignmentStart(), (state) => m.onAssignmentError({}, state)), {});
  over("of a duration that went back", (m, c) => m.secsSince(c.at + 1), {});

  it("hears of a read topic over the limit when the figures are next read", () => {
    const heard = [];
    const { monitor } = monitored({ maxLabels: 0, logger: { warn: (text) => heard.push(text) } });
    monitor.onMessageIn(orders, 1, {});
    monitor.asdict();
    assert.equal(heard.length, 1);
  });

  it("hears of each kind", () => {
    const heard = [];
    const { monitor } = monitored({ maxLabels: 0, maxPartitions: 0, logger: { warn: (text) => heard.push(text) } });
    for (let time = 0; time < 3; time += 1) {
      monitor.onMessageIn(payments, 1, {});
      monitor.onMessageOut(payments, 1, {});
      monitor.onMessageOut(payments, 1, {});
      monitor.onSendCompleted({}, undefined);
    }
    assert.equal(heard.length, 4);
    assert.equal(new Set(heard).size, 4);
  });

  it("that throws harms nothing", () => {
    const { clock, monitor } = monitored({ logger: { warn() { throw new Error("mine"); } } });
    const message = {};
    monitor.onMessageOut(orders, 1, message);
    monitor.onMessageIn(orders, 1, message);
    clock.at = 99;
    monitor.onMessageOut(orders, 1, message);
    assert.deepStrictEqual(message, { timeOut: 99, timeIn: 100, timeTotal: 0 });
    assert.deepStrictEqual(seen(monitor), { messageOutWithoutIn: 1, clockWentBack: 1 });
    assert.equal(monitor.messagesActive, 0);
  });

  it("that fails later harms nothing either", async () => {
    const { monitor } = monitored({ logger: { warn: async () => { throw new Error("mine"); } } });
    monitor.onMessageOut(orders, 1, {});
    // An unhandled rejection would fail this test.
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepStrictEqual(seen(monitor), { messageOutWithoutIn: 1 });
  });

  it("may call the monitor so often that the log is full again", () => {
    let monitor;
    const warn = () => {
      for (let offset = 0; offset < 1024; offset += 1) monitor.onMessageIn(payments, offset, {});
    };
    monitor = new Monitor({ maxLabels: 0, time: fakeClock(), logger: { warn } });
    for (let offset = 0; offset < 2000; offset += 1) monitor.onMessageIn(orders, offset, {});
    assert.equal(monitor.messagesReceivedTotal, 3024);
    assert.equal(monitor.messagesActive, 3024);
  });

  it("is called as a method", () => {
    const logger = {
      lines: [],
      warn(text) {
        this.lines.push(text);
      },
    };
    const { monitor } = monitored({ logger });
    monitor.onMessageOut(orders, 1, {});
    assert.equal(logger.lines.length, 1);
  });

  it("may call the monitor back", () => {
    let monitor;
    const inner = [];
    const logger = {
      warn() {
        inner.push(monitor.asdict().messages_active, monitor.anomalies.messageOutWithoutIn);
        monitor.onMessageIn(payments, 9, {});
        monitor.onMessageOut(orders, 1, {});
        monitor.onMessageOut(orders, 1, {});
      },
    };
    monitor = new Monitor({ time: fakeClock(), logger });
    monitor.onMessageOut(orders, 1, {});
    assert.deepStrictEqual(inner, [0, 1]);
    assert.deepStrictEqual([monitor.messagesActive, monitor.messagesReceivedTotal], [0, 1]);
    assert.deepStrictEqual(seen(monitor), { messageOutWithoutIn: 2 });
  });

  it("may free the monitor", () => {
    for (const act of [
      (monitor) => monitor.onMessageOut(orders, 1, {}),
      (monitor) => monitor.onCommitCompleted({}, null),
      (monitor) => monitor.count("bytes"),
      (monitor) => monitor.onStreamEventIn(orders, 1, "totals"),
    ]) {
      let monitor;
      monitor = new Monitor({ maxLabels: 0, logger: { warn: () => monitor.free() } });
      try {
        act(monitor);
      } catch (error) {
        assert.equal(error.code, "ERR_MONITOR_FREED");
      }
      assert.throws(() => monitor.asdict(), { code: "ERR_MONITOR_FREED" });
    }
  });
});
