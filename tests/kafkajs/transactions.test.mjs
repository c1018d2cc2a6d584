// KafkaJS's own transactions on a mock cluster, which writes their markers. It hands out aborted records as well, and forgets the offsets of a
// transaction, so what is committed there is known from what was asked.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/kafkajs";
import { startCluster } from "../kafka/mock-cluster.mjs";
import { connect, Partitioners, produce, quick, until } from "./support.mjs";

let cluster;
let kafka;
before(async () => {
  cluster = await startCluster();
  kafka = connect(cluster.brokers);
});
/** Every client, so that none outlives a test that failed. */
const clients = [];
after(async () => {
  for (const client of clients) await client.disconnect().catch(() => {});
  await cluster?.close();
});

async function startProducer(monitor, transactionalId) {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, transactionalId, maxInFlightRequests: 1 });
  clients.push(producer);
  const attachment = attachProducer(producer, monitor);
  await producer.connect();
  return { producer, attachment };
}

async function startConsumer(monitor, topic, run) {
  const consumer = kafka.consumer({ groupId: `${topic}-readers`, ...quick });
  clients.push(consumer);
  const attachment = attachConsumer(consumer, monitor);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run(run);
  return { consumer, attachment };
}

const rows = (monitor, topic) =>
  monitor
    .snapshot()
    .partitions.filter((row) => row.topic === topic && row.end !== null)
    .map(({ partition, position, committed, end, lag, committedLag, lagSeconds }) => ({ partition, position, committed, end, lag, committedLag, lagSeconds }));

const noAnomalies = (monitor) => assert.deepEqual(Object.values(monitor.anomalies).filter((count) => count > 0), []);

describe("transactions of KafkaJS", { concurrency: true }, () => {
  it("are counted with what they sent, committed or aborted, and their markers are no lag", async () => {
    const topic = "in-transactions";
    const producing = new Monitor();
    const { producer, attachment } = await startProducer(producing, "writer");
    for (const end of ["commit", "abort", "commit"]) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, value: "one" }, { partition: 0, value: "two" }] });
      await transaction.sendBatch({ topicMessages: [{ topic, messages: [{ partition: 1, value: "three" }] }] });
      await transaction[end]();
    }
    const sent = producing.snapshot();
    assert.deepEqual(producing.asdict().messages_sent_by_topic, { [topic]: 9 });
    assert.deepEqual(sent.metrics, { "transactions.committed": 2, "transactions.aborted": 1 });
    assert.deepEqual([sent.sends.latency.life.count, sent.messages.bytesSent, sent.errors.byStage], [9, 33, {}]);
    assert.equal(attachment.faults, 0);

    const monitor = new Monitor();
    let received = 0;
    const reading = await startConsumer(monitor, topic, { autoCommitThreshold: 1, eachMessage: async () => void (received += 1) });
    // Of each transaction partition 0 has two records and a marker, partition 1 one and a marker.
    // With a threshold KafkaJS commits a marker that comes by itself as well.
    const caughtUp = [
      { partition: 0, position: 9, committed: 9, end: 9, lag: 0, committedLag: 0, lagSeconds: 0 },
      { partition: 1, position: 6, committed: 6, end: 6, lag: 0, committedLag: 0, lagSeconds: 0 },
    ];
    await until("the last markers are committed", () => rows(monitor, topic).map(({ committed }) => committed).join() === "9,6");
    assert.deepEqual(rows(monitor, topic), caughtUp);
    // The last records read lie before the markers.
    assert.deepEqual(monitor.asdict().topic_read_offsets, { [topic]: { 0: 7, 1: 4 } });
    assert.deepEqual([received, monitor.snapshot().messages.received, monitor.snapshot().lag.recordsSum], [9, 9, 0]);
    assert.equal(reading.attachment.faults, 0);
    noAnomalies(monitor);
    noAnomalies(producing);
  });

  for (const [handler, run] of Object.entries({
    eachMessage: { eachMessage: async () => {} },
    eachBatch: { eachBatch: async () => {} },
    "eachBatch, resolved by hand": {
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch: { messages }, resolveOffset }) => messages.forEach(({ offset }) => resolveOffset(offset)),
    },
  })) {
    it(`leave no lag behind where nothing is ever committed, in ${handler}`, async () => {
      const topic = `uncommitted-${handler.replace(/\W+/g, "-")}`;
      const { producer } = await startProducer(new Monitor(), `writer-${topic}`);
      for (let times = 0; times < 2; times += 1) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ partition: 0, value: "one" }, { partition: 0, value: "two" }, { partition: 1, value: "three" }] });
        await transaction.commit();
      }
      const monitor = new Monitor();
      const { attachment } = await startConsumer(monitor, topic, { autoCommit: false, ...run });
      const row = { committed: null, lag: 0, committedLag: null, lagSeconds: 0 };
      await until("both partitions are read to their ends", () => rows(monitor, topic).map(({ lag }) => lag).join() === "0,0");
      assert.deepEqual(rows(monitor, topic), [
        { partition: 0, position: 6, end: 6, ...row },
        { partition: 1, position: 4, end: 4, ...row },
      ]);
      const { topic_read_offsets: read, topic_committed_offsets: committed, messages_received_total: received } = monitor.asdict();
      assert.deepEqual([read, committed, received], [{ [topic]: { 0: 4, 1: 2 } }, {}, 6]);
      assert.equal(attachment.faults, 0);
      noAnomalies(monitor);
    });
  }

  it("commit the offsets that were sent in them", async () => {
    const [topic, groupId] = ["to-transform", "to-transform-readers"];
    await produce(kafka, topic, 200);
    const monitor = new Monitor();
    const { producer, attachment } = await startProducer(monitor, "transformer");
    let transactions = 0;
    let received = 0;
    const reading = await startConsumer(monitor, topic, {
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        const transaction = await producer.transaction();
        await transaction.send({ topic: "transformed", messages: messages.map(({ value }) => ({ value })) });
        const offset = String(Number(messages.at(-1).offset) + 1);
        await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic, partitions: [{ partition, offset }] }] });
        await transaction.commit();
        transactions += 1;
        received += messages.length;
      },
    });
    await until("all was transformed", () => received === 200);
    await until("the last batch is out", () => monitor.snapshot().messages.active === 0);
    assert.deepEqual(rows(monitor, topic), [0, 1, 2, 3].map((partition) => ({ partition, position: 50, committed: 50, end: 50, lag: 0, committedLag: 0, lagSeconds: 0 })));
    const snapshot = monitor.snapshot();
    assert.deepEqual([snapshot.messages.received, snapshot.commits.latency.life.count], [200, transactions]);
    assert.deepEqual(snapshot.metrics, { "transactions.committed": transactions });
    assert.equal(monitor.asdict().messages_sent_by_topic.transformed, 200);
    assert.deepEqual([attachment.faults, reading.attachment.faults, snapshot.errors.byStage], [0, 0, {}]);
    noAnomalies(monitor);
  });
});
