// What seldom happens, told by the real names of KafkaJS's events, with literal figures.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { describe, it } from "node:test";
import { Monitor, SensorDelegate } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/kafkajs";
import { brokenMonitor } from "./support.mjs";
import { clock, stubConsumer, stubProducer } from "./stub.mjs";

function attached(options, told = (monitor) => monitor) {
  const time = clock();
  const monitor = new Monitor({ time });
  const consumer = stubConsumer();
  const attachment = attachConsumer(consumer, told(monitor), options);
  return { time, monitor, consumer, attachment };
}

const join = (memberId, orders, duration = 0) => ({ groupId: "g", memberId, memberAssignment: { orders }, duration });
const request = (apiName, more = {}) => ({ apiName, size: 0, pendingDuration: 0, duration: 0, ...more });
const message = (offset) => ({ offset: String(offset), timestamp: "0", key: null, value: null });

describe("rebalances", () => {
  it("last from REBALANCING to GROUP_JOIN, by the monitor's clock", () => {
    const { time, monitor, consumer } = attached();
    consumer.tell("GROUP_JOIN", join("a", [0, 1], 250));
    time.now += 1;
    consumer.tell("REBALANCING", { groupId: "g", memberId: "a" });
    consumer.tell("REBALANCING", { groupId: "g", memberId: "a" });
    time.now += 2;
    consumer.tell("GROUP_JOIN", join("a", [1, 2], 99_000));
    const { rebalances, assignments, ownership } = monitor.snapshot();
    assert.deepEqual([rebalances.count, rebalances.endLatency.life.max, assignments.latency.life.count], [2, 2, 2]);
    // The first was a lone GROUP_JOIN: as long as that says.
    assert.equal(rebalances.endLatency.life.min, 0.25);
    assert.deepEqual(ownership, { owned: 2, assigned: 3, revoked: 1, lost: 0 });
  });

  it("under a new member's name lose what the old one had", () => {
    const { monitor, consumer } = attached();
    consumer.tell("GROUP_JOIN", join("a", [0, 1]));
    consumer.tell("GROUP_JOIN", join("b", [1], -5));
    assert.deepEqual(monitor.snapshot().ownership, { owned: 1, assigned: 3, revoked: 0, lost: 2 });
    assert.equal(monitor.snapshot().rebalances.count, 2);
    consumer.tell("STOP", null);
    assert.deepEqual(monitor.snapshot().ownership, { owned: 0, assigned: 3, revoked: 1, lost: 2 });
    // After a stop there is no old name.
    consumer.tell("GROUP_JOIN", join("c", [0]));
    assert.deepEqual(monitor.snapshot().ownership, { owned: 1, assigned: 4, revoked: 1, lost: 2 });
  });
});

describe("commits", () => {
  it("take as long as their request, queued and sent", async () => {
    const { monitor, consumer } = attached();
    consumer.tell("REQUEST", request("OffsetCommit", { pendingDuration: 100, duration: 400 }));
    consumer.tell("COMMIT_OFFSETS", { topics: [{ topic: "orders", partitions: [{ partition: "3", offset: "42" }, { partition: 4, offset: "-1" }] }] });
    assert.deepEqual(monitor.asdict().commit_latency, [0.5]);
    assert.deepEqual(monitor.asdict().topic_committed_offsets, { orders: { 3: 42 } });
    // One that was refused leaves nothing behind for the next.
    consumer.tell("REQUEST", request("OffsetCommit", { duration: 9000 }));
    await turn();
    consumer.tell("REQUEST", request("OffsetCommit", { duration: 250 }));
    consumer.tell("COMMIT_OFFSETS", { topics: [{ topic: "orders", partitions: [{ partition: "3", offset: "43" }] }] });
    assert.deepEqual(monitor.asdict().commit_latency, [0.5, 0.25]);
  });

  it("that fail are errors, once, also where the handler lets them out", async () => {
    const { monitor, consumer } = attached();
    await consumer.run({ eachMessage: () => consumer.commitOffsets([]) });
    consumer.refusal = Object.assign(new Error("no"), { name: "KafkaJSProtocolError" });
    const given = consumer.handlers().eachMessage({ topic: "orders", partition: 0, message: message(0), pause: () => () => {} });
    await assert.rejects(given, (error) => error === consumer.refusal);
    assert.deepEqual(monitor.snapshot().errors.byStage, { commit: { KafkaJSProtocolError: 1 } });
    // What only says that the group rebalances is nobody's failure.
    consumer.refusal = Object.assign(new Error("no"), { type: "REBALANCE_IN_PROGRESS" });
    await assert.rejects(consumer.handlers().eachMessage({ topic: "orders", partition: 0, message: message(0), pause: () => () => {} }));
    const { errors, messages } = monitor.snapshot();
    assert.deepEqual([errors.total, messages.active, messages.retried], [1, 0, 1]);
  });
});

