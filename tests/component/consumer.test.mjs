// The example in Python: a confluent-kafka consumer on librdkafka's mock cluster, its monitor's figures against what the
// program counted by itself.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import kafkajs from "kafkajs";
import { startCluster } from "../kafka/mock-cluster.mjs";
import { runPython } from "./python.mjs";

const records = 2_000;
const topic = "orders";
const example = fileURLToPath(new URL("../../crates/streamgauge-component/examples/consumer.py", import.meta.url));
const component = fileURLToPath(new URL("../../target/component/streamgauge-host-clock.wasm", import.meta.url));
const sum = (offsets) => Object.values(offsets).reduce((total, offset) => total + offset, 0);

async function produce(brokers) {
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const order = (number) => ({ key: `order-${number}`, value: JSON.stringify({ customer: `customer-${number % 10}`, amount: 1 + (number % 7) }) });
  await producer.send({ topic, messages: Array.from({ length: records }, (_, number) => order(number)) });
  await producer.disconnect();
}

describe("2,000 records through confluent-kafka", { timeout: 660_000 }, () => {
  let cluster;
  let told;

  before(async () => {
    cluster = await startCluster();
    await produce(cluster.brokers);
    const options = ["--component", component, "--brokers", cluster.brokers.join(","), "--topic", topic, "--records", `${records}`];
    told = JSON.parse(await runPython(example, ...options));
  });
  after(() => cluster?.close());

  it("were all read and committed, by the program's own account", () => {
    const { counted, totals } = told;
    assert.equal(counted.records, records);
    assert.deepEqual(Object.keys(counted.ends), ["0", "1", "2", "3"]);
    assert.equal(sum(counted.ends), records);
    assert.deepEqual([counted.next, counted.committed], [counted.ends, counted.ends]);
    // Orders 0 to 1,999: 285 times 1 to 7, and then 1 to 5.
    assert.equal(sum(totals), 285 * 28 + 15);
  });

  it("count in the monitor as in the program", () => {
    const { asdict, counted } = told;
    assert.deepEqual(asdict.messages_received_by_topic, { [topic]: records });
    assert.deepEqual([asdict.messages_received_total, asdict.events_total], [records, records]);
    assert.deepEqual(asdict.events_by_stream, { "totals-by-customer": records });
    assert.deepEqual([asdict.messages_active, asdict.events_active], [0, 0]);
    assert.deepEqual(asdict.tables, { totals: { keys_retrieved: 0, keys_updated: records, keys_deleted: 0 } });
    assert.equal(asdict.commit_latency.length, Math.min(counted.commits, 30));
    assert.ok(asdict.commit_latency.every((seconds) => seconds > 0));
    assert.ok(asdict.events_runtime_avg > 0);
    assert.deepEqual(asdict.topic_committed_offsets, { [topic]: counted.committed });
    assert.deepEqual(asdict.topic_end_offsets, { [topic]: counted.ends });
    const lastRead = Object.entries(counted.next).map(([partition, next]) => [partition, next - 1]);
    assert.deepEqual(asdict.topic_read_offsets, { [topic]: Object.fromEntries(lastRead) });
  });

  it("leave no lag, and every partition with its owner", () => {
    const { snapshot, counted } = told;
    const owned = snapshot.partitions.map(({ topic, partition, owned, position, lag, committedLag }) => [topic, partition, owned, position, lag, committedLag]);
    assert.deepEqual(owned, [0, 1, 2, 3].map((partition) => [topic, partition, true, counted.ends[partition], 0, 0]));
    assert.equal(snapshot.ownership.assigned - snapshot.ownership.revoked, 4);
    assert.equal(snapshot.ownership.assigned, counted.given);
    assert.deepEqual([snapshot.consumer.polls, snapshot.consumer.polledRecords], [counted.polls, records]);
    assert.equal(snapshot.commits.latency.life.count, counted.commits);
    // Every record has its timestamp: it was written before it was read, within this test.
    const { count, max } = snapshot.messages.endToEnd.life;
    assert.equal(count, records);
    assert.ok(max > 0 && max < 660, `${max} s`);
  });

  it("raise no anomaly, and nothing was refused", () => {
    assert.deepEqual(Object.values(told.anomalies).filter((count) => count > 0), []);
    assert.equal(told.refusals, 0);
  });
});
