// The hooks of a message have a short way, for handles and tokens of the monitor's own. Whatever is odd about a
// call, it does what the long way does.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { fakeClock, orders, seen } from "./support.mjs";

function monitored(options = {}) {
  const clock = fakeClock();
  const monitor = new Monitor({ time: clock, labelIdle: 10, partitionIdle: 10, ...options });
  const [tp, other] = [0, 1].map((partition) => monitor.topicPartition("orders", partition));
  return { clock, monitor, tp, other, stream: monitor.stream("totals") };
}

/** Ticks until an idle label is gone: then numbers have another meaning. */
function fold({ clock, monitor }) {
  monitor.count("idle");
  for (let second = 0; second < 30; second += 1) {
    clock.advance(1);
    monitor.sample();
  }
}

const inbound = (monitor) => [...monitor.streamInboundTime].flatMap(([, times]) => [...times]);

describe("handles", () => {
  it("of the other kind are refused by every hook", () => {
    const { monitor, tp, stream } = monitored();
    const message = {};
    const state = monitor.onStreamEventIn(tp, 1, stream);
    const before = [monitor.asdict(), monitor.streamInboundTime];
    for (const [code, call] of [
      ["ERR_INVALID_TP_TOPIC", () => monitor.onMessageIn(stream, 1, message)],
      ["ERR_INVALID_TP_TOPIC", () => monitor.onStreamEventIn(stream, 1, stream)],
      ["ERR_INVALID_STREAM", () => monitor.onStreamEventIn(tp, 1, tp)],
      ["ERR_INVALID_STREAM", () => monitor.onStreamEventOut(tp, 1, tp, {}, state)],
      ["ERR_INVALID_TP_TOPIC", () => monitor.onMessageOut(stream, 1, message)],
    ]) {
      assert.throws(call, { code }, String(call));
    }
    assert.deepStrictEqual([monitor.asdict(), monitor.streamInboundTime], before);
    assert.deepStrictEqual([message, state.timeOut], [{}, null]);
  });

  it("have names that nobody changes, and show nothing else", () => {
    const { tp, stream } = monitored();
    for (const handle of [tp, stream]) {
      for (const key of [...Object.keys(handle), "more"]) assert.throws(() => (handle[key] = "x"), TypeError);
    }
    assert.deepStrictEqual([{ ...tp }, { ...stream }], [{ topic: "orders", partition: 0 }, { label: "totals", task: null }]);
  });

  it("whose messages were mixed count for themselves after a fold", () => {
    const all = monitored();
    const { clock, monitor, tp, other, stream } = all;
    monitor.onMessageIn(tp, 1, {});
    monitor.onMessageIn(other, 1, {});
    monitor.onStreamEventIn(tp, 1, stream);
    monitor.onMessageIn(other, 2, {});
    fold(all);
    monitor.onStreamEventIn(tp, 2, monitor.stream("totals"));
    assert.deepStrictEqual(inbound(monitor), [[0, clock.at]]);
  });
});

describe("a logger", () => {
  it("that calls the monitor is never heard in the middle of a call, wherever the log is full", () => {
    for (let filled = 500; filled < 515; filled += 1) {
      let told = 0;
      const all = monitored({
        epoch: 1_700_000_000,
        logger: {
          warn() {
            told += 1;
            all.monitor.onMessageIn(all.other, 7, {});
            all.monitor.onMessageOut(all.other, 7, { timeIn: all.clock.at });
            for (let second = 0; second < 30; second += 1) all.monitor.sample();
          },
        },
      });
      const { clock, monitor, tp, stream } = all;
      const third = monitor.topicPartition("orders", 2);
      const message = {};
      monitor.onMessageIn(third, 1, message);
      // The second out has no in, which is seen when the log is applied.
      for (let out = 0; out < 2; out += 1) monitor.onMessageOut(third, 1, message);
      for (let offset = 0; offset < filled; offset += 1) monitor.onMessageIn(third, offset, {});
      monitor.onMessageIn(tp, 3, { timestamp: (1_700_000_000 + clock.at - 5) * 1000 });
      monitor.onStreamEventIn(tp, 3, stream);
      monitor.asdict();
      assert.equal(told, 1, `${filled}`);
      assert.deepStrictEqual(inbound(monitor), [[0, clock.at]], `${filled}`);
      assert.equal(monitor.snapshot().messages.endToEnd.life.count, 0, `${filled}: nothing with a timestamp went out`);
      assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 0: 3, 1: 7, 2: filled - 1 } });
    }
  });
});

