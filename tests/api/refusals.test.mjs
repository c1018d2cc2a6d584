// Bad input: a TypeError or RangeError with a code, the argument and the value, before anything changed.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertRefused, effectOf, everything, monitored, orders, payments } from "./support.mjs";

/** A monitor with something of everything, tokens of every kind, and what happened to them undone by nobody. */
function prepared() {
  const { clock, monitor } = monitored();
  const message = {};
  monitor.onMessageIn(orders, 41, message);
  const tokens = {
    message,
    event: monitor.onStreamEventIn(orders, 41, { label: "totals", task: "agent" }),
    assignment: monitor.onAssignmentStart(),
    rebalance: monitor.onRebalanceStart({ rebalancingCount: 1 }),
    web: monitor.onWebRequestStart(),
  };
  monitor.onMessageIn(payments, 7, {});
  monitor.count("bytes", 3);
  clock.advance(0.5);
  return { clock, monitor, tokens };
}

const offsets = {
  taken: [
    [0, 0],
    [-0, 0],
    [1, 1],
    [Number.MAX_SAFE_INTEGER, 9007199254740991],
    [0n, 0],
    [9007199254740991n, 9007199254740991],
    ["0", 0],
    ["17", 17],
    ["007", 7],
    ["9007199254740991", 9007199254740991],
  ],
  refused: [
    [-1, RangeError],
    [1.5, RangeError],
    [2 ** 53, RangeError],
    [2 ** 53 + 2, RangeError],
    [Number.NaN, RangeError],
    [Infinity, RangeError],
    [-1n, RangeError],
    [9007199254740992n, RangeError],
    [2n ** 63n, RangeError],
    ["", RangeError],
    ["-1", RangeError],
    [" 1", RangeError],
    ["1 ", RangeError],
    ["1\n", RangeError],
    ["1e3", RangeError],
    ["0x10", RangeError],
    ["1.0", RangeError],
    ["+1", RangeError],
    ["1_000", RangeError],
    ["٣", RangeError],
    ["9007199254740992", RangeError],
    ["9223372036854775807", RangeError],
    ["9".repeat(400), RangeError],
    [undefined, TypeError],
    [null, TypeError],
    [true, TypeError],
    [{}, TypeError],
    [[5], TypeError],
    [new Number(5), TypeError],
    [new Date(5), TypeError],
    [{ valueOf: () => 5 }, TypeError],
    [Symbol("5"), TypeError],
  ],
};

/** Every place that takes an offset, with handles and with plain objects. */
const offsetHooks = {
  onMessageIn: (m, tp, offset) => m.onMessageIn(tp, offset, {}),
  onStreamEventIn: (m, tp, offset) => m.onStreamEventIn(tp, offset, "totals"),
  onStreamEventOut: (m, tp, offset, { event }) => m.onStreamEventOut(tp, offset, "totals", {}, event),
  "onStreamEventOut without a token": (m, tp, offset) => m.onStreamEventOut(tp, offset, "totals", {}, null),
  onMessageOut: (m, tp, offset, { message }) => m.onMessageOut(tp, offset, message),
  trackTpEndOffset: (m, tp, offset) => m.trackTpEndOffset(tp, offset),
};

describe("an offset", () => {
  for (const [name, hook] of Object.entries(offsetHooks)) {
    it(`${name} takes whole numbers in 0..2^53-1 as number, bigint or decimal string`, () => {
      for (const [given] of offsets.taken) {
        const { monitor, tokens } = prepared();
        hook(monitor, orders, given, tokens);
        const again = prepared();
        hook(again.monitor, again.monitor.topicPartition("orders", 3), given, again.tokens);
      }
    });

    it(`${name} refuses any other`, () => {
      const { monitor, tokens } = prepared();
      const handle = monitor.topicPartition("orders", 3);
      for (const [value, type] of offsets.refused) {
        for (const tp of [orders, handle]) assertRefused(monitor, () => hook(monitor, tp, value, tokens), type, { argument: "offset", value });
      }
      assert.deepStrictEqual(tokens.message, { timeIn: 100 });
      assert.deepStrictEqual(tokens.event, { timeIn: 100, timeOut: null, timeTotal: null });
    });
  }

  it("is kept exactly", () => {
    for (const [given, offset] of offsets.taken) {
      const { monitor } = monitored();
      monitor.onMessageIn(orders, given, {});
      monitor.trackTpEndOffset(orders, given);
      monitor.onTpCommit([[orders, given]]);
      const dict = monitor.asdict();
      for (const key of ["topic_read_offsets", "topic_end_offsets", "topic_committed_offsets"]) {
        assert.ok(Object.is(dict[key].orders[3], offset), `${key} of ${String(given)}`);
      }
    }
  });
});

