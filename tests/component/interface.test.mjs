// The component's interface as Node sees it: errors, the clock, tokens, batches, memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const orders = { topic: "orders", partition: 3 };
const totals = { label: "totals", task: "sum" };
const anomaliesOf = (monitor) => Object.fromEntries(monitor.anomalies().filter(([, count]) => count > 0n));
const timed = (at, tag, val) => ({ at, call: { tag, val } });
const messageIn = (at, token) => timed(at, "on-message-in", { ...orders, offset: 41n, token });
const messageOut = (at, token) => timed(at, "on-message-out", { ...orders, offset: 41n, token });

/** A clock that goes on by a quarter of a second with every reading. */
function tickingClock() {
  const clock = { reading: 100, asked: 0 };
  clock.now = () => {
    clock.asked += 1;
    clock.reading += 0.25;
    return clock.reading;
  };
  return clock;
}

async function started(now = tickingClock().now) {
  const component = await load(now);
  return { ...component, monitor: new component.Monitor() };
}

/** The typed error that a call is refused with. */
function refusalOf(call) {
  try {
    call();
  } catch (error) {
    assert.equal(error.constructor.name, "ComponentError");
    return error.payload;
  }
  return assert.fail("the call was not refused");
}

const invalid = (what, expected, got) => ({ tag: "invalid-argument", val: { what, expected, got } });

test("a value out of its range is refused by name, and nothing changed", async () => {
  const { monitor } = await started();
  const whole31 = "a whole number in 0..=2147483647";
  const cases = [
    [() => monitor.onMessageIn({ topic: "a", partition: 2 ** 31 }, 1n, {}), invalid("partition", whole31, "2147483648")],
    [() => monitor.onMessageIn(orders, 2n ** 63n, {}), invalid("offset", "a whole number in 0..=9223372036854775807", "9223372036854775808")],
    [() => monitor.onTableGet("t".repeat(4097)), invalid("table", "a name of at most 4096 characters", "one of 4097 characters")],
    [() => monitor.onSendInitiated("a", 2n ** 32n, 0n), invalid("keysize", "a whole number in 0..=4294967295", "4294967296")],
    [() => monitor.onWebRequestEnd(600, monitor.onWebRequestStart()), invalid("status", "a whole number in 100..=599", "600")],
    [() => monitor.onPartitionsAssigned([orders, { topic: "a", partition: 2 ** 31 }]), invalid("partition", whole31, "2147483648")],
    [() => monitor.onPosition(orders, 2n ** 63n), invalid("offset", "a whole number in 0..=9223372036854775807", "9223372036854775808")],
    [() => monitor.recordPacked(new Float64Array(3)), invalid("calls", "four numbers for each call", "3")],
  ];
  const untouched = monitor.asdictJson();
  for (const [call, expected] of cases) assert.deepEqual(refusalOf(call), expected);
  assert.equal(monitor.asdictJson(), untouched);
  assert.deepEqual(anomaliesOf(monitor), {});
  // 4,096 characters of four bytes each.
  monitor.onTableGet("😀".repeat(4096));
  assert.equal(monitor.asdict().tables[0][0].length, 8192);
});

test("options are refused by name, documents with their place", async () => {
  const { Monitor, convert, merge } = await load(() => 0);
  const million = "a whole number in 0..=1000000";
  assert.deepEqual(refusalOf(() => Monitor.createFromJson('{"max_labels": 2000000}')), invalid("max_labels", million, "2000000"));
  const unknown = refusalOf(() => Monitor.createFromJson('{"max_label": 2}'));
  assert.equal(unknown.tag, "invalid-document");
  assert.match(unknown.val.problem, /^unknown field `max_label`, expected one of `max_avg_history`/);
  const noObject = { tag: "invalid-document", val: { place: "", problem: "a JSON object was expected" } };
  assert.deepEqual(refusalOf(() => Monitor.restore("[]", "{}")), noObject);
  assert.deepEqual(refusalOf(() => Monitor.restore("{}", " ")), noObject);
  const snapshot = JSON.parse(new Monitor().snapshot("json").val);
  snapshot.messages.received = -1;
  const val = { place: "messages.received", problem: "messages.received must be a whole number in 0..=18446744073709551615, got -1" };
  assert.deepEqual(refusalOf(() => convert({ tag: "json", val: JSON.stringify(snapshot) }, "cbor")), { tag: "invalid-document", val });
  assert.deepEqual(refusalOf(() => merge([], "json")), { tag: "unmergeable", val: "there is no snapshot to merge" });
});

