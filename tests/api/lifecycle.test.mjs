// free(), Symbol.dispose, and what a freed monitor says.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FIGURES, Monitor, Sensor, SensorDelegate } from "streamgauge";
import { monitored, orders } from "./support.mjs";

/** Everything that can be asked of a monitor but its end; with tokens of before. */
const uses = {
  asdict: (m) => m.asdict(),
  sample: (m) => m.sample(),
  start: (m) => m.start(),
  secsSince: (m) => m.secsSince(1),
  msSince: (m) => m.msSince(1),
  secsToMs: (m) => m.secsToMs(1),
  topicPartition: (m) => m.topicPartition("orders", 3),
  stream: (m) => m.stream("totals"),
  anomalies: (m) => m.anomalies,
  time: (m) => m.time,
  logger: (m) => m.logger,
  onMessageIn: (m) => m.onMessageIn(orders, 1, {}),
  onStreamEventIn: (m) => m.onStreamEventIn(orders, 1, "totals"),
  onStreamEventOut: (m, { event }) => m.onStreamEventOut(orders, 1, "totals", {}, event),
  "onStreamEventOut without a token": (m) => m.onStreamEventOut(orders, 1, "totals", {}, null),
  onMessageOut: (m) => m.onMessageOut(orders, 1, {}),
  onTopicBufferFull: (m) => m.onTopicBufferFull("orders"),
  onTableGet: (m) => m.onTableGet("table"),
  onTableSet: (m) => m.onTableSet("table"),
  onTableDel: (m) => m.onTableDel("table"),
  onCommitInitiated: (m) => m.onCommitInitiated(),
  onCommitCompleted: (m) => m.onCommitCompleted({}, 1),
  "onCommitCompleted without a token": (m) => m.onCommitCompleted({}, null),
  onSendInitiated: (m) => m.onSendInitiated({}, "results"),
  onSendCompleted: (m) => m.onSendCompleted({}, 1),
  onSendError: (m) => m.onSendError({}, new Error("lost"), 1),
  count: (m) => m.count("bytes"),
  onTpCommit: (m) => m.onTpCommit([[orders, 1]]),
  "onTpCommit of nothing": (m) => m.onTpCommit([]),
  trackTpEndOffset: (m) => m.trackTpEndOffset(orders, 1),
  onAssignmentStart: (m) => m.onAssignmentStart(),
  onAssignmentCompleted: (m, { assignment }) => m.onAssignmentCompleted({}, assignment),
  onAssignmentError: (m, { assignment }) => m.onAssignmentError({}, assignment),
  onRebalanceStart: (m) => m.onRebalanceStart(),
  onRebalanceReturn: (m, { rebalance }) => m.onRebalanceReturn({}, rebalance),
  onRebalanceEnd: (m, { rebalance }) => m.onRebalanceEnd({}, rebalance),
  onWebRequestStart: (m) => m.onWebRequestStart(),
  onWebRequestEnd: (m, { web }) => m.onWebRequestEnd({}, {}, null, web),
  onPartitionsAssigned: (m) => m.onPartitionsAssigned([orders]),
  onPartitionsRevoked: (m) => m.onPartitionsRevoked([orders]),
  onPartitionsLost: (m) => m.onPartitionsLost([]),
  onError: (m) => m.onError("process", new Error("lost"), orders),
  "onError without a partition": (m) => m.onError("process", "lost"),
  onRetry: (m) => m.onRetry(),
  onDeadLetter: (m) => m.onDeadLetter(orders),
  onPosition: (m) => m.onPosition(orders, 1),
  onHeartbeat: (m) => m.onHeartbeat(),
  onPause: (m) => m.onPause([orders]),
  onResume: (m) => m.onResume([orders]),
  onPoll: (m) => m.onPoll(1, 2),
  snapshot: (m) => m.snapshot(),
  snapshotBytes: (m) => m.snapshotBytes(),
  onHealthChange: (m) => m.onHealthChange(() => {}),
  worker: (m) => m.worker,
  onThreadedProducerBufferProcessed: (m) => m.onThreadedProducerBufferProcessed({}, 1),
  ...Object.fromEntries(FIGURES.map(({ attribute }) => [attribute, (m) => m[attribute]])),
};