const badPartitions = [
  [{ topic: 5, partition: 0 }, TypeError, "tp.topic", 5],
  [{ partition: 0 }, TypeError, "tp.topic", undefined],
  [{ topic: null, partition: 0 }, TypeError, "tp.topic", null],
  [{ topic: "x".repeat(4097), partition: 0 }, RangeError, "tp.topic", "x".repeat(4097)],
  [{ topic: "orders" }, TypeError, "tp.partition", undefined],
  [{ topic: "orders", partition: "3" }, TypeError, "tp.partition", "3"],
  [{ topic: "orders", partition: 3n }, TypeError, "tp.partition", 3n],
  [{ topic: "orders", partition: null }, TypeError, "tp.partition", null],
  [{ topic: "orders", partition: -1 }, RangeError, "tp.partition", -1],
  // What nothing was looked up yet for must not pass either.
  [{ topic: "", partition: -1 }, RangeError, "tp.partition", -1],
  [{ topic: "", partition: Number.NaN }, RangeError, "tp.partition", Number.NaN],
  [{ topic: "orders", partition: 1.5 }, RangeError, "tp.partition", 1.5],
  [{ topic: "orders", partition: 2 ** 31 }, RangeError, "tp.partition", 2 ** 31],
  [{ topic: "orders", partition: Infinity }, RangeError, "tp.partition", Infinity],
  [undefined, TypeError, "tp", undefined],
  [null, TypeError, "tp", null],
  ["orders", TypeError, "tp", "orders"],
  [3, TypeError, "tp", 3],
];

describe("a topic-partition", () => {
  for (const [name, hook] of Object.entries(offsetHooks)) {
    it(`${name} refuses what is none, also as the first thing it hears`, () => {
      for (const [tp, type, argument, value] of badPartitions) {
        const { monitor } = monitored();
        const tokens = { message: {}, event: { timeIn: 1, timeOut: null, timeTotal: null } };
        assertRefused(monitor, () => hook(monitor, tp, 1, tokens), type, { argument, value });
        assert.deepStrictEqual(tokens, { message: {}, event: { timeIn: 1, timeOut: null, timeTotal: null } });
      }
    });

    it(`${name} refuses what is none, also when handles were used before`, () => {
      const { monitor, tokens } = prepared();
      const [handle, stream] = [monitor.topicPartition("orders", 3), monitor.stream("totals")];
      monitor.onStreamEventIn(handle, 41, stream);
      for (const [tp, type, argument, value] of badPartitions) {
        assertRefused(monitor, () => hook(monitor, tp, 1, tokens), type, { argument, value });
      }
    });
  }

  it("has a partition of 0 to 2^31-1", () => {
    const { monitor } = monitored();
    for (const partition of [0, -0, 1, 2 ** 31 - 1]) {
      monitor.onMessageIn({ topic: "orders", partition }, 5, {});
      assert.ok(Object.is(monitor.topicPartition("orders", partition).partition, partition === 0 ? 0 : partition));
    }
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 0: 5, 1: 5, 2147483647: 5 } });
  });

  it("topicPartition() refuses by its own arguments' names", () => {
    const { monitor } = monitored();
    assertRefused(monitor, () => monitor.topicPartition(5, 0), TypeError, { argument: "topic", value: 5 });
    assertRefused(monitor, () => monitor.topicPartition("x".repeat(4097), 0), RangeError, { argument: "topic", value: "x".repeat(4097) });
    for (const [value, type] of [[-1, RangeError], [0.5, RangeError], [2 ** 31, RangeError], ["0", TypeError], [undefined, TypeError]]) {
      assertRefused(monitor, () => monitor.topicPartition("orders", value), type, { argument: "partition", value });
    }
  });

  it("onTopicBufferFull refuses what is neither a topic nor a topic-partition", () => {
    const { monitor } = monitored();
    const full = (given) => () => monitor.onTopicBufferFull(given);
    assertRefused(monitor, full(5), TypeError, { argument: "topic", value: 5 });
    assertRefused(monitor, full(undefined), TypeError, { argument: "topic", value: undefined });
    assertRefused(monitor, full(null), TypeError, { argument: "topic", value: null });
    assertRefused(monitor, full({ topic: "orders" }), TypeError, { argument: "tp.partition", value: undefined });
    assertRefused(monitor, full({ topic: 5, partition: 0 }), TypeError, { argument: "tp.topic", value: 5 });
  });
});