test("a token that says it was completed is refused, and counts once", async () => {
  const { monitor } = await started();
  const expected = "a token that is not completed";
  const twice = (end, state, at) => {
    const ended = end(state);
    const refused = { what: "state", expected, got: at ? `one completed at ${at} s` : "one that is completed" };
    assert.deepEqual(refusalOf(() => end(ended)), { tag: "token-completed", val: refused });
    return ended;
  };
  // Making the monitor read 100.25.
  const event = twice((state) => monitor.onStreamEventOut(orders, 41n, totals, state), monitor.onStreamEventIn(orders, 41n, totals), 100.75);
  assert.deepEqual(event, { timeIn: 100.5, timeOut: 100.75, timeTotal: 0.25 });
  const request = twice((state) => monitor.onWebRequestEnd(undefined, state), monitor.onWebRequestStart(), 101.25);
  assert.deepEqual(request, { timeStart: 101, timeEnd: 101.25, latencyEnd: 0.25, statusCode: 500 });
  const returned = twice((state) => monitor.onRebalanceReturn(state), monitor.onRebalanceStart(7n), 101.75);
  const ended = twice((state) => monitor.onRebalanceEnd(state), returned, 102);
  assert.deepEqual(ended, { timeStart: 101.5, timeReturn: 101.75, latencyReturn: 0.25, timeEnd: 102, latencyEnd: 0.5 });
  // A token of an assignment has no time of its end.
  twice((state) => monitor.onAssignmentError(state), monitor.onAssignmentStart());
  const { eventsTotal, eventsActive, rebalances, assignmentsFailed, httpResponseCodes, rebalanceEndLatency } = monitor.asdict();
  assert.deepEqual([eventsTotal, eventsActive, rebalances, assignmentsFailed, httpResponseCodes], [1n, 0n, 7n, 1n, [[500, 1n]]]);
  assert.deepEqual([...rebalanceEndLatency], [0.5]);
});

test("an end without a token changes nothing and is an anomaly, except that of an event", async () => {
  const { monitor } = await started();
  monitor.onCommitCompleted(undefined);
  monitor.onSendCompleted(undefined);
  assert.equal(monitor.onRebalanceEnd(undefined), undefined);
  assert.equal(monitor.onAssignmentCompleted(undefined), undefined);
  assert.equal(monitor.onStreamEventOut(orders, 1n, totals, undefined), undefined);
  assert.deepEqual(anomaliesOf(monitor), { token_missing: 4n });
});

test("the host's clock is asked once a hook, once a batch, or not at all", async () => {
  const clock = tickingClock();
  const { monitor } = await started(clock.now);
  const asked = (work) => {
    const before = clock.asked;
    work();
    return clock.asked - before;
  };
  assert.equal(clock.asked, 1, "a monitor begins");
  const hook = () => monitor.onMessageIn(orders, 1n, {});
  const ofNow = [messageIn(undefined, 1n), messageOut(undefined, 1n), messageOut(undefined, undefined)];
  const counts = [
    asked(hook),
    asked(() => monitor.onTableGet("t")),
    asked(() => monitor.recordCalls(ofNow)),
    asked(() => monitor.recordCalls([messageIn(5, 1n), messageOut(6, 1n)])),
    asked(() => monitor.recordPacked(Float64Array.of(27, NaN, 0, 0, 27, NaN, 0, 0))),
    asked(() => monitor.recordPacked(Float64Array.of(27, 7, 0, 0))),
    asked(() => monitor.asdict()),
    asked(() => monitor.snapshot("json")),
  ];
  assert.deepEqual(counts, [1, 0, 1, 0, 1, 0, 0, 1]);
  // What a batch noted does not stay.
  assert.equal(monitor.onCommitInitiated(), clock.reading);
});

test("a reading of the clock that is not finite is an anomaly, and the time stands still", async () => {
  const readings = [1, NaN, 2];
  const { monitor } = await started(() => readings.shift());
  assert.equal(monitor.onCommitInitiated(), 1);
  assert.equal(monitor.onCommitInitiated(), 2);
  assert.deepEqual(anomaliesOf(monitor), { clock_not_finite: 1n });
});

