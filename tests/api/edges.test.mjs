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
