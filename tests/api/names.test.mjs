// Any text is a name: long ones, broken ones, and those that JavaScript's own objects use.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { assertRefused, monitored } from "./support.mjs";

/** Every place that takes a name. */
const places = {
  "a topic that is read": [(m, name) => m.onMessageIn({ topic: name, partition: 0 }, 1, {}), "tp.topic", (dict) => dict.messages_received_by_topic],
  "a topic that is sent to": [(m, name) => m.onSendInitiated({}, name), "topic", (dict) => dict.messages_sent_by_topic],
  "a topic whose buffer is full": [(m, name) => m.onTopicBufferFull(name), "topic", (dict) => dict.topic_buffer_full],
  "a committed topic": [(m, name) => m.onTpCommit([[{ topic: name, partition: 0 }, 1]]), "tp.topic", (dict) => dict.topic_committed_offsets],
  "a topic with an end offset": [(m, name) => m.trackTpEndOffset({ topic: name, partition: 0 }, 1), "tp.topic", (dict) => dict.topic_end_offsets],
  "a stream": [(m, name) => m.onStreamEventIn({ topic: "t", partition: 0 }, 1, name), "stream", (dict) => dict.events_by_stream],
  "a stream's label": [(m, name) => m.onStreamEventIn({ topic: "t", partition: 0 }, 1, { label: name }), "stream", (dict) => dict.events_by_stream],
  "a task": [(m, name) => m.onStreamEventIn({ topic: "t", partition: 0 }, 1, { label: "s", task: name }), "stream.task", (dict) => dict.events_by_task],
  "a table": [(m, name) => m.onTableGet(name), "table", (dict) => dict.tables],
  "a table's name": [(m, name) => m.onTableSet({ name }), "table", (dict) => dict.tables],
  "a metric": [(m, name) => m.count(name), "name", (dict) => dict.metric_counts],
  "a topic of a handle": [(m, name) => m.onMessageIn(m.topicPartition(name, 0), 1, {}), "topic", (dict) => dict.topic_read_offsets],
  "a stream of a handle": [(m, name) => m.onStreamEventIn({ topic: "t", partition: 0 }, 1, m.stream(name)), "label", (dict) => dict.events_by_stream],
  "a task of a handle": [(m, name) => m.onStreamEventIn({ topic: "t", partition: 0 }, 1, m.stream("s", name)), "task", (dict) => dict.events_by_task],
};

const ownNames = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "", " ", "0", "-1", "length", "(other)", "a.b", 'a"b\\c', "日本語", "\u0000", "🦀", "\n"];

for (const [place, [use, argument, family]] of Object.entries(places)) {
  describe(place, () => {
    it("may have any name, those of Object.prototype too", () => {
      const { monitor } = monitored();
      for (const name of [...ownNames, ...ownNames]) use(monitor, name);
      const counted = family(monitor.asdict());
      assert.deepStrictEqual(Object.keys(counted).toSorted(), ownNames.toSorted());
      assert.equal(Object.getPrototypeOf(counted), Object.prototype);
      assert.ok(Object.hasOwn(counted, "__proto__"));
      assert.deepStrictEqual(JSON.parse(JSON.stringify(monitor.asdict())), monitor.asdict());
      assert.deepStrictEqual(Monitor.restore(monitor.asdict()).asdict(), monitor.asdict());
      assert.equal({}.orders, undefined, "no prototype was touched");
    });

    it("may have 4,096 characters, not 4,097, counted as code points", () => {
      const { monitor } = monitored();
      const longest = ["x".repeat(4096), "é".repeat(4096), "🦀".repeat(4096), `${"🦀".repeat(4095)}x`, "\ud800".repeat(4096)];
      for (const name of longest) use(monitor, name);
      assert.deepStrictEqual(new Set(Object.keys(family(monitor.asdict()))), new Set([...longest.slice(0, 4), "\ufffd".repeat(4096)]));
      for (const value of ["x".repeat(4097), "🦀".repeat(4097), `${"🦀".repeat(4096)}x`, "x".repeat(8193), "x".repeat(100_000)]) {
        assertRefused(monitor, () => use(monitor, value), RangeError, { argument, value });
      }
    });

    it("has lone surrogates replaced by U+FFFD", () => {
      const { monitor } = monitored();
      for (const name of ["\ud800", "\udfff", "\ufffd", "a\ud83d", "a\ufffd", "\udc00\ud800"]) use(monitor, name);
      for (const name of ["\ud800", "\ufffd"]) use(monitor, name);
      const counted = family(monitor.asdict());
      assert.deepStrictEqual(Object.keys(counted), ["\ufffd", "a\ufffd", "\ufffd\ufffd"]);
      if (typeof counted["\ufffd"] === "number") assert.deepStrictEqual(Object.values(counted), [5, 2, 1]);
    });
  });
}

