// Clocks, getters and setters of the user's run in the middle of a hook: they may call the monitor
// back, free it, or throw, and the monitor stays usable and consistent.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { everything, monitored, orders, payments } from "./support.mjs";

/** Every hook that reads the clock; each gets tokens that started before. */
const timed = {
  onMessageIn: (m) => m.onMessageIn(orders, 1, {}),
  "onMessageIn with a handle": (m, { tp }) => m.onMessageIn(tp, 1, {}),
  onStreamEventIn: (m) => m.onStreamEventIn(orders, 1, { label: "totals", task: "agent" }),
  "onStreamEventIn with handles": (m, { tp, stream }) => m.onStreamEventIn(tp, 1, stream),
  onStreamEventOut: (m, { event }) => m.onStreamEventOut(orders, 1, "totals", {}, event),
  "onStreamEventOut with handles": (m, { tp, stream, event }) => m.onStreamEventOut(tp, 1, stream, {}, event),
  onMessageOut: (m, { message }) => m.onMessageOut(orders, 1, message),
  "onMessageOut with a handle": (m, { tp, message }) => m.onMessageOut(tp, 1, message),
  onCommitInitiated: (m) => m.onCommitInitiated(),
  onCommitCompleted: (m) => m.onCommitCompleted({}, 99),
  onSendInitiated: (m) => m.onSendInitiated({}, "results"),
  onSendCompleted: (m) => m.onSendCompleted({}, 99),
  onAssignmentStart: (m) => m.onAssignmentStart(),
  onAssignmentCompleted: (m, { assignment }) => m.onAssignmentCompleted({}, assignment),
  onAssignmentError: (m, { assignment }) => m.onAssignmentError({}, assignment),
  onRebalanceStart: (m) => m.onRebalanceStart(),
  onRebalanceReturn: (m, { rebalance }) => m.onRebalanceReturn({}, rebalance),
  onRebalanceEnd: (m, { rebalance }) => m.onRebalanceEnd({}, rebalance),
  onWebRequestStart: (m) => m.onWebRequestStart(),
  onWebRequestEnd: (m, { web }) => m.onWebRequestEnd({}, {}, { status: 200 }, web),
  secsSince: (m) => m.secsSince(99),
};

/** A monitor whose clock does `act` once it is armed. */
function armed(act) {
  let arm = false;
  const monitor = new Monitor({
    time() {
      if (!arm) return 100;
      arm = false;
      act(monitor);
      return 101;
    },
  });
  const tp = monitor.topicPartition("orders", 3);
  const stream = monitor.stream("totals", "agent");
  const message = {};
  monitor.onMessageIn(tp, 0, message);
  const event = monitor.onStreamEventIn(tp, 0, stream);
  const given = {
    tp, stream, message, event,
    assignment: monitor.onAssignmentStart(),
    web: monitor.onWebRequestStart(),
    rebalance: monitor.onRebalanceStart(),
  };
  return { monitor, given, arm: () => (arm = true) };
}

/** A plain call of every hook, all of whose figures are known. */
function useAll(monitor) {
  const message = {};
  monitor.onMessageIn(payments, 5, message);
  const event = monitor.onStreamEventIn(payments, 5, { label: "nested", task: "nested" });
  monitor.onStreamEventOut(payments, 5, "nested", {}, event);
  monitor.onMessageOut(payments, 5, message);
  monitor.onSendCompleted({}, monitor.onSendInitiated({}, "nested"));
  monitor.count("nested");
  monitor.onTableSet("nested");
  monitor.onTpCommit([[{ topic: "new", partition: 1 }, 5]]);
  return monitor.asdict();
}

const hoard = [];
const longList = new Float64Array(100_000);