describe("a stream", () => {
  const hooks = {
    onStreamEventIn: (monitor, stream) => monitor.onStreamEventIn(orders, 1, stream),
    onStreamEventOut: (monitor, stream) => monitor.onStreamEventOut(orders, 1, stream, {}, { timeIn: 1 }),
    "onStreamEventOut without a token": (monitor, stream) => monitor.onStreamEventOut(orders, 1, stream, {}, null),
  };
  const long = "x".repeat(4097);
  const bad = [
    [undefined, TypeError, "stream", undefined],
    [null, TypeError, "stream", null],
    [5, TypeError, "stream", 5],
    [{}, TypeError, "stream", undefined],
    [{ label: 5 }, TypeError, "stream", 5],
    [long, RangeError, "stream", long],
    [{ label: long }, RangeError, "stream", long],
    [{ label: "totals", task: 5 }, TypeError, "stream.task", 5],
    [{ label: "totals", task: long }, RangeError, "stream.task", long],
  ];
  for (const [name, hook] of Object.entries(hooks)) {
    it(`${name} refuses what is none`, () => {
      for (const [stream, type, argument, value] of bad) {
        const { monitor } = monitored();
        assertRefused(monitor, () => hook(monitor, stream), type, { argument, value });
        monitor.onStreamEventIn(monitor.topicPartition("orders", 3), 1, monitor.stream("totals", "agent"));
        assertRefused(monitor, () => hook(monitor, stream), type, { argument, value });
      }
    });
  }

  it("stream() refuses by its own arguments' names", () => {
    const { monitor } = monitored();
    assertRefused(monitor, () => monitor.stream(5), TypeError, { argument: "label", value: 5 });
    assertRefused(monitor, () => monitor.stream(), TypeError, { argument: "label", value: undefined });
    assertRefused(monitor, () => monitor.stream("totals", 5), TypeError, { argument: "task", value: 5 });
    assertRefused(monitor, () => monitor.stream("totals", long), RangeError, { argument: "task", value: long });
  });
});

