/**
 * A stream processor on KafkaJS that calls the monitor's hooks by hand: where each belongs that it
 * has a use for, and which event of KafkaJS stands for which hook.
 *
 *     node consume.mjs --brokers localhost:9092 --topic orders --records 10000
 *
 * It produces orders, consumes them in a group, sums their amounts by customer, and commits. Half
 * way a second member joins the group and leaves again. At the end it prints, as JSON, the
 * monitor's `asdict()` beside what the program counted by itself: a check that they are the same.
 */

import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import kafkajs from "kafkajs";
import { Monitor } from "streamgauge";

const { Kafka, logLevel, PartitionAssigners, Partitioners } = kafkajs;

const { values: options } = parseArgs({
  options: {
    brokers: { type: "string", default: "localhost:9092" },
    topic: { type: "string", default: "orders" },
    group: { type: "string", default: "totals" },
    records: { type: "string", default: "10000" },
    "session-timeout": { type: "string", default: "30000" },
  },
});
const { topic, group: groupId } = options;
const records = Number(options.records);

const kafka = new Kafka({ clientId: "totals", brokers: options.brokers.split(","), logLevel: logLevel.NOTHING });

// The histories hold every latency here, so that they can be counted; the default is the last 30.
const monitor = new Monitor({ maxSendLatencyHistory: records, maxCommitLatencyHistory: records, logger: console });

/** What this program counts without the monitor. By partition: `{ 0: ..., 1: ... }`. */
const counted = {
  sends: 0,
  acknowledged: 0,
  refused: 0,
  received: 0,
  failed: 0,
  events: 0,
  commits: 0,
  rebalances: 0,
  assignments: 0,
  given: 0,
  taken: 0,
  heartbeats: 0,
  polls: 0,
  tableReads: 0,
  tableWrites: 0,
  readOffsets: {},
  committedOffsets: {},
  endOffsets: {},
};
/** The keys of the orders that were handled: a record may come twice around a rebalance. */
const handled = new Set();

// Producing.

/** One request of many records: each is a send of its own to the monitor. */
async function send(producer, messages) {
  const started = messages.map((message) =>
    monitor.onSendInitiated(producer, topic, message, Buffer.byteLength(message.key), Buffer.byteLength(message.value ?? "")),
  );
  counted.sends += messages.length;
  try {
    const metadata = await producer.send({ topic, messages });
    for (const state of started) monitor.onSendCompleted(producer, state, metadata);
    counted.acknowledged += messages.length;
  } catch (error) {
    for (const state of started) monitor.onSendError(producer, error, state);
    counted.refused += messages.length;
  }
}

const order = (number) => ({
  key: `order-${number}`,
  value: JSON.stringify({ customer: `customer-${number % 100}`, amount: 1 + (number % 7) }),
});

async function produce(producer, from, to) {
  for (let first = from; first < to; first += 100) {
    const count = Math.min(100, to - first);
    await send(producer, Array.from({ length: count }, (_, place) => order(first + place)));
  }
}

// Processing.

const totals = new Map();

async function handle({ customer, amount }) {
  monitor.onTableGet("totals", customer);
  counted.tableReads += 1;
  const total = totals.get(customer) ?? 0;
  monitor.onTableSet("totals", customer, total + amount);
  counted.tableWrites += 1;
  totals.set(customer, total + amount);
}

/** A handle spares the hooks of every message a look-up. */
const stream = monitor.stream("orders-by-customer", "sum");

async function processMessage(tp, message) {
  monitor.onMessageIn(tp, message.offset, message);
  const state = monitor.onStreamEventIn(tp, message.offset, stream, message);
  counted.received += 1;
  counted.events += 1;
  counted.readOffsets[tp.partition] = message.offset;
  try {
    await handle(JSON.parse(message.value.toString()));
    handled.add(message.key.toString());
  } catch (error) {
    // KafkaJS runs the batch again.
    monitor.onError("process", error, tp);
    counted.failed += 1;
    throw error;
  } finally {
    // A handler that throws has ended, too: without this its message would stay in flight for ever.
    monitor.onStreamEventOut(tp, message.offset, stream, message, state);
    monitor.onMessageOut(tp, message.offset, message);
  }
}

// Consuming.

async function commit(consumer, tp, lastRead) {
  // Kafka wants the offset of the next record.
  const offset = String(BigInt(lastRead) + 1n);
  const state = monitor.onCommitInitiated(consumer);
  await consumer.commitOffsets([{ topic, partition: tp.partition, offset }]);
  monitor.onCommitCompleted(consumer, state);
  monitor.onTpCommit([[tp, offset]]);
  counted.commits += 1;
  counted.committedOffsets[tp.partition] = offset;
}

