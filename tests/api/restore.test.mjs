// Monitor.restore(): going on from an asdict().
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { fakeClock, orders, payments } from "./support.mjs";

/** Everything in it is there and differs from 0. */
const dict = {
  messages_active: 1,
  messages_received_total: 20,
  messages_sent: 2,
  messages_sent_by_topic: { results: 2 },
  messages_s: 3,
  messages_received_by_topic: { orders: 15, payments: 5 },
  events_active: 4,
  events_total: 30,
  events_s: 5,
  events_runtime_avg: 0.5,
  events_by_task: { agent: 6 },
  events_by_stream: { totals: 7, audit: 8 },
  commit_latency: [0.25, 0.5],
  send_latency: [0.75],
  send_errors: 9,
  assignment_latency: [1.25],
  assignments_completed: 10,
  assignments_failed: 11,
  topic_buffer_full: { orders: 12 },
  tables: { counts: { keys_retrieved: 13, keys_updated: 14, keys_deleted: 15 } },
  metric_counts: { bytes: -16 },
  topic_committed_offsets: { orders: { 0: 17, 2147483647: 18 } },
  topic_read_offsets: { orders: { 3: 19 }, payments: { 0: 9007199254740991 } },
  topic_end_offsets: { payments: { 1: 21 } },
  rebalances: 22,
  rebalance_return_latency: [1.5],
  rebalance_end_latency: [1.75, 2],
  rebalance_return_avg: 2.25,
  rebalance_end_avg: 2.5,
  http_response_codes: { 200: 23, 503: 24 },
  http_response_latency: [2.75],
  http_response_latency_avg: 3,
};

