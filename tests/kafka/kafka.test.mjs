// A real consumer and producer: what the monitor says, what the program counted, and what the brokers say.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import kafkajs from "kafkajs";
import { startCluster } from "./mock-cluster.mjs";

const program = fileURLToPath(new URL("consume.mjs", import.meta.url));
const topic = "orders";
const group = "totals";
const records = 10_000;
const partitions = [0, 1, 2, 3];
/** It takes a quarter of a minute; ten times that is a program that hangs. */
const longestRun = 150_000;

/** Runs the program to its end; one that hangs is ended, and that is the failure. */
async function runProgram(brokers) {
  const options = { brokers: brokers.join(","), topic, group, records, "session-timeout": 4000 };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  let hung = false;
  const late = setTimeout(() => {
    hung = true;
    child.kill("SIGKILL");
  }, longestRun);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...how) => resolve(how));
  });
  clearTimeout(late);
  assert.ok(!hung, `consume.mjs was not done after ${longestRun / 1000} s and was ended; it said:\n${errors}`);
  assert.equal(code ?? signal, 0, `consume.mjs ended with ${code ?? signal}; it said:\n${errors}`);
  assert.equal(errors, "", "it has nothing to complain of, and the monitor no anomaly to tell");
  return JSON.parse(output);
}

/** What the brokers say: the end of each partition, and what the group committed. */
async function askBrokers(brokers) {
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    const [{ partitions: committed }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const byPartition = (rows, key) => Object.fromEntries(rows.map((row) => [row.partition, Number(row[key])]));
    return { ends: byPartition(ends, "high"), committed: byPartition(committed, "offset") };
  } finally {
    await admin.disconnect();
  }
}

