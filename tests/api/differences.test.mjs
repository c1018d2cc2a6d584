// Where the monitor differs from Faust on purpose. D1 has restore and options, D6 the tokens.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { assertRefused, effectOf, everything, fakeClock, monitored, orders, payments, seen } from "./support.mjs";

describe("D1: the five families that Faust's constructor drops", () => {
  it("are kept, and counted on", () => {
    const monitor = new Monitor({
      messagesReceivedByTopic: { orders: 1 },
      eventsByStream: { totals: 2 },
      eventsByTask: { agent: 3 },
      topicBufferFull: { orders: 4 },
      httpResponseCodes: { 200: 5 },
    });
    const dict = monitor.asdict();
    assert.deepStrictEqual(dict.messages_received_by_topic, { orders: 1 });
    assert.deepStrictEqual(dict.events_by_stream, { totals: 2 });
    assert.deepStrictEqual(dict.events_by_task, { agent: 3 });
    assert.deepStrictEqual(dict.topic_buffer_full, { orders: 4 });
    assert.deepStrictEqual(dict.http_response_codes, { 200: 5 });
    monitor.onStreamEventIn(orders, 1, { label: "totals", task: "agent" });
    assert.deepStrictEqual([monitor.eventsByStream, monitor.eventsByTask], [{ totals: 3 }, { agent: 4 }]);
  });
});

describe("D4: a status", () => {
  it("from 100 to 599 counts, known to HTTP or not", () => {
    const { monitor } = monitored();
    for (const status of [100, 299, 418, 499, 599]) monitor.onWebRequestEnd({}, {}, { status }, monitor.onWebRequestStart());
    assert.deepStrictEqual(monitor.httpResponseCodes, { 100: 1, 299: 1, 418: 1, 499: 1, 599: 1 });
  });

  for (const [value, type] of [
    [99, RangeError],
    [600, RangeError],
    [0, RangeError],
    [-200, RangeError],
    [200.5, RangeError],
    [Number.NaN, RangeError],
    ["200", TypeError],
    [200n, TypeError],
    [null, TypeError],
  ]) {
    it(`of ${typeof value} ${String(value)} is refused, and nothing changed`, () => {
      const { monitor } = monitored();
      const state = monitor.onWebRequestStart();
      for (const key of ["status", "statusCode"]) {
        const end = () => monitor.onWebRequestEnd({}, {}, { [key]: value }, state);
        assertRefused(monitor, end, type, { argument: `response.${key}`, value });
      }
      assert.deepStrictEqual(state, { timeStart: 100 });
      monitor.onWebRequestEnd({}, {}, { status: 200 }, state);
      assert.deepStrictEqual(monitor.httpResponseCodes, { 200: 1 }, "the token still serves");
    });
  }

  it("is needed where there is a response", () => {
    const { monitor } = monitored();
    const state = monitor.onWebRequestStart();
    for (const value of [{}, [], { code: 200 }, 200, "200", true]) {
      assertRefused(monitor, () => monitor.onWebRequestEnd({}, {}, value, state), TypeError, { argument: "response", value });
    }
  });
});

describe("D5: an out without an in", () => {
  it("of a message leaves messages_active at 0 and is counted", () => {
    const { monitor } = monitored();
    const message = {};
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onMessageOut(orders, 1, message)), {});
    assert.deepStrictEqual(message, { timeOut: 100 });
    assert.deepStrictEqual(seen(monitor), { messageOutWithoutIn: 1 });
    monitor.onMessageIn(orders, 1, {});
    assert.equal(monitor.messagesActive, 1);
    for (let out = 0; out < 3; out += 1) monitor.onMessageOut(orders, 1, {});
    assert.equal(monitor.messagesActive, 0);
    assert.deepStrictEqual(seen(monitor), { messageOutWithoutIn: 3 });
  });

  it("of an event leaves events_active at 0, is counted, and its time is kept", () => {
    const { clock, monitor } = monitored();
    const state = { timeIn: 99.5, timeOut: null, timeTotal: null };
    const out = () => monitor.onStreamEventOut(orders, 1, "totals", {}, state);
    assert.deepStrictEqual(effectOf(monitor, out), { eventsRuntime: [0.5] });
    assert.deepStrictEqual(state, { timeIn: 99.5, timeOut: 100, timeTotal: 0.5 });
    assert.deepStrictEqual(seen(monitor), { eventOutWithoutIn: 1 });
    clock.advance(1);
    monitor.onStreamEventIn(orders, 1, "totals");
    out();
    out();
    assert.equal(monitor.eventsActive, 0);
    assert.deepStrictEqual(monitor.eventsRuntime, [0.5, 1.5, 1.5]);
    assert.deepStrictEqual(seen(monitor), { eventOutWithoutIn: 2 });
  });
});