describe("a message or token that cannot take its times", () => {
  it("is refused: frozen, null, or no object", () => {
    const { monitor, tokens } = prepared();
    for (const value of [Object.freeze({}), Object.freeze({ timeIn: 100 }), null, undefined, 5, "message"]) {
      assertRefused(monitor, () => monitor.onMessageIn(orders, 1, value), TypeError, { argument: "message", value });
      assertRefused(monitor, () => monitor.onMessageIn({ topic: "new", partition: 1 }, 1, value), TypeError, { argument: "message", value });
      assertRefused(monitor, () => monitor.onMessageOut(orders, 1, value), TypeError, { argument: "message", value });
    }
    const { event, rebalance, web } = tokens;
    for (const value of [event, rebalance, web]) Object.freeze(value);
    const ends = [
      [event, () => monitor.onStreamEventOut(orders, 41, "totals", {}, event)],
      [rebalance, () => monitor.onRebalanceReturn({}, rebalance)],
      [rebalance, () => monitor.onRebalanceEnd({}, rebalance)],
      [web, () => monitor.onWebRequestEnd({}, {}, { status: 200 }, web)],
    ];
    for (const [value, end] of ends) {
      for (let time = 0; time < 2; time += 1) assertRefused(monitor, end, TypeError, { argument: "state", value });
    }
  });

  it("is refused where but one of its times cannot be set", () => {
    const { monitor } = prepared();
    const readOnly = (field, fields) => Object.defineProperty({ ...fields }, field, { value: null, writable: false });
    const cases = [
      ["message", (m, value) => m.onMessageOut(orders, 1, value), readOnly("timeTotal", { timeIn: 1 })],
      ["state", (m, value) => m.onStreamEventOut(orders, 1, "totals", {}, value), readOnly("timeTotal", { timeIn: 1 })],
      ["state", (m, value) => m.onRebalanceReturn({}, value), readOnly("latencyReturn", { timeStart: 1 })],
      ["state", (m, value) => m.onRebalanceEnd({}, value), readOnly("latencyEnd", { timeStart: 1 })],
      ["state", (m, value) => m.onWebRequestEnd({}, {}, null, value), readOnly("latencyEnd", { timeStart: 1 })],
      ["state", (m, value) => m.onWebRequestEnd({}, {}, null, value), readOnly("statusCode", { timeStart: 1 })],
      ["message", (m, value) => m.onMessageOut(orders, 1, value), Object.preventExtensions({ timeIn: 1, timeOut: null })],
      ["state", (m, value) => m.onWebRequestEnd({}, {}, null, value), Object.preventExtensions({ timeStart: 1, timeEnd: 0 })],
    ];
    for (const [argument, end, value] of cases) assertRefused(monitor, () => end(monitor, value), TypeError, { argument, value });
  });

  it("keeps its own error as the cause", () => {
    const { monitor } = monitored();
    const mine = new Error("mine");
    const message = { set timeIn(_) { throw mine; } };
    assert.throws(() => monitor.onMessageIn(orders, 1, message), (error) => error.code === "ERR_INVALID_MESSAGE" && error.cause === mine);
  });

  it("leaves no trace of its topic: a refused call takes nobody's room", () => {
    const { monitor } = monitored({ maxPartitions: 1, maxLabels: 1 });
    assert.throws(() => monitor.onMessageIn({ topic: "refused", partition: 0 }, 1, Object.freeze({})));
    assert.throws(() => monitor.onStreamEventIn({ topic: "refused", partition: 0 }, 1, { label: "refused", task: 5 }));
    assert.throws(() => monitor.onStreamEventIn({ topic: "refused", partition: 0 }, 1, { label: 5, task: "refused" }));
    assert.throws(() => monitor.onStreamEventIn({ topic: "refused", partition: -1 }, 1, { label: "refused", task: "refused" }));
    assert.throws(() => monitor.onStreamEventIn(undefined, 1, "refused"));
    assert.throws(() => monitor.onTpCommit([[{ topic: "refused", partition: 0 }, 1], [orders, -1]]));
    assert.throws(() => monitor.trackTpEndOffset({ topic: "refused", partition: 0 }, -1));
    assert.throws(() => monitor.onSendInitiated({}, "refused", {}, -1));
    assert.throws(() => monitor.count("refused", 0.5));
    assert.throws(() => monitor.topicPartition("refused", -1));
    assert.throws(() => monitor.stream("refused", 5));
    monitor.onMessageIn(orders, 1, {});
    monitor.onStreamEventIn(orders, 1, { label: "totals", task: "agent" });
    monitor.onSendInitiated({}, "results");
    monitor.count("bytes");
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 3: 1 } });
    assert.deepStrictEqual(Object.values(monitor.anomalies).filter((count) => count > 0), []);
  });
});