test("a packed timestamp outside 0 to 2^53-1 is not known", async () => {
  const { Monitor } = await load(() => 0);
  const known = [0, 0.5, 1e15, 2 ** 53 - 1, -0.5, -1, 2 ** 53, 1e19, Infinity, NaN].filter((timestamp) => {
    // So late that every timestamp is in the past.
    const monitor = Monitor.createFromJson('{"epoch": 1e14}');
    const tp = monitor.topicPartitionHandle(orders);
    assert.deepEqual(monitor.recordPacked(Float64Array.of(64 * tp, 1, 41, timestamp, 3, 1.5, 1, timestamp)), []);
    return JSON.parse(monitor.snapshot("json").val).messages.endToEnd.life.count === 1;
  });
  assert.deepEqual(known, [0, 0.5, 1e15, 9007199254740991]);
});

test("a message's calls may be in one batch or in several", async () => {
  const { monitor } = await started();
  const event = (at, tag, token) => timed(at, tag, { ...orders, offset: 41n, stream: totals, token });
  assert.deepEqual(monitor.recordCalls([messageIn(10, 1n), event(10.5, "on-stream-event-in", 2n)]), []);
  assert.equal(monitor.asdict().messagesActive, 1n);
  const answers = monitor.recordCallsForTokens([event(11, "on-stream-event-out", 2n), messageOut(12, 1n)]);
  assert.deepEqual(answers, [
    { tag: "ok", val: { tag: "event", val: { timeIn: 10.5, timeOut: 11, timeTotal: 0.5 } } },
    { tag: "ok", val: { tag: "message", val: { timestamp: undefined, timeIn: 10, timeOut: 12, timeTotal: 2 } } },
  ]);
  const { messagesActive, eventsActive, eventsByTask } = monitor.asdict();
  assert.deepEqual([messagesActive, eventsActive, eventsByTask], [0n, 0n, [["sum", 1n]]]);
  assert.deepEqual([...monitor.eventsRuntime()], [0.5]);
  assert.deepEqual(monitor.streamInboundTime(), [[orders, 10.5]]);
});

test("a batch tells which calls failed and makes all others", async () => {
  const { monitor } = await started();
  const commit = [{ ...orders, offset: 1n }, { topic: "orders", partition: 2 ** 31, offset: 2n }];
  const failures = monitor.recordCalls([
    messageIn(1, 5n),
    messageOut(2, 6n),
    timed(2, "on-stream-event-out", { ...orders, offset: 1n, stream: totals, token: 5n }),
    timed(2, "on-tp-commit", commit),
    messageOut(3, 5n),
    messageOut(4, 5n),
    timed(5, "forget", 5n),
    timed(5, "on-heartbeat"),
  ]);
  const unknown = (index, kind, got) => {
    const val = { what: "token", expected: `the id of ${kind} that came in and is open`, got };
    return { index, error: { tag: "unknown-token", val } };
  };
  assert.deepEqual(failures, [
    unknown(1, "a message", "6"),
    unknown(2, "an event", "5"),
    { index: 3, error: invalid("partition", "a whole number in 0..=2147483647", "2147483648") },
    unknown(5, "a message", "5"),
  ]);
  const { messagesReceivedTotal, messagesActive, topicCommittedOffsets } = monitor.asdict();
  assert.deepEqual([messagesReceivedTotal, messagesActive, topicCommittedOffsets], [1n, 0n, []]);
  assert.equal(JSON.parse(monitor.snapshot("json").val).consumer.heartbeats, 1);
});

test("a forgotten token is closed", async () => {
  const { monitor } = await started();
  monitor.recordCalls([messageIn(1, 9n), timed(1, "forget", 9n)]);
  assert.equal(monitor.recordCalls([messageOut(2, 9n)])[0].error.tag, "unknown-token");
  assert.equal(monitor.asdict().messagesActive, 1n, "the message itself was not forgotten");
});