async function consumeBatch(consumer, { batch, resolveOffset, heartbeat, isRunning, isStale }) {
  const tp = monitor.topicPartition(topic, batch.partition);
  monitor.onPoll(batch.messages.length);
  counted.polls += 1;
  monitor.trackTpEndOffset(tp, batch.highWatermark);
  counted.endOffsets[tp.partition] = batch.highWatermark;
  let lastRead;
  for (const message of batch.messages) {
    // After a rebalance the rest of the batch may be another member's.
    if (!isRunning() || isStale()) break;
    await processMessage(tp, message);
    resolveOffset(message.offset);
    lastRead = message.offset;
  }
  if (lastRead !== undefined) await commit(consumer, tp, lastRead);
  await heartbeat();
}

/**
 * KafkaJS says REBALANCING when the group rebalances and GROUP_JOIN when this member is back. The
 * first join, and one after the broker forgot the member, come without REBALANCING.
 */
function watchRebalances(consumer) {
  let state;
  const rebalancing = () => {
    if (state !== undefined) return;
    state = monitor.onRebalanceStart();
    counted.rebalances += 1;
  };
  let owned = [];
  const joined = ({ payload: { memberAssignment } }) => {
    rebalancing();
    // Which partitions this member has now; KafkaJS does not say what changed.
    const now = Object.entries(memberAssignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));
    const without = (some, others) => some.filter((tp) => !others.some((other) => other.topic === tp.topic && other.partition === tp.partition));
    const [given, taken] = [without(now, owned), without(owned, now)];
    owned = now;
    monitor.onPartitionsRevoked(taken);
    monitor.onPartitionsAssigned(given);
    counted.given += given.length;
    counted.taken += taken.length;
    monitor.onRebalanceReturn(consumer, state);
    // Nothing is recovered after a join: it is also the end.
    monitor.onRebalanceEnd(consumer, state);
    state = undefined;
  };
  // What is thrown in a listener takes the consumer down; these hooks throw nothing for good tokens.
  consumer.on(consumer.events.HEARTBEAT, () => {
    monitor.onHeartbeat();
    counted.heartbeats += 1;
  });
  consumer.on(consumer.events.REBALANCING, rebalancing);
  consumer.on(consumer.events.GROUP_JOIN, joined);
}

/** The leader of a group shares out the partitions: KafkaJS's own assigner, with hooks around it. */
function watchedAssigner(config) {
  const assigner = PartitionAssigners.roundRobin(config);
  return {
    ...assigner,
    async assign(members) {
      const state = monitor.onAssignmentStart(assigner);
      try {
        const assignment = await assigner.assign(members);
        monitor.onAssignmentCompleted(assigner, state);
        counted.assignments += 1;
        return assignment;
      } catch (error) {
        monitor.onAssignmentError(assigner, state, error);
        throw error;
      }
    },
  };
}

const timing = { sessionTimeout: Number(options["session-timeout"]), heartbeatInterval: 200, maxWaitTimeInMs: 100 };

async function startConsumer() {
  const consumer = kafka.consumer({ groupId, partitionAssigners: [watchedAssigner], ...timing });
  watchRebalances(consumer);
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (restart) return;
    console.error(error);
    process.exit(1);
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    // Committed by hand in `commit`. With autoCommit, call onTpCommit on the event COMMIT_OFFSETS.
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 3,
    eachBatch: (payload) => consumeBatch(consumer, payload),
  });
  await joined;
  return consumer;
}

// The program.

async function allHandled(count) {
  while (handled.size < count) await pause(20);
}

/** A second member takes some of the partitions and gives them back: two rebalances. */
async function visit(consumer) {
  const back = () => new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  const guest = kafka.consumer({ groupId, partitionAssigners: [watchedAssigner], ...timing });
  await guest.connect();
  await guest.subscribe({ topic });
  const shared = back();
  await guest.run({ autoCommit: false, eachMessage: async () => {} });
  await shared;
  const alone = back();
  await guest.disconnect();
  await alone;
}

const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();
monitor.start();

// Half of the records are there before the consumer is: it starts with a lag.
const half = Math.floor(records / 2);
await produce(producer, 0, half);
const consumer = await startConsumer();
await allHandled(half);
await visit(consumer);
await Promise.all([produce(producer, half, records), allHandled(records)]);

// KafkaJS refuses a record without a value.
await send(producer, [{ key: "no value" }]);

await consumer.disconnect();
await producer.disconnect();
monitor.stop();
monitor.sample();
counted.handled = handled.size;
const { eventsRuntime, anomalies } = monitor;
console.log(JSON.stringify({ monitor: monitor.asdict(), snapshot: monitor.snapshot(), eventsRuntime, anomalies, program: counted }));
