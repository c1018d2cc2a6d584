// KafkaJS's own consumers and producers on a mock cluster, held against what the handlers counted.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Monitor, SensorDelegate } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/kafkajs";
import { Recorder } from "streamgauge/replay";
import { startCluster } from "../kafka/mock-cluster.mjs";
import { brokenMonitor, connect, Partitioners, produce, quick, sum, until } from "./support.mjs";

const partitions = [0, 1, 2, 3];
let cluster;
let kafka;
before(async () => {
  cluster = await startCluster();
  kafka = connect(cluster.brokers);
});
after(() => cluster?.close());

/** Runs a consumer with a monitor until `isDone`, and gives what both know. */
async function consume({ topic, groupId = topic, monitor = new Monitor(), run, isDone, options, config = {} }) {
  const consumer = kafka.consumer({ groupId, ...quick, ...config });
  const attachment = attachConsumer(consumer, monitor, options);
  const counted = { commits: 0, joins: 0, heartbeats: 0, fetches: 0, committed: {} };
  consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
    counted.commits += 1;
    for (const { partitions } of payload.topics) for (const { partition, offset } of partitions) counted.committed[partition] = Number(offset);
  });
  consumer.on(consumer.events.GROUP_JOIN, () => (counted.joins += 1));
  consumer.on(consumer.events.HEARTBEAT, () => (counted.heartbeats += 1));
  consumer.on(consumer.events.FETCH, () => (counted.fetches += 1));
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run(run);
  await until(`${topic} was consumed`, () => isDone(counted));
  return { consumer, monitor, attachment, counted };
}

const byPartition = (monitor, field) => Object.fromEntries(monitor.snapshot().partitions.map((row) => [row.partition, row[field]]));
const whole = (count) => Object.fromEntries(partitions.map((partition) => [partition, count]));

