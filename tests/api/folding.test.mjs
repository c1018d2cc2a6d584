// Names and partitions that come and go: they are let go, and nothing counts for the wrong one.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { fakeClock, seen } from "./support.mjs";

const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

/** A monitor whose labels fold after 10 seconds and whose partitions go after 10. */
function monitored(options = {}) {
  const clock = fakeClock();
  return { clock, monitor: new Monitor({ time: clock, maxLabels: 100, labelIdle: 10, partitionIdle: 10, ...options }) };
}

/** Ticks once a second until what is idle now is gone. */
function letGo({ clock, monitor }, seconds = 20) {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1);
    monitor.sample();
  }
}

function oneEvent(monitor, tp, stream) {
  const message = {};
  monitor.onMessageIn(tp, 1, message);
  monitor.onStreamEventOut(tp, 1, stream, {}, monitor.onStreamEventIn(tp, 1, stream));
  monitor.onMessageOut(tp, 1, message);
}

describe("labels that come and go for ever", () => {
  it("never fill the cap, and their sums are kept", () => {
    const { clock, monitor } = monitored();
    const names = 100_000;
    for (let number = 0; number < names; number += 1) {
      const name = `name-${number}`;
      monitor.count(name);
      monitor.onTableGet(name);
      monitor.onSendInitiated({}, name);
      monitor.onStreamEventIn({ topic: "orders", partition: 0 }, 1, { label: name, task: name });
      if (number % 10 === 9) clock.advance(2), monitor.sample();
    }
    assert.deepStrictEqual(seen(monitor), {}, "no label was over the limit");
    for (const counts of [monitor.metricCounts, monitor.messagesSentByTopic, monitor.eventsByStream, monitor.eventsByTask]) {
      assert.equal(sum(counts), names);
      assert.ok(Object.keys(counts).length <= 101, `${Object.keys(counts).length} labels`);
      assert.ok(counts["(other)"] > names - 101);
      assert.equal(counts[`name-${names - 1}`], 1, "the last one is its own");
    }
    const { tables } = monitor.asdict();
    assert.equal(Object.values(tables).reduce((total, table) => total + table.keys_retrieved, 0), names);
  });

  it("take no memory for ever in the package either", () => {
    const { clock, monitor } = monitored({ labelIdle: 2 });
    for (let round = 0; round < 50; round += 1) {
      for (let number = 0; number < 100; number += 1) monitor.count(`${round}-${number}`);
      letGo({ clock, monitor }, 15);
      assert.deepStrictEqual(monitor.metricCounts, { "(other)": 100 * (round + 1) });
    }
    assert.deepStrictEqual(seen(monitor), {});
  });
});

describe("a label that was folded", () => {
  it("counts anew under its own name, for handles of before and of after", () => {
    const both = monitored();
    const { monitor } = both;
    const tp = monitor.topicPartition("orders", 0);
    const old = monitor.stream("totals", "agent");
    oneEvent(monitor, tp, old);
    letGo(both);
    assert.deepStrictEqual(monitor.eventsByStream, { "(other)": 1 });
    // Others take the places that it had.
    oneEvent(monitor, tp, { label: "audit", task: "other agent" });
    oneEvent(monitor, tp, old);
    oneEvent(monitor, tp, old);
    oneEvent(monitor, tp, monitor.stream("totals", "agent"));
    oneEvent(monitor, tp, "totals");
    assert.deepStrictEqual(monitor.eventsByStream, { "(other)": 1, audit: 1, totals: 4 });
    assert.deepStrictEqual(monitor.eventsByTask, { "(other)": 1, "other agent": 1, agent: 3 });
    const { runtimeByStream } = monitor.snapshot().events;
    assert.deepStrictEqual(Object.entries(runtimeByStream).map(([name, { count }]) => [name, count]), [["(other)", 1], ["audit", 1], ["totals", 4]]);
  });

  it("keeps its events' run times apart, also where it folds while one is under way", () => {
    const both = monitored();
    const { monitor } = both;
    const tp = monitor.topicPartition("orders", 0);
    const stream = monitor.stream("slow");
    const state = monitor.onStreamEventIn(tp, 1, stream);
    letGo(both);
    oneEvent(monitor, tp, "quick");
    monitor.onStreamEventOut(tp, 1, stream, {}, state);
    const { runtimeByStream, runtime } = monitor.snapshot().events;
    assert.equal(runtimeByStream.quick.count, 1, "not the slow one's");
    assert.equal(runtime.life.count, 2);
  });

  it("gives its room to one that had none", () => {
    const both = monitored({ maxLabels: 1 });
    const { monitor } = both;
    monitor.count("first");
    monitor.count("second");
    const crowded = monitor.stream("crowded out");
    const tp = { topic: "orders", partition: 0 };
    monitor.onStreamEventIn(tp, 1, "first");
    monitor.onStreamEventIn(tp, 1, crowded);
    assert.deepStrictEqual(monitor.metricCounts, { "(other)": 1, first: 1 });
    letGo(both);
    monitor.count("second", 5);
    monitor.onStreamEventIn(tp, 1, crowded);
    assert.deepStrictEqual(monitor.metricCounts, { "(other)": 2, second: 5 });
    assert.deepStrictEqual(monitor.eventsByStream, { "(other)": 2, "crowded out": 1 });
  });

  it("is read by the names of now, whatever was read before", () => {
    const both = monitored();
    const { monitor } = both;
    for (let round = 0; round < 5; round += 1) {
      monitor.onTableSet(`table ${round}`);
      monitor.count(`metric ${round}`);
      assert.deepStrictEqual(Object.keys(monitor.asdict().tables), round === 0 ? ["table 0"] : ["(other)", `table ${round}`]);
      assert.equal(monitor.metricCounts[`metric ${round}`], 1);
      letGo(both);
      assert.deepStrictEqual(Object.keys(monitor.tables), ["(other)"]);
    }
  });

  it("does not mix up what a clock does that ticks within a hook", () => {
    const clock = fakeClock();
    let tick = () => {};
    const monitor = new Monitor({ time: () => (tick(), clock.at), maxLabels: 100, labelIdle: 10, partitionIdle: 10 });
    const handles = Array.from({ length: 20 }, (_, number) => monitor.topicPartition("orders", number));
    monitor.onPartitionsAssigned(handles);
    monitor.onPartitionsRevoked(handles);
    letGo({ clock, monitor }, 3);
    clock.advance(30);
    // Within this message's hook every partition goes, and others take their places.
    tick = () => {
      tick = () => {};
      monitor.sample();
      for (let number = 0; number < 20; number += 1) monitor.topicPartition("payments", number);
    };
    monitor.onMessageIn(handles[7], 5, {});
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { orders: { 7: 5 } });
    assert.equal(monitor.asdict().messages_received_by_topic.orders, 1);
  });
});

