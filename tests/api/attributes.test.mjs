// Reading: attributes, asdict(), the durations of the clock.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FIGURES, Monitor } from "streamgauge";
import { monitored, orders, payments } from "./support.mjs";

/** A monitor to which a little of everything happened. */
function busy() {
  const { clock, monitor } = monitored({ epoch: 1_700_000_000, logger: { warn() {} } });
  const message = {};
  monitor.onMessageIn(orders, 41, message);
  const event = monitor.onStreamEventIn(orders, 41, { label: "totals", task: "agent" });
  const commit = monitor.onCommitInitiated();
  const send = monitor.onSendInitiated({}, "results");
  const assignment = monitor.onAssignmentStart();
  const web = monitor.onWebRequestStart();
  monitor.onTableSet("counts");
  monitor.count("bytes", 5);
  clock.advance(0.5);
  monitor.onStreamEventOut(orders, 41, "totals", {}, event);
  monitor.onMessageOut(orders, 41, message);
  monitor.onCommitCompleted({}, commit);
  monitor.onSendCompleted({}, send);
  monitor.onSendError({}, new Error("lost"), send);
  monitor.onAssignmentCompleted({}, assignment);
  monitor.onAssignmentError({}, monitor.onAssignmentStart());
  monitor.onWebRequestEnd({}, {}, { status: 200 }, web);
  const rebalance = monitor.onRebalanceStart({ rebalancingCount: 3 });
  clock.advance(0.25);
  monitor.onRebalanceReturn({}, rebalance);
  monitor.onRebalanceEnd({}, rebalance);
  monitor.sample();
  monitor.onMessageIn(payments, 7, {});
  monitor.onStreamEventIn(payments, 7, "audit");
  monitor.onTpCommit([[payments, 6]]);
  monitor.trackTpEndOffset(payments, 9);
  monitor.onTopicBufferFull("payments");
  return { clock, monitor };
}

const expectedDict = {
  messages_active: 1,
  messages_received_total: 2,
  messages_sent: 1,
  messages_sent_by_topic: { results: 1 },
  messages_s: 1,
  messages_received_by_topic: { orders: 1, payments: 1 },
  events_active: 1,
  events_total: 2,
  events_s: 1,
  events_runtime_avg: 0.5,
  events_by_task: { agent: 1 },
  events_by_stream: { totals: 1, audit: 1 },
  commit_latency: [0.5],
  send_latency: [0.5],
  send_errors: 1,
  assignment_latency: [0.5, 0],
  assignments_completed: 1,
  assignments_failed: 1,
  topic_buffer_full: { payments: 1 },
  tables: { counts: { keys_retrieved: 0, keys_updated: 1, keys_deleted: 0 } },
  metric_counts: { bytes: 5 },
  topic_committed_offsets: { payments: { 0: 6 } },
  topic_read_offsets: { payments: { 0: 7 } },
  topic_end_offsets: { payments: { 0: 9 } },
  rebalances: 3,
  rebalance_return_latency: [0.25],
  rebalance_end_latency: [0.25],
  rebalance_return_avg: 0.25,
  rebalance_end_avg: 0.25,
  http_response_codes: { 200: 1 },
  http_response_latency: [0.5],
  http_response_latency_avg: 0.5,
};

describe("asdict()", () => {
  it("has exactly Faust's keys, in Faust's order", () => {
    assert.deepStrictEqual(busy().monitor.asdict(), expectedDict);
    assert.deepStrictEqual(Object.keys(new Monitor().asdict()), Object.keys(expectedDict));
  });

  it("of a new monitor is all zero and empty", () => {
    const empty = Object.entries(expectedDict).map(([key, value]) => [key, typeof value === "number" ? 0 : Array.isArray(value) ? [] : {}]);
    assert.deepStrictEqual(new Monitor().asdict(), Object.fromEntries(empty));
  });

  it("is plain: JSON and structuredClone give it back", () => {
    const dict = busy().monitor.asdict();
    assert.deepStrictEqual(JSON.parse(JSON.stringify(dict)), expectedDict);
    assert.deepStrictEqual(structuredClone(dict), expectedDict);
  });

  it("is a copy: later calls do not change it, changing it changes no monitor", () => {
    const { monitor } = busy();
    const dict = monitor.asdict();
    monitor.onMessageIn(payments, 8, {});
    monitor.onCommitCompleted({}, 100);
    assert.deepStrictEqual(dict, expectedDict);
    dict.commit_latency.push(9);
    dict.tables.counts.keys_updated = 9;
    dict.topic_read_offsets.payments[0] = 99;
    dict.messages_received_by_topic.payments = 99;
    assert.deepStrictEqual(monitor.asdict().commit_latency, [0.5, 0.75]);
    assert.deepStrictEqual(monitor.asdict().tables, expectedDict.tables);
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { payments: { 0: 8 } });
    assert.deepStrictEqual(monitor.asdict().messages_received_by_topic, { orders: 1, payments: 2 });
  });
});