for (const [name, call] of Object.entries(timed)) {
  describe(`${name}, whose clock`, () => {
    it("throws, changes nothing and works the next time", () => {
      const mine = new Error("mine");
      const { monitor, given, arm } = armed(() => {
        throw mine;
      });
      const before = everything(monitor);
      arm();
      assert.throws(() => call(monitor, given), mine);
      assert.deepStrictEqual(everything(monitor), before);
      assert.deepStrictEqual([given.message, given.event.timeOut], [{ timeIn: 100 }, null]);
      call(monitor, given);
      assert.deepStrictEqual(monitor.anomalies, before.anomalies);
    });

    it("calls every hook, works as if they were called before it", () => {
      const nested = armed(useAll);
      nested.arm();
      call(nested.monitor, nested.given);
      const plain = armed(() => {});
      useAll(plain.monitor);
      plain.arm();
      call(plain.monitor, plain.given);
      assert.deepStrictEqual(everything(nested.monitor).asdict, everything(plain.monitor).asdict);
      assert.deepStrictEqual(nested.monitor.anomalies, plain.monitor.anomalies);
    });

    it("fills the log on its way, loses nothing", () => {
      const { monitor, given, arm } = armed((m) => {
        for (let offset = 0; offset < 2000; offset += 1) m.onMessageIn(payments, offset, {});
      });
      arm();
      const before = monitor.messagesReceivedTotal;
      call(monitor, given);
      assert.equal(monitor.messagesReceivedTotal - before, name.startsWith("onMessageIn") ? 2001 : 2000);
    });

    it("makes the module's memory grow, works on", () => {
      const { monitor, given, arm } = armed(() => {
        // Kept, so that the next one finds no room that was used before.
        hoard.push(new Monitor({ commitLatency: longList, maxCommitLatencyHistory: longList.length }));
      });
      arm();
      call(monitor, given);
      assert.equal(typeof monitor.asdict().messages_active, "number");
    });

    it("frees the monitor, says so and harms no other", () => {
      const bystander = monitored().monitor;
      bystander.onMessageIn(orders, 1, {});
      const before = bystander.asdict();
      const others = [];
      const { monitor, given, arm } = armed((m) => {
        m.free();
        // What was freed is somebody else's now.
        for (let count = 0; count < 20; count += 1) others.push(new Monitor());
      });
      arm();
      try {
        call(monitor, given);
      } catch (error) {
        assert.equal(error.code, "ERR_MONITOR_FREED", error.stack);
      }
      assert.throws(() => monitor.asdict(), { code: "ERR_MONITOR_FREED" });
      assert.deepStrictEqual(bystander.asdict(), before);
      const empty = new Monitor().asdict();
      for (const other of others) assert.deepStrictEqual(other.asdict(), empty);
    });
  });
}

describe("a getter", () => {
  /** Calls that read what the user gave; `hostile(value)` runs `act` and gives the value. */
  const reads = {
    "of tp.topic": (m, hostile) => m.onMessageIn({ get topic() { return hostile("orders"); }, partition: 3 }, 1, {}),
    "of tp.partition": (m, hostile) => m.onStreamEventIn({ topic: "orders", get partition() { return hostile(3); } }, 1, "totals"),
    "of a new tp.topic": (m, hostile) => m.onMessageIn({ get topic() { return hostile("new"); }, partition: 3 }, 1, {}),
    "of stream.label": (m, hostile) => m.onStreamEventIn(orders, 1, { get label() { return hostile("totals"); } }),
    "of stream.task": (m, hostile) => m.onStreamEventIn(orders, 1, { label: "totals", get task() { return hostile("agent"); } }),
    "of message.timeIn": (m, hostile) => m.onMessageOut(orders, 1, { get timeIn() { return hostile(99); }, set timeIn(_) {} }),
    "of state.timeIn": (m, hostile) => m.onStreamEventOut(orders, 1, "totals", {}, { get timeIn() { return hostile(99); } }),
    "of state.timeStart": (m, hostile) => m.onRebalanceEnd({}, { get timeStart() { return hostile(99); } }),
    "of table.name": (m, hostile) => m.onTableSet({ get name() { return hostile("counts"); } }),
    "of response.status": (m, hostile) => m.onWebRequestEnd({}, {}, { get status() { return hostile(200); } }, m.onWebRequestStart()),
    "of app.rebalancingCount": (m, hostile) => m.onRebalanceStart({ get rebalancingCount() { return hostile(5); } }),
    "of a committed pair": (m, hostile) => m.onTpCommit({ *[Symbol.iterator]() { yield hostile([orders, 5]); } }),
    "of a committed tp": (m, hostile) => m.onTpCommit([[{ get topic() { return hostile("orders"); }, partition: 3 }, 5]]),
    "of a full topic": (m, hostile) => m.onTopicBufferFull({ get topic() { return hostile("orders"); }, partition: 3 }),
    "of an end offset's tp": (m, hostile) => m.trackTpEndOffset({ get topic() { return hostile("new"); }, partition: 3 }, 5),
  };
  for (const [name, call] of Object.entries(reads)) {
    const giving = (act) => (value) => (act(), value);

    it(`${name} that throws lets its error through and harms nothing`, () => {
      const { monitor } = monitored();
      monitor.onMessageIn(orders, 1, {});
      const before = everything(monitor);
      const mine = new Error("mine");
      assert.throws(() => call(monitor, giving(() => { throw mine; })), mine);
      assert.deepStrictEqual(everything(monitor), before);
    });

    it(`${name} that calls the monitor back works as if that came before or after`, () => {
      const { monitor } = monitored();
      let calls = 0;
      call(monitor, giving(() => {
        calls += 1;
        useAll(monitor);
      }));
      const dict = monitor.asdict();
      assert.ok(calls > 0);
      assert.deepStrictEqual(dict.metric_counts, { nested: calls });
      assert.equal(dict.messages_sent, calls);
      assert.equal(dict.events_total, calls + (/stream|partition$/.test(name) ? 1 : 0));
      assert.equal(dict.messages_received_total, calls + (/topic/.test(name) && !/full/.test(name) ? 1 : 0));
    });

    it(`${name} that frees the monitor is told so`, () => {
      const { monitor } = monitored();
      try {
        call(monitor, giving(() => monitor.free()));
      } catch (error) {
        assert.equal(error.code, "ERR_MONITOR_FREED", error.stack);
      }
      assert.throws(() => monitor.asdict(), { code: "ERR_MONITOR_FREED" });
    });
  }

  it("that gives another value each time cannot break a figure", () => {
    const changing = (...values) => () => (values.length > 1 ? values.shift() : values[0]);
    for (const second of [5, null, "x".repeat(5000), "other"]) {
      for (const use of [
        (m, tp) => m.onMessageIn(tp, 1, {}),
        (m, tp) => m.onStreamEventIn(tp, 1, "totals"),
        (m, tp) => m.onTpCommit([[orders, 1], [tp, 2]]),
        (m, tp) => m.onTopicBufferFull(tp),
        (m, tp) => m.trackTpEndOffset(tp, 1),
      ]) {
        for (const maxPartitions of [0, 5]) {
          const { monitor } = monitored({ maxPartitions });
          const before = monitor.asdict();
          const topic = changing("orders", second);
          const tp = { get topic() { return topic(); }, partition: 3 };
          try {
            use(monitor, tp);
          } catch (error) {
            assert.match(error.code, /^ERR_INVALID_/);
            assert.deepStrictEqual(monitor.asdict(), before);
          }
          const { messages_active: active, messages_received_total: received } = monitor.asdict();
          assert.equal(active, received);
          monitor.onMessageOut(orders, 1, {});
          assert.equal(monitor.messagesActive, 0);
        }
      }
    }
  });
});

