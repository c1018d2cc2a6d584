// KafkaJS on a real broker: two workers of a group in one process, each with its monitor; one leaves midway.
// Transactions are not here: tansu 0.6.0 does not announce EndTxn, and answers InitProducerId below version 3, which is all that KafkaJS has, with
// UNKNOWN_SERVER_ERROR. They are tested on the mock cluster (tests/kafkajs/transactions.test.mjs).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/kafkajs";
import { merge } from "streamgauge/snapshot";
import { connect, Partitioners, quick, until } from "../kafkajs/support.mjs";
import { startTansu } from "./tansu.mjs";

const topic = "orders";
const partitions = 16;
const records = 4000;

let broker;
let kafka;
before(async () => {
  broker = await startTansu();
  await broker.createTopic(topic, partitions);
  kafka = connect(broker.brokers);
});
/** Every worker, so that none outlives a test that failed. */
const workers = [];
after(async () => {
  for (const { consumer } of workers) await consumer.disconnect().catch(() => {});
  await broker?.close();
});

async function produce(count, monitor) {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const attachment = attachProducer(producer, monitor);
  await producer.connect();
  for (let first = 0; first < count; first += 200) {
    await producer.send({ topic, messages: Array.from({ length: 200 }, (_, place) => ({ partition: (first + place) % partitions, value: "four" })) });
  }
  await producer.disconnect();
  return attachment;
}

/** A worker that counts by itself what its monitor counts. */
async function startWorker(name) {
  const monitor = new Monitor({ worker: name });
  const consumer = kafka.consumer({ groupId: "totals", ...quick });
  const attachment = attachConsumer(consumer, monitor);
  const counted = { received: 0, heartbeats: 0, joins: 0, commits: 0 };
  consumer.on(consumer.events.HEARTBEAT, () => (counted.heartbeats += 1));
  consumer.on(consumer.events.GROUP_JOIN, () => (counted.joins += 1));
  consumer.on(consumer.events.COMMIT_OFFSETS, () => (counted.commits += 1));
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ partitionsConsumedConcurrently: 3, eachMessage: async () => void (counted.received += 1) });
  const worker = { monitor, consumer, attachment, counted };
  workers.push(worker);
  return worker;
}

const ownedBy = ({ monitor }) => monitor.snapshot().partitions.filter(({ owned }) => owned).length;

describe("two workers of KafkaJS, of which one leaves", () => {
  it("count as their monitors do, and the merged snapshot is their sum", async () => {
    const producing = new Monitor();
    const first = await startWorker("first");
    const second = await startWorker("second");
    await until("the partitions are shared", () => ownedBy(first) === 8 && ownedBy(second) === 8);
    const sends = await produce(records / 2, producing);
    await until("the first half was read", () => first.counted.received + second.counted.received >= records / 2);
    await second.consumer.disconnect();
    await until("the first has all partitions", () => ownedBy(first) === partitions);
    await produce(records / 2, producing);
    const ends = records / partitions;
    await until("all was read and committed", () => {
      const rows = first.monitor.snapshot().partitions;
      return rows.length === partitions && rows.every(({ committed, position, end }) => committed === ends && position === ends && end === ends);
    });

    // What a fetch brought is told when the next begins.
    await until("the last fetch is told", () => first.monitor.snapshot().consumer.polledRecords >= first.counted.received);

    for (const { monitor, counted, attachment } of [first, second]) {
      const snapshot = monitor.snapshot();
      assert.equal(attachment.lastFault, undefined);
      assert.deepEqual([snapshot.messages.received, snapshot.messages.active], [counted.received, 0]);
      assert.deepEqual([snapshot.events.total, snapshot.events.active], [counted.received, 0]);
      assert.equal(snapshot.messages.endToEnd.life.count, counted.received);
      assert.deepEqual([snapshot.rebalances.count, snapshot.consumer.heartbeats], [counted.joins, counted.heartbeats]);
      assert.equal(snapshot.commits.latency.life.count, counted.commits);
      assert.ok(counted.commits > 0 && snapshot.consumer.polledRecords >= counted.received);
      assert.deepEqual(snapshot.errors.byStage, {});
      assert.deepEqual(Object.values(monitor.anomalies).filter((count) => count > 0), []);
    }
    assert.ok(first.counted.joins >= 3, "the second's coming and going");
    assert.ok(first.counted.received > 0 && second.counted.received > 0);
    const both = merge([first.monitor.snapshot(), second.monitor.snapshot()]);
    assert.equal(both.messages.received, first.counted.received + second.counted.received);
    assert.ok(both.messages.received >= records);
    assert.deepEqual([both.partitions.length, both.lag.recordsSum, both.lag.secondsMax], [partitions, 0, 0]);
    assert.equal(producing.snapshot().sends.latency.life.count, records);
    assert.equal(sends.faults, 0);
    await first.consumer.disconnect();
    assert.deepEqual([ownedBy(first), ownedBy(second)], [0, 0]);
  });
});
