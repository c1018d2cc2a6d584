// `Sensor`, the base of all, and `SensorDelegate`, which tells many of them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor, Sensor, SensorDelegate } from "streamgauge";
import { assertRefused, fakeClock, monitored, orders, seen } from "./support.mjs";

/** Every hook with arguments; `state` is what an end hook gets back. */
const plainHooks = {
  onMessageIn: [orders, 1, {}],
  onMessageOut: [orders, 1, {}],
  onTopicBufferFull: ["orders"],
  onTableGet: ["table", "key"],
  onTableSet: ["table", "key", "value"],
  onTableDel: ["table", "key"],
  count: ["bytes", 5],
  onTpCommit: [[[orders, 1]]],
  trackTpEndOffset: [orders, 1],
  onThreadedProducerBufferProcessed: [{}, 5],
  onPartitionsAssigned: [[orders]],
  onPartitionsRevoked: [[orders]],
  onPartitionsLost: [[orders]],
  onError: ["process", "TypeError", orders],
  onRetry: [orders],
  onDeadLetter: [orders],
  onPosition: [orders, 1],
  onHeartbeat: [],
  onPause: [[orders]],
  onResume: [[orders]],
  onPoll: [10, 4096],
};
const startHooks = {
  onStreamEventIn: [orders, 1, "totals", {}],
  onCommitInitiated: [{}],
  onSendInitiated: [{}, "results", {}, 1, 2],
  onAssignmentStart: [{}],
  onRebalanceStart: [{ rebalancingCount: 1 }],
  onWebRequestStart: [{}, {}, { view: "index" }],
};
const endHooks = {
  onStreamEventOut: ["onStreamEventIn", (state) => [orders, 1, "totals", {}, state]],
  onCommitCompleted: ["onCommitInitiated", (state) => [{}, state]],
  onSendCompleted: ["onSendInitiated", (state) => [{}, state, {}]],
  onSendError: ["onSendInitiated", (state) => [{}, new Error("lost"), state]],
  onAssignmentCompleted: ["onAssignmentStart", (state) => [{}, state]],
  onAssignmentError: ["onAssignmentStart", (state) => [{}, state, new Error("no leader")]],
  onRebalanceReturn: ["onRebalanceStart", (state) => [{}, state]],
  onRebalanceEnd: ["onRebalanceStart", (state) => [{}, state]],
  onWebRequestEnd: ["onWebRequestStart", (state) => [{}, {}, { status: 200 }, state, { view: "index" }]],
};
const allHooks = [...Object.keys(plainHooks), ...Object.keys(startHooks), ...Object.keys(endHooks)];

/** A sensor that notes what it hears and gives tokens that tell where they are from. */
class Recorder extends Sensor {
  heard = [];
  constructor(name, tokens = true) {
    super();
    for (const hook of allHooks) {
      this[hook] = (...args) => {
        this.heard.push([hook, ...args]);
        return hook in startHooks && tokens ? { from: name, hook } : undefined;
      };
    }
  }
}