describe("a token", () => {
  it("whose setter lets its stream go counts for none that took its number", () => {
    const all = monitored();
    const { clock, monitor, tp, stream } = all;
    monitor.onMessageIn(tp, 1, {});
    const state = monitor.onStreamEventIn(tp, 1, stream);
    Object.defineProperty(state, "timeOut", {
      get: () => null,
      set() {
        fold(all);
        for (const label of ["one", "two", "three"]) monitor.onStreamEventIn(orders, 1, label);
      },
    });
    monitor.onStreamEventOut(tp, 1, stream, {}, state);
    assert.equal(monitor.eventsRuntime.length, 1);
    const byStream = monitor.snapshot().events.runtimeByStream;
    assert.deepStrictEqual(Object.keys(byStream).filter((label) => byStream[label].count > 0 && label !== "totals" && label !== "(other)"), []);
    assert.ok(clock.at > 100);
  });

  it("that was completed stays so, whatever is written into it", () => {
    const { clock, monitor, tp, stream } = monitored();
    monitor.onMessageIn(tp, 1, {});
    const state = monitor.onStreamEventIn(tp, 1, stream);
    monitor.onStreamEventOut(tp, 1, stream, {}, state);
    state.timeOut = null;
    state.timeTotal = null;
    clock.advance(1);
    monitor.onStreamEventOut(tp, 1, stream, {}, state);
    assert.deepStrictEqual(state, { timeIn: 100, timeOut: null, timeTotal: null });
    assert.deepStrictEqual(seen(monitor), { tokenCompletedTwice: 1 });
  });
});

describe("a clock", () => {
  const lifecycle = [
    ({ monitor, tp, message }) => monitor.onMessageIn(tp, 1, message),
    (all) => (all.state = all.monitor.onStreamEventIn(all.tp, 1, all.stream)),
    ({ monitor, tp, stream, state }) => monitor.onStreamEventOut(tp, 1, stream, {}, state),
    ({ monitor, tp, message }) => monitor.onMessageOut(tp, 1, message),
  ];

  for (const reading of [undefined, null, "105", new Date(105_000), [105], true, 105n, Symbol("now"), Number.NaN, Infinity]) {
    it(`that reads ${String(reading)} is read once, and is not finite`, () => {
      for (const odd of lifecycle.keys()) {
        let reads = 0;
        let now = 100;
        const monitor = new Monitor({ time: () => ((reads += 1), now) });
        const all = { monitor, tp: monitor.topicPartition("orders", 0), stream: monitor.stream("totals"), message: {}, state: undefined };
        for (const [place, hook] of lifecycle.entries()) {
          now = place === odd ? reading : 101 + place;
          reads = 0;
          hook(all);
          assert.equal(reads, 1);
        }
        assert.deepStrictEqual(seen(monitor), { clockNotFinite: 1 });
        const at = (place) => (place === odd ? 100 + place : 101 + place);
        assert.deepStrictEqual(all.message, { timeIn: at(0), timeOut: at(3), timeTotal: at(3) - at(0) });
        assert.deepStrictEqual(all.state, { timeIn: at(1), timeOut: at(2), timeTotal: at(2) - at(1) });
        assert.deepStrictEqual(monitor.eventsRuntime, [at(2) - at(1)]);
      }
    });
  }

  it("that frees the monitor makes every hook say so", () => {
    for (const last of lifecycle.keys()) {
      let monitor;
      let frees = false;
      const time = () => {
        if (frees) monitor.free();
        return 100;
      };
      monitor = new Monitor({ time });
      const all = { monitor, tp: monitor.topicPartition("orders", 0), stream: monitor.stream("totals"), message: {}, state: undefined };
      for (const hook of lifecycle.slice(0, last)) hook(all);
      frees = true;
      assert.throws(() => lifecycle[last](all), { code: "ERR_MONITOR_FREED" }, String(lifecycle[last]));
    }
  });
});