test("every packed number that makes no sense fails its call alone", async () => {
  const { monitor } = await started();
  const tp = monitor.topicPartitionHandle(orders);
  assert.equal(monitor.topicPartitionHandle({ ...orders }), tp, "the same name, the same handle");
  const name = monitor.nameHandle("TypeError");
  const calls = [
    [64 * (tp + 1), 0, 0],
    [0.5, 0, 0],
    [33, 0, 0],
    [NaN, 0, 0],
    [64 * 2 ** 32, 0, 0],
    [64 * tp, -1, 0],
    [64 * tp, 2 ** 53, 0],
    [24 + 64 * name, 7, NaN],
    [20, 0, 999],
    [12 + 64 * name, 0.5, 0],
    [64 * tp, 41, NaN],
  ];
  const failures = monitor.recordPacked(Float64Array.from(calls.flatMap(([head, first, second]) => [head, 1, first, second])));
  const whole53 = "a whole number in 0..=9007199254740991";
  assert.deepEqual(failures, [
    { index: 0, error: { tag: "unknown-handle", val: { what: "handle", expected: "one of topic-partition-handle", got: "1" } } },
    { index: 1, error: invalid("code", whole53, "0.5") },
    { index: 2, error: invalid("code", "a code in 0..=32", "33") },
    { index: 3, error: invalid("code", whole53, "NaN") },
    { index: 4, error: invalid("handle", "a number of 32 bits", "4294967296") },
    { index: 5, error: invalid("offset", whole53, "-1") },
    { index: 6, error: invalid("offset", whole53, "9007199254740992") },
    { index: 7, error: invalid("stage", "a whole number in 0..=6", "7") },
    { index: 8, error: invalid("status", "a whole number in 100..=599", "999") },
    { index: 9, error: invalid("n", "a whole number in -9007199254740991..=9007199254740991", "0.5") },
  ]);
  const { messagesReceivedTotal, topicReadOffsets, metricCounts, httpResponseCodes } = monitor.asdict();
  assert.deepEqual([messagesReceivedTotal, topicReadOffsets, metricCounts, httpResponseCodes], [1n, [{ ...orders, offset: 41n }], [], []]);
});

test("packed calls as text are the same calls", async () => {
  const { monitor } = await started();
  const numbers = Float64Array.of(64 * monitor.topicPartitionHandle(orders), 2, 41, NaN, 3, 2.5, 2, NaN);
  assert.deepEqual(monitor.recordPackedText(Buffer.from(numbers.buffer).toString("base64")), []);
  const { messagesReceivedTotal, messagesActive } = monitor.asdict();
  assert.deepEqual([messagesReceivedTotal, messagesActive], [1n, 0n]);
  const problemOf = (text) => refusalOf(() => monitor.recordPackedText(text)).val.problem;
  assert.equal(problemOf("AAAA"), "the length in bytes must be a multiple of 8, got 3");
  assert.match(problemOf("not base64"), /^Invalid symbol 32, offset 3/);
  assert.equal(refusalOf(() => monitor.recordPackedText(Buffer.alloc(24).toString("base64"))).tag, "invalid-argument");
});

test("hooks beyond Faust's, by themselves, in a batch and packed, leave the same snapshot", async () => {
  const at = 50;
  const tps = [orders];
  const payments = { topic: "payments", partition: 0 };
  const alone = await started(() => at);
  const { monitor } = alone;
  monitor.onPartitionsAssigned(tps);
  monitor.onPause(tps);
  monitor.onResume(tps);
  monitor.onError("process", "TypeError", orders);
  monitor.onRetry(orders);
  monitor.onRetry(undefined);
  monitor.onDeadLetter(orders);
  monitor.onPosition(payments, 43n);
  monitor.onHeartbeat();
  monitor.onPoll(5n, 700n);
  monitor.onPartitionsLost(tps);
  monitor.onPartitionsRevoked(tps);
  monitor.onTopicBufferFull("orders");
  monitor.onThreadedProducerBufferProcessed(3n);
  const batch = (await started(() => at)).monitor;
  const failures = batch.recordCalls([
    timed(at, "on-partitions-assigned", tps),
    timed(at, "on-pause", tps),
    timed(at, "on-resume", tps),
    timed(at, "on-error", { stage: "process", kind: "TypeError", tp: orders }),
    timed(at, "on-retry", orders),
    timed(at, "on-retry", undefined),
    timed(at, "on-dead-letter", orders),
    timed(at, "on-position", { ...payments, offset: 43n }),
    timed(at, "on-heartbeat"),
    timed(at, "on-poll", { records: 5n, bytes: 700n }),
    timed(at, "on-partitions-lost", tps),
    timed(at, "on-partitions-revoked", tps),
    timed(at, "on-topic-buffer-full", "orders"),
    timed(at, "on-threaded-producer-buffer-processed", 3n),
  ]);
  const packed = (await started(() => at)).monitor;
  const tp = 64 * packed.topicPartitionHandle(orders);
  const kind = 64 * packed.nameHandle("TypeError");
  const none = 64 * (2 ** 32 - 1);
  const calls = [
    [tp + 21], [tp + 28], [tp + 29], [kind + 24, 1, tp / 64], [tp + 25], [none + 25], [tp + 26],
    [64 * packed.topicPartitionHandle(payments) + 32, 43], [27], [30, 5, 700], [tp + 23], [tp + 22], [64 * packed.nameHandle("orders") + 4],
  ];
  failures.push(...packed.recordPacked(Float64Array.from(calls.flatMap(([head, first = 0, second = 0]) => [head, at, first, second]))));
  assert.deepEqual(failures, []);
  const snapshots = [monitor, batch, packed].map((one) => JSON.parse(one.snapshot("json").val));
  assert.deepEqual(snapshots[1], snapshots[0]);
  assert.deepEqual(snapshots[2], snapshots[0]);
  const { errors, messages, consumer, ownership, partitions } = snapshots[0];
  assert.deepEqual([errors.byStage, errors.byTopic], [{ process: { TypeError: 1 } }, { orders: 1 }]);
  assert.deepEqual([messages.retried, messages.retriedByTopic, messages.deadLettered], [2, { orders: 1 }, 1]);
  assert.deepEqual([consumer.heartbeats, consumer.polledRecords, messages.bytesReceived], [1, 5, 700]);
  assert.deepEqual([consumer.pauses, consumer.resumes, consumer.bufferFullByTopic], [1, 1, { orders: 1 }]);
  assert.deepEqual([ownership.assigned, ownership.lost], [1, 1]);
  assert.deepEqual(partitions.map(({ topic, position }) => [topic, position]), [["payments", 43]]);
  assert.deepEqual(monitor.asdict().topicReadOffsets, []);
});