describe("D7: inbound times", () => {
  it("read the injected clock", () => {
    const { clock, monitor } = monitored();
    clock.at = 5.5;
    monitor.onStreamEventIn(orders, 1, "totals");
    clock.at = 6.5;
    monitor.onStreamEventIn(payments, 1, "totals");
    assert.deepStrictEqual(monitor.streamInboundTime, new Map([["orders", new Map([[3, 5.5]])], ["payments", new Map([[0, 6.5]])]]));
  });
});

describe("D8: a clock that steps back", () => {
  it("gives 0 in the token and the deque alike, the readings as they are, and is counted", () => {
    const { clock, monitor } = monitored();
    const message = {};
    monitor.onMessageIn(orders, 1, message);
    const event = monitor.onStreamEventIn(orders, 1, "totals");
    const commit = monitor.onCommitInitiated();
    const send = monitor.onSendInitiated({}, "results");
    const assignment = monitor.onAssignmentStart();
    const rebalance = monitor.onRebalanceStart();
    const web = monitor.onWebRequestStart();
    clock.at = 40;
    monitor.onStreamEventOut(orders, 1, "totals", {}, event);
    monitor.onMessageOut(orders, 1, message);
    monitor.onCommitCompleted({}, commit);
    monitor.onSendCompleted({}, send);
    monitor.onAssignmentCompleted({}, assignment);
    monitor.onRebalanceReturn({}, rebalance);
    monitor.onRebalanceEnd({}, rebalance);
    monitor.onWebRequestEnd({}, {}, null, web);
    assert.equal(monitor.secsSince(100), 0);
    assert.deepStrictEqual(event, { timeIn: 100, timeOut: 40, timeTotal: 0 });
    assert.deepStrictEqual(message, { timeIn: 100, timeOut: 40, timeTotal: 0 });
    assert.deepStrictEqual(rebalance, { timeStart: 100, timeReturn: 40, latencyReturn: 0, timeEnd: 40, latencyEnd: 0 });
    assert.deepStrictEqual(web, { timeStart: 100, timeEnd: 40, latencyEnd: 0, statusCode: 500 });
    for (const deque of ["eventsRuntime", "commitLatency", "sendLatency", "assignmentLatency"]) assert.deepStrictEqual(monitor[deque], [0], deque);
    for (const deque of ["rebalanceReturnLatency", "rebalanceEndLatency", "httpResponseLatency"]) assert.deepStrictEqual(monitor[deque], [0], deque);
    assert.deepStrictEqual([monitor.messagesActive, monitor.eventsActive], [0, 0]);
    assert.deepStrictEqual(seen(monitor), { clockWentBack: 9 });
  });

  it("goes on from the lower reading", () => {
    const { clock, monitor } = monitored();
    clock.at = 40;
    const state = monitor.onStreamEventIn(orders, 1, "totals");
    clock.advance(0.5);
    monitor.onStreamEventOut(orders, 1, "totals", {}, state);
    assert.deepStrictEqual(state, { timeIn: 40, timeOut: 40.5, timeTotal: 0.5 });
    assert.deepStrictEqual(monitor.streamInboundTime.get("orders").get(3), 40);
    assert.deepStrictEqual(seen(monitor), {});
  });
});