describe("the time in a token", () => {
  const ends = {
    "message.timeIn": (m, state) => m.onMessageOut(orders, 1, state),
    "state.timeIn": (m, state) => m.onStreamEventOut(orders, 1, "totals", {}, state),
    "state.timeStart": (m, state) => m.onAssignmentCompleted({}, state),
    "state.timeStart ": (m, state) => m.onAssignmentError({}, state),
    "state.timeStart  ": (m, state) => m.onRebalanceReturn({}, state),
    "state.timeStart   ": (m, state) => m.onRebalanceEnd({}, state),
    "state.timeStart    ": (m, state) => m.onWebRequestEnd({}, {}, { status: 200 }, state),
  };
  for (const [name, end] of Object.entries(ends)) {
    const argument = name.trim();
    it(`${String(end).replace(/.*m\.(\w+).*/s, "$1")} refuses ${argument} that is no finite number`, () => {
      const { monitor } = prepared();
      const field = argument.split(".")[1];
      for (const [value, type] of [[Number.NaN, RangeError], [Infinity, RangeError], [-Infinity, RangeError], ["5", TypeError], [5n, TypeError], [{}, TypeError]]) {
        const state = { [field]: value };
        assertRefused(monitor, () => end(monitor, state), type, { argument, value });
        assert.deepStrictEqual(state, { [field]: value });
      }
      if (argument !== "message.timeIn") {
        assertRefused(monitor, () => end(monitor, {}), TypeError, { argument, value: undefined });
        for (const value of [5, "token", true]) assertRefused(monitor, () => end(monitor, value), TypeError, { argument: "state", value });
      }
    });
  }

  it("a bare number must be finite", () => {
    const { monitor } = prepared();
    const cases = [[Number.NaN, RangeError], [Infinity, RangeError], ["5", TypeError], [5n, TypeError], [{}, TypeError], [{ timeStart: 1 }, TypeError]];
    for (const [value, type] of cases) {
      assertRefused(monitor, () => monitor.onCommitCompleted({}, value), type, { argument: "state", value });
      assertRefused(monitor, () => monitor.onSendCompleted({}, value), type, { argument: "state", value });
      assertRefused(monitor, () => monitor.onSendError({}, new Error("lost"), value), type, { argument: "state", value });
    }
  });

  it("secsSince, msSince and secsToMs take finite numbers", () => {
    const { monitor } = monitored();
    for (const [value, type] of [[Number.NaN, RangeError], [Infinity, RangeError], ["5", TypeError], [undefined, TypeError]]) {
      assertRefused(monitor, () => monitor.secsSince(value), type, { argument: "start", value });
      assertRefused(monitor, () => monitor.msSince(value), type, { argument: "start", value });
      assertRefused(monitor, () => monitor.secsToMs(value), type, { argument: "seconds", value });
    }
  });
});

describe("a commit", () => {
  const other = (partition) => ({ topic: "orders", partition });

  it("of many partitions of which one is bad changes nothing", () => {
    const { monitor } = prepared();
    const many = Array.from({ length: 500 }, (_, partition) => [other(partition), partition]);
    const cases = [
      [[other(500), -1], RangeError, "offsets[500] offset", -1],
      [[other(500), "x"], RangeError, "offsets[500] offset", "x"],
      [[other(500)], TypeError, "offsets[500] offset", undefined],
      [[other(-1), 5], RangeError, "tp.partition", -1],
      [[{ topic: 5, partition: 0 }, 5], TypeError, "tp.topic", 5],
      [["orders", 5], TypeError, "tp", "orders"],
      [[], TypeError, "tp", undefined],
      ["pair", TypeError, "offsets[500]", "pair"],
      [null, TypeError, "offsets[500]", null],
      [{ 0: other(1), 1: 5 }, TypeError, "offsets[500]", undefined],
    ];
    for (const [bad, type, argument, value] of cases) {
      const code = argument.startsWith("offsets") ? "ERR_INVALID_OFFSETS" : undefined;
      const given = argument === "offsets[500]" ? bad : value;
      const rest = [[other(501), 1]];
      assertRefused(monitor, () => monitor.onTpCommit([...many, bad, ...rest]), type, { argument, code, value: given });
    }
  });

  it("must be an iterable of pairs", () => {
    const { monitor } = prepared();
    for (const value of [undefined, null, 5, "pairs", {}, { length: 0 }]) {
      assertRefused(monitor, () => monitor.onTpCommit(value), TypeError, { argument: "offsets", value });
    }
  });

  it("whose iterable throws changes nothing", () => {
    const { monitor } = prepared();
    const before = everything(monitor);
    function* failing() {
      yield [orders, 99];
      throw new Error("mine");
    }
    assert.throws(() => monitor.onTpCommit(failing()), { message: "mine" });
    assert.deepStrictEqual(everything(monitor), before);
  });
});

