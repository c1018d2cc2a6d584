// Positions that no message tells: of markers, of batches and messages that come again, of seeks.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { attachConsumer } from "streamgauge/kafkajs";
import { stubConsumer } from "./stub.mjs";

const message = (offset) => ({ offset: String(offset), timestamp: "0", key: null, value: null });

/** A consumer that has orders/0, whose end is 50. */
async function attached(config) {
  const monitor = new Monitor();
  const consumer = stubConsumer();
  const attachment = attachConsumer(consumer, monitor);
  await consumer.run(config);
  consumer.tell("GROUP_JOIN", { groupId: "g", memberId: "a", memberAssignment: { orders: [0] }, duration: 0 });
  monitor.trackTpEndOffset({ topic: "orders", partition: 0 }, 50);
  const place = () => {
    const { position, lag } = monitor.snapshot().partitions.find(({ topic, partition }) => topic === "orders" && partition === 0);
    return [position, lag];
  };
  const handle = (name, payload) => consumer.handlers()[name]({ topic: "orders", partition: 0, pause: () => () => {}, ...payload });
  const starts = (batchSize, lastOffset) =>
    consumer.tell("START_BATCH_PROCESS", { topic: "orders", partition: 0, highWatermark: "50", batchSize, firstOffset: "0", lastOffset: String(lastOffset) });
  const commits = (offset) => consumer.tell("COMMIT_OFFSETS", { topics: [{ topic: "orders", partitions: [{ partition: "0", offset: String(offset) }] }] });
  return { monitor, consumer, attachment, place, handle, starts, commits };
}

/** A batch of the messages 10 to 14, behind which stand the markers 15 and 16. */
function batchOf(more = {}) {
  const resolved = [];
  return {
    resolved,
    batch: { topic: "orders", partition: 0, messages: [10, 11, 12, 13, 14].map(message), lastOffset: () => "16" },
    resolveOffset: (offset) => resolved.push(offset),
    commitOffsetsIfNecessary: async () => {},
    isStale: () => false,
    ...more,
  };
}

describe("a batch without anything for a handler", () => {
  it("is passed at once", async () => {
    const { monitor, attachment, place, starts } = await attached({ eachMessage: async () => {} });
    starts(0, 49);
    assert.deepEqual(place(), [50, 0]);
    assert.deepEqual([monitor.snapshot().messages.received, monitor.asdict().topic_read_offsets], [0, {}]);
    // What its records say of one with messages is told by these.
    starts(3, 20);
    assert.deepEqual(place(), [50, 0]);
    assert.equal(attachment.faults, 0);
  });

  it("does not count where it was fetched before a seek beyond it", async () => {
    const { consumer, place, starts } = await attached({ eachMessage: async () => {} });
    consumer.seek({ topic: "orders", partition: 0, offset: "50" });
    starts(0, 30);
    assert.deepEqual(place(), [50, 0]);
    consumer.seek({ topic: "orders", partition: 0, offset: "20" });
    starts(0, 20);
    assert.deepEqual(place(), [21, 29]);
    starts(0, 19);
    assert.deepEqual(place(), [20, 30], "the seek is over");
  });
});

describe("eachMessage", () => {
  it("a message that fails is the next one", async () => {
    const { monitor, attachment, place, handle } = await attached({
      eachMessage: async ({ message: { offset } }) => {
        if (offset === "8") throw new Error("not today");
      },
    });
    await handle("eachMessage", { message: message(7) });
    assert.deepEqual(place(), [8, 42]);
    await assert.rejects(handle("eachMessage", { message: message(8) }), /not today/);
    assert.deepEqual(place(), [8, 42]);
    assert.deepEqual(monitor.asdict().topic_read_offsets, { orders: { 0: 8 } });
    await handle("eachMessage", { message: message(9) });
    assert.deepEqual(place(), [10, 40]);
    assert.equal(attachment.faults, 0);
  });

  it("a handler that seeks decides, whether it then fails or not", async () => {
    const { consumer, attachment, place, handle, commits } = await attached({
      eachMessage: async ({ message: { offset } }) => {
        consumer.seek({ topic: "orders", partition: 0, offset: "3" });
        if (offset === "8") throw new Error("not today");
      },
    });
    await handle("eachMessage", { message: message(7) });
    assert.deepEqual(place(), [3, 47]);
    await assert.rejects(handle("eachMessage", { message: message(8) }));
    assert.deepEqual(place(), [3, 47]);
    // KafkaJS commits what it resolved, and goes where it was sent all the same.
    commits(8);
    assert.deepEqual(place(), [3, 47]);
    assert.equal(attachment.faults, 0);
  });

  it("a seek is over with the first message after it", async () => {
    const { consumer, place, handle } = await attached({
      eachMessage: async ({ message: { offset } }) => {
        if (offset === "4") throw new Error("not today");
      },
    });
    consumer.seek({ topic: "orders", partition: 0, offset: "3" });
    await handle("eachMessage", { message: message(3) });
    await assert.rejects(handle("eachMessage", { message: message(4) }));
    assert.deepEqual(place(), [4, 46]);
  });
});