const isServed = (broker) =>
  new Promise((resolve) => {
    const [host, port] = broker.split(":");
    const socket = connect({ host, port: Number(port) });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

const numbers = (offsets) => Object.fromEntries(Object.entries(offsets).map(([partition, offset]) => [partition, Number(offset)]));
const sum = (values) => Object.values(values).reduce((total, value) => total + value, 0);

describe("10,000 records through KafkaJS and three brokers", { timeout: longestRun + 60_000 }, () => {
  let cluster;
  let figures;
  let eventsRuntime;
  let anomalies;
  let counted;
  let brokers;
  let snapshot;

  before(async () => {
    cluster = await startCluster();
    ({ monitor: figures, snapshot, eventsRuntime, anomalies, program: counted } = await runProgram(cluster.brokers));
    brokers = await askBrokers(cluster.brokers);
  });
  // Also when the above failed.
  after(() => cluster?.close());

  it("were all sent, received, processed and committed", () => {
    assert.equal(cluster.brokers.length, 3);
    assert.equal(counted.acknowledged, records);
    assert.equal(counted.handled, records);
    assert.deepEqual(Object.keys(brokers.ends).map(Number).sort(), partitions);
    assert.equal(sum(brokers.ends), records);
    assert.deepEqual(brokers.committed, brokers.ends);
  });

  it("count in the monitor as the program counted them", () => {
    assert.equal(figures.messages_received_total, counted.received);
    assert.deepEqual(figures.messages_received_by_topic, { [topic]: counted.received });
    assert.equal(figures.events_total, counted.events);
    assert.deepEqual(figures.events_by_stream, { "orders-by-customer": counted.events });
    assert.deepEqual(figures.events_by_task, { sum: counted.events });
    assert.deepEqual(figures.tables, {
      totals: { keys_retrieved: counted.tableReads, keys_updated: counted.tableWrites, keys_deleted: 0 },
    });
    assert.deepEqual([figures.messages_active, figures.events_active], [0, 0]);
    assert.equal(eventsRuntime.length, 100);
    assert.ok(eventsRuntime.every((seconds) => seconds > 0));
    assert.ok(figures.events_runtime_avg > 0);
  });

  it("leave the offsets that the program saw and the brokers have", () => {
    const ofTopic = (offsets) => ({ [topic]: offsets });
    assert.deepEqual(figures.topic_read_offsets, ofTopic(numbers(counted.readOffsets)));
    assert.deepEqual(figures.topic_committed_offsets, ofTopic(numbers(counted.committedOffsets)));
    assert.deepEqual(figures.topic_end_offsets, ofTopic(numbers(counted.endOffsets)));
    assert.deepEqual(figures.topic_committed_offsets, ofTopic(brokers.committed));
    assert.deepEqual(figures.topic_end_offsets, ofTopic(brokers.ends));
    for (const partition of partitions) {
      assert.equal(figures.topic_read_offsets[topic][partition], brokers.ends[partition] - 1);
    }
  });

  it("have a latency for every send and every commit", () => {
    assert.equal(figures.messages_sent, counted.sends);
    assert.deepEqual(figures.messages_sent_by_topic, { [topic]: counted.sends });
    assert.equal(figures.send_errors, counted.refused);
    assert.equal(counted.refused, 1);
    assert.equal(figures.send_latency.length, counted.acknowledged);
    assert.equal(figures.commit_latency.length, counted.commits);
    assert.ok(figures.send_latency.every((seconds) => seconds > 0));
    assert.ok(figures.commit_latency.every((seconds) => seconds > 0));
  });

  it("survive the rebalances when a second member comes and goes", () => {
    // The first join, the second member's and its leaving; a slow machine may see more.
    assert.ok(counted.rebalances >= 3);
    assert.equal(figures.rebalances, counted.rebalances);
    assert.equal(figures.rebalance_return_latency.length, counted.rebalances);
    assert.equal(figures.rebalance_end_latency.length, counted.rebalances);
    assert.ok(figures.rebalance_end_latency.every((seconds) => seconds > 0));
    assert.equal(figures.assignments_completed, counted.assignments);
    assert.equal(figures.assignment_latency.length, Math.min(counted.assignments, 30));
    assert.equal(figures.assignments_failed, 0);
  });

  it("leave no lag, in records or seconds, and every partition with its owner", () => {
    const owned = snapshot.partitions.map(({ topic, partition, owned, end, position, committed, lag, committedLag, lagSeconds, lagMethod, status }) => {
      return { topic, partition, owned, end, position, committed, lag, committedLag, lagSeconds, lagMethod, status };
    });
    const none = { lag: 0, committedLag: 0, lagSeconds: 0, lagMethod: "none", status: "ok" };
    const expected = partitions.map((partition) => {
      const end = brokers.ends[partition];
      return { topic, partition, owned: true, end, position: end, committed: end, ...none };
    });
    assert.deepEqual(owned, expected);
    assert.deepEqual([snapshot.lag.recordsSum, snapshot.lag.secondsMax, snapshot.health.status], [0, 0, "ok"]);
    assert.deepEqual([snapshot.ownership.assigned, snapshot.ownership.revoked], [counted.given, counted.taken]);
    assert.equal(counted.given - counted.taken, partitions.length);
    assert.ok(counted.taken > 0, "the second member took some");
  });

  it("are in the histograms, each once", () => {
    const counts = {
      messages: snapshot.messages.time.life.count,
      // KafkaJS gives every record's timestamp.
      endToEnd: snapshot.messages.endToEnd.life.count,
      events: snapshot.events.runtime.life.count,
      stream: snapshot.events.runtimeByStream["orders-by-customer"].count,
      sends: snapshot.sends.latency.life.count,
      refused: snapshot.sends.errorLatency.life.count,
      commits: snapshot.commits.latency.life.count,
      rebalances: snapshot.rebalances.endLatency.life.count,
    };
    const { received, events, acknowledged, refused, commits, rebalances } = counted;
    const expected = { messages: received, endToEnd: received, events, stream: events, sends: acknowledged, refused, commits, rebalances };
    assert.deepEqual(counts, expected);
    assert.equal(snapshot.errors.byStage.send && Object.values(snapshot.errors.byStage.send).reduce((a, b) => a + b), refused);
    assert.equal(Object.values(snapshot.errors.byStage.process ?? {}).reduce((a, b) => a + b, 0), counted.failed);
    assert.deepEqual([snapshot.consumer.heartbeats, snapshot.consumer.polls, snapshot.consumer.polledRecords >= records], [counted.heartbeats, counted.polls, true]);
    assert.deepEqual([snapshot.messages.oldestSeconds, snapshot.messages.stuck], [null, 0]);
    assert.ok(snapshot.consumer.busyShare > 0 && snapshot.consumer.busyShare < 1);
    // Records that waited for the consumer are older than those that it handled at once.
    const { p50, p99 } = snapshot.messages.endToEnd.life;
    assert.ok(p50 > 0 && p99 >= p50 && p99 < longestRun / 1000);
  });

  it("raise no anomaly", () => {
    assert.deepEqual(Object.values(anomalies).filter((count) => count > 0), []);
  });

  it("leave no broker behind", async () => {
    await cluster.close();
    assert.deepEqual(await Promise.all(cluster.brokers.map(isServed)), [false, false, false]);
    cluster = undefined;
  });
});