describe("the other events", () => {
  it("are hooks", () => {
    const { monitor, consumer } = attached();
    consumer.tell("HEARTBEAT", {});
    consumer.tell("REQUEST_TIMEOUT", request("Fetch"));
    consumer.tell("REQUEST_TIMEOUT", request("OffsetCommit"));
    consumer.tell("REQUEST_TIMEOUT", request("JoinGroup"));
    consumer.tell("CRASH", { error: new TypeError("x"), groupId: "g", restart: true });
    const { consumer: polled, errors } = monitor.snapshot();
    assert.equal(polled.heartbeats, 1);
    assert.deepEqual(errors.byStage, {
      fetch: { KafkaJSRequestTimeoutError: 1 },
      commit: { KafkaJSRequestTimeoutError: 1 },
      other: { KafkaJSRequestTimeoutError: 1, TypeError: 1 },
    });
  });

  it("of fetches are polls, with the records of the batches that each brought", () => {
    const { monitor, consumer } = attached();
    const polls = () => {
      const { consumer: polled, messages } = monitor.snapshot();
      return [polled.polls, polled.emptyPolls, polled.polledRecords, messages.bytesReceived];
    };
    const batch = (partition, batchSize, highWatermark) => ({ topic: "orders", partition, batchSize, highWatermark });
    consumer.tell("FETCH_START", { nodeId: 1 });
    consumer.tell("REQUEST", request("Fetch", { size: 500 }));
    consumer.tell("FETCH", { nodeId: 1 });
    consumer.tell("START_BATCH_PROCESS", batch(0, 5, "20"));
    consumer.tell("START_BATCH_PROCESS", batch(1, 7, "-1"));
    assert.deepEqual(polls(), [0, 0, 0, 0]);
    consumer.tell("FETCH_START", { nodeId: 1 });
    assert.deepEqual(polls(), [1, 0, 12, 500]);
    consumer.tell("FETCH", { nodeId: 1 });
    consumer.tell("STOP", null);
    assert.deepEqual(polls(), [2, 1, 12, 500]);
    assert.deepEqual(monitor.asdict().topic_end_offsets, { orders: { 0: 20 } });
  });

  it("do no harm with nonsense in them, nor with a broken monitor", () => {
    const consumer = stubConsumer();
    const attachment = attachConsumer(consumer, brokenMonitor());
    const names = ["HEARTBEAT", "COMMIT_OFFSETS", "GROUP_JOIN", "FETCH_START", "FETCH", "START_BATCH_PROCESS", "STOP", "CRASH", "REBALANCING", "REQUEST", "REQUEST_TIMEOUT"];
    for (const name of names) consumer.tell(name, undefined);
    assert.ok(attachment.faults >= 8);
    const before = attachment.faults;
    consumer.tell("GROUP_JOIN", join("a", [0]));
    assert.equal(attachment.faults, before + 1);
    assert.equal(consumer.listeners(), names.length);
    attachment.detach();
    assert.equal(consumer.listeners(), 0);
  });
});

