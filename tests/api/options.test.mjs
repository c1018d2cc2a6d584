// What `new Monitor(options)` takes, and what it refuses.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { FIGURES, Monitor } from "streamgauge";
import { everything, fakeClock, monitored, orders } from "./support.mjs";

/** A value for every option but time and logger, and how the attribute reads then. */
const options = {
  messagesActive: 3,
  messagesReceivedTotal: 10,
  messagesSent: 4,
  messagesS: 2,
  messagesReceivedByTopic: { orders: 6, payments: 4 },
  eventsActive: 1,
  eventsTotal: 11,
  eventsS: 5,
  eventsRuntimeAvg: 0.125,
  eventsByTask: { agent: 7 },
  eventsByStream: { totals: 9 },
  commitLatency: [0.5, 0.25],
  sendLatency: [1.5],
  assignmentLatency: [2.5],
  topicBufferFull: { orders: 8 },
  tables: { counts: { keys_retrieved: 1, keys_updated: 2, keys_deleted: 3 } },
  rebalances: 12,
  rebalanceReturnLatency: [3.5],
  rebalanceEndLatency: [4.5, 5.5],
  rebalanceReturnAvg: 0.75,
  rebalanceEndAvg: 1.75,
  httpResponseCodes: { 200: 13, 404: 14 },
  httpResponseLatency: [6.5],
  httpResponseLatencyAvg: 2.75,
  eventsRuntime: [0.5, 1, 1.5],
  maxAvgHistory: 5,
  maxCommitLatencyHistory: 6,
  maxSendLatencyHistory: 7,
  maxAssignmentLatencyHistory: 8,
  maxLabels: 9,
  maxPartitions: 10,
  epoch: 1_700_000_000.5,
  healthCommits: 11,
  allowedLag: 12,
  healthHold: 13.5,
  stuckAfter: 14.5,
  stormRebalances: 15,
  stormWindow: 16.5,
  labelIdle: 17.5,
  partitionIdle: 18.5,
};