describe("eachBatch", () => {
  /** The position after a handler was given the batch, and whether it failed. */
  async function after(eachBatch, { eachBatchAutoResolve = true, ...more } = {}) {
    const { consumer, attachment, place, handle } = await attached({ eachBatch: (payload) => eachBatch(payload, consumer), eachBatchAutoResolve });
    const failed = await handle("eachBatch", batchOf(more)).then(() => false, () => true);
    assert.equal(attachment.faults, 0);
    return [...place(), failed];
  }
  const byHand = { eachBatchAutoResolve: false };
  const fails = () => {
    throw new Error("not today");
  };

  it("done to its end leaves the markers behind it, too", async () => {
    assert.deepEqual(await after(async () => {}), [17, 33, false]);
    assert.deepEqual(await after(async ({ resolveOffset }) => resolveOffset("11")), [17, 33, false]);
    assert.deepEqual(await after(async ({ resolveOffset }) => resolveOffset("14"), byHand), [17, 33, false]);
    assert.deepEqual(await after(async ({ resolveOffset }) => fails(resolveOffset("14"))), [17, 33, true]);
  });

  it("goes on with what was not resolved", async () => {
    assert.deepEqual(await after(async ({ resolveOffset }) => resolveOffset("11"), byHand), [12, 38, false]);
    assert.deepEqual(await after(async ({ resolveOffset }) => fails(resolveOffset("12"))), [13, 37, true]);
    assert.deepEqual(await after(async () => {}, byHand), [10, 40, false]);
    assert.deepEqual(await after(fails), [10, 40, true]);
    // KafkaJS goes by the last that it was told.
    const back = async ({ resolveOffset }) => ["14", "12"].forEach(resolveOffset);
    assert.deepEqual(await after(back, byHand), [13, 37, false]);
  });

  it("gives way to a seek, of its handler's or of before", async () => {
    const seeks = async (_, consumer) => void consumer.seek({ topic: "orders", partition: 0, offset: "2" });
    assert.deepEqual(await after(seeks), [2, 48, false]);
    assert.deepEqual(await after(async (payload, consumer) => fails(seeks(payload, consumer))), [2, 48, true]);
    const { consumer, place, handle } = await attached({ eachBatch: async () => {} });
    consumer.seek({ topic: "orders", partition: 0, offset: "2" });
    for (const lastOffset of ["16", "14"]) {
      const { batch, ...more } = batchOf({ isStale: () => true });
      await handle("eachBatch", { batch: { ...batch, lastOffset: () => lastOffset }, ...more });
      assert.deepEqual(place(), [2, 48]);
    }
    await handle("eachBatch", batchOf());
    assert.deepEqual(place(), [17, 33]);
  });
});

describe("seek", () => {
  it("gives what the consumer's gives, and throws what that throws", async () => {
    const { consumer, attachment, place } = await attached({ eachMessage: async () => {} });
    const wrapped = consumer.seek;
    const to = { topic: "orders", partition: 0, offset: "5" };
    assert.equal(consumer.seek(to), "5");
    assert.equal(consumer.sentTo, to);
    assert.deepEqual(place(), [5, 45]);
    assert.throws(() => consumer.seek(undefined), TypeError);
    assert.deepEqual([place(), attachment.faults], [[5, 45], 0]);
    attachment.detach();
    assert.notEqual(consumer.seek, wrapped);
    assert.equal(wrapped.call(consumer, { ...to, offset: "6" }), "6");
    assert.deepEqual(place(), [5, 45]);
  });

  it("to an offset that is not known yet, or of a partition of others, tells nothing", async () => {
    const { monitor, consumer, attachment, place } = await attached({ eachMessage: async () => {} });
    consumer.seek({ topic: "orders", partition: 0, offset: 5n });
    for (const offset of ["-1", "-2"]) consumer.seek({ topic: "orders", partition: 0, offset });
    consumer.seek({ topic: "orders", partition: 1, offset: "7" });
    // KafkaJS does not find its partition either.
    consumer.seek({ topic: "orders", partition: "0", offset: "7" });
    assert.deepEqual(place(), [5, 45]);
    assert.equal(monitor.snapshot().partitions.length, 1);
    assert.equal(attachment.faults, 0);
  });

  it("is forgotten with the partition", async () => {
    const { consumer, place, commits } = await attached({ eachMessage: async () => {} });
    const join = (orders) => consumer.tell("GROUP_JOIN", { groupId: "g", memberId: "a", memberAssignment: { orders }, duration: 0 });
    consumer.seek({ topic: "orders", partition: 0, offset: "5" });
    join([]);
    join([0]);
    commits(30);
    assert.equal(place()[0], 30);
  });
});
