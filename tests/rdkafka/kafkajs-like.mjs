// The KafkaJS-like API of a real @confluentinc/kafka-javascript on librdkafka's mock cluster, attached, and held against what the program itself counts.
//
//     node tests/rdkafka/kafkajs-like.mjs FOLDER    the folder in whose node_modules it is
//
// It is no dependency of this project, for it is compiled where it is installed: `npm install --ignore-scripts`, then in its own folder
// `CKJS_LINKING=dynamic node-gyp rebuild` (6 minutes, with its own librdkafka).
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { Monitor } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/rdkafka";
import { startCluster } from "../kafka/mock-cluster.mjs";
import { until } from "../kafkajs/support.mjs";

const { KafkaJS, librdkafkaVersion } = createRequire(resolve(process.argv[2], "package.json"))("@confluentinc/kafka-javascript");
const records = 2000;
const topics = ["each-message", "each-batch"];
const cluster = await startCluster();
const kafka = new KafkaJS.Kafka({ kafkaJS: { brokers: cluster.brokers, logLevel: KafkaJS.logLevel.NOTHING } });

async function produce(monitor) {
  const producer = kafka.producer({ "linger.ms": 0 });
  const attachment = attachProducer(producer, monitor);
  await producer.connect();
  const messages = Array.from({ length: records }, (_, number) => ({ partition: number % 4, key: `key ${number % 7}`, value: "four" }));
  await producer.send({ topic: topics[0], messages });
  await producer.sendBatch({ topicMessages: [{ topic: topics[1], messages }] });
  await assert.rejects(producer.send({ topic: topics[0], messages: [{ partition: 99, value: "x" }] }));
  await producer.disconnect();
  const { messages: sent, sends } = monitor.snapshot();
  assert.deepEqual(sent.sentByTopic, { [topics[0]]: records + 1, [topics[1]]: records });
  assert.deepEqual([sends.latency.life.count, sends.errors, sent.bytesSent], [2 * records, 1, 2 * records * 9 + 1]);
  assert.equal(attachment.faults, 0);
}

async function consume(topic, handlers) {
  const monitor = new Monitor();
  let attachment;
  const consumer = kafka.consumer({
    kafkaJS: { groupId: `${topic}-group`, fromBeginning: true, autoCommitInterval: 100 },
    "statistics.interval.ms": 100,
    stats_cb: (told) => attachment.statistics(told),
  });
  attachment = attachConsumer(consumer, monitor, { stream: "totals" });
  await consumer.connect();
  await consumer.subscribe({ topic });
  const counted = { received: 0 };
  await consumer.run(handlers(counted));
  const rows = () => monitor.snapshot().partitions.map(({ partition, owned, end, position, committed, lag }) => [partition, owned, end, position, committed, lag]);
  const caughtUp = [0, 1, 2, 3].map((partition) => [partition, true, records / 4, records / 4, records / 4, 0]);
  await until(`${topic} was consumed and committed`, () => counted.received === records && JSON.stringify(rows()) === JSON.stringify(caughtUp)).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(rows())}`);
  });
  const { messages, events, ownership, rebalances, errors } = monitor.snapshot();
  assert.deepEqual([messages.received, messages.active, events.byStream], [records, 0, { totals: records }]);
  assert.deepEqual([messages.endToEnd.life.count, ownership.assigned, rebalances.count], [records, 4, 1]);
  assert.deepEqual(errors.byStage.process, undefined);
  assert.deepEqual(Object.entries(monitor.anomalies).filter(([, count]) => count > 0), []);
  assert.deepEqual([attachment.faults, attachment.lastFault], [0, undefined]);
  await consumer.disconnect();
}

try {
  await produce(new Monitor());
  await consume(topics[0], (counted) => ({ eachMessage: async () => void (counted.received += 1) }));
  await consume(topics[1], (counted) => ({ eachBatch: async ({ batch }) => void (counted.received += batch.messages.length) }));
  console.log(JSON.stringify({ librdkafka: librdkafkaVersion, records: 2 * records }));
} finally {
  await cluster.close();
}
process.exit(0);