describe("Sensor", () => {
  it("has every hook, and no other method", () => {
    assert.deepStrictEqual(Object.getOwnPropertyNames(Sensor.prototype).toSorted(), ["constructor", ...allHooks].toSorted());
    assert.ok(new Monitor() instanceof Sensor);
  });

  it("does nothing: no hook throws, changes its arguments or gives anything", () => {
    const sensor = new Sensor();
    const message = Object.freeze({});
    for (const [hook, args] of Object.entries(plainHooks)) assert.equal(sensor[hook](...args), undefined, hook);
    assert.equal(sensor.onMessageIn(orders, 1, message), undefined);
    assert.equal(sensor.onStreamEventIn(...startHooks.onStreamEventIn), undefined);
    assert.equal(sensor.onCommitInitiated({}), undefined);
    assert.equal(sensor.onSendInitiated(...startHooks.onSendInitiated), undefined);
    for (const [hook, [, args]] of Object.entries(endHooks)) assert.equal(sensor[hook](...args(undefined)), undefined, hook);
  });

  it("gives { timeStart } for assignments, rebalances and web requests", () => {
    const sensor = new Sensor();
    for (const hook of ["onAssignmentStart", "onRebalanceStart", "onWebRequestStart"]) {
      const before = performance.now() / 1000;
      const state = sensor[hook](...startHooks[hook]);
      assert.deepStrictEqual(Object.keys(state), ["timeStart"]);
      assert.ok(state.timeStart >= before && state.timeStart <= performance.now() / 1000, "seconds of the default clock");
    }
  });

  it("a subclass overrides what it needs", () => {
    class Errors extends Sensor {
      lost = 0;
      onSendError() {
        this.lost += 1;
      }
    }
    const errors = new Errors();
    const delegate = new SensorDelegate([errors]);
    delegate.onSendError({}, new Error("lost"), delegate.onSendInitiated({}, "results"));
    delegate.onSendCompleted({}, delegate.onSendInitiated({}, "results"));
    assert.equal(errors.lost, 1, "it hears the end though it gave no token at the start");
  });
});