test("the health of a partition that stalls is told, once", async () => {
  let reading = 0;
  const { Monitor } = await load(() => reading);
  const monitor = Monitor.createFromJson('{"health_hold": 2}');
  monitor.onPartitionsAssigned([orders]);
  const changes = [];
  for (reading = 1; reading <= 30; reading += 1) {
    monitor.trackTpEndOffset(orders, 1_000n + BigInt(reading) * 10n);
    monitor.onTpCommit([{ ...orders, offset: 5n }]);
    monitor.sample();
    changes.push(...monitor.healthChanges());
  }
  assert.deepEqual(changes.map(({ partition, before, after }) => [partition, before, after]), [
    [orders, "ok", "stall"],
    [undefined, "ok", "stall"],
  ]);
  assert.match(changes[0].reason, /offset 5/);
});

test("snapshots convert without loss and merge", async () => {
  const { Monitor, convert, merge } = await load(tickingClock().now);
  const snapshots = ["a", "b"].map((worker) => {
    const monitor = Monitor.createFromJson(JSON.stringify({ worker }));
    monitor.onMessageIn(orders, 41n, {});
    return monitor.snapshot(worker === "a" ? "json" : "cbor");
  });
  assert.equal(snapshots[0].tag, "json");
  assert.ok(snapshots[1].val instanceof Uint8Array);
  assert.deepEqual(convert(convert(snapshots[0], "cbor"), "json"), snapshots[0]);
  const merged = merge(snapshots, "json");
  assert.equal(JSON.parse(merged.val).messages.received, 2);
  assert.deepEqual(convert(merge(snapshots, "cbor"), "json"), merged);
  assert.equal(refusalOf(() => merge([merged, snapshots[0]], "json")).tag, "unmergeable");
});

test("monitors that are dropped give their memory back", async () => {
  const { Monitor, memoryBytes } = await load(tickingClock().now);
  const use = () => {
    const monitor = new Monitor();
    monitor.recordCalls([messageIn(1, 7n), messageIn(2, 8n), messageOut(3, 7n)]);
    monitor.recordPacked(Float64Array.of(64 * monitor.topicPartitionHandle(orders), 1, 41, NaN));
    return monitor;
  };
  const kept = Array.from({ length: 100 }, use);
  const full = memoryBytes();
  for (const monitor of kept) monitor[Symbol.dispose]();
  for (let made = 0; made < 10_000; made += 1) use()[Symbol.dispose]();
  assert.equal(memoryBytes(), full);
  const more = Array.from({ length: 200 }, use);
  assert.ok(memoryBytes() > full, `${more.length} that are kept take more than ${full} bytes`);
});
