// Tokens: plain objects with exactly Faust's fields, which anybody may store, copy or make.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { fakeClock, monitored, orders, seen } from "./support.mjs";

/** Each kind of object token: how it starts, how it is completed, and what it holds then. */
const kinds = {
  event: {
    start: (monitor) => monitor.onStreamEventIn(orders, 1, "totals"),
    end: (monitor, state) => monitor.onStreamEventOut(orders, 1, "totals", {}, state),
    started: { timeIn: 100, timeOut: null, timeTotal: null },
    ended: { timeIn: 100, timeOut: 100.5, timeTotal: 0.5 },
    deque: "eventsRuntime",
  },
  assignment: {
    start: (monitor) => monitor.onAssignmentStart({}),
    end: (monitor, state) => monitor.onAssignmentCompleted({}, state),
    started: { timeStart: 100 },
    ended: { timeStart: 100 },
    deque: "assignmentLatency",
  },
  "failed assignment": {
    start: (monitor) => monitor.onAssignmentStart({}),
    end: (monitor, state) => monitor.onAssignmentError({}, state, new Error("no leader")),
    started: { timeStart: 100 },
    ended: { timeStart: 100 },
    deque: "assignmentLatency",
  },
  "rebalance return": {
    start: (monitor) => monitor.onRebalanceStart({}),
    end: (monitor, state) => monitor.onRebalanceReturn({}, state),
    started: { timeStart: 100 },
    ended: { timeStart: 100, timeReturn: 100.5, latencyReturn: 0.5 },
    deque: "rebalanceReturnLatency",
  },
  "rebalance end": {
    start: (monitor) => monitor.onRebalanceStart({}),
    end: (monitor, state) => monitor.onRebalanceEnd({}, state),
    started: { timeStart: 100 },
    ended: { timeStart: 100, timeEnd: 100.5, latencyEnd: 0.5 },
    deque: "rebalanceEndLatency",
  },
  "web request": {
    start: (monitor) => monitor.onWebRequestStart({}, {}),
    end: (monitor, state) => monitor.onWebRequestEnd({}, {}, { status: 200 }, state),
    started: { timeStart: 100 },
    ended: { timeStart: 100, timeEnd: 100.5, latencyEnd: 0.5, statusCode: 200 },
    deque: "httpResponseLatency",
  },
};

for (const [name, { start, end, started, ended, deque }] of Object.entries(kinds)) {
  describe(`the token of ${name}`, () => {
    it("is a plain object with exactly Faust's fields", () => {
      const { clock, monitor } = monitored();
      const state = start(monitor);
      assert.deepStrictEqual(state, started);
      assert.equal(Object.getPrototypeOf(state), Object.prototype);
      assert.deepStrictEqual(Reflect.ownKeys(state), Object.keys(started));
      assert.equal(JSON.stringify(state), JSON.stringify(started));
      assert.deepStrictEqual(structuredClone(state), started);
      clock.advance(0.5);
      end(monitor, state);
      assert.deepStrictEqual(state, ended);
      assert.deepStrictEqual(JSON.parse(JSON.stringify(state)), ended);
      assert.deepStrictEqual(structuredClone(state), ended);
      assert.deepStrictEqual(monitor[deque], [0.5]);
    });

    it("completed twice changes nothing the second time, and is counted as an anomaly (D6)", () => {
      const { clock, monitor } = monitored();
      const state = start(monitor);
      start(monitor);
      clock.advance(0.5);
      end(monitor, state);
      const before = monitor.asdict();
      clock.advance(1);
      end(monitor, state);
      end(monitor, state);
      assert.deepStrictEqual(monitor.asdict(), before);
      assert.deepStrictEqual(monitor[deque], [0.5]);
      assert.deepStrictEqual(state, ended);
      assert.deepStrictEqual(seen(monitor), { tokenCompletedTwice: 2 });
    });

    it("made by hand serves, and completed twice counts twice (D6)", () => {
      const { clock, monitor } = monitored();
      start(monitor);
      start(monitor);
      const byHand = { ...started };
      clock.advance(0.5);
      end(monitor, byHand);
      clock.advance(0.5);
      end(monitor, byHand);
      assert.deepStrictEqual(monitor[deque], [0.5, 1]);
      assert.deepStrictEqual(seen(monitor), {});
    });

    it("that was copied serves as one made by hand does", () => {
      const { clock, monitor } = monitored();
      const state = start(monitor);
      start(monitor);
      clock.advance(0.5);
      end(monitor, state);
      for (const copy of [structuredClone(state), JSON.parse(JSON.stringify(state)), { ...state }]) end(monitor, copy);
      assert.equal(monitor[deque].length, 4);
      assert.equal(monitor.anomalies.tokenCompletedTwice, 0);
    });

    it("of another monitor is as if made by hand (D6)", () => {
      const { clock, monitor } = monitored();
      const other = new Monitor({ time: clock });
      const state = start(other);
      start(monitor);
      start(monitor);
      clock.advance(0.5);
      end(monitor, state);
      end(monitor, state);
      assert.deepStrictEqual(monitor[deque], [0.5, 0.5]);
      assert.equal(monitor.anomalies.tokenCompletedTwice, 0);
      end(other, state);
      assert.deepStrictEqual(other[deque], [0.5], "in its own monitor it was not completed yet");
      end(other, state);
      assert.equal(other.anomalies.tokenCompletedTwice, 1);
    });
  });
}