function started() {
  const { monitor } = monitored();
  const tokens = {
    event: monitor.onStreamEventIn(orders, 1, "totals"),
    assignment: monitor.onAssignmentStart(),
    rebalance: monitor.onRebalanceStart(),
    web: monitor.onWebRequestStart(),
  };
  return { monitor, tokens };
}

describe("a freed monitor", () => {
  it("knows everything that a monitor can do", () => {
    const methods = [Monitor.prototype, Sensor.prototype].flatMap((prototype) => Object.getOwnPropertyNames(prototype));
    const ends = ["constructor", "free", "stop"];
    assert.deepStrictEqual(new Set(methods.filter((name) => !ends.includes(name) && !(name in uses))), new Set());
  });

  for (const [name, use] of Object.entries(uses)) {
    it(`says so in ${name}`, () => {
      const { monitor, tokens } = started();
      use(monitor, tokens);
      const freed = started();
      freed.monitor.free();
      for (let time = 0; time < 2; time += 1) {
        assert.throws(() => use(freed.monitor, freed.tokens), (error) => {
          assert.ok(error instanceof Error && !(error instanceof TypeError));
          assert.equal(error.code, "ERR_MONITOR_FREED");
          assert.match(error.message, /freed/);
          return true;
        });
      }
    });
  }

  it("may be freed and stopped again", () => {
    const { monitor } = monitored();
    monitor.start();
    assert.equal(monitor.free(), undefined);
    assert.equal(monitor.free(), undefined);
    monitor[Symbol.dispose]();
    monitor.stop();
  });

  it("leaves the tokens as they were", () => {
    const { monitor, tokens } = started();
    monitor.free();
    assert.throws(() => uses.onStreamEventOut(monitor, tokens));
    assert.throws(() => uses.onRebalanceEnd(monitor, tokens));
    assert.deepStrictEqual(tokens.event, { timeIn: 100, timeOut: null, timeTotal: null });
    assert.deepStrictEqual(tokens.rebalance, { timeStart: 100 });
  });

  it("harms no other: what it held goes to new ones", () => {
    const { monitor } = monitored();
    const kept = new Monitor();
    const handle = monitor.topicPartition("orders", 3);
    monitor.onMessageIn(handle, 1, {});
    monitor.free();
    const next = new Monitor();
    assert.throws(() => monitor.onMessageIn(handle, 2, {}));
    for (const other of [kept, next]) assert.equal(other.messagesReceivedTotal, 0);
    next.onMessageIn(handle, 7, {});
    assert.deepStrictEqual(next.asdict().topic_read_offsets, { orders: { 3: 7 } });
  });

  it("says so among other sensors, which hear all the same", () => {
    const { monitor } = monitored();
    const other = new Monitor();
    const delegate = new SensorDelegate([monitor, other]);
    monitor.free();
    assert.throws(() => delegate.count("bytes"), { code: "ERR_MONITOR_FREED" });
    assert.deepStrictEqual(other.metricCounts, { bytes: 1 });
  });
});

describe("Symbol.dispose", () => {
  it("frees", () => {
    const { monitor } = monitored();
    assert.equal(typeof monitor[Symbol.dispose], "function");
    monitor[Symbol.dispose]();
    assert.throws(() => monitor.asdict(), { code: "ERR_MONITOR_FREED" });
  });
});

describe("a subclass", () => {
  it("may add to the hooks", () => {
    class Loud extends Monitor {
      heard = 0;
      onMessageIn(tp, offset, message) {
        this.heard += 1;
        super.onMessageIn(tp, offset, message);
      }
    }
    const monitor = new Loud({ time: () => 5 });
    monitor.onMessageIn(orders, 1, {});
    assert.deepStrictEqual([monitor.heard, monitor.messagesReceivedTotal], [1, 1]);
    assert.ok(monitor instanceof Monitor && monitor instanceof Sensor);
  });
});
