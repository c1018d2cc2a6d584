// One worker of a group: it consumes, sends what it is told to send, and serves its figures. Its parent speaks to it over IPC.
//
//     parent -> worker  { send: { from, to } }, { report: true }, { leave: true }
//     worker -> parent  { ready: url }, { handled: [topic, partition, offset] }, { sent: count }, { report }, { left: true }
//
// It counts by itself, beside the monitor; a report has both, as they are at one moment.
import { parseArgs } from "node:util";
import kafkajs from "kafkajs";
import { Monitor } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/kafkajs";
import { serve } from "streamgauge/server";
import { isPoison, recordOf, topics } from "./traffic.mjs";

const { Kafka, logLevel, Partitioners } = kafkajs;
const { values: options } = parseArgs({ options: { name: { type: "string" }, brokers: { type: "string" }, group: { type: "string" } } });

const monitor = new Monitor({ worker: options.name }).start();
const kafka = new Kafka({ clientId: options.name, brokers: options.brokers.split(","), logLevel: logLevel.NOTHING, retry: { retries: 20 } });
// A killed member is missed after the session timeout.
const consumer = kafka.consumer({ groupId: options.group, sessionTimeout: 4000, heartbeatInterval: 300, maxWaitTimeInMs: 100, maxBytesPerPartition: 20_000 });
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
const admin = kafka.admin();

const counted = { received: 0, receivedByTopic: {}, failed: 0, sent: 0, sentByTopic: {}, joins: 0 };
const failedOnce = new Set();

async function eachMessage({ topic, partition, message }) {
  counted.received += 1;
  counted.receivedByTopic[topic] = (counted.receivedByTopic[topic] ?? 0) + 1;
  const key = message.key.toString();
  if (isPoison(key) && !failedOnce.has(key)) {
    failedOnce.add(key);
    counted.failed += 1;
    // KafkaJS takes a TypeError or RangeError for a fault of the program, and does not try again.
    throw new Error("the amount is out of range");
  }
  // Some of the work waits for something, as real work does.
  if (Number(message.offset) % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
  // Told before it can be committed: what a killed worker did is known to its last record.
  process.send({ handled: [topic, partition, Number(message.offset)] });
}

async function send({ from, to }) {
  const perRequest = 100;
  for (let first = from; first < to; first += perRequest) {
    const numbers = Array.from({ length: Math.min(perRequest, to - first) }, (_, place) => first + place);
    const topicMessages = topics.map((topic) => ({ topic, messages: [] }));
    for (const number of numbers) topicMessages[number % topics.length].messages.push(recordOf(number));
    for (const { topic, messages } of topicMessages) {
      counted.sent += messages.length;
      counted.sentByTopic[topic] = (counted.sentByTopic[topic] ?? 0) + messages.length;
    }
    await producer.sendBatch({ topicMessages });
  }
  process.send({ sent: to - from });
}

function report() {
  // Base64, for the snapshot is bytes.
  const snapshot = Buffer.from(monitor.snapshotBytes()).toString("base64");
  return { name: options.name, snapshot, counted, faults: attachments.map(({ faults, lastFault }) => [faults, String(lastFault)]) };
}

await Promise.all([producer.connect(), admin.connect(), consumer.connect()]);
const attachments = [attachConsumer(consumer, monitor, { admin, endOffsetInterval: 0.5, streamName: "totals" }), attachProducer(producer, monitor)];
consumer.on(consumer.events.GROUP_JOIN, () => (counted.joins += 1));
/** The mock cluster refuses a SyncGroup that comes while others join; KafkaJS gives up on that, so this starts it again. */
const isRefusedJoin = (error) => (error.cause ?? error).type === "INVALID_REQUEST";
consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
  if (restart) return;
  if (isRefusedJoin(error)) setTimeout(consume, 200);
  else fail(error);
});

function fail(error) {
  console.error(error);
  process.exit(1);
}

async function consume() {
  try {
    await consumer.connect();
    await consumer.run({ eachMessage, partitionsConsumedConcurrently: 2 });
  } catch (error) {
    fail(error);
  }
}

await consumer.subscribe({ topics, fromBeginning: true });
await consume();
const server = await serve(monitor, { intervalSeconds: 0.1, page: false });

process.on("message", async (order) => {
  if (order.send) await send(order.send);
  if (order.report) process.send({ report: report() });
  if (order.leave) {
    await Promise.all([consumer.disconnect(), producer.disconnect(), admin.disconnect()]);
    await server.close();
    monitor.stop();
    process.send({ left: true }, () => process.disconnect());
  }
});
// Whatever becomes of the parent, this ends.
process.on("disconnect", () => process.exit());

// What a killed worker has told last is what is known of it.
setInterval(() => process.connected && process.send({ report: report() }), 100).unref();
process.send({ ready: server.url });
