// @platformatic/kafka on a real broker: two workers of a group in one process, each with its monitor; one leaves midway.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import "../platformatic/older-node.mjs";
import { Consumer, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";
import { Monitor } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/platformatic";
import { merge } from "streamgauge/snapshot";
import { until } from "../kafkajs/support.mjs";
import { startTansu } from "./tansu.mjs";

const topic = "orders";
const partitions = 16;
const records = 4000;

let broker;
before(async () => {
  broker = await startTansu();
  await broker.createTopic(topic, partitions);
});
/** Every worker, so that none outlives a test that failed. */
const workers = [];
after(async () => {
  for (const { consumer } of workers) await consumer.close(true).catch(() => {});
  await broker?.close();
});

/** Sends `count` records, and counts what was acknowledged. */
async function produce(count, monitor) {
  const producer = new Producer({ clientId: "producer", bootstrapBrokers: broker.brokers, serializers: stringSerializers });
  const attachment = attachProducer(producer, monitor);
  for (let first = 0; first < count; first += 200) {
    const messages = Array.from({ length: 200 }, (_, place) => ({ topic, partition: (first + place) % partitions, key: `k${first + place}`, value: "four" }));
    await producer.send({ messages, acks: -1 });
  }
  await assert.rejects(producer.send({ messages: [{ topic: "no such topic", value: "x" }], acks: -1, autocreateTopics: false }));
  await producer.close();
  return attachment;
}

/** A worker that counts by itself what its monitor counts. */
async function startWorker(name) {
  const monitor = new Monitor({ worker: name });
  const consumer = new Consumer({
    clientId: name,
    groupId: "totals",
    bootstrapBrokers: broker.brokers,
    deserializers: stringDeserializers,
    sessionTimeout: 6000,
    rebalanceTimeout: 6000,
    heartbeatInterval: 200,
    maxWaitTime: 100,
  });
  const attachment = attachConsumer(consumer, monitor, { streamName: "totals" });
  const counted = { received: 0, read: {}, heartbeats: 0, joins: 0, commits: 0 };
  consumer.on("consumer:heartbeat:end", () => (counted.heartbeats += 1));
  consumer.on("consumer:group:join", () => (counted.joins += 1));
  const stream = await consumer.consume({ topics: [topic], mode: "committed", fallbackMode: "earliest", autocommit: 100 });
  stream.on("autocommit", (error, offsets) => (counted.commits += error || offsets === undefined ? 0 : 1));
  const done = (async () => {
    for await (const message of stream) {
      counted.received += 1;
      counted.read[message.partition] = Number(message.offset);
      assert.deepEqual([monitor.messagesActive, monitor.eventsActive], [1, 1]);
    }
  })();
  const leave = async () => {
    await stream.close();
    await done;
    await consumer.close(true);
  };
  const worker = { monitor, consumer, attachment, counted, stream, leave };
  workers.push(worker);
  return worker;
}

describe("two workers of @platformatic/kafka, of which one leaves", () => {
  it("count as their monitors do, and the merged snapshot is their sum", async () => {
    const producing = new Monitor();
    const first = await startWorker("first");
    const second = await startWorker("second");
    const owned = ({ monitor }) => monitor.snapshot().partitions.filter(({ owned }) => owned).length;
    await until("the partitions are shared", () => owned(first) === 8 && owned(second) === 8);
    const sends = await produce(records / 2, producing);
    await until("the first half was read", () => first.counted.received + second.counted.received >= records / 2);
    await second.leave();
    await until("the first has all partitions", () => owned(first) === partitions);
    const more = new Monitor();
    await produce(records / 2, more);
    const ends = records / partitions;
    await until("all was read and committed", () => {
      const rows = first.monitor.snapshot().partitions;
      return rows.length === partitions && rows.every(({ committed, position, end }) => committed === ends && position === ends && end === ends);
    });

    for (const { monitor, counted, attachment } of [first, second]) {
      const snapshot = monitor.snapshot();
      assert.equal(attachment.lastFault, undefined);
      assert.deepEqual([snapshot.messages.received, snapshot.messages.active], [counted.received, 0]);
      assert.deepEqual([snapshot.events.total, snapshot.events.active], [counted.received, 0]);
      assert.equal(snapshot.messages.endToEnd.life.count, counted.received);
      assert.deepEqual([snapshot.rebalances.count, snapshot.consumer.heartbeats], [counted.joins, counted.heartbeats]);
      assert.ok(counted.joins >= 1 && snapshot.rebalances.endLatency.life.max > 0);
      assert.equal(snapshot.commits.latency.life.count, counted.commits);
      assert.ok(counted.commits > 0 && snapshot.consumer.polls > 0);
      assert.deepEqual(snapshot.errors.byStage, {});
      assert.deepEqual(Object.values(monitor.anomalies).filter((count) => count > 0), []);
    }
    assert.ok(first.counted.joins >= 3, "the second's coming and going");
    assert.ok(first.counted.received > 0 && second.counted.received > 0);
    assert.equal(owned(second), 0);
    assert.equal(first.monitor.snapshot().ownership.owned, partitions);
    assert.deepEqual(first.monitor.asdict().topic_read_offsets[topic], first.counted.read);

    const both = merge([first.monitor.snapshot(), second.monitor.snapshot()]);
    assert.equal(both.messages.received, first.counted.received + second.counted.received);
    assert.ok(both.messages.received >= records);
    assert.equal(both.partitions.length, partitions);
    assert.deepEqual([both.lag.recordsSum, both.lag.secondsMax], [0, 0]);
    assert.ok(both.partitions.every(({ worker }) => worker === "first"));

    for (const monitor of [producing, more]) {
      const { messages, sends } = monitor.snapshot();
      assert.equal(monitor.asdict().messages_sent_by_topic[topic], records / 2);
      assert.equal(sends.latency.life.count, records / 2);
      assert.deepEqual([sends.errors, sends.errorLatency.life.count], [1, 1]);
      // Keys k0 to k1999, values of four letters; the refused one's "x".
      assert.equal(messages.bytesSent, 10 * 2 + 90 * 3 + 900 * 4 + 1000 * 5 + 2000 * 4 + 1);
    }
    assert.equal(sends.faults, 0);
    await first.leave();
    assert.equal(owned(first), 0);
  });

  it("time what is worked on at once by `processed`, and what a handler throws comes out of it", async () => {
    const worker = await startWorker("third");
    await worker.stream.close();
    const stream = worker.attachment.watch(await worker.consumer.consume({ topics: [topic], mode: "earliest", autocommit: false, maxFetches: 4 }));
    const before = worker.monitor.snapshot().messages.received;
    let most = 0;
    let count = 0;
    const handle = worker.attachment.processed(async (message) => {
      count += 1;
      most = Math.max(most, worker.monitor.eventsActive);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (count === 7) throw Object.assign(new Error("no"), { name: "OrderError" });
      return message.value;
    });
    const failures = [];
    await stream.forEach((message) => handle(message).catch((error) => failures.push(error.name)), { concurrency: 5 });
    const { messages, events, errors } = worker.monitor.snapshot();
    assert.ok(count > 7);
    assert.equal(messages.received - before, count);
    assert.deepEqual([messages.active, events.active], [0, 0]);
    assert.ok(most > 1 && most <= 6, `${most} at once`);
    assert.deepEqual([failures, errors.byStage.process], [["OrderError"], { OrderError: 1 }]);
    await worker.consumer.close(true);
  });
});