// Each has a group of its own, and most of the time they wait for its first join.
describe("KafkaJS", { concurrency: true }, () => {
  describe("eachMessage, with commits by KafkaJS", () => {
    const topic = "each-message";
    let monitor;
    let attachment;
    let consumer;
    let counted;
    let received = 0;
    const before_ = {};
    before(async () => {
      await produce(kafka, topic, 2000);
      ({ monitor, attachment, consumer, counted } = await consume({
        topic,
        run: {
          autoCommitThreshold: 100,
          eachMessage: async ({ message }) => {
            received += 1;
            assert.equal(message.timeIn, undefined, "the message is as KafkaJS made it");
          },
        },
        isDone: ({ committed }) => received === 2000 && sum(committed) === 2000,
      }));
      // The partitions are still the worker's own.
      before_.owned = byPartition(monitor, "owned");
      before_.lag = monitor.snapshot().lag;
      await consumer.disconnect();
    });

    it("counts what the handler counted", () => {
      const { messages, events, errors } = monitor.snapshot();
      assert.deepEqual([messages.received, messages.active, events.total, events.active, errors.total], [2000, 0, 2000, 0, 0]);
      assert.deepEqual(monitor.asdict().events_by_stream, { [topic]: 2000 });
      assert.equal(messages.endToEnd.life.count, 2000);
      assert.equal(events.runtime.life.count, 2000);
      assert.deepEqual([attachment.faults, attachment.lastFault], [0, undefined]);
      assert.deepEqual(Object.values(monitor.anomalies).filter((count) => count > 0), []);
    });

    it("knows the offsets, and that there is no lag", () => {
      assert.deepEqual(monitor.asdict().topic_read_offsets[topic], whole(499));
      assert.deepEqual(monitor.asdict().topic_committed_offsets[topic], whole(500));
      assert.deepEqual(monitor.asdict().topic_end_offsets[topic], whole(500));
      assert.deepEqual(counted.committed, whole(500));
      assert.deepEqual([before_.lag.recordsSum, before_.lag.secondsMax], [0, 0]);
      assert.deepEqual(before_.owned, whole(true));
    });

    it("knows commits, polls, heartbeats and the join", () => {
      const { commits, consumer: polled, messages, rebalances, ownership, assignments } = monitor.snapshot();
      assert.ok(counted.commits > 4);
      assert.equal(commits.latency.life.count, counted.commits);
      assert.equal(polled.heartbeats, counted.heartbeats);
      assert.equal(polled.polls, counted.fetches);
      assert.equal(polled.polledRecords, 2000);
      assert.ok(messages.bytesReceived > 2000 * 10, `${messages.bytesReceived} bytes`);
      assert.deepEqual([rebalances.count, rebalances.endLatency.life.count, counted.joins], [1, 1, 1]);
      assert.ok(rebalances.endLatency.life.max > 0);
      assert.equal(assignments.latency.life.count, 1);
      assert.deepEqual([ownership.assigned, ownership.revoked, ownership.lost], [4, 4, 0]);
    });
  });

  describe("eachBatch", () => {
    it("takes a message out when its offset is resolved", async () => {
      const topic = "each-batch";
      await produce(kafka, topic, 1000);
      let received = 0;
      const seen = [];
      const monitor = new Monitor();
      const { consumer, attachment } = await consume({
        topic,
        monitor,
        run: {
          eachBatchAutoResolve: false,
          eachBatch: async ({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, uncommittedOffsets }) => {
            const active = monitor.messagesActive;
            for (const [place, message] of batch.messages.entries()) {
              if (place === 0) seen.push([active, monitor.eventsActive, batch.messages.length]);
              resolveOffset(message.offset);
              received += 1;
            }
            seen.at(-1).push(monitor.messagesActive);
            await commitOffsetsIfNecessary(uncommittedOffsets());
            await heartbeat();
          },
        },
        isDone: ({ committed }) => received === 1000 && sum(committed) === 1000,
      });
      for (const [activeAtStart, events, size, activeAtEnd] of seen) assert.deepEqual([activeAtStart, events, activeAtEnd], [size, 1, 0]);
      const { messages, events } = monitor.snapshot();
      assert.deepEqual([messages.received, messages.active, events.total, events.active], [1000, 0, 1000, 0]);
      assert.equal(monitor.snapshot().lag.recordsSum, 0);
      assert.equal(attachment.faults, 0);
      await consumer.disconnect();
    });

    it("takes out at its end what KafkaJS resolves then", async () => {
      const topic = "whole-batches";
      await produce(kafka, topic, 1000);
      let received = 0;
      const { consumer, monitor } = await consume({
        topic,
        run: {
          eachBatch: async ({ batch }) => {
            received += batch.messages.length;
            batch.messages.length = 0;
          },
        },
        isDone: ({ committed }) => received === 1000 && sum(committed) === 1000,
      });
      const { messages, events } = monitor.snapshot();
      assert.deepEqual([messages.received, messages.active, events.total, events.active], [1000, 0, 1000, 0]);
      assert.equal(messages.time.life.count, 1000);
      await consumer.disconnect();
    });
  });

  describe("handlers that fail", () => {
    it("in eachMessage: timed, counted, and retried", async () => {
      const topic = "failing";
      await produce(kafka, topic, 40);
      const failing = new Map([["k7", 2], ["k20", 1]]);
      const errors = [];
      let received = 0;
      let handled = 0;
      const { consumer, monitor, attachment } = await consume({
        topic,
        run: {
          eachMessage: async ({ message }) => {
            received += 1;
            const left = failing.get(message.key.toString()) ?? 0;
            if (left > 0) {
              failing.set(message.key.toString(), left - 1);
              const error = Object.assign(new Error("no"), { name: "OrderError" });
              errors.push(error);
              throw error;
            }
            handled += 1;
          },
        },
        isDone: ({ committed }) => handled === 40 && sum(committed) === 40,
        config: { retry: { initialRetryTime: 20, retries: 8 } },
      });
      assert.equal(errors.length, 3);
      const { messages, events, errors: told } = monitor.snapshot();
      assert.deepEqual([messages.received, messages.active, events.total, events.active], [received, 0, received, 0]);
      assert.equal(received, 43);
      assert.deepEqual(told.byStage.process, { OrderError: 3 });
      assert.equal(messages.retried, 3);
      assert.equal(attachment.faults, 0);
      await consumer.disconnect();
    });

    it("in eachBatch: the message that failed is an event, those after it are not, and all of them come again", async () => {
      const topic = "failing-batch";
      await produce(kafka, topic, 10, 1);
      let failures = 0;
      let resolved = 0;
      const { consumer, monitor } = await consume({
        topic,
        run: {
          eachBatch: async ({ batch, resolveOffset }) => {
            for (const message of batch.messages) {
              if (message.offset === "4" && failures === 0) {
                failures += 1;
                throw Object.assign(new Error("no"), { name: "OrderError" });
              }
              resolveOffset(message.offset);
              resolved += 1;
            }
          },
        },
        isDone: ({ committed }) => resolved === 10 && sum(committed) === 10,
        config: { retry: { initialRetryTime: 20, retries: 8 } },
      });
      const { messages, events, errors } = monitor.snapshot();
      // 10, and 6 of them again; 4 events, the failed one, 6.
      assert.deepEqual([messages.received, messages.active, events.total, events.active], [16, 0, 11, 0]);
      assert.deepEqual(errors.byStage.process, { OrderError: 1 });
      assert.equal(messages.retried, 6);
      await consumer.disconnect();
    });

    it("for good: the crash is an error, too, with KafkaJS's own behaviour unchanged", async () => {
      const topic = "crashing";
      await produce(kafka, topic, 1, 1);
      const fatal = Object.assign(new Error("fatal"), { name: "FatalError" });
      const monitor = new Monitor();
      const consumer = kafka.consumer({ groupId: topic, ...quick, retry: { initialRetryTime: 10, retries: 1, restartOnFailure: async () => false } });
      attachConsumer(consumer, monitor);
      const crash = new Promise((resolve) => consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload)));
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        eachMessage: async () => {
          throw fatal;
        },
      });
      const { error, restart } = await crash;
      assert.deepEqual([error.name, error.cause === fatal, restart], ["KafkaJSNumberOfRetriesExceeded", true, false]);
      const { messages, errors, ownership } = monitor.snapshot();
      assert.deepEqual(errors.byStage, { process: { FatalError: 2 }, other: { KafkaJSNumberOfRetriesExceeded: 1 } });
      assert.deepEqual([messages.active, messages.retried, ownership.revoked], [0, 1, 4]);
    });
  });

  describe("a group", () => {
    it("rebalances when a second member comes and goes: seen by both", async () => {
      const topic = "shared";
      await produce(kafka, topic, 100);
      let received = 0;
      const first = await consume({
        topic,
        run: { eachMessage: async () => void (received += 1) },
        isDone: ({ committed }) => sum(committed) === 100,
      });
      const ownedBy = (monitor) => monitor.snapshot().partitions.filter(({ owned }) => owned).length;
      const monitor = new Monitor();
      const guest = kafka.consumer({ groupId: topic, ...quick });
      attachConsumer(guest, monitor);
      await guest.connect();
      await guest.subscribe({ topic });
      await guest.run({ eachMessage: async () => {} });
      await until("the partitions are shared", () => ownedBy(monitor) === 2 && ownedBy(first.monitor) === 2);
      await guest.disconnect();
      await until("the first has all of them again", () => ownedBy(first.monitor) === 4);
      assert.deepEqual([ownedBy(monitor), received], [0, 100]);
      const { rebalances, ownership } = first.monitor.snapshot();
      assert.equal(rebalances.count, first.counted.joins);
      assert.ok(rebalances.count >= 3);
      assert.equal(rebalances.endLatency.life.count, rebalances.count);
      assert.deepEqual([ownership.assigned - ownership.revoked, ownership.lost], [4, 0]);
      await first.consumer.disconnect();
    });

    it("is asked through the admin client where it stands and where partitions end", async () => {
      const topic = "idle";
      const admin = kafka.admin();
      await admin.connect();
      await produce(kafka, topic, 8);
      const first = await consume({ topic, run: { eachMessage: async () => {} }, isDone: ({ committed }) => sum(committed) === 8 });
      await first.consumer.disconnect();

      // Another worker of that group, which reads nothing.
      const monitor = new Monitor();
      const consumer = kafka.consumer({ groupId: topic, ...quick });
      const attachment = attachConsumer(consumer, monitor, { admin, endOffsetInterval: 0.05 });
      await consumer.connect();
      await consumer.subscribe({ topic });
      await consumer.run({ eachMessage: async () => {} });
      await until("the offsets of the group are there", () => monitor.snapshot().partitions.every(({ committed, end }) => committed === 2 && end === 2));
      assert.deepEqual(byPartition(monitor, "lag"), whole(0));
      consumer.pause([{ topic }]);
      await produce(kafka, topic, 8);
      await until("the lag of what is paused is seen", () => monitor.snapshot().lag.recordsSum === 8);
      assert.deepEqual(byPartition(monitor, "end"), whole(4));
      assert.equal(attachment.faults, 0);
      await consumer.disconnect();
      await admin.disconnect();
    });
  });

  describe("pauses", () => {
    it("by the consumer and by a handler are told, with a full buffer each", async () => {
      const topic = "paused";
      await produce(kafka, topic, 8);
      const monitor = new Monitor();
      let resumeIt;
      let received = 0;
      const { consumer } = await consume({
        topic,
        monitor,
        run: {
          eachMessage: async ({ partition, message, pause }) => {
            received += 1;
            if (partition === 1 && message.offset === "1") resumeIt = pause();
          },
        },
        isDone: ({ committed }) => sum(committed) === 8,
      });
      const pausedNow = () => monitor.snapshot().partitions.filter(({ paused }) => paused).map(({ partition }) => partition);
      assert.deepEqual(pausedNow(), [1]);
      resumeIt();
      assert.deepEqual(pausedNow(), []);
      consumer.pause([{ topic, partitions: [0] }]);
      assert.deepEqual(pausedNow(), [0]);
      consumer.pause([{ topic }]);
      assert.deepEqual(pausedNow(), partitions);
      consumer.resume([{ topic }]);
      assert.deepEqual(pausedNow(), []);
      assert.deepEqual(monitor.asdict().topic_buffer_full, { [topic]: 5 });
      await consumer.disconnect();
    });
  });

  describe("the producer", () => {
    it("tells of each message with its size, and of errors", async () => {
      const monitor = new Monitor();
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      const attachment = attachProducer(producer, monitor);
      await producer.connect();
      const metadata = await producer.send({ topic: "sent", messages: [{ key: "é", value: Buffer.from("abc") }, { value: null }] });
      assert.equal(metadata[0].topicName, "sent");
      await producer.sendBatch({ topicMessages: [{ topic: "sent", messages: [{ value: "12345" }] }, { topic: "sent too", messages: [{ value: "1" }] }] }).catch(() => {});
      await assert.rejects(producer.send({ topic: "sent", messages: [{ key: "no value" }] }), { name: "KafkaJSNonRetriableError" });
      await assert.rejects(producer.send({ topic: "sent" }), { name: "KafkaJSNonRetriableError" });
      await producer.disconnect();
      const { messages, sends, errors } = monitor.snapshot();
      assert.deepEqual(monitor.asdict().messages_sent_by_topic, { sent: 4, "sent too": 1 });
      assert.equal(sends.latency.life.count + sends.errorLatency.life.count, 5);
      // é is 2 bytes, "no value" 8.
      assert.equal(messages.bytesSent, 2 + 3 + 5 + 1 + 8);
      assert.ok(errors.byStage.send.KafkaJSNonRetriableError >= 1);
      assert.equal(attachment.faults, 0);
    });
  });

  describe("whatever the monitor is", () => {
    it("a broken one leaves the consumer and the producer alone", async () => {
      const topic = "broken";
      const monitor = brokenMonitor();
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      const sends = attachProducer(producer, monitor);
      await producer.connect();
      await producer.send({ topic, messages: partitions.map((partition) => ({ partition, value: "x" })) });
      await producer.disconnect();
      assert.equal(sends.faults, 4);
      let received = 0;
      const told = [];
      const { consumer, attachment } = await consume({
        topic,
        monitor,
        run: { eachMessage: async () => void (received += 1) },
        isDone: ({ committed }) => sum(committed) === 4,
        options: { onFault: (fault) => told.push(fault.message) },
      });
      assert.equal(received, 4);
      assert.ok(attachment.faults >= 8);
      assert.equal(attachment.lastFault.message, "this monitor is broken");
      assert.equal(told.length, attachment.faults);
      await consumer.disconnect();
    });

    it("a delegate and a recorder hear what a monitor hears", async () => {
      const topic = "several";
      await produce(kafka, topic, 20);
      const monitor = new Monitor();
      const lines = [];
      const recorder = new Recorder({ write: (line) => lines.push(line) });
      const { consumer, attachment } = await consume({
        topic,
        monitor: new SensorDelegate([monitor, recorder]),
        run: {
          eachBatch: async ({ batch, resolveOffset }) => {
            resolveOffset(batch.messages[0].offset);
          },
        },
        isDone: ({ committed }) => sum(committed) === 20,
      });
      await consumer.disconnect();
      assert.equal(attachment.lastFault, undefined);
      for (const one of [monitor, recorder]) {
        const { messages, events, commits } = one.snapshot();
        assert.deepEqual([messages.received, messages.active, events.total, events.active, events.runtime.life.count], [20, 0, 20, 0, 20]);
        assert.ok(commits.latency.life.count > 0);
      }
      assert.ok(lines.some((line) => line.includes("on_stream_event_out")));
    });
  });

  describe("detach", () => {
    it("gives the consumer its methods back, and a running handler passes through", async () => {
      const topic = "detached";
      await produce(kafka, topic, 4);
      const monitor = new Monitor();
      const consumer = kafka.consumer({ groupId: topic, ...quick });
      const { run, pause, resume, commitOffsets } = consumer;
      const attachment = attachConsumer(consumer, monitor);
      assert.notEqual(consumer.run, run);
      assert.throws(() => attachConsumer(consumer, new Monitor()), { code: "ERR_INVALID_CONSUMER" });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      let received = 0;
      await consumer.run({ eachMessage: async () => void (received += 1) });
      await until("all were received", () => received === 4);
      assert.throws(() => attachConsumer(kafka.consumer({ groupId: "x" }), {}), { code: "ERR_INVALID_MONITOR" });
      attachment.detach();
      attachment.detach();
      assert.deepEqual([consumer.run, consumer.pause, consumer.resume, consumer.commitOffsets], [run, pause, resume, commitOffsets]);
      assert.throws(() => attachConsumer(consumer, monitor), { code: "ERR_INVALID_CONSUMER", message: /before consumer\.run/ });
      await produce(kafka, topic, 4);
      await until("more were received", () => received === 8);
      assert.equal(monitor.snapshot().messages.received, 4);
      await consumer.disconnect();
      attachConsumer(consumer, monitor).detach();
    });
  });

  it("the example runs", async () => {
    const topic = "example";
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic, messages: Array.from({ length: 50 }, (_, number) => ({ partition: 0, value: JSON.stringify({ number }) })) });
    await producer.disconnect();
    const example = fileURLToPath(new URL("example.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [example, cluster.brokers.join(","), topic], { timeout: 60_000 });
    const { received, lag, p99, errors } = JSON.parse(stdout);
    assert.deepEqual([received, lag, errors], [50, 0, 0]);
    assert.ok(p99 > 0);
  });
});
