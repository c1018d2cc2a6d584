// Defects that were found once, by the behaviour that was missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Monitor, Sensor, SensorDelegate } from "streamgauge";

const tp = { topic: "orders", partition: 0 };

test("a sensor that fails in a start hook leaves the others' tokens on the error", () => {
  let now = 0;
  const healthy = new Monitor({ time: () => now });
  const freed = new Monitor();
  freed.free();
  const delegate = new SensorDelegate([freed, healthy]);
  let error;
  assert.throws(() => delegate.onStreamEventIn(tp, 1, "totals"), (thrown) => (error = thrown).code === "ERR_MONITOR_FREED");
  now = 0.5;
  assert.throws(() => delegate.onStreamEventOut(tp, 1, "totals", undefined, new Map([...error.state, [freed, undefined]])));
  assert.deepEqual(healthy.eventsRuntime, [0.5]);
  assert.equal(healthy.eventsActive, 0);
});

test("a hook that takes its sensor out and puts it back hears a call once", () => {
  let heard = 0;
  const delegate = new SensorDelegate();
  class Restless extends Sensor {
    count() {
      heard += 1;
      delegate.remove(this);
      delegate.add(this);
    }
  }
  delegate.add(new Restless());
  delegate.count("once");
  assert.equal(heard, 1);
  assert.throws(() => delegate.add(delegate), { name: "TypeError", code: "ERR_INVALID_SENSOR" });
});

test("Maps and class instances are no options and no dictionaries", () => {
  const monitor = new Monitor();
  monitor.onMessageIn(tp, 1, {});
  assert.throws(() => new Monitor(new Map([["maxLabels", 1]])), { name: "TypeError", code: "ERR_INVALID_OPTIONS" });
  assert.throws(() => new Monitor({ eventsByTask: new Map([["a", 1]]) }), { name: "TypeError", code: "ERR_INVALID_EVENTS_BY_TASK" });
  assert.throws(() => Monitor.restore(monitor), { name: "TypeError", code: "ERR_INVALID_DICT" });
  assert.throws(() => Monitor.restore({ topic_read_offsets: monitor.tpReadOffsets }), { name: "TypeError" });
  assert.equal(new Monitor(Object.assign(Object.create(null), { maxLabels: 3 })).maxLabels, 3);
});

test("no call is lost when the logger fills the log that is being emptied", () => {
  let calls = 0;
  const messageIn = (topic, times) => {
    for (let time = 0; time < times; time += 1) {
      calls += 1;
      monitor.onMessageIn({ topic, partition: 0 }, time, {});
    }
  };
  let told = false;
  const logger = {
    warn() {
      if (told) return;
      told = true;
      messageIn("first", 512);
    },
  };
  const monitor = new Monitor({ maxLabels: 1, logger });
  messageIn("first", 1);
  monitor.asdict();
  messageIn("second", 1);
  messageIn("first", 1_000);
  assert.equal(told, true);
  assert.equal(monitor.asdict().messages_received_total, calls);
});

test("a token completed twice is not timed again, and a refused call not at all", () => {
  const readings = [0, 1, 2, Number.NaN, Number.NaN];
  const monitor = new Monitor({ time: () => readings.shift() });
  const state = monitor.onStreamEventIn(tp, 1, "totals");
  monitor.onStreamEventOut(tp, 1, "totals", undefined, state);
  monitor.onStreamEventOut(tp, 1, "totals", undefined, state);
  assert.throws(() => monitor.onMessageIn({ topic: "orders", partition: -1 }, 1, {}));
  assert.throws(() => monitor.onSendInitiated(undefined, 5));
  assert.equal(readings.length, 2);
  assert.equal(monitor.anomalies.clockNotFinite, 0);
});

test("a clock that fails at the end of an event leaves it open", () => {
  let now = 1;
  const monitor = new Monitor({
    time() {
      if (now === undefined) throw new Error("no time");
      return now;
    },
  });
  const state = monitor.onStreamEventIn(tp, 1, "totals");
  now = undefined;
  assert.throws(() => monitor.onStreamEventOut(tp, 1, "totals", undefined, state), { message: "no time" });
  now = 3;
  monitor.onStreamEventOut(tp, 1, "totals", undefined, state);
  assert.deepEqual(state, { timeIn: 1, timeOut: 3, timeTotal: 2 });
});

test("a logger that fails later is no unhandled rejection", async () => {
  const unhandled = [];
  const listener = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", listener);
  const monitor = new Monitor({ logger: { warn: async () => Promise.reject(new Error("no log")) } });
  monitor.onMessageOut(tp, 1, {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", listener);
  assert.deepEqual(unhandled, []);
});

test("a class is called by its name", () => {
  assert.equal(Monitor.name, "Monitor");
});

test("what was looked up last passes for nothing else", () => {
  const monitor = new Monitor({ time: () => 1 });
  const here = { topic: "orders", partition: 3 };
  const there = { topic: "orders", partition: 4 };
  const elsewhere = { topic: "payments", partition: 3 };
  assert.throws(() => monitor.onMessageOut({ topic: "", partition: -1 }, 1, {}), { code: "ERR_INVALID_TP_PARTITION" });
  // The places for what was looked up lately are filled.
  for (let time = 0; time < 3; time += 1) for (const one of [there, elsewhere, here]) monitor.onMessageIn(one, 1, {});
  assert.throws(() => monitor.onMessageOut(Object.assign(() => {}, here), 1, {}), { code: "ERR_INVALID_TP" });
  monitor.onMessageIn(elsewhere, 2, {});
  monitor.onMessageIn(here, 3, {});
  // Asked for its topic, it has another partition of that topic looked up.
  const restless = {
    partition: 3,
    get topic() {
      monitor.onMessageIn(there, 4, {});
      return "orders";
    },
  };
  monitor.onMessageIn(restless, 5, {});
  assert.deepEqual(monitor.asdict().topic_read_offsets, { orders: { 3: 5, 4: 4 }, payments: { 3: 2 } });
  // A plain object may be another topic-partition in the next hook.
  const changing = { ...here };
  monitor.onMessageIn(changing, 6, {});
  changing.partition = 4;
  monitor.onMessageIn(changing, 7, {});
  assert.deepEqual(monitor.asdict().topic_read_offsets, { orders: { 3: 6, 4: 7 }, payments: { 3: 2 } });
});

test("a stream is known by its label and its task", () => {
  const monitor = new Monitor({ time: () => 1 });
  // Labels as long as each other that end alike share a place among those looked up lately.
  for (const label of ["totals", "titals"]) {
    for (const task of ["a", "a", "b", undefined, "a", null]) monitor.onStreamEventIn(tp, 1, { label, task });
  }
  monitor.onStreamEventIn(tp, 1, { label: "totals", task: "a" });
  monitor.onStreamEventIn(tp, 1, { label: "titals", task: "a" });
  const { events_by_stream, events_by_task } = monitor.asdict();
  assert.deepEqual([events_by_stream, events_by_task], [{ totals: 7, titals: 7 }, { a: 8, b: 2 }]);
});