describe("SensorDelegate", () => {
  for (const [hook, args] of Object.entries(plainHooks)) {
    it(`passes ${hook} on to every sensor (D14)`, () => {
      const [one, two] = [new Recorder("one"), new Recorder("two")];
      assert.equal(new SensorDelegate([one, two])[hook](...args), undefined);
      assert.deepStrictEqual([one.heard, two.heard], [[[hook, ...args]], [[hook, ...args]]]);
    });
  }

  for (const [hook, [startHook, endArgs]] of Object.entries(endHooks)) {
    it(`passes ${startHook} and ${hook} on, to each sensor with its own token`, () => {
      const [one, two, silent] = [new Recorder("one"), new Recorder("two"), new Recorder("silent", false)];
      const delegate = new SensorDelegate([one, two, silent]);
      const state = delegate[startHook](...startHooks[startHook]);
      assert.equal(delegate[hook](...endArgs(state)), undefined);
      const heardBy = (token) => [[startHook, ...startHooks[startHook]], [hook, ...endArgs(token)]];
      assert.deepStrictEqual(one.heard, heardBy({ from: "one", hook: startHook }));
      assert.deepStrictEqual(two.heard, heardBy({ from: "two", hook: startHook }));
      assert.deepStrictEqual(silent.heard, heardBy(undefined));
    });

    it(`tells every sensor of ${hook} without a token`, () => {
      const one = new Recorder("one");
      const delegate = new SensorDelegate([one]);
      delegate[hook](...endArgs(undefined));
      delegate[hook](...endArgs(null));
      assert.deepStrictEqual(one.heard, [[hook, ...endArgs(undefined)], [hook, ...endArgs(undefined)]]);
    });

    it(`refuses another's token in ${hook}`, () => {
      const delegate = new SensorDelegate([new Recorder("one")]);
      for (const state of [5, {}, "token", { timeStart: 1 }]) {
        assert.throws(() => delegate[hook](...endArgs(state)), { name: "TypeError", code: "ERR_INVALID_STATE", argument: "state", value: state });
      }
    });
  }

  it("keeps the tokens of monitors with different clocks apart", () => {
    const [slow, fast] = [fakeClock(100), fakeClock(5000)];
    const [one, two] = [new Monitor({ time: slow }), new Monitor({ time: fast })];
    const delegate = new SensorDelegate([one, two]);
    const states = Object.fromEntries(Object.entries(startHooks).map(([hook, args]) => [hook, delegate[hook](...args)]));
    slow.advance(0.5);
    fast.advance(8);
    delegate.onStreamEventOut(orders, 1, "totals", {}, states.onStreamEventIn);
    delegate.onCommitCompleted({}, states.onCommitInitiated);
    delegate.onSendCompleted({}, states.onSendInitiated);
    delegate.onAssignmentCompleted({}, states.onAssignmentStart);
    delegate.onRebalanceReturn({}, states.onRebalanceStart);
    delegate.onRebalanceEnd({}, states.onRebalanceStart);
    delegate.onWebRequestEnd({}, {}, { status: 200 }, states.onWebRequestStart);
    const deques = ["eventsRuntime", "commitLatency", "sendLatency", "assignmentLatency", "rebalanceReturnLatency", "rebalanceEndLatency", "httpResponseLatency"];
    for (const deque of deques) assert.deepStrictEqual([one[deque], two[deque]], [[0.5], [8]], deque);
    assert.deepStrictEqual([seen(one), seen(two)], [{}, {}]);
    assert.deepStrictEqual(states.onStreamEventIn.get(one), { timeIn: 100, timeOut: 100.5, timeTotal: 0.5 });
    assert.deepStrictEqual(states.onStreamEventIn.get(two), { timeIn: 5000, timeOut: 5008, timeTotal: 8 });
  });

  it("shares the message: the times of the last sensor stay", () => {
    const [one, two] = [new Monitor({ time: () => 1 }), new Monitor({ time: () => 2 })];
    const message = {};
    new SensorDelegate([one, two]).onMessageIn(orders, 1, message);
    assert.deepStrictEqual(message, { timeIn: 2 });
  });

  it("a sensor added or removed between start and end hears nothing of that end", () => {
    const [stays, goes, comes] = [new Recorder("stays"), new Recorder("goes"), new Recorder("comes")];
    const monitor = new Monitor();
    const delegate = new SensorDelegate([stays, goes]);
    const state = delegate.onCommitInitiated();
    assert.equal(delegate.remove(goes), true);
    assert.equal(delegate.add(comes), delegate);
    delegate.add(monitor);
    delegate.onCommitCompleted({}, state);
    assert.deepStrictEqual(stays.heard.map(([hook]) => hook), ["onCommitInitiated", "onCommitCompleted"]);
    assert.deepStrictEqual(goes.heard.map(([hook]) => hook), ["onCommitInitiated"]);
    assert.deepStrictEqual(comes.heard, []);
    assert.deepStrictEqual([monitor.commitLatency, seen(monitor)], [[], {}]);
    delegate.count("bytes");
    assert.deepStrictEqual([stays, goes, comes].map(({ heard }) => heard.length), [3, 1, 1]);
  });

  it("a sensor that was removed and came back gets its token", () => {
    const { clock, monitor } = monitored();
    const delegate = new SensorDelegate([monitor]);
    const state = delegate.onCommitInitiated();
    delegate.remove(monitor);
    delegate.add(monitor);
    clock.advance(0.5);
    delegate.onCommitCompleted({}, state);
    assert.deepStrictEqual(monitor.commitLatency, [0.5]);
  });

  it("add, remove and sensors are those of a set in order", () => {
    const [one, two] = [new Recorder("one"), new Recorder("two")];
    const delegate = new SensorDelegate([one]);
    delegate.add(two).add(one);
    assert.deepStrictEqual(delegate.sensors, [one, two]);
    delegate.count("bytes");
    assert.equal(one.heard.length, 1, "added twice hears once");
    assert.equal(delegate.remove(one), true);
    assert.equal(delegate.remove(one), false);
    assert.deepStrictEqual(delegate.sensors, [two]);
    assert.deepStrictEqual(new SensorDelegate().sensors, []);
    assert.deepStrictEqual(new SensorDelegate(new Set([two])).sensors, [two]);
    delegate.sensors.push(one);
    assert.deepStrictEqual(delegate.sensors, [two], "the list is a copy");
  });

  it("refuses what is no sensor", () => {
    for (const sensors of [null, 5, {}, "sensors", [null], [5], [{}], [{ onMessageIn() {} }]]) {
      assert.throws(() => new SensorDelegate(sensors), (error) => error instanceof TypeError && /^ERR_INVALID_SENSORS?$/.test(error.code));
    }
    const delegate = new SensorDelegate();
    assert.throws(() => delegate.add(undefined), { code: "ERR_INVALID_SENSOR" });
    assert.throws(() => delegate.add(delegate), { code: "ERR_INVALID_SENSOR" }, "it would tell itself for ever");
    assert.deepStrictEqual(delegate.sensors, []);
  });

  for (const hook of allHooks) {
    it(`a sensor that throws in ${hook} does not stop the others, and its error comes through`, () => {
      const [first, last] = [new Recorder("first"), new Recorder("last")];
      const [faulty, worse] = [new Recorder("faulty"), new Recorder("worse")];
      const mine = new Error("mine");
      const delegate = new SensorDelegate([first, faulty, worse, last]);
      const [startHook, endArgs] = endHooks[hook] ?? [];
      const args = endArgs ? endArgs(delegate[startHook](...startHooks[startHook])) : (plainHooks[hook] ?? startHooks[hook]);
      faulty[hook] = () => {
        throw mine;
      };
      worse[hook] = () => {
        throw new Error("not the first");
      };
      assert.throws(() => delegate[hook](...args), mine);
      assert.deepStrictEqual([first.heard.at(-1)[0], last.heard.at(-1)[0]], [hook, hook]);
    });
  }

  it("the tokens of the others come with the error of a start hook", () => {
    const { clock, monitor } = monitored();
    const faulty = new Recorder("faulty");
    faulty.onStreamEventIn = () => {
      throw new Error("mine");
    };
    const delegate = new SensorDelegate([faulty, monitor]);
    let state;
    try {
      delegate.onStreamEventIn(orders, 1, "totals");
    } catch (error) {
      assert.equal(error.message, "mine");
      state = error.state;
    }
    clock.advance(0.5);
    delegate.onStreamEventOut(orders, 1, "totals", {}, state);
    assert.deepStrictEqual([monitor.eventsActive, monitor.eventsRuntime], [0, [0.5]]);
    assert.deepStrictEqual(faulty.heard, [], "it gave no token");
  });

  it("a sensor that adds and removes others does not disturb the call under way", () => {
    const [busy, leaver, joiner] = [new Recorder("busy"), new Recorder("leaver"), new Recorder("joiner")];
    const delegate = new SensorDelegate([busy, leaver]);
    busy.count = () => {
      delegate.remove(leaver);
      delegate.add(joiner);
    };
    delegate.count("bytes");
    assert.deepStrictEqual([leaver.heard.length, joiner.heard.length], [1, 0]);
    delegate.count("bytes");
    assert.deepStrictEqual([leaver.heard.length, joiner.heard.length], [1, 1]);
  });

  it("bad input is refused by every monitor, and changes none", () => {
    const [one, two] = [monitored().monitor, monitored().monitor];
    const delegate = new SensorDelegate([one, two]);
    for (const monitor of [one, two]) {
      assertRefused(monitor, () => delegate.onMessageIn(orders, -1, {}), RangeError, { argument: "offset", value: -1 });
      assertRefused(monitor, () => delegate.count("bytes", 0.5), RangeError, { argument: "n", value: 0.5 });
      assertRefused(monitor, () => delegate.onTpCommit(5), TypeError, { argument: "offsets", value: 5 });
    }
  });

  it("a generator of offsets reaches every sensor", () => {
    const [one, two] = [new Monitor(), new Monitor()];
    function* offsets() {
      yield [orders, 5];
      yield [{ topic: "orders", partition: 4 }, 6];
    }
    new SensorDelegate([one, two]).onTpCommit(offsets());
    for (const monitor of [one, two]) assert.deepStrictEqual(monitor.asdict().topic_committed_offsets, { orders: { 3: 5, 4: 6 } });
  });

  it("may be a sensor of another delegate", () => {
    const { clock, monitor } = monitored();
    const delegate = new SensorDelegate([new SensorDelegate([monitor]), new Recorder("other")]);
    const state = delegate.onStreamEventIn(orders, 1, "totals");
    clock.advance(0.5);
    delegate.onStreamEventOut(orders, 1, "totals", {}, state);
    assert.deepStrictEqual(monitor.eventsRuntime, [0.5]);
  });
});