describe("options", () => {
  it("are all here", () => {
    const known = FIGURES.filter(({ option }) => option).map(({ attribute }) => attribute);
    assert.deepStrictEqual(Object.keys(options).toSorted(), known.toSorted());
  });

  it("start every figure from their value", () => {
    const monitor = new Monitor({ ...options, time: fakeClock(), logger: console });
    for (const [name, value] of Object.entries(options)) {
      if (name !== "tables") assert.deepStrictEqual(monitor[name], value, name);
    }
    assert.deepStrictEqual(monitor.tables.counts.asdict(), options.tables.counts);
    assert.deepStrictEqual(monitor.anomalies, new Monitor().anomalies);
  });

  for (const name of Object.keys(options)) {
    it(`${name} alone changes nothing else`, () => {
      const { [name]: changed, ...rest } = everything(new Monitor({ [name]: options[name], epoch: 0 })).attributes;
      const { [name]: initial, ...others } = everything(new Monitor({ epoch: 0 })).attributes;
      if (name === "epoch") return;
      assert.deepStrictEqual(rest, others);
      assert.notDeepStrictEqual(changed, initial);
    });
  }

  it("that are undefined are as if left out", () => {
    const undefineds = Object.fromEntries([...Object.keys(options), "time", "logger"].map((name) => [name, undefined]));
    const { epoch, ...figures } = everything(new Monitor(undefineds)).attributes;
    const { epoch: sameEpoch, ...defaults } = everything(new Monitor()).attributes;
    assert.deepStrictEqual(figures, defaults);
    assert.equal(epoch, sameEpoch);
    new Monitor({});
    new Monitor(undefined);
  });

  it("are copied: changing them later changes no monitor", () => {
    const given = structuredClone(options);
    const monitor = new Monitor(given);
    given.commitLatency.push(9);
    given.tables.counts.keys_updated = 99;
    given.messagesReceivedByTopic.orders = 99;
    assert.deepStrictEqual(monitor.commitLatency, [0.5, 0.25]);
    assert.deepStrictEqual(monitor.asdict().tables, options.tables);
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 6, payments: 4 });
  });

  it("go on counting", () => {
    const monitor = new Monitor(options);
    const message = {};
    monitor.onMessageIn(orders, 1, message);
    monitor.onTableSet("counts");
    monitor.onTopicBufferFull("orders");
    monitor.onRebalanceReturn({}, { timeStart: monitor.time() + 100 });
    assert.deepStrictEqual([monitor.messagesActive, monitor.messagesReceivedTotal], [4, 11]);
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 7, payments: 4 });
    assert.equal(monitor.tables.counts.keysUpdated, 3);
    assert.deepStrictEqual(monitor.topicBufferFull, { orders: 9 });
    assert.deepStrictEqual(monitor.rebalanceReturnLatency, [3.5, 0]);
    for (let out = 0; out < 5; out += 1) monitor.onMessageOut(orders, 1, {});
    assert.equal(monitor.messagesActive, 0);
    assert.equal(monitor.anomalies.messageOutWithoutIn, 1, "the four that were in flight are known");
  });

  it("of a deque longer than its limit: the newest stay", () => {
    const monitor = new Monitor({ commitLatency: [1, 2, 3, 4], maxCommitLatencyHistory: 2, sendLatency: [1], maxSendLatencyHistory: 0 });
    assert.deepStrictEqual(monitor.commitLatency, [3, 4]);
    assert.deepStrictEqual(monitor.sendLatency, []);
  });

  it("take counts as numbers, bigints and decimal strings, deques as any iterable", () => {
    const monitor = new Monitor({
      messagesSent: 5n,
      eventsTotal: "6",
      messagesReceivedByTopic: { orders: "7" },
      commitLatency: new Set([1, 2]),
      sendLatency: Float64Array.of(3, 4),
      tables: { counts: { keys_updated: 2n } },
    });
    assert.deepStrictEqual([monitor.messagesSent, monitor.eventsTotal], [5, 6]);
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 7 });
    assert.deepStrictEqual([monitor.commitLatency, monitor.sendLatency], [[1, 2], [3, 4]]);
    assert.deepStrictEqual(monitor.asdict().tables, { counts: { keys_retrieved: 0, keys_updated: 2, keys_deleted: 0 } });
  });

  it("may be an object without prototype, or of another realm", () => {
    for (const given of [Object.assign(Object.create(null), { messagesSent: 7 }), runInNewContext("({ messagesSent: 7 })")]) {
      assert.equal(new Monitor(given).messagesSent, 7);
    }
  });

  it("epoch may be before 1970, and is kept as it is", () => {
    assert.equal(new Monitor({ epoch: -86_400 }).epoch, -86_400);
    assert.equal(new Monitor({ epoch: 0 }).epoch, 0);
  });

  it("histories reach from 0 to 1,000,000", () => {
    for (const name of ["maxAvgHistory", "maxCommitLatencyHistory", "maxSendLatencyHistory", "maxAssignmentLatencyHistory"]) {
      for (const history of [0, 1, 1_000_000]) {
        const monitor = new Monitor({ [name]: history });
        assert.equal(monitor[name], history);
        monitor.free();
      }
    }
  });
});