describe("D8: a reading that is not finite", () => {
  for (const broken of [Number.NaN, Infinity, -Infinity, undefined, null, "5", 5n, {}]) {
    it(`(${typeof broken} ${String(broken)}) is replaced by the last finite one`, () => {
      const { clock, monitor } = monitored();
      clock.at = 7.5;
      monitor.onMessageIn(orders, 1, {});
      clock.at = broken;
      const message = {};
      monitor.onMessageIn(orders, 2, message);
      const state = monitor.onStreamEventIn(orders, 2, "totals");
      assert.deepStrictEqual([message.timeIn, state.timeIn], [7.5, 7.5]);
      assert.deepStrictEqual(seen(monitor), { clockNotFinite: 2 });
      clock.at = 8;
      monitor.onStreamEventOut(orders, 2, "totals", {}, state);
      assert.deepStrictEqual(monitor.eventsRuntime, [0.5]);
      clock.at = broken;
      assert.equal(monitor.onCommitInitiated(), 8);
      assert.deepStrictEqual(seen(monitor), { clockNotFinite: 3 });
    });
  }

  it("is replaced by 0 before any finite one came", () => {
    const monitor = new Monitor({ time: () => Number.NaN });
    assert.deepStrictEqual(monitor.onStreamEventIn(orders, 1, "totals"), { timeIn: 0, timeOut: null, timeTotal: null });
    assert.deepStrictEqual(monitor.streamInboundTime, new Map([["orders", new Map([[3, 0]])]]));
  });

  it("cannot come of readings too far apart", () => {
    const { clock, monitor } = monitored();
    clock.at = -1.5e308;
    const [message, web] = [{}, monitor.onWebRequestStart()];
    monitor.onMessageIn(orders, 1, message);
    const event = monitor.onStreamEventIn(orders, 1, "totals");
    clock.at = 1.5e308;
    monitor.onStreamEventOut(orders, 1, "totals", {}, event);
    monitor.onMessageOut(orders, 1, message);
    monitor.onWebRequestEnd({}, {}, null, web);
    assert.deepStrictEqual([event.timeTotal, message.timeTotal, web.latencyEnd], [0, 0, 0]);
    assert.deepStrictEqual([monitor.eventsRuntime, monitor.httpResponseLatency], [[0], [0]]);
    assert.deepStrictEqual(seen(monitor), { clockNotFinite: 3 });
  });
});

