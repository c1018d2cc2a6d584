// Where KafkaJS really goes on after a seek, and after a batch that was left half done, on a mock cluster.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { attachConsumer } from "streamgauge/kafkajs";
import { startCluster } from "../kafka/mock-cluster.mjs";
import { connect, produce, quick, until } from "./support.mjs";

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

async function startConsumer(topic, run) {
  await produce(kafka, topic, 200);
  const monitor = new Monitor();
  const consumer = kafka.consumer({ groupId: `${topic}-readers`, ...quick });
  clients.push(consumer);
  const attachment = attachConsumer(consumer, monitor);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run(run(consumer));
  const place = (number) => {
    const { position, lag } = monitor.snapshot().partitions.find((one) => one.topic === topic && one.partition === number) ?? {};
    return [position, lag];
  };
  return { monitor, consumer, attachment, place };
}

const isAt = (place, number, wanted) => () => place(number).join() === wanted.join();

describe("KafkaJS", { concurrency: true }, () => {
  for (const autoCommit of [true, false]) {
    it(`sent back while it is paused lags by what it will read again, with autoCommit: ${autoCommit}`, async () => {
      const topic = `sent-back-${autoCommit}`;
      const { monitor, consumer, attachment, place } = await startConsumer(topic, () => ({ autoCommit, eachMessage: async () => {} }));
      for (let number = 0; number < 4; number += 1) await until("all was read", isAt(place, number, [50, 0]));
      const tps = [{ topic, partitions: [0] }];
      consumer.pause(tps);
      assert.equal(consumer.seek({ topic, partition: 0, offset: "10" }), undefined);
      assert.deepEqual(place(0), [10, 40]);
      await produce(kafka, topic, 4);
      for (let number = 1; number < 4; number += 1) await until("the others went on", isAt(place, number, [51, 0]));
      assert.equal(place(0)[0], 10);
      consumer.resume(tps);
      await until("it was read again", isAt(place, 0, [51, 0]));
      assert.equal(monitor.asdict().messages_received_total, 200 + 4 + 40);
      assert.equal(attachment.faults, 0);
    });
  }

  it("sent on passes over what lies between", async () => {
    const topic = "sent-on";
    const offsets = [];
    const { attachment, place } = await startConsumer(topic, (consumer) => ({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset }) => {
        if (batch.partition === 0) offsets.push(batch.firstOffset());
        if (offsets.length === 1 && batch.partition === 0) consumer.seek({ topic, partition: 0, offset: "50" });
        else resolveOffset(batch.lastOffset());
      },
    }));
    await until("it is at the end", isAt(place, 0, [50, 0]));
    await produce(kafka, topic, 4);
    await until("it read what came there", isAt(place, 0, [51, 0]));
    assert.deepEqual(offsets, ["0", "50"]);
    assert.equal(attachment.faults, 0);
  });

  it("that left a batch half done and paused lags by the other half", async () => {
    const topic = "half-done";
    let resume;
    const offsets = [];
    const { attachment, place } = await startConsumer(topic, () => ({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, pause }) => {
        for (const { offset } of batch.messages) {
          if (batch.partition === 0) {
            offsets.push(Number(offset));
            if (offset === "19" && resume === undefined) {
              resolveOffset("19");
              resume = pause();
              return;
            }
          }
          resolveOffset(offset);
        }
      },
    }));
    await until("half of it was resolved", isAt(place, 0, [20, 30]));
    for (let number = 1; number < 4; number += 1) await until("the others are done", isAt(place, number, [50, 0]));
    assert.deepEqual(place(0), [20, 30]);
    resume();
    await until("the other half was read", isAt(place, 0, [50, 0]));
    assert.deepEqual(offsets, Array.from({ length: 50 }, (_, offset) => offset));
    assert.equal(attachment.faults, 0);
  });
});