describe("a setter", () => {
  const sets = {
    "of message.timeIn": (m, hostile) => m.onMessageIn(orders, 1, { set timeIn(_) { hostile(); } }),
    "of message.timeOut": (m, hostile) => m.onMessageOut(orders, 1, { timeIn: 99, set timeOut(_) { hostile(); } }),
    "of message.timeTotal": (m, hostile) => m.onMessageOut(orders, 1, { timeIn: 99, set timeTotal(_) { hostile(); } }),
    "of state.timeOut": (m, hostile) => m.onStreamEventOut(orders, 1, "totals", {}, { timeIn: 99, set timeOut(_) { hostile(); } }),
    "of state.timeTotal": (m, hostile) => m.onStreamEventOut(orders, 1, "totals", {}, { timeIn: 99, set timeTotal(_) { hostile(); } }),
    "of state.latencyReturn": (m, hostile) => m.onRebalanceReturn({}, { timeStart: 99, set latencyReturn(_) { hostile(); } }),
    "of state.latencyEnd": (m, hostile) => m.onRebalanceEnd({}, { timeStart: 99, set latencyEnd(_) { hostile(); } }),
    "of state.statusCode": (m, hostile) => m.onWebRequestEnd({}, {}, null, { timeStart: 99, set statusCode(_) { hostile(); } }),
  };
  for (const [name, call] of Object.entries(sets)) {
    it(`${name} may call the monitor back`, () => {
      const { monitor } = monitored();
      call(monitor, () => useAll(monitor));
      assert.deepStrictEqual(monitor.metricCounts, { nested: 1 });
      assert.equal(monitor.messagesReceivedTotal, name.endsWith("timeIn") ? 2 : 1);
    });

    it(`${name} that throws is refused, and nothing changed`, () => {
      const { monitor } = monitored();
      const before = everything(monitor);
      assert.throws(() => call(monitor, () => { throw new Error("mine"); }), (error) => /^ERR_INVALID_/.test(error.code) && error.cause.message === "mine");
      assert.deepStrictEqual(everything(monitor), before);
    });

    it(`${name} that frees the monitor is told so`, () => {
      const { monitor } = monitored();
      const bystander = monitored().monitor;
      const before = bystander.asdict();
      try {
        call(monitor, () => monitor.free());
      } catch (error) {
        assert.equal(error.code, "ERR_MONITOR_FREED", error.stack);
      }
      assert.deepStrictEqual(bystander.asdict(), before);
    });
  }

  it("that completes its own token completes it once", () => {
    const { monitor } = monitored();
    const state = monitor.onStreamEventIn(orders, 1, "totals");
    Object.defineProperty(state, "timeOut", { set: () => monitor.onStreamEventOut(orders, 1, "totals", {}, state) });
    monitor.onStreamEventOut(orders, 1, "totals", {}, state);
    assert.deepStrictEqual(monitor.eventsRuntime, [0]);
    assert.equal(monitor.anomalies.tokenCompletedTwice, 1);
  });
});