// A Monitor takes a batch at one moment (js/lane.ts), other sensors hook by hook: the figures are the same.
const ways = { "a Monitor": (monitor) => monitor, "a SensorDelegate": (monitor) => new SensorDelegate([monitor]) };
for (const [way, told] of Object.entries(ways)) describe(`times, told to ${way}`, () => {
  const call = (consumer, name, payload) => consumer.handlers()[name]({ topic: "orders", partition: 0, pause: () => () => {}, ...payload });

  it("of eachMessage are the handler's", async () => {
    const { time, monitor, consumer } = attached({ streamName: "totals", taskName: "sum" }, told);
    await consumer.run({ eachMessage: async () => void (time.now += 2) });
    assert.equal(await call(consumer, "eachMessage", { message: message(7) }), undefined);
    const { messages, events } = monitor.snapshot();
    assert.deepEqual([messages.time.life.max, events.runtime.life.max], [2, 2]);
    assert.deepEqual([monitor.asdict().events_by_stream, monitor.asdict().events_by_task], [{ totals: 1 }, { sum: 1 }]);
  });

  it("of eachMessage are those of a handler that throws, at once or later", async () => {
    const { time, monitor, consumer } = attached({}, told);
    const error = new Error("no");
    await consumer.run({
      eachMessage() {
        time.now += 3;
        throw error;
      },
    });
    // Like any async function: the error comes as it was thrown, from a promise or not.
    await assert.rejects(async () => call(consumer, "eachMessage", { message: message(7) }), (thrown) => thrown === error);
    const { messages, events, errors } = monitor.snapshot();
    assert.deepEqual([messages.active, messages.time.life.max, events.active, events.runtime.life.max, errors.total], [0, 3, 0, 3, 1]);
  });

  const batchOf = (count) => ({ batch: { topic: "orders", partition: 0, messages: Array.from({ length: count }, (_, offset) => message(offset)) } });

  it("of eachBatch are from the batch's start to the offset's being resolved", async () => {
    const { time, monitor, consumer } = attached({}, told);
    const resolved = [];
    await consumer.run({
      eachBatch: async ({ resolveOffset }) => {
        time.now += 1;
        resolveOffset("0");
        time.now += 2;
        resolveOffset("2");
        resolveOffset("1");
        time.now += 4;
      },
    });
    await call(consumer, "eachBatch", { ...batchOf(4), resolveOffset: (offset) => resolved.push(offset), commitOffsetsIfNecessary: async () => {} });
    assert.deepEqual(resolved, ["0", "2", "1"]);
    const { messages, events } = monitor.snapshot();
    const { count, sum, min, max } = messages.time.life;
    assert.deepEqual([count, sum, min, max], [4, 1 + 3 + 3 + 7, 1, 7]);
    const runtime = events.runtime.life;
    assert.deepEqual([runtime.count, runtime.sum, runtime.min, runtime.max], [4, 1 + 2 + 2 + 4, 1, 4]);
  });

  it("of a batch that is left half done are those of what was done, and of what had begun", async () => {
    const { time, monitor, consumer } = attached({}, told);
    await consumer.run({
      eachBatchAutoResolve: false,
      eachBatch: async ({ resolveOffset }) => {
        time.now += 1;
        resolveOffset("0");
        time.now += 2;
      },
    });
    await call(consumer, "eachBatch", { ...batchOf(4), resolveOffset: () => {}, commitOffsetsIfNecessary: async () => {} });
    const { messages, events } = monitor.snapshot();
    assert.deepEqual([messages.active, messages.time.life.sum, events.active, events.total, events.runtime.life.sum], [0, 1 + 3 * 3, 0, 2, 3]);
  });

  it("of a handler that was running when the adapter was detached are told to its end", async () => {
    const { time, monitor, consumer, attachment } = attached({}, told);
    let finish;
    await consumer.run({ eachMessage: () => new Promise((resolve) => (finish = resolve)) });
    const running = call(consumer, "eachMessage", { message: message(0) });
    attachment.detach();
    time.now += 5;
    finish();
    await running;
    assert.deepEqual([monitor.messagesActive, monitor.snapshot().messages.time.life.max], [0, 5]);
    const other = call(consumer, "eachMessage", { message: message(1) });
    finish();
    await other;
    assert.equal(monitor.snapshot().messages.received, 1);
  });
});

