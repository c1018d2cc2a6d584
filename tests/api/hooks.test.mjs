// Every hook: what it gives, what it sets, and which figures it changes (all others must stay).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { effectOf, monitored, orders, payments, seen } from "./support.mjs";

describe("the hooks of a message", () => {
  it("onMessageIn counts, notes the offset and sets timeIn", () => {
    const { clock, monitor } = monitored();
    const message = { value: "kept" };
    clock.advance(0.5);
    assert.deepStrictEqual(effectOf(monitor, () => assert.equal(monitor.onMessageIn(orders, 41, message), undefined)), {
      messagesActive: 1,
      messagesReceivedTotal: 1,
      messagesReceivedByTopic: { orders: 1 },
      tpReadOffsets: [["orders", [[3, 41]]]],
    });
    assert.deepStrictEqual(message, { value: "kept", timeIn: 100.5 });
  });

  it("onMessageOut sets timeOut, and timeTotal where timeIn is known", () => {
    const { clock, monitor } = monitored();
    const message = {};
    monitor.onMessageIn(orders, 41, message);
    clock.advance(2.25);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onMessageOut(orders, 41, message)), { messagesActive: 0 });
    assert.deepStrictEqual(message, { timeIn: 100, timeOut: 102.25, timeTotal: 2.25 });

    monitor.onMessageIn(orders, 42, {});
    for (const timeIn of [undefined, null]) {
      const unknown = { timeIn };
      monitor.onMessageOut(orders, 42, unknown);
      assert.deepStrictEqual(unknown, { timeIn, timeOut: 102.25 });
    }
  });

  it("keeps the offset that was read last, also where it is a lower one", () => {
    const { monitor } = monitored();
    monitor.onMessageIn(orders, 41, {});
    monitor.onMessageIn(orders, 7, {});
    monitor.onMessageIn({ topic: "orders", partition: 4 }, 9, {});
    monitor.onMessageIn(payments, 1, {});
    assert.deepStrictEqual(monitor.tpReadOffsets, new Map([["orders", new Map([[3, 7], [4, 9]])], ["payments", new Map([[0, 1]])]]));
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 3: 7, 4: 9 }, payments: { 0: 1 } });
  });

  it("onStreamEventIn counts by stream and task and gives a token", () => {
    const { clock, monitor } = monitored();
    clock.advance(1.5);
    let state;
    const changed = effectOf(monitor, () => (state = monitor.onStreamEventIn(orders, 41, { label: "totals", task: "agent" }, {})));
    assert.deepStrictEqual(changed, {
      eventsActive: 1,
      eventsTotal: 1,
      eventsByStream: { totals: 1 },
      eventsByTask: { agent: 1 },
      streamInboundTime: [["orders", [[3, 101.5]]]],
    });
    assert.deepStrictEqual(state, { timeIn: 101.5, timeOut: null, timeTotal: null });
  });

  it("onStreamEventOut completes the token and keeps the run time", () => {
    const { clock, monitor } = monitored();
    const state = monitor.onStreamEventIn(orders, 41, "totals");
    clock.advance(0.75);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onStreamEventOut(orders, 41, "totals", {}, state)), {
      eventsActive: 0,
      eventsRuntime: [0.75],
    });
    assert.deepStrictEqual(state, { timeIn: 100, timeOut: 100.75, timeTotal: 0.75 });
  });

  it("onStreamEventOut without a token changes nothing and is no anomaly", () => {
    const { monitor } = monitored();
    monitor.onStreamEventIn(orders, 41, "totals");
    for (const none of [null, undefined]) {
      assert.deepStrictEqual(effectOf(monitor, () => monitor.onStreamEventOut(orders, 41, "totals", {}, none)), {});
    }
    assert.deepStrictEqual(seen(monitor), {});
  });

  it("one message may be the event of many streams", () => {
    const { clock, monitor } = monitored();
    const tp = monitor.topicPartition("orders", 3);
    const streams = [monitor.stream("totals", "agent"), { label: "audit", task: "agent" }, { label: "audit" }, "audit"];
    const states = streams.map((stream) => {
      clock.advance(0.25);
      return monitor.onStreamEventIn(tp, 41, stream);
    });
    assert.equal(monitor.eventsActive, 4);
    streams.forEach((stream, place) => monitor.onStreamEventOut(tp, 41, stream, undefined, states[place]));
    assert.deepStrictEqual(monitor.eventsRuntime, [0.75, 0.5, 0.25, 0]);
    assert.deepStrictEqual(monitor.eventsByStream, { totals: 1, audit: 3 });
    assert.deepStrictEqual(monitor.eventsByTask, { agent: 2 });
  });
});