describe("Monitor.restore", () => {
  it("gives a monitor with the very same asdict()", () => {
    const monitor = Monitor.restore(dict);
    assert.ok(monitor instanceof Monitor);
    assert.deepStrictEqual(monitor.asdict(), dict);
    assert.deepStrictEqual(Monitor.restore(monitor.asdict()).asdict(), dict);
    assert.deepStrictEqual(Monitor.restore(JSON.parse(JSON.stringify(dict))).asdict(), dict);
    assert.deepStrictEqual(monitor.anomalies, new Monitor().anomalies);
  });

  it("takes every asdict() that Faust itself gave", () => {
    const lines = readFileSync(new URL("../vectors/short-histories.jsonl", import.meta.url), "utf8").trim().split("\n");
    const dicts = lines.map((line) => JSON.parse(line)).flatMap(({ expect }) => (expect === undefined ? [] : [expect]));
    assert.ok(dicts.length > 10);
    for (const expect of dicts) assert.deepEqual(Monitor.restore(expect).asdict(), expect);
  });

  it("goes on counting from there", () => {
    const clock = fakeClock();
    const monitor = Monitor.restore(dict, { time: clock });
    monitor.onMessageIn(orders, 20, {});
    monitor.onSendInitiated({}, "results");
    monitor.onSendError({}, new Error("lost"), 100);
    monitor.count("bytes", -1);
    monitor.onTableGet("counts");
    monitor.onCommitCompleted({}, 99);
    monitor.onTpCommit([[payments, 5]]);
    assert.equal(monitor.messagesReceivedTotal, 21);
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 16, payments: 5 });
    assert.deepStrictEqual(monitor.messagesSentByTopic, { results: 3 });
    assert.equal(monitor.sendErrors, 10);
    assert.deepStrictEqual(monitor.metricCounts, { bytes: -17 });
    assert.equal(monitor.tables.counts.keysRetrieved, 14);
    assert.deepStrictEqual(monitor.commitLatency, [0.25, 0.5, 1]);
    assert.deepStrictEqual(monitor.asdict().topic_committed_offsets, { orders: { 0: 17, 2147483647: 18 }, payments: { 0: 5 } });
    monitor.sample();
    assert.deepStrictEqual([monitor.messagesS, monitor.eventsS], [1, 0], "growth is measured from the restored totals");
    monitor.onRebalanceStart();
    assert.equal(monitor.rebalances, 23);
    assert.deepStrictEqual(monitor.asdict().topic_committed_offsets, {});
    assert.deepStrictEqual(monitor.topicBufferFull, {});
  });

  it("a part of a dictionary is enough", () => {
    assert.deepStrictEqual(Monitor.restore({}).asdict(), new Monitor().asdict());
    const monitor = Monitor.restore({ messages_received_total: 5 });
    assert.deepStrictEqual(monitor.asdict(), { ...new Monitor().asdict(), messages_received_total: 5 });
  });

  it("options win over the dictionary", () => {
    const monitor = Monitor.restore(dict, {
      messagesActive: 0,
      eventsActive: 0,
      eventsByStream: { fresh: 1 },
      commitLatency: [9],
      maxSendLatencyHistory: 0,
      tables: {},
    });
    assert.deepStrictEqual(monitor.asdict(), {
      ...dict,
      messages_active: 0,
      events_active: 0,
      events_by_stream: { fresh: 1 },
      commit_latency: [9],
      send_latency: [],
      tables: {},
    });
    monitor.onMessageOut(orders, 1, {});
    assert.equal(monitor.anomalies.messageOutWithoutIn, 1);
  });

  it("options that are undefined leave the dictionary's", () => {
    assert.deepStrictEqual(Monitor.restore(dict, { messagesActive: undefined }).asdict(), dict);
    assert.deepStrictEqual(Monitor.restore(dict, undefined).asdict(), dict);
  });

  it("bounds what is too much, and counts that", () => {
    const monitor = Monitor.restore(dict, { maxLabels: 1, maxPartitions: 2, maxCommitLatencyHistory: 1 });
    assert.deepStrictEqual(monitor.commitLatency, [0.5]);
    assert.deepStrictEqual(monitor.eventsByStream, { totals: 7, "(other)": 8 });
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 15, "(other)": 5 });
    assert.deepStrictEqual(monitor.asdict().topic_committed_offsets, { orders: { 0: 17, 2147483647: 18 } });
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, {});
    assert.equal(monitor.anomalies.labelOverLimit, 2);
    assert.equal(monitor.anomalies.partitionOverLimit, 3);
  });

  it("tells the logger at once what was too much", () => {
    const heard = [];
    Monitor.restore(dict, { maxLabels: 1, logger: { warn: (text) => heard.push(text) } });
    assert.equal(heard.length, 1);
    assert.match(heard[0], /labelOverLimit/);
  });

  const garbage = [
    [undefined, TypeError, "ERR_INVALID_DICT", "dict"],
    [null, TypeError, "ERR_INVALID_DICT", "dict"],
    ["{}", TypeError, "ERR_INVALID_DICT", "dict"],
    [[], TypeError, "ERR_INVALID_DICT", "dict"],
    [{ messagesActive: 1 }, TypeError, "ERR_UNKNOWN_OPTION", "messagesActive"],
    [{ events_runtime: [1] }, TypeError, "ERR_UNKNOWN_OPTION", "events_runtime"],
    [JSON.parse('{"__proto__": {}}'), TypeError, "ERR_UNKNOWN_OPTION", "__proto__"],
    [{ messages_active: -1 }, RangeError, "ERR_INVALID_DICT_MESSAGES_ACTIVE", "dict.messages_active"],
    [{ messages_active: 1.5 }, RangeError, "ERR_INVALID_DICT_MESSAGES_ACTIVE", "dict.messages_active"],
    [{ messages_active: {} }, TypeError, "ERR_INVALID_DICT_MESSAGES_ACTIVE", "dict.messages_active"],
    [{ events_runtime_avg: Number.NaN }, RangeError, "ERR_INVALID_DICT_EVENTS_RUNTIME_AVG", "dict.events_runtime_avg"],
    [{ send_latency: {} }, TypeError, "ERR_INVALID_DICT_SEND_LATENCY", "dict.send_latency"],
    [{ send_latency: [null] }, TypeError, "ERR_INVALID_DICT_SEND_LATENCY", "dict.send_latency[0]"],
    [{ topic_read_offsets: { orders: 5 } }, TypeError, "ERR_INVALID_DICT_TOPIC_READ_OFFSETS", 'dict.topic_read_offsets["orders"]'],
    [{ topic_read_offsets: { orders: { "-1": 5 } } }, RangeError, "ERR_INVALID_DICT_TOPIC_READ_OFFSETS", 'dict.topic_read_offsets["orders"] key'],
    [{ topic_read_offsets: { orders: { 2147483648: 5 } } }, RangeError, "ERR_INVALID_DICT_TOPIC_READ_OFFSETS", 'dict.topic_read_offsets["orders"] key'],
    [{ topic_read_offsets: { orders: { "01": 5 } } }, RangeError, "ERR_INVALID_DICT_TOPIC_READ_OFFSETS", 'dict.topic_read_offsets["orders"] key'],
    [{ topic_read_offsets: { orders: { 0: -5 } } }, RangeError, "ERR_INVALID_DICT_TOPIC_READ_OFFSETS", 'dict.topic_read_offsets["orders"]["0"]'],
    [{ metric_counts: { bytes: 0.5 } }, RangeError, "ERR_INVALID_DICT_METRIC_COUNTS", 'dict.metric_counts["bytes"]'],
    [{ http_response_codes: { 1000: 1 } }, RangeError, "ERR_INVALID_DICT_HTTP_RESPONSE_CODES", "dict.http_response_codes key"],
  ];
  for (const [given, type, code, argument] of garbage) {
    it(`refuses ${argument} as in ${JSON.stringify(given)}`, () => {
      assert.throws(
        () => Monitor.restore(given),
        (error) => error.constructor === type && error.code === code && error.argument === argument && /, got ./.test(error.message),
      );
    });
  }

  it("refuses bad options as the constructor does", () => {
    assert.throws(() => Monitor.restore(dict, { maxLabels: -1 }), { code: "ERR_INVALID_MAX_LABELS" });
    assert.throws(() => Monitor.restore(dict, null), { code: "ERR_INVALID_OPTIONS" });
  });
});