describe("counts, sizes and names", () => {
  it("count refuses n that is not a whole number in -(2^53-1)..2^53-1", () => {
    const { monitor } = prepared();
    for (const [value, type] of [[0.5, RangeError], [Number.NaN, RangeError], [Infinity, RangeError], [2 ** 53, RangeError], [-(2n ** 53n), RangeError], ["1", TypeError], [null, TypeError]]) {
      assertRefused(monitor, () => monitor.count("bytes", value), type, { argument: "n", value });
    }
    assert.deepStrictEqual(effectOf(monitor, () => monitor.count("most", Number.MAX_SAFE_INTEGER)), { metricCounts: { bytes: 3, most: 9007199254740991 } });
    assert.deepStrictEqual(effectOf(monitor, () => monitor.count("least", -Number.MAX_SAFE_INTEGER)).metricCounts.least, -9007199254740991);
    assert.ok(Object.is((monitor.count("zero", -0), monitor.metricCounts.zero), 0));
  });

  it("names are strings", () => {
    const { monitor } = prepared();
    for (const value of [5, null, undefined, {}, ["name"], Symbol("name"), new String("name")]) {
      assertRefused(monitor, () => monitor.count(value), TypeError, { argument: "name", value });
      assertRefused(monitor, () => monitor.onSendInitiated({}, value), TypeError, { argument: "topic", value });
    }
    for (const [given, value] of [[5, 5], [null, null], [undefined, undefined], [{}, undefined], [{ name: 5 }, 5], [[], undefined]]) {
      for (const hook of ["onTableGet", "onTableSet", "onTableDel"]) {
        assertRefused(monitor, () => monitor[hook](given, "key"), TypeError, { argument: "table", value });
      }
    }
  });

  it("sizes are whole numbers", () => {
    const { monitor } = prepared();
    for (const [value, type] of [[-1, RangeError], [0.5, RangeError], [Number.NaN, RangeError], ["8", TypeError], [8n, TypeError]]) {
      assertRefused(monitor, () => monitor.onSendInitiated({}, "results", {}, value, 0), type, { argument: "keysize", value });
      assertRefused(monitor, () => monitor.onSendInitiated({}, "results", {}, 0, value), type, { argument: "valsize", value });
    }
  });

  it("a count of rebalances is a whole number", () => {
    const { monitor } = prepared();
    for (const [value, type] of [[-1, RangeError], [0.5, RangeError], [Number.NaN, RangeError], ["8", TypeError], [8n, TypeError]]) {
      const start = () => monitor.onRebalanceStart({ rebalancingCount: value });
      assertRefused(monitor, start, type, { argument: "app.rebalancingCount", value });
    }
  });

  it("a message shows long values shortened", () => {
    const { monitor } = monitored();
    assert.throws(() => monitor.count("x".repeat(5000)), (error) => error.message.length < 200 && error.value.length === 5000);
    assert.throws(() => monitor.onMessageIn(orders, "9".repeat(5000), {}), (error) => error.message.length < 200);
  });
});