describe("the other hooks", () => {
  it("onTopicBufferFull takes a topic, a topic-partition or a handle, and counts by topic", () => {
    const { monitor } = monitored();
    const full = (topic) => effectOf(monitor, () => monitor.onTopicBufferFull(topic));
    assert.deepStrictEqual(full("orders"), { topicBufferFull: { orders: 1 } });
    assert.deepStrictEqual(full({ topic: "orders", partition: 9 }), { topicBufferFull: { orders: 2 } });
    assert.deepStrictEqual(full(monitor.topicPartition("payments", 1)), { topicBufferFull: { orders: 2, payments: 1 } });
  });

  it("onTableGet, onTableSet and onTableDel count for a table by its name", () => {
    const { monitor } = monitored();
    monitor.onTableGet("counts", "key");
    monitor.onTableSet({ name: "counts" }, "key", "value");
    monitor.onTableSet("counts");
    monitor.onTableDel({ name: "counts" }, "key");
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onTableGet({ name: "other" }, "key")).tables.other.asdict(), {
      keys_retrieved: 1,
      keys_updated: 0,
      keys_deleted: 0,
    });
    assert.deepStrictEqual(monitor.asdict().tables, {
      counts: { keys_retrieved: 1, keys_updated: 2, keys_deleted: 1 },
      other: { keys_retrieved: 1, keys_updated: 0, keys_deleted: 0 },
    });
  });

  it("onCommitInitiated gives the time, onCommitCompleted keeps the latency", () => {
    const { clock, monitor } = monitored();
    const consumer = {};
    let state;
    assert.deepStrictEqual(effectOf(monitor, () => (state = monitor.onCommitInitiated(consumer))), {});
    assert.equal(state, 100);
    clock.advance(0.25);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onCommitCompleted(consumer, state)), { commitLatency: [0.25] });
    clock.advance(0.25);
    monitor.onCommitCompleted(consumer, state);
    assert.deepStrictEqual(monitor.commitLatency, [0.25, 0.5], "a number cannot tell that it was completed before");
  });

  it("onSendInitiated counts and gives the time, onSendCompleted keeps the latency", () => {
    const { clock, monitor } = monitored();
    let state;
    const changed = effectOf(monitor, () => (state = monitor.onSendInitiated({}, "results", {}, 8, 120)));
    assert.deepStrictEqual(changed, { messagesSent: 1, messagesSentByTopic: { results: 1 } });
    assert.equal(state, 100);
    clock.advance(1.25);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onSendCompleted({}, state, {})), { sendLatency: [1.25] });
    monitor.onSendInitiated(undefined, "results");
    monitor.onSendInitiated(undefined, "audit", undefined, 0, 0);
    assert.deepStrictEqual(monitor.messagesSentByTopic, { results: 2, audit: 1 });
    assert.equal(monitor.messagesSent, 3);
  });

  it("onSendError counts, and keeps no latency in the deque", () => {
    const { clock, monitor } = monitored();
    const state = monitor.onSendInitiated({}, "results");
    clock.advance(1);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onSendError({}, new Error("refused"), state)), { sendErrors: 1 });
  });

  it("count adds n, one where none is given", () => {
    const { monitor } = monitored();
    assert.deepStrictEqual(effectOf(monitor, () => monitor.count("bytes")), { metricCounts: { bytes: 1 } });
    assert.deepStrictEqual(effectOf(monitor, () => monitor.count("bytes", 1499)), { metricCounts: { bytes: 1500 } });
    assert.deepStrictEqual(effectOf(monitor, () => monitor.count("bytes", -2000n)), { metricCounts: { bytes: -500 } });
    assert.deepStrictEqual(effectOf(monitor, () => monitor.count("zero", 0)), { metricCounts: { bytes: -500, zero: 0 } });
  });

  it("onTpCommit takes any iterable of pairs", () => {
    const { monitor } = monitored();
    const handle = monitor.topicPartition("orders", 3);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onTpCommit([[handle, 10], [payments, "11"]])), {
      tpCommittedOffsets: [["orders", [[3, 10]]], ["payments", [[0, 11]]]],
    });
    monitor.onTpCommit(new Map([[orders, 12n]]));
    function* pairs() {
      yield [payments, 13];
      yield [payments, 14];
    }
    monitor.onTpCommit(pairs());
    monitor.onTpCommit(new Set());
    assert.deepStrictEqual(monitor.asdict().topic_committed_offsets, { orders: { 3: 12 }, payments: { 0: 14 } });
  });

  it("trackTpEndOffset keeps the end offset", () => {
    const { monitor } = monitored();
    assert.deepStrictEqual(effectOf(monitor, () => monitor.trackTpEndOffset(orders, 100)), { tpEndOffsets: [["orders", [[3, 100]]]] });
    monitor.trackTpEndOffset(monitor.topicPartition("orders", 3), "101");
    assert.deepStrictEqual(monitor.asdict().topic_end_offsets, { orders: { 3: 101 } });
  });

  it("an assignment that completes and one that fails are both timed", () => {
    const { clock, monitor } = monitored();
    const first = monitor.onAssignmentStart({});
    assert.deepStrictEqual(first, { timeStart: 100 });
    clock.advance(0.5);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onAssignmentCompleted({}, first)), {
      assignmentLatency: [0.5],
      assignmentsCompleted: 1,
    });
    const second = monitor.onAssignmentStart();
    clock.advance(0.25);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onAssignmentError({}, second, new Error("no leader"))), {
      assignmentLatency: [0.5, 0.25],
      assignmentsFailed: 1,
    });
    assert.deepStrictEqual([first, second], [{ timeStart: 100 }, { timeStart: 100.5 }], "the end leaves nothing in the token");
  });

  it("a rebalance is timed from its start to its return and to its end", () => {
    const { clock, monitor } = monitored();
    const state = monitor.onRebalanceStart({ rebalancingCount: 7 });
    assert.equal(monitor.rebalances, 7);
    assert.deepStrictEqual(state, { timeStart: 100 });
    clock.advance(1);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onRebalanceReturn({}, state)), { rebalanceReturnLatency: [1] });
    assert.deepStrictEqual(state, { timeStart: 100, timeReturn: 101, latencyReturn: 1 });
    clock.advance(0.5);
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onRebalanceEnd({}, state)), { rebalanceEndLatency: [1.5] });
    assert.deepStrictEqual(state, { timeStart: 100, timeReturn: 101, latencyReturn: 1, timeEnd: 101.5, latencyEnd: 1.5 });
  });

  it("an app without a count of rebalances has one more than before", () => {
    const { monitor } = monitored({ rebalances: 4 });
    for (const app of [undefined, null, {}, { rebalancingCount: undefined }, { rebalancingCount: null }]) monitor.onRebalanceStart(app);
    assert.equal(monitor.rebalances, 9);
    monitor.onRebalanceStart({ rebalancingCount: 2 });
    monitor.onRebalanceStart();
    assert.equal(monitor.rebalances, 3, "the app's own count wins, and goes on from there");
    monitor.onRebalanceStart({ rebalancingCount: 0 });
    assert.equal(monitor.rebalances, 0);
  });

  for (const end of ["start", "end"]) {
    it(`the ${end} of a rebalance empties offsets, inbound times and full buffers, and nothing else`, () => {
      const { clock, monitor } = monitored();
      const state = end === "end" ? monitor.onRebalanceStart() : undefined;
      monitor.onMessageIn(orders, 41, {});
      monitor.onStreamEventIn(orders, 41, "totals");
      monitor.onTpCommit([[orders, 40]]);
      monitor.trackTpEndOffset(orders, 50);
      monitor.onTopicBufferFull("orders");
      monitor.count("kept");
      clock.advance(1);
      const changed = effectOf(monitor, () => (end === "end" ? monitor.onRebalanceEnd({}, state) : monitor.onRebalanceStart()));
      const emptied = { tpCommittedOffsets: [], tpReadOffsets: [], tpEndOffsets: [], streamInboundTime: [], topicBufferFull: {} };
      assert.deepStrictEqual(changed, { ...emptied, ...(end === "end" ? { rebalanceEndLatency: [1] } : { rebalances: 1 }) });

      const handle = monitor.topicPartition("orders", 3);
      monitor.onMessageIn(handle, 42, {});
      assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 3: 42 } });
      assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 2 });
    });
  }

  it("the return of a rebalance empties nothing", () => {
    const { monitor } = monitored();
    const state = monitor.onRebalanceStart();
    monitor.onMessageIn(orders, 41, {});
    monitor.onRebalanceReturn({}, state);
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 3: 41 } });
  });

  it("a web request's status comes from fetch's response, node's, or is 500", () => {
    const { clock, monitor } = monitored();
    const answers = [
      [{ status: 204 }, 204],
      [{ statusCode: 404 }, 404],
      [new Response(null, { status: 201 }), 201],
      [{ status: 200, statusCode: 503 }, 200],
      // Express and Fastify have a method `status` beside the number.
      [{ status() {}, statusCode: 302 }, 302],
      [null, 500],
      [undefined, 500],
    ];
    for (const [response, status] of answers) {
      const state = monitor.onWebRequestStart({}, {}, { view: "index" });
      assert.deepStrictEqual(state, { timeStart: clock.at });
      clock.advance(0.25);
      monitor.onWebRequestEnd({}, {}, response, state, { view: "index" });
      assert.deepStrictEqual(state, { timeStart: clock.at - 0.25, timeEnd: clock.at, latencyEnd: 0.25, statusCode: status });
    }
    assert.deepStrictEqual(monitor.httpResponseCodes, { 200: 1, 201: 1, 204: 1, 302: 1, 404: 1, 500: 2 });
    assert.deepStrictEqual(monitor.httpResponseLatency, Array(7).fill(0.25));
    const state = monitor.onWebRequestStart();
    const changed = effectOf(monitor, () => monitor.onWebRequestEnd(undefined, undefined, { status: 599 }, state));
    assert.deepStrictEqual(Object.keys(changed), ["httpResponseCodes", "httpResponseLatency"]);
  });

  it("onThreadedProducerBufferProcessed changes nothing", () => {
    const { monitor } = monitored();
    assert.deepStrictEqual(effectOf(monitor, () => monitor.onThreadedProducerBufferProcessed({}, 12)), {});
  });

  it("reads the clock at most once per hook", () => {
    let reads = 0;
    const { monitor } = monitored({ time: () => ((reads += 1), 100 + reads) });
    const message = {};
    const tokens = {};
    const readsOf = (call) => {
      const before = reads;
      call();
      return reads - before;
    };
    const once = [
      () => monitor.onMessageIn(orders, 1, message),
      () => (tokens.event = monitor.onStreamEventIn(orders, 1, "totals")),
      () => monitor.onStreamEventOut(orders, 1, "totals", {}, tokens.event),
      () => monitor.onMessageOut(orders, 1, message),
      () => (tokens.commit = monitor.onCommitInitiated()),
      () => monitor.onCommitCompleted({}, tokens.commit),
      () => (tokens.send = monitor.onSendInitiated({}, "results")),
      () => monitor.onSendCompleted({}, tokens.send),
      () => (tokens.assignment = monitor.onAssignmentStart()),
      () => monitor.onAssignmentCompleted({}, tokens.assignment),
      () => (tokens.rebalance = monitor.onRebalanceStart()),
      () => monitor.onRebalanceReturn({}, tokens.rebalance),
      () => monitor.onRebalanceEnd({}, tokens.rebalance),
      () => (tokens.web = monitor.onWebRequestStart()),
      () => monitor.onWebRequestEnd({}, {}, null, tokens.web),
      () => monitor.onSendError({}, null, tokens.send),
      () => monitor.onTpCommit([[orders, 1]]),
      () => monitor.trackTpEndOffset(orders, 1),
      () => monitor.sample(),
      () => monitor.snapshot(),
      () => monitor.secsSince(0),
      () => monitor.msSince(0),
    ];
    for (const call of once) assert.equal(readsOf(call), 1, String(call));
    const never = [
      () => monitor.onStreamEventOut(orders, 1, "totals", {}, null),
      () => monitor.onCommitCompleted({}, null),
      // These tokens were completed above.
      () => monitor.onStreamEventOut(orders, 1, "totals", {}, tokens.event),
      () => monitor.onRebalanceEnd({}, tokens.rebalance),
      () => monitor.onWebRequestEnd({}, {}, null, tokens.web),
      () => monitor.onTopicBufferFull("orders"),
      () => monitor.onTableGet("table"),
      () => monitor.count("name"),
      () => monitor.asdict(),
      () => monitor.eventsRuntime,
    ];
    for (const call of never) assert.equal(readsOf(call), 0, String(call));
    // With handles of its own there is a short way, which reads before it knows that it is none.
    const tp = monitor.topicPartition("orders", 1);
    const stream = monitor.stream("totals");
    const foreign = { timeIn: 100, timeOut: null, timeTotal: null };
    const withHandles = [
      () => monitor.onMessageIn(tp, 1, message),
      () => (tokens.event = monitor.onStreamEventIn(tp, 1, stream)),
      () => monitor.onStreamEventIn(tp, 1, "totals"),
      () => monitor.onStreamEventOut(tp, 1, stream, {}, tokens.event),
      () => monitor.onStreamEventOut(tp, 1, stream, {}, tokens.event),
      () => monitor.onStreamEventOut(tp, 1, stream, {}, foreign),
      () => monitor.onMessageOut(tp, 1, message),
      () => monitor.onMessageOut(tp, 1, {}),
      () => monitor.onMessageIn(tp, 2n, {}),
      () => assert.throws(() => monitor.onMessageIn(tp, -1, {}), { code: "ERR_INVALID_OFFSET" }),
      () => assert.throws(() => monitor.onMessageIn(tp, 1, Object.freeze({})), { code: "ERR_INVALID_MESSAGE" }),
    ];
    for (const call of withHandles) assert.equal(readsOf(call), 1, String(call));
  });
});