describe("partitions that were revoked", () => {
  it("make room for others, and handles of theirs still work", () => {
    const both = monitored({ maxPartitions: 2 });
    const { monitor } = both;
    const old = monitor.topicPartition("orders", 0);
    monitor.onPartitionsAssigned([old]);
    monitor.onMessageIn(old, 10, {});
    monitor.onRebalanceEnd({}, monitor.onRebalanceStart());
    monitor.onPartitionsRevoked([old]);
    letGo(both);
    const fresh = monitor.topicPartition("payments", 5);
    const plain = { topic: "orders", partition: 1 };
    monitor.onPartitionsAssigned([fresh, plain]);
    monitor.onMessageIn(fresh, 20, {});
    monitor.onMessageIn(plain, 30, {});
    assert.deepStrictEqual(seen(monitor), {}, "there was room for both");
    monitor.onMessageIn(old, 40, {});
    assert.deepStrictEqual(seen(monitor), { partitionOverLimit: 1 }, "not for a third");
    assert.deepStrictEqual(monitor.asdict().topic_read_offsets, { payments: { 5: 20 }, orders: { 1: 30 } });
    assert.equal(monitor.messagesReceivedByTopic.orders + monitor.messagesReceivedByTopic.payments + (monitor.messagesReceivedByTopic["(other)"] ?? 0), 4);
  });

  it("have their own events, also where their place is another's by then", () => {
    const both = monitored();
    const { clock, monitor } = both;
    const old = monitor.topicPartition("orders", 0);
    monitor.onPartitionsAssigned([old]);
    monitor.onMessageIn(old, 10, {});
    monitor.onRebalanceEnd({}, monitor.onRebalanceStart());
    monitor.onPartitionsRevoked([old]);
    letGo(both);
    monitor.onPartitionsAssigned([{ topic: "payments", partition: 5 }]);
    monitor.onStreamEventIn(old, 10, monitor.stream("totals"));
    assert.deepStrictEqual(monitor.streamInboundTime, new Map([["orders", new Map([[0, clock.at]])]]));
  });

  it("come back under their own name", () => {
    const both = monitored();
    const { monitor } = both;
    const handles = Array.from({ length: 50 }, (_, number) => monitor.topicPartition(`topic-${number % 5}`, number));
    for (let round = 0; round < 10; round += 1) {
      monitor.onPartitionsAssigned(handles);
      handles.forEach((tp, number) => {
        for (let count = 0; count < 3; count += 1) oneEvent(monitor, tp, "totals");
        monitor.onMessageIn(tp, 1000 * round + number, {});
      });
      const offsets = monitor.asdict().topic_read_offsets;
      for (const [number, { topic, partition }] of handles.entries()) assert.equal(offsets[topic][partition], 1000 * round + number);
      monitor.onRebalanceEnd({}, monitor.onRebalanceStart());
      monitor.onPartitionsLost(handles);
      letGo(both);
      assert.deepStrictEqual(monitor.snapshot().partitions, []);
    }
    assert.equal(monitor.snapshot().ownership.assigned, 500);
    assert.deepStrictEqual(seen(monitor), {});
  });
});
