// A real client with node-rdkafka's API on librdkafka's mock cluster, attached, and held against what the program itself counts.
//
//     node tests/rdkafka/client.mjs FOLDER [PACKAGE]    the folder in whose node_modules it is; node-rdkafka, or
//                                                       @confluentinc/kafka-javascript for the older API there
//
// Neither is a dependency of this project, for they are compiled where they are installed: node-rdkafka with Debian's librdkafka-dev by
// `BUILD_LIBRDKAFKA=0 npm install node-rdkafka` (a minute), the other as kafkajs-like.mjs says.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { Monitor } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/rdkafka";
import { startCluster } from "../kafka/mock-cluster.mjs";

const rdkafka = createRequire(resolve(process.argv[2], "package.json"))(process.argv[3] ?? "node-rdkafka");
const records = 2000;
const topic = "orders";
const cluster = await startCluster();
const common = { "metadata.broker.list": cluster.brokers.join(","), "statistics.interval.ms": 100 };
const monitor = new Monitor();

async function produce() {
  const producer = new rdkafka.Producer({ ...common, dr_cb: true });
  const attachment = attachProducer(producer, monitor);
  producer.connect();
  await once(producer, "ready");
  producer.setPollInterval(20);
  const reported = [];
  const all = new Promise((done) => {
    producer.on("delivery-report", (error, { opaque }) => {
      assert.equal(error, null);
      if (reported.push(opaque) === records) done();
    });
  });
  for (let number = 0; number < records; number += 1) producer.produce(topic, number % 4, Buffer.from(`value ${number}`), `key ${number % 7}`, Date.now(), { number });
  await all;
  // The host's own opaques, not ours.
  assert.deepEqual(reported.map(({ number }) => number).sort((a, b) => a - b), Array.from({ length: records }, (_, number) => number));
  assert.throws(() => producer.produce(topic, 99, "no buffer"), /Message must be a buffer/);
  attachment.detach();
  assert.deepEqual([attachment.faults, Object.hasOwn(producer, "emit"), Object.hasOwn(producer, "produce")], [0, false, false]);
  producer.disconnect();
  await once(producer, "disconnected");
}

async function consume() {
  const consumer = new rdkafka.KafkaConsumer(
    { ...common, "group.id": "totals", "enable.auto.commit": false, rebalance_cb: true, offset_commit_cb: true },
    { "auto.offset.reset": "earliest" },
  );
  const attachment = attachConsumer(consumer, monitor, { stream: "totals" });
  consumer.connect();
  await once(consumer, "ready");
  consumer.subscribe([topic]);
  let taken = 0;
  let active = 0;
  const commits = [];
  consumer.on("offset.commit", (error, offsets) => commits.push([error, offsets]));
  while (taken < records) {
    await new Promise((done, failed) => {
      consumer.consume(50, (error, messages) => {
        if (error) return failed(error);
        taken += messages.length;
        active = Math.max(active, monitor.messagesActive);
        assert.equal(monitor.messagesActive, messages.length);
        done();
      });
    });
  }
  assert.ok(active > 1);
  consumer.commit();
  // Events, and statistics, come by calls to consume.
  while (commits.length === 0) await new Promise((done) => consumer.consume(1, done));
  const before = attachment.lastStatistics;
  while (attachment.lastStatistics === before || attachment.lastStatistics.storedLag !== 0) await new Promise((done) => consumer.consume(1, done));
  const during = monitor.snapshot();
  attachment.detach();
  assert.deepEqual([attachment.faults, attachment.lastFault], [0, undefined]);
  consumer.disconnect();
  await once(consumer, "disconnected");
  return during;
}

try {
  await produce();
  const { messages, sends, consumer, partitions, ownership, rebalances, commits, events, errors } = await consume();
  assert.deepEqual([messages.sent, messages.sentByTopic, sends.errors, sends.latency.life.count], [records + 1, { [topic]: records + 1 }, 1, records]);
  assert.deepEqual([messages.received, messages.active, events.byStream], [records, 0, { totals: records }]);
  assert.deepEqual([consumer.polledRecords, messages.endToEnd.life.count], [records, records]);
  assert.deepEqual(partitions.map(({ partition, owned, end, position, committed, lag }) => [partition, owned, end, position, committed, lag]),
    [0, 1, 2, 3].map((partition) => [partition, true, records / 4, records / 4, records / 4, 0]));
  assert.deepEqual([ownership.assigned, rebalances.count, rebalances.inProgress, commits.completed], [4, 1, 0, 1]);
  assert.deepEqual(errors.byStage.process, undefined);
  assert.deepEqual(Object.entries(monitor.anomalies).filter(([, count]) => count > 0), []);
  console.log(JSON.stringify({ librdkafka: rdkafka.librdkafkaVersion, records, errors: errors.byStage }));
} finally {
  await cluster.close();
}
process.exit(0);