describe("attributes", () => {
  it("have such names as own keys, too", () => {
    const { monitor } = monitored();
    for (const [use] of Object.values(places)) use(monitor, "__proto__");
    const objects = ["messagesReceivedByTopic", "messagesSentByTopic", "topicBufferFull", "eventsByStream", "eventsByTask", "metricCounts", "tables"];
    for (const attribute of objects) {
      assert.ok(Object.hasOwn(monitor[attribute], "__proto__"), attribute);
      assert.equal(Object.getPrototypeOf(monitor[attribute]), Object.prototype, attribute);
    }
    const table = Object.getOwnPropertyDescriptor(monitor.tables, "__proto__").value;
    assert.deepStrictEqual([table.table, table.keysRetrieved, table.keysUpdated], ["__proto__", 1, 1]);
    for (const attribute of ["tpReadOffsets", "tpCommittedOffsets", "tpEndOffsets"]) {
      assert.deepStrictEqual(monitor[attribute].get("__proto__"), new Map([[0, 1]]), attribute);
    }
  });

  it("of a constructor take such names", () => {
    const counts = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3, "": 4}');
    const tables = JSON.parse('{"__proto__": {"keys_updated": 5}}');
    const monitor = new Monitor({ messagesReceivedByTopic: counts, eventsByTask: counts, tables });
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, counts);
    assert.deepStrictEqual(monitor.eventsByTask, counts);
    assert.deepStrictEqual(Object.keys(monitor.asdict().tables), ["__proto__"]);
  });
});

describe("a handle", () => {
  it("shows its name, well-formed", () => {
    const { monitor } = monitored();
    const tp = monitor.topicPartition("a\ud800", 7);
    assert.deepStrictEqual([tp.topic, tp.partition], ["a\ufffd", 7]);
    const stream = monitor.stream("b\ud800", "c\ud800");
    assert.deepStrictEqual([stream.label, stream.task], ["b\ufffd", "c\ufffd"]);
    assert.equal(monitor.stream("b").task, null);
  });

  it("cannot be changed", () => {
    const { monitor } = monitored();
    const [tp, stream] = [monitor.topicPartition("orders", 7), monitor.stream("totals", "agent")];
    assert.throws(() => (tp.partition = 8), TypeError);
    assert.throws(() => (stream.label = "other"), TypeError);
  });

  it("is the same place as the plain object of its name, made before or after", () => {
    const { monitor } = monitored();
    monitor.onMessageIn({ topic: "orders", partition: 1 }, 1, {});
    const tp = monitor.topicPartition("orders", 1);
    monitor.onMessageIn(tp, 2, {});
    monitor.onMessageIn(monitor.topicPartition("orders", 1), 3, {});
    monitor.onStreamEventIn(tp, 3, monitor.stream("totals", "agent"));
    monitor.onStreamEventIn(tp, 3, { label: "totals", task: "agent" });
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 1: 3 } });
    assert.deepStrictEqual(monitor.messagesReceivedByTopic, { orders: 3 });
    assert.deepStrictEqual([monitor.eventsByStream, monitor.eventsByTask], [{ totals: 2 }, { agent: 2 }]);
  });

  it("of another monitor is looked up by its name, never trusted", () => {
    const [one, other] = [monitored().monitor, monitored().monitor];
    for (const topic of ["a", "b", "c"]) one.topicPartition(topic, 0);
    const tp = one.topicPartition("orders", 1);
    const stream = one.stream("totals", "agent");
    one.stream("unrelated", "unrelated");
    other.onMessageIn({ topic: "payments", partition: 0 }, 1, {});
    other.onStreamEventIn({ topic: "payments", partition: 0 }, 1, { label: "audit", task: "auditor" });
    for (let time = 0; time < 2; time += 1) {
      other.onMessageIn(tp, 5, {});
      other.onStreamEventIn(tp, 5, stream);
    }
    assert.deepStrictEqual(other.asdict().topic_read_offsets, { payments: { 0: 1 }, orders: { 1: 5 } });
    assert.deepStrictEqual([other.eventsByStream, other.eventsByTask], [{ audit: 1, totals: 2 }, { auditor: 1, agent: 2 }]);
    one.free();
    other.onMessageIn(tp, 6, {});
    assert.equal(other.tpReadOffsets.get("orders").get(1), 6);
  });

  it("that was only made leaves no figure", () => {
    const { monitor } = monitored();
    monitor.topicPartition("orders", 1);
    monitor.stream("totals", "agent");
    assert.deepStrictEqual(monitor.asdict(), new Monitor().asdict());
  });
});