describe("attributes", () => {
  it("have Faust's values, deques as arrays, offsets and times as Maps", () => {
    const { clock, monitor } = busy();
    const expected = {
      messagesActive: 1,
      messagesReceivedTotal: 2,
      messagesSent: 1,
      messagesSentByTopic: { results: 1 },
      messagesS: 1,
      messagesReceivedByTopic: { orders: 1, payments: 1 },
      eventsActive: 1,
      eventsTotal: 2,
      eventsS: 1,
      eventsRuntimeAvg: 0.5,
      eventsByTask: { agent: 1 },
      eventsByStream: { totals: 1, audit: 1 },
      eventsRuntime: [0.5],
      commitLatency: [0.5],
      sendLatency: [0.5],
      sendErrors: 1,
      assignmentLatency: [0.5, 0],
      assignmentsCompleted: 1,
      assignmentsFailed: 1,
      topicBufferFull: { payments: 1 },
      metricCounts: { bytes: 5 },
      tpCommittedOffsets: new Map([["payments", new Map([[0, 6]])]]),
      tpReadOffsets: new Map([["payments", new Map([[0, 7]])]]),
      tpEndOffsets: new Map([["payments", new Map([[0, 9]])]]),
      streamInboundTime: new Map([["payments", new Map([[0, 100.75]])]]),
      rebalances: 3,
      rebalanceReturnLatency: [0.25],
      rebalanceEndLatency: [0.25],
      rebalanceReturnAvg: 0.25,
      rebalanceEndAvg: 0.25,
      httpResponseCodes: { 200: 1 },
      httpResponseLatency: [0.5],
      httpResponseLatencyAvg: 0.5,
      maxAvgHistory: 100,
      maxCommitLatencyHistory: 30,
      maxSendLatencyHistory: 30,
      maxAssignmentLatencyHistory: 30,
      maxLabels: 2000,
      maxPartitions: 100_000,
      epoch: 1_700_000_000,
      healthCommits: 10,
      allowedLag: 0,
      healthHold: 10,
      stuckAfter: 60,
      stormRebalances: 5,
      stormWindow: 300,
      labelIdle: 86_400,
      partitionIdle: 600,
      time: clock,
    };
    for (const [attribute, value] of Object.entries(expected)) assert.deepStrictEqual(monitor[attribute], value, attribute);
    const covered = [...Object.keys(expected), "tables"];
    assert.deepStrictEqual(FIGURES.map(({ attribute }) => attribute).filter((attribute) => !covered.includes(attribute)), []);
  });

  it("tables are TableStates by name", () => {
    const { counts } = busy().monitor.tables;
    assert.equal(counts.table, "counts");
    assert.deepStrictEqual([counts.keysRetrieved, counts.keysUpdated, counts.keysDeleted], [0, 1, 0]);
    assert.deepStrictEqual(counts.asdict(), { keys_retrieved: 0, keys_updated: 1, keys_deleted: 0 });
  });

  it("are copies, as asdict() is", () => {
    const { monitor } = busy();
    monitor.commitLatency.push(9);
    monitor.tpReadOffsets.get("payments").set(0, 99);
    monitor.metricCounts.bytes = 99;
    assert.deepStrictEqual(monitor.commitLatency, [0.5]);
    assert.equal(monitor.tpReadOffsets.get("payments").get(0), 7);
    assert.deepStrictEqual(monitor.metricCounts, { bytes: 5 });
  });

  it("cannot be assigned", () => {
    const { monitor } = monitored();
    for (const { attribute } of [...FIGURES, { attribute: "time" }, { attribute: "logger" }, { attribute: "anomalies" }]) {
      assert.throws(() => (monitor[attribute] = 1), TypeError, attribute);
    }
  });

  it("time and logger are what was given", () => {
    const logger = { warn() {} };
    const time = () => 1;
    assert.equal(new Monitor({ time }).time, time);
    assert.equal(new Monitor({ logger }).logger, logger);
    assert.equal(new Monitor().logger, undefined);
    const now = performance.now() / 1000;
    const read = new Monitor().time();
    assert.ok(read >= now && read < now + 1, "the default clock is performance.now() in seconds");
    assert.ok(Math.abs(new Monitor().epoch - performance.timeOrigin / 1000) < 1e-6);
  });
});