describe("D9: labels over the limit", () => {
  const families = [
    ["messagesReceivedByTopic", (m, name) => m.onMessageIn({ topic: name, partition: 0 }, 1, {}), 1],
    ["messagesSentByTopic", (m, name) => m.onSendInitiated({}, name), 1],
    ["eventsByStream", (m, name) => m.onStreamEventIn(orders, 1, name), 1],
    ["eventsByTask", (m, name) => m.onStreamEventIn(orders, 1, { label: "stream", task: name }), 1],
    ["topicBufferFull", (m, name) => m.onTopicBufferFull(name), 1],
    ["metricCounts", (m, name) => m.count(name, 1), 1],
    ["tables", (m, name) => m.onTableSet(name), { keys_retrieved: 0, keys_updated: 1, keys_deleted: 0 }],
  ];
  const twice = (value) => (typeof value === "number" ? 2 : { ...value, keys_updated: 2 });
  for (const [attribute, count, once] of families) {
    it(`${attribute} counts them under (other)`, () => {
      const { monitor } = monitored({ maxLabels: 2 });
      const family = () => {
        const value = monitor[attribute];
        return attribute === "tables" ? monitor.asdict().tables : value;
      };
      for (const name of ["a", "b"]) count(monitor, name);
      assert.deepStrictEqual(family(), { a: once, b: once });
      assert.deepStrictEqual(seen(monitor), {});
      for (const name of ["c", "d", "a"]) count(monitor, name);
      assert.deepStrictEqual(family(), { a: twice(once), b: once, "(other)": twice(once) });
      assert.equal(monitor.anomalies.labelOverLimit, 2);
    });
  }

  it("of 0 leave only (other)", () => {
    const { monitor } = monitored({ maxLabels: 0 });
    monitor.count("a", 2);
    monitor.count("b", 3);
    monitor.onMessageIn(orders, 1, {});
    assert.deepStrictEqual(monitor.metricCounts, { "(other)": 5 });
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { "(other)": 1 });
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 3: 1 } }, "offsets have a cap of their own");
  });

  it("a stream's handle made when the family was full counts under (other)", () => {
    const { monitor } = monitored({ maxLabels: 1 });
    const known = monitor.stream("a", "one");
    const over = monitor.stream("b", "two");
    assert.deepStrictEqual([over.label, over.task], ["b", "two"]);
    assert.equal(monitor.anomalies.labelOverLimit, 2);
    for (const stream of [known, over, over, known, "b"]) monitor.onStreamEventIn(orders, 1, stream);
    assert.deepStrictEqual(monitor.eventsByStream, { a: 2, "(other)": 3 });
    assert.deepStrictEqual(monitor.eventsByTask, { one: 2, "(other)": 2 });
  });

  it("(other) may be named, and counts there", () => {
    const { monitor } = monitored({ maxLabels: 1 });
    monitor.count("(other)");
    monitor.count("a");
    monitor.count("b");
    assert.deepStrictEqual(monitor.metricCounts, { "(other)": 2, a: 1 });
  });

  it("is 2,000 unless told otherwise", () => {
    const { monitor } = monitored();
    for (let number = 0; number < 2010; number += 1) monitor.count(`metric ${number}`);
    assert.equal(Object.keys(monitor.metricCounts).length, 2001);
    assert.equal(monitor.metricCounts["(other)"], 10);
  });

  it("keep their place over a rebalance", () => {
    const { monitor } = monitored({ maxLabels: 1 });
    monitor.onTopicBufferFull("a");
    monitor.onRebalanceStart();
    monitor.onTopicBufferFull("b");
    monitor.onTopicBufferFull("a");
    assert.deepStrictEqual(monitor.topicBufferFull, { "(other)": 1, a: 1 });
  });
});

describe("D9: topic-partitions over the limit", () => {
  const partition = (number) => ({ topic: "orders", partition: number });

  it("count all the same, but their offsets are not kept", () => {
    const { monitor } = monitored({ maxPartitions: 2 });
    for (const number of [0, 1, 2]) {
      monitor.onMessageIn(partition(number), 10 + number, {});
      monitor.onStreamEventIn(partition(number), 10 + number, "totals");
      monitor.onTpCommit([[partition(number), 20 + number]]);
      monitor.trackTpEndOffset(partition(number), 30 + number);
    }
    const dict = monitor.asdict();
    assert.deepStrictEqual(dict.topic_read_offsets, { orders: { 0: 10, 1: 11 } });
    assert.deepStrictEqual(dict.topic_committed_offsets, { orders: { 0: 20, 1: 21 } });
    assert.deepStrictEqual(dict.topic_end_offsets, { orders: { 0: 30, 1: 31 } });
    assert.deepStrictEqual(monitor.streamInboundTime, new Map([["orders", new Map([[0, 100], [1, 100]])]]));
    assert.deepStrictEqual([dict.messages_received_total, dict.messages_active, dict.events_total], [3, 3, 3]);
    assert.deepStrictEqual(dict.messages_received_by_topic, { orders: 3 });
    assert.equal(monitor.anomalies.partitionOverLimit, 4);
    monitor.onMessageOut(partition(2), 12, {});
    assert.equal(monitor.messagesActive, 2);
    assert.equal(monitor.anomalies.messageOutWithoutIn, 0);
  });

  it("a handle made when the table was full counts, too", () => {
    const { monitor } = monitored({ maxPartitions: 1 });
    const [known, over] = [monitor.topicPartition("orders", 0), monitor.topicPartition("payments", 1)];
    assert.deepStrictEqual([over.topic, over.partition], ["payments", 1]);
    for (const tp of [known, over, over, known]) monitor.onMessageIn(tp, 5, {});
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 0: 5 } });
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 2, payments: 2 });
    assert.equal(monitor.messagesReceivedTotal, 4);
  });

  it("of 0 keep no offset at all", () => {
    const { monitor } = monitored({ maxPartitions: 0 });
    monitor.onMessageIn(orders, 1, {});
    monitor.onTpCommit([[orders, 1], [payments, 2]]);
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, {});
    assert.equal(monitor.messagesReceivedTotal, 1);
    assert.equal(monitor.anomalies.partitionOverLimit, 3);
  });

  it("keep their place over a rebalance", () => {
    const { monitor } = monitored({ maxPartitions: 1 });
    monitor.onMessageIn(orders, 1, {});
    monitor.onRebalanceStart();
    monitor.onMessageIn(payments, 1, {});
    monitor.onMessageIn(orders, 2, {});
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 3: 2 } });
  });
});