describe("options that are refused", () => {
  const total = "ERR_INVALID_MESSAGES_SENT";
  const cases = [
    [null, TypeError, "ERR_INVALID_OPTIONS", "options", "null"],
    [5, TypeError, "ERR_INVALID_OPTIONS", "options", "5"],
    ["max", TypeError, "ERR_INVALID_OPTIONS", "options", '"max"'],
    [[], TypeError, "ERR_INVALID_OPTIONS", "options", "an array"],
    [() => 5, TypeError, "ERR_INVALID_OPTIONS", "options", "a function"],
    // What has no keys of its own to read would be taken for no options at all.
    [new Map([["maxLabels", 5]]), TypeError, "ERR_INVALID_OPTIONS", "options", "an object"],
    [new Date(), TypeError, "ERR_INVALID_OPTIONS", "options", "an object"],
    [{ eventsByTask: new Map([["agent", 1]]) }, TypeError, "ERR_INVALID_EVENTS_BY_TASK", "eventsByTask", "an object"],
    [{ messagesSent: 10n ** 400n }, RangeError, "ERR_INVALID_MESSAGES_SENT", "messagesSent", "a bigint of many digits"],
    [{ maxAverageHistory: 5 }, TypeError, "ERR_UNKNOWN_OPTION", "maxAverageHistory", "5"],
    [{ max_avg_history: 5 }, TypeError, "ERR_UNKNOWN_OPTION", "max_avg_history", "5"],
    [{ toString: 5 }, TypeError, "ERR_UNKNOWN_OPTION", "toString", "5"],
    [JSON.parse('{"__proto__": 5}'), TypeError, "ERR_UNKNOWN_OPTION", "__proto__", "5"],
    [{ sendErrors: 5 }, TypeError, "ERR_UNKNOWN_OPTION", "sendErrors", "5"],
    [{ time: 5 }, TypeError, "ERR_INVALID_TIME", "time", "5"],
    [{ time: null }, TypeError, "ERR_INVALID_TIME", "time", "null"],
    [{ logger: {} }, TypeError, "ERR_INVALID_LOGGER", "logger", "an object"],
    [{ logger: "console" }, TypeError, "ERR_INVALID_LOGGER", "logger", '"console"'],
    [{ maxAvgHistory: -1 }, RangeError, "ERR_INVALID_MAX_AVG_HISTORY", "maxAvgHistory", "-1"],
    [{ maxAvgHistory: 1_000_001 }, RangeError, "ERR_INVALID_MAX_AVG_HISTORY", "maxAvgHistory", "1000001"],
    [{ maxAvgHistory: 1.5 }, RangeError, "ERR_INVALID_MAX_AVG_HISTORY", "maxAvgHistory", "1.5"],
    [{ maxAvgHistory: Number.NaN }, RangeError, "ERR_INVALID_MAX_AVG_HISTORY", "maxAvgHistory", "NaN"],
    [{ maxAvgHistory: "5" }, TypeError, "ERR_INVALID_MAX_AVG_HISTORY", "maxAvgHistory", '"5"'],
    [{ maxCommitLatencyHistory: 1_000_001 }, RangeError, "ERR_INVALID_MAX_COMMIT_LATENCY_HISTORY", "maxCommitLatencyHistory", "1000001"],
    [{ maxSendLatencyHistory: -1 }, RangeError, "ERR_INVALID_MAX_SEND_LATENCY_HISTORY", "maxSendLatencyHistory", "-1"],
    [{ maxAssignmentLatencyHistory: Infinity }, RangeError, "ERR_INVALID_MAX_ASSIGNMENT_LATENCY_HISTORY", "maxAssignmentLatencyHistory", "Infinity"],
    [{ maxLabels: -1 }, RangeError, "ERR_INVALID_MAX_LABELS", "maxLabels", "-1"],
    [{ maxPartitions: 0.5 }, RangeError, "ERR_INVALID_MAX_PARTITIONS", "maxPartitions", "0.5"],
    [{ epoch: "now" }, TypeError, "ERR_INVALID_EPOCH", "epoch", '"now"'],
    [{ epoch: Infinity }, RangeError, "ERR_INVALID_EPOCH", "epoch", "Infinity"],
    [{ messagesSent: -1 }, RangeError, total, "messagesSent", "-1"],
    [{ messagesSent: 1.5 }, RangeError, total, "messagesSent", "1.5"],
    [{ messagesSent: 2 ** 53 }, RangeError, total, "messagesSent", "9007199254740992"],
    [{ messagesSent: null }, TypeError, total, "messagesSent", "null"],
    [{ eventsRuntimeAvg: -0.5 }, RangeError, "ERR_INVALID_EVENTS_RUNTIME_AVG", "eventsRuntimeAvg", "-0.5"],
    [{ eventsRuntimeAvg: Infinity }, RangeError, "ERR_INVALID_EVENTS_RUNTIME_AVG", "eventsRuntimeAvg", "Infinity"],
    [{ eventsRuntimeAvg: "1" }, TypeError, "ERR_INVALID_EVENTS_RUNTIME_AVG", "eventsRuntimeAvg", '"1"'],
    [{ commitLatency: 5 }, TypeError, "ERR_INVALID_COMMIT_LATENCY", "commitLatency", "5"],
    [{ commitLatency: "12" }, TypeError, "ERR_INVALID_COMMIT_LATENCY", "commitLatency", '"12"'],
    [{ commitLatency: [1, -1] }, RangeError, "ERR_INVALID_COMMIT_LATENCY", "commitLatency[1]", "-1"],
    [{ commitLatency: [1, "2"] }, TypeError, "ERR_INVALID_COMMIT_LATENCY", "commitLatency[1]", '"2"'],
    [{ commitLatency: [Number.NaN] }, RangeError, "ERR_INVALID_COMMIT_LATENCY", "commitLatency[0]", "NaN"],
    [{ eventsByTask: ["agent"] }, TypeError, "ERR_INVALID_EVENTS_BY_TASK", "eventsByTask", "an array"],
    [{ eventsByTask: { agent: -1 } }, RangeError, "ERR_INVALID_EVENTS_BY_TASK", 'eventsByTask["agent"]', "-1"],
    [{ eventsByTask: { agent: {} } }, TypeError, "ERR_INVALID_EVENTS_BY_TASK", 'eventsByTask["agent"]', "an object"],
    [{ httpResponseCodes: { 99: 1 } }, RangeError, "ERR_INVALID_HTTP_RESPONSE_CODES", "httpResponseCodes key", '"99"'],
    [{ httpResponseCodes: { 600: 1 } }, RangeError, "ERR_INVALID_HTTP_RESPONSE_CODES", "httpResponseCodes key", '"600"'],
    [{ httpResponseCodes: { OK: 1 } }, RangeError, "ERR_INVALID_HTTP_RESPONSE_CODES", "httpResponseCodes key", '"OK"'],
    [{ httpResponseCodes: { "0200": 1 } }, RangeError, "ERR_INVALID_HTTP_RESPONSE_CODES", "httpResponseCodes key", '"0200"'],
    [{ httpResponseCodes: { 200: -1 } }, RangeError, "ERR_INVALID_HTTP_RESPONSE_CODES", 'httpResponseCodes["200"]', "-1"],
    [{ tables: { counts: 5 } }, TypeError, "ERR_INVALID_TABLES", 'tables["counts"]', "5"],
    [{ tables: { counts: { keys_updated: -1 } } }, RangeError, "ERR_INVALID_TABLES", 'tables["counts"].keys_updated', "-1"],
    [{ tables: { counts: { keysUpdated: 1 } } }, TypeError, "ERR_UNKNOWN_OPTION", "keysUpdated", "1"],
    [{ tables: { ["x".repeat(4097)]: {} } }, RangeError, "ERR_INVALID_TABLES", "tables key", '"xxx'],
  ];
  for (const [given, type, code, argument, got] of cases) {
    it(`${argument}, got ${got}`, () => {
      assert.throws(
        () => new Monitor(given),
        (error) => {
          assert.equal(error.constructor, type, String(error));
          assert.equal(error.code, code);
          assert.equal(error.argument, argument);
          assert.ok("value" in error);
          assert.ok(error.message.includes(`got ${got}`), error.message);
          return true;
        },
      );
    });
  }

  it("an option with a getter that throws lets its error through", () => {
    const hostile = { get maxAvgHistory() { throw new Error("mine"); } };
    assert.throws(() => new Monitor(hostile), { message: "mine" });
    const { monitor } = monitored();
    assert.equal(monitor.messagesActive, 0, "others are as they were");
  });
});