describe("durations", () => {
  it("secsSince and msSince count from a reading, secsToMs converts", () => {
    const { clock, monitor } = monitored();
    clock.advance(1.5);
    assert.equal(monitor.secsSince(100), 1.5);
    assert.equal(monitor.msSince(100), 1500);
    assert.equal(monitor.secsToMs(0.25), 250);
    assert.equal(monitor.secsToMs(-0.25), -250);
  });
});

describe("deques", () => {
  const deques = [
    ["eventsRuntime", "maxAvgHistory", (m, clock) => {
      const state = m.onStreamEventIn(orders, 1, "s");
      return (seconds) => (clock.advance(seconds), m.onStreamEventOut(orders, 1, "s", {}, state));
    }],
    ["rebalanceReturnLatency", "maxAvgHistory", (m, clock) => {
      const state = m.onRebalanceStart();
      return (seconds) => (clock.advance(seconds), m.onRebalanceReturn({}, state));
    }],
    ["rebalanceEndLatency", "maxAvgHistory", (m, clock) => {
      const state = m.onRebalanceStart();
      return (seconds) => (clock.advance(seconds), m.onRebalanceEnd({}, state));
    }],
    ["httpResponseLatency", "maxAvgHistory", (m, clock) => {
      const state = m.onWebRequestStart();
      return (seconds) => (clock.advance(seconds), m.onWebRequestEnd({}, {}, null, state));
    }],
    ["commitLatency", "maxCommitLatencyHistory", (m, clock) => {
      const state = m.onCommitInitiated();
      return (seconds) => (clock.advance(seconds), m.onCommitCompleted({}, state));
    }],
    ["sendLatency", "maxSendLatencyHistory", (m, clock) => {
      const state = m.onSendInitiated({}, "t");
      return (seconds) => (clock.advance(seconds), m.onSendCompleted({}, state));
    }],
    ["assignmentLatency", "maxAssignmentLatencyHistory", (m, clock) => {
      const state = m.onAssignmentStart();
      return (seconds) => (clock.advance(seconds), m.onAssignmentCompleted({}, state));
    }],
  ];
  for (const [attribute, limit, begin] of deques) {
    it(`${attribute} keeps the newest ${limit}, oldest first`, () => {
      for (const [length, kept] of [[0, []], [1, [6]], [3, [4, 5, 6]], [6, [1, 2, 3, 4, 5, 6]], [7, [1, 2, 3, 4, 5, 6]]]) {
        const { clock, monitor } = monitored({ [limit]: length });
        for (const seconds of [1, 2, 3, 4, 5, 6]) begin(monitor, clock)(seconds);
        assert.deepStrictEqual(monitor[attribute], kept, `length ${length}`);
        assert.equal(monitor[limit], length);
      }
    });
  }

  it("are 100 and 30 long unless told otherwise", () => {
    const { clock, monitor } = monitored();
    const lengths = deques.map(([attribute, , begin]) => {
      for (let time = 0; time < 250; time += 1) begin(monitor, clock)(0.25);
      return monitor[attribute].length;
    });
    assert.deepStrictEqual(lengths, [100, 100, 100, 100, 30, 30, 30]);
  });

  it("of a million hold a million", () => {
    const { monitor } = monitored({ maxCommitLatencyHistory: 1_000_000 });
    for (let time = 0; time < 1_000_010; time += 1) monitor.onCommitCompleted({}, 100 - (time % 8));
    assert.equal(monitor.commitLatency.length, 1_000_000);
    assert.deepStrictEqual(monitor.commitLatency.slice(0, 3), [2, 3, 4]);
    monitor.free();
  });
});