describe("D13: a stream without a task", () => {
  it("counts in no task", () => {
    const { monitor } = monitored();
    const streams = ["a", { label: "a" }, { label: "a", task: null }, { label: "a", task: undefined }, monitor.stream("a"), monitor.stream("a", null)];
    for (const stream of streams) monitor.onStreamEventIn(orders, 1, stream);
    assert.deepStrictEqual(monitor.eventsByTask, {});
    assert.deepStrictEqual(monitor.eventsByStream, { a: 6 });
    assert.equal(monitor.eventsTotal, 6);
  });

  it("is not one whose task has no name", () => {
    const { monitor } = monitored();
    monitor.onStreamEventIn(orders, 1, { label: "a", task: "" });
    assert.deepStrictEqual(monitor.eventsByTask, { "": 1 });
  });
});

describe("an end hook without a token", () => {
  it("changes nothing; for all but events it is an anomaly", () => {
    const { monitor } = monitored();
    const ends = [
      (state) => monitor.onCommitCompleted({}, state),
      (state) => monitor.onSendCompleted({}, state),
      (state) => monitor.onSendError({}, new Error("lost"), state),
      (state) => monitor.onAssignmentCompleted({}, state),
      (state) => monitor.onAssignmentError({}, state, new Error("no leader")),
      (state) => monitor.onRebalanceReturn({}, state),
      (state) => monitor.onRebalanceEnd({}, state),
      (state) => monitor.onWebRequestEnd({}, {}, { status: 200 }, state),
    ];
    monitor.onMessageIn(orders, 1, {});
    const before = everything(monitor);
    for (const end of ends) for (const none of [null, undefined]) end(none);
    const after = everything(monitor);
    assert.deepStrictEqual([after.asdict, after.attributes], [before.asdict, before.attributes]);
    assert.deepStrictEqual(seen(monitor), { tokenMissing: 16 });
  });
});

describe("a new clock", () => {
  it("that starts at 0 serves as any other", () => {
    const monitor = new Monitor({ time: fakeClock(0) });
    const state = monitor.onStreamEventIn(orders, 1, "totals");
    monitor.onStreamEventOut(orders, 1, "totals", {}, state);
    assert.deepStrictEqual(state, { timeIn: 0, timeOut: 0, timeTotal: 0 });
    assert.deepStrictEqual(seen(monitor), {});
  });

  it("that reads below 0 serves as any other", () => {
    const { clock, monitor } = monitored({ time: fakeClock(-5) });
    assert.equal(clock.at, 100);
    const state = monitor.onStreamEventIn(orders, 1, "totals");
    monitor.onStreamEventOut(orders, 1, "totals", {}, state);
    assert.deepStrictEqual(state, { timeIn: -5, timeOut: -5, timeTotal: 0 });
    assert.deepStrictEqual(seen(monitor), {});
  });
});

describe("D9: both limits at once", () => {
  it("give the labels in the order in which the messages came", () => {
    const { monitor } = monitored({ maxLabels: 1, maxPartitions: 1 });
    monitor.onMessageIn(orders, 1, {});
    monitor.onMessageIn(payments, 1, {});
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 1, "(other)": 1 });
  });
});