describe("the producer", () => {
  it("tells of transactions, their sends, and the offsets committed with them", async () => {
    const time = clock();
    const monitor = new Monitor({ time });
    const producer = stubProducer();
    const { send, sendBatch, transaction } = producer;
    const attachment = attachProducer(producer, monitor);
    const one = await producer.transaction();
    assert.equal(one, producer.transactions[0]);
    assert.deepEqual(await one.send({ topic: "orders", messages: [{ key: "k", value: "vv" }, { value: "v" }] }), ["send"]);
    assert.deepEqual(await one.sendBatch({ topicMessages: [{ topic: "totals", messages: [{ value: "v" }] }] }), ["sendBatch"]);
    await one.sendOffsets({ consumerGroupId: "g", topics: [{ topic: "orders", partitions: [{ partition: 1, offset: "9" }] }] });
    assert.deepEqual(monitor.asdict().topic_committed_offsets, {});
    await one.commit();
    const other = await producer.transaction();
    const refusal = new Error("no");
    await assert.rejects(other.send({ topic: "orders", messages: [{ value: "v" }], fails: refusal }), (error) => error === refusal);
    await other.abort();
    const figures = monitor.asdict();
    assert.deepEqual([figures.messages_sent_by_topic, figures.send_errors, figures.send_latency.length], [{ orders: 3, totals: 1 }, 1, 3]);
    assert.deepEqual([figures.topic_committed_offsets, figures.commit_latency], [{ orders: { 1: 9 } }, [0]]);
    assert.deepEqual(figures.metric_counts, { "transactions.committed": 1, "transactions.aborted": 1 });
    assert.equal(attachment.faults, 0);
    const late = await producer.transaction();
    attachment.detach();
    assert.deepEqual([producer.send, producer.sendBatch, producer.transaction], [send, sendBatch, transaction]);
    await late.send({ topic: "orders", messages: [{ value: "v" }] });
    await late.commit();
    assert.equal(monitor.asdict().messages_sent, 4);
  });
});

describe("refusals", () => {
  const refused = (work, code, words) => assert.throws(work, (error) => error.code === code && words.test(error.message));

  it("say what was wrong, expected and given", () => {
    const monitor = new Monitor();
    const consumer = stubConsumer();
    refused(() => attachConsumer(null, monitor), "ERR_INVALID_CONSUMER", /a KafkaJS consumer, got null/);
    refused(() => attachConsumer({ on() {} }, monitor), "ERR_INVALID_CONSUMER", /with a method run/);
    refused(() => attachConsumer(consumer, undefined), "ERR_INVALID_MONITOR", /got undefined/);
    refused(() => attachConsumer(consumer, monitor, { stream: "x" }), "ERR_UNKNOWN_OPTION", /"stream".*streamName/);
    refused(() => attachConsumer(consumer, monitor, { streamName: 7 }), "ERR_INVALID_STREAM_NAME", /got 7/);
    refused(() => attachConsumer(consumer, monitor, { admin: {} }), "ERR_INVALID_ADMIN", /fetchTopicOffsets/);
    refused(() => attachConsumer(consumer, monitor, { endOffsetInterval: 0 }), "ERR_INVALID_END_OFFSET_INTERVAL", /got 0/);
    refused(() => attachProducer({}, monitor), "ERR_INVALID_PRODUCER", /with a method send/);
    // Nothing of these took hold.
    attachConsumer(consumer, monitor);
    refused(() => attachConsumer(consumer, monitor), "ERR_INVALID_CONSUMER", /SensorDelegate/);
    const producer = stubProducer();
    attachProducer(producer, monitor);
    refused(() => attachProducer(producer, monitor), "ERR_INVALID_PRODUCER", /detach/);
  });
});