describe("the two ends of a rebalance", () => {
  it("complete one token once each, in either order (D6)", () => {
    for (const ends of [["onRebalanceReturn", "onRebalanceEnd"], ["onRebalanceEnd", "onRebalanceReturn"]]) {
      const { clock, monitor } = monitored();
      const state = monitor.onRebalanceStart({});
      for (const end of [...ends, ...ends]) {
        clock.advance(0.5);
        monitor[end]({}, state);
      }
      assert.equal(monitor.rebalanceReturnLatency.length, 1);
      assert.equal(monitor.rebalanceEndLatency.length, 1);
      assert.deepStrictEqual(seen(monitor), { tokenCompletedTwice: 2 });
    }
  });

  it("an assignment is over once, whether it completed or failed (D6)", () => {
    const { monitor } = monitored();
    const state = monitor.onAssignmentStart();
    monitor.onAssignmentError({}, state, new Error("no leader"));
    monitor.onAssignmentCompleted({}, state);
    assert.deepStrictEqual([monitor.assignmentsFailed, monitor.assignmentsCompleted], [1, 0]);
    assert.equal(monitor.anomalies.tokenCompletedTwice, 1);
  });
});

describe("numbers and messages", () => {
  it("cannot tell that they were completed before (D6)", () => {
    const { clock, monitor } = monitored();
    const commit = monitor.onCommitInitiated();
    const send = monitor.onSendInitiated({}, "results");
    const message = {};
    monitor.onMessageIn(orders, 1, message);
    monitor.onMessageIn(orders, 1, {});
    for (const time of [0.5, 1]) {
      clock.at = 100 + time;
      monitor.onCommitCompleted({}, commit);
      monitor.onSendCompleted({}, send);
      monitor.onSendError({}, new Error("lost"), send);
      monitor.onMessageOut(orders, 1, message);
      assert.deepStrictEqual(message, { timeIn: 100, timeOut: 100 + time, timeTotal: time });
    }
    assert.deepStrictEqual([monitor.commitLatency, monitor.sendLatency, monitor.sendErrors], [[0.5, 1], [0.5, 1], 2]);
    assert.equal(monitor.messagesActive, 0);
    assert.deepStrictEqual(seen(monitor), {});
  });

  it("of any make serve: a class instance, a Map, an object without prototype", () => {
    const { clock, monitor } = monitored();
    class Record {
      timeIn = undefined;
      set timeTotal(seconds) {
        this.total = seconds;
      }
    }
    for (const message of [new Record(), new Map(), Object.create(null), () => {}, []]) {
      monitor.onMessageIn(orders, 1, message);
      assert.equal(message.timeIn, clock.at);
      clock.advance(0.5);
      monitor.onMessageOut(orders, 1, message);
      assert.equal(message.total ?? message.timeTotal, 0.5);
    }
  });

  it("a message that two monitors share has the times of the last", () => {
    const clock = fakeClock();
    const [one, other] = [new Monitor({ time: clock }), new Monitor({ time: clock })];
    const message = {};
    one.onMessageIn(orders, 1, message);
    clock.advance(0.5);
    other.onMessageIn(orders, 1, message);
    clock.advance(0.5);
    one.onMessageOut(orders, 1, message);
    other.onMessageOut(orders, 1, message);
    assert.deepStrictEqual(message, { timeIn: 100.5, timeOut: 101, timeTotal: 0.5 });
    assert.deepStrictEqual([one.messagesActive, other.messagesActive], [0, 0]);
  });
});

describe("a frozen token", () => {
  it("of an assignment serves: nothing is written into it", () => {
    const { monitor } = monitored();
    const state = Object.freeze(monitor.onAssignmentStart());
    monitor.onAssignmentCompleted({}, state);
    monitor.onAssignmentCompleted({}, state);
    assert.equal(monitor.assignmentsCompleted, 1);
    assert.deepStrictEqual(seen(monitor), { tokenCompletedTwice: 1 });
  });
});
