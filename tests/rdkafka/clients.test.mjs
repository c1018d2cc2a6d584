// The wrappers, on clients with node-rdkafka's methods and events (read in its 3.6.1) and with those of the KafkaJS-like API
// (@confluentinc/kafka-javascript 1.10.1). The real ones are in client.mjs and kafkajs-like.mjs; they have to be compiled first.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/rdkafka";
import { assertClean, gate, settled } from "../streams/support.mjs";

const [recorded] = readFileSync(new URL("statistics/consumption.jsonl", import.meta.url), "utf8").trimEnd().split("\n").slice(-1);
const libError = (code) => Object.assign(new Error("of librdkafka"), { code });
const message = (offset, partition = 0) => ({ topic: "orders", partition, offset, size: 10, value: Buffer.alloc(10), key: null, timestamp: 1_700_000_000_000 });

class Consumer extends EventEmitter {
  /** What the broker has. */
  stock = [];
  consume(count, callback) {
    if (typeof count === "number") {
      const messages = this.stock.splice(0, count);
      for (const one of messages) this.emit("data", one);
      callback(null, messages);
    } else this.flow = (one) => this.emit("data", one) && count?.(null, one);
  }
  commit() {}
  commitSync() {}
  pause() {}
  resume() {}
}

function attached(make = new Consumer(), attach = attachConsumer) {
  let now = 100;
  const monitor = new Monitor({ time: () => now });
  const attachment = attach(make, monitor);
  return { client: make, monitor, attachment, advance: (seconds) => (now += seconds) };
}

describe("a node-rdkafka consumer", () => {
  it("lets a batch go when its callback has returned, or its promise has settled", async () => {
    const { client, monitor, attachment, advance } = attached();
    client.stock = [0, 1, 2, 3].map((offset) => message(offset));
    client.consume(2, (_, messages) => {
      assert.deepEqual([messages.length, monitor.messagesActive], [2, 2]);
      advance(0.5);
    });
    assert.deepEqual([monitor.messagesActive, [...monitor.eventsRuntime]], [0, [0.5, 0.5]]);
    const work = gate();
    client.consume(2, () => work.promise);
    advance(2);
    assert.equal(monitor.messagesActive, 2);
    work.open();
    await settled();
    assert.deepEqual([monitor.messagesActive, [...monitor.eventsRuntime]], [0, [0.5, 0.5, 2, 2]]);
    const { consumer, messages } = monitor.snapshot();
    assert.deepEqual([consumer.polls, consumer.polledRecords, messages.bytesReceived, messages.received], [2, 4, 40, 4]);
    assertClean(monitor, attachment);
  });

  it("lets a flowing message go when its listeners have returned, and tells what they throw", () => {
    const { client, monitor, attachment, advance } = attached();
    client.consume();
    client.on("data", ({ offset }) => {
      assert.equal(monitor.messagesActive, 1);
      advance(0.25);
      if (offset === 1) throw new RangeError("second");
    });
    client.flow(message(0));
    assert.throws(() => client.flow(message(1)), /second/);
    assert.deepEqual([monitor.messagesActive, [...monitor.eventsRuntime]], [0, [0.25, 0.25]]);
    assert.deepEqual(monitor.snapshot().errors.byStage, { process: { RangeError: 1 } });
    assertClean(monitor, attachment);
  });

  it("tells of rebalances with their time, and leaves them out of statistics then", () => {
    const { client, monitor, attachment, advance } = attached();
    const tps = [0, 1, 2, 3].map((partition) => ({ topic: "orders", partition }));
    client.emit("rebalance", libError(-175), tps);
    client.emit("event.stats", { message: recorded });
    client.emit("rebalance", libError(-174), tps);
    assert.equal(monitor.snapshot().rebalances.inProgress, 1);
    advance(1.5);
    client.emit("rebalance", libError(-175), tps.slice(0, 2));
    client.emit("rebalance", libError(-174), tps.slice(0, 2));
    advance(0.5);
    client.emit("unsubscribed", []);
    const { rebalances, ownership } = monitor.snapshot();
    assert.deepEqual([rebalances.count, rebalances.inProgress, monitor.asdict().rebalance_end_latency], [3, 0, [0, 1.5, 0.5]]);
    assert.deepEqual([ownership.assigned, ownership.revoked, ownership.owned], [6, 6, 0]);
    assert.equal(attachment.lastStatistics.rebalances.count, 1);
    assertClean(monitor, attachment);
  });

  it("times commits, and tells each offset once", () => {
    const { client, monitor, attachment, advance } = attached();
    client.emit("event.stats", { message: recorded });
    client.commit();
    advance(0.75);
    client.emit("offset.commit", null, [{ topic: "orders", partition: 1, offset: 51 }, { topic: "orders", partition: 2, offset: -1001 }]);
    client.commitSync(null);
    client.emit("offset.commit", libError(-168), []);
    const committed = monitor.asdict().topic_committed_offsets;
    assert.deepEqual(committed, { orders: { 0: 50, 1: 51, 2: 50, 3: 50 } });
    // Statistics know no better now.
    client.emit("event.stats", { message: recorded });
    assert.deepEqual(monitor.asdict().topic_committed_offsets, committed);
    assert.deepEqual([monitor.asdict().commit_latency, monitor.snapshot().errors.byStage], [[0.75, 0], { commit: { "librdkafka -168": 1 } }]);
    assertClean(monitor, attachment);
  });

  it("counts no message twice that statistics tell of as well", () => {
    const { client, monitor } = attached();
    client.stock = [message(0)];
    client.consume(1, () => {});
    client.emit("event.stats", { message: recorded });
    assert.equal(monitor.snapshot().consumer.polledRecords, 1);
  });

  it("tells of pauses and errors, and is as it was once detached", () => {
    const { client, monitor, attachment } = attached();
    client.pause([{ topic: "orders", partition: 1 }]);
    client.emit("event.error", libError(-195));
    client.emit("event.stats", { message: "no JSON" });
    assert.deepEqual([monitor.snapshot().consumer.pausedPartitions, monitor.snapshot().errors.byStage], [1, { fetch: { "librdkafka -195": 1 } }]);
    client.resume([{ topic: "orders", partition: 1 }]);
    assert.equal(monitor.snapshot().consumer.pausedPartitions, 0);
    assert.deepEqual([attachment.faults, attachment.lastFault.name], [1, "SyntaxError"]);
    attachment.detach();
    assert.deepEqual([client.eventNames(), Object.keys(client).filter((name) => typeof client[name] === "function")], [[], []]);
    client.stock = [message(0)];
    client.consume(1, () => {});
    assert.equal(monitor.snapshot().messages.received, 0);
  });
});

class Producer extends EventEmitter {
  queue = [];
  produce(topic, partition, value, key, timestamp, opaque) {
    if (value === null) throw libError(-184);
    this.queue.push({ topic, partition, offset: this.queue.length, key, timestamp, size: value.length, opaque });
  }
  deliver(error = null) {
    this.emit("delivery-report", error, this.queue.shift());
  }
}

describe("a node-rdkafka producer", () => {
  it("times each send by its own report, and gives the host its own opaque", () => {
    const { client, monitor, attachment, advance } = attached(new Producer(), attachProducer);
    const opaques = [];
    client.on("delivery-report", (_, { opaque }) => opaques.push(opaque));
    client.produce("orders", 0, Buffer.from("abc"), "key", 1, "first");
    advance(1);
    client.produce("orders", 0, Buffer.from("de"));
    advance(0.5);
    client.deliver();
    client.deliver(libError(-192));
    assert.deepEqual(opaques, ["first", undefined]);
    const { messages, sends, errors } = monitor.snapshot();
    assert.deepEqual([messages.sentByTopic, messages.bytesSent, monitor.asdict().send_latency, sends.errors], [{ orders: 2 }, 8, [1.5], 1]);
    assert.deepEqual(errors.byStage, { send: { "librdkafka -192": 1 } });
    assertClean(monitor, attachment);
  });

  it("tells of a full queue, and throws what the client threw", () => {
    const { client, monitor } = attached(new Producer(), attachProducer);
    assert.throws(() => client.produce("orders", 0, null), { code: -184 });
    assert.deepEqual([monitor.sendErrors, monitor.asdict().topic_buffer_full], [1, { orders: 1 }]);
  });

  it("takes its opaque out again, also of what is reported after it was detached", () => {
    const { client, attachment, monitor } = attached(new Producer(), attachProducer);
    const opaques = [];
    client.on("delivery-report", (_, { opaque }) => opaques.push(opaque));
    client.produce("orders", 0, Buffer.from("abc"), null, null, "late");
    attachment.detach();
    assert.equal(Object.hasOwn(client, "produce"), false);
    client.deliver();
    assert.deepEqual([opaques, Object.hasOwn(client, "emit"), monitor.asdict().send_latency], [["late"], false, [0]]);
  });

  it("takes a function for an opaque, and puts none in where no report brings it back", () => {
    const { client } = attached(new Producer(), attachProducer);
    const opaque = () => {};
    const opaques = [];
    client.on("delivery-report", (_, report) => opaques.push(report.opaque));
    client.produce("orders", 0, Buffer.from("abc"), null, null, opaque);
    client.deliver();
    assert.deepEqual(opaques, [opaque]);
    const silent = attached(Object.assign(new Producer(), { _cb_configs: { event: {} } }), attachProducer);
    silent.client.produce("orders", 0, Buffer.from("abc"));
    assert.deepEqual([silent.client.queue[0].opaque, silent.monitor.messagesSent], [undefined, 1]);
    silent.attachment.detach();
    assert.equal(Object.hasOwn(silent.client, "emit"), false);
  });

  it("times a HighLevelProducer by its callback", () => {
    class HighLevel extends Producer {
      _hl = {};
      produce(topic, partition, value, key, timestamp, callback) {
        this.finish = callback;
      }
    }
    const { client, monitor, advance } = attached(new HighLevel(), attachProducer);
    let given;
    client.produce("orders", null, Buffer.from("a"), null, 1, (error, offset) => (given = [error, offset]));
    advance(2);
    client.finish(null, 7);
    assert.deepEqual([given, monitor.asdict().send_latency], [[null, 7], [2]]);
  });
});

describe("the KafkaJS-like API", () => {
  it("is measured by eachMessage and eachBatch, with the batch's end offset", async () => {
    const consumer = { run: async (config) => void (consumer.config = config), pause() {}, resume() {} };
    const { monitor, attachment, advance } = attached(consumer);
    const work = gate();
    await consumer.run({ partitionsConsumedConcurrently: 2, eachMessage: () => work.promise, eachBatch: async () => "done" });
    assert.equal(consumer.config.partitionsConsumedConcurrently, 2);
    const handled = consumer.config.eachMessage({ topic: "orders", partition: 3, message: { offset: "41", value: Buffer.from("abc"), key: null, timestamp: "1700000000000" } });
    assert.equal(monitor.messagesActive, 1);
    advance(4);
    const error = new TypeError("handler");
    work.fail(error);
    await assert.rejects(handled, (thrown) => thrown === error);
    assert.equal(await consumer.config.eachBatch({ batch: { topic: "orders", partition: 1, highWatermark: "12", messages: [{ offset: "10" }, { offset: "11" }] } }), "done");
    await settled();
    const { messages, errors, partitions } = monitor.snapshot();
    assert.deepEqual([messages.received, messages.active, messages.bytesReceived, errors.byStage], [3, 0, 3, { process: { TypeError: 1 } }]);
    assert.deepEqual(partitions.map(({ partition, position, end, lag }) => [partition, position, end, lag]), [[1, 12, 12, 0], [3, 42, null, null]]);
    consumer.pause([{ topic: "orders", partitions: [1, 3] }]);
    assert.equal(monitor.snapshot().consumer.pausedPartitions, 2);
    // What its stats_cb is given.
    attachment.statistics({ message: recorded });
    assert.equal(attachment.lastStatistics.rebalances.count, 1);
    assertClean(monitor, attachment);
  });

  it("is measured by send and sendBatch", async () => {
    const answer = gate();
    const producer = { send: () => answer.promise, sendBatch: () => Promise.reject(new RangeError("no")) };
    const { monitor, attachment, advance } = attached(producer, attachProducer);
    const sent = producer.send({ topic: "orders", messages: [{ value: "ä" }, { key: "k", value: Buffer.from("abc") }] });
    advance(0.5);
    answer.open("metadata");
    assert.equal(await sent, "metadata");
    await assert.rejects(producer.sendBatch({ topicMessages: [{ topic: "a", messages: [{ value: "1" }] }, { topic: "b", messages: [{ value: "2" }] }] }), /no/);
    await settled();
    const { messages, sends, errors } = monitor.snapshot();
    assert.deepEqual([messages.sentByTopic, messages.bytesSent, sends.errors], [{ orders: 2, a: 1, b: 1 }, 8, 2]);
    assert.deepEqual([monitor.asdict().send_latency, errors.byStage], [[0.5, 0.5], { send: { RangeError: 2 } }]);
    assertClean(monitor, attachment);
  });

  it("counts once what sendBatch sends by send, and leaves a failure that nobody looks at unhandled", async () => {
    const no = new RangeError("no");
    const producer = {
      send: ({ topic }) => (topic === "refused" ? Promise.reject(no) : Promise.resolve([topic])),
      async sendBatch({ topicMessages }) {
        return (await Promise.all(topicMessages.map((one) => this.send(one)))).flat();
      },
    };
    const { monitor } = attached(producer, attachProducer);
    assert.deepEqual(await producer.sendBatch({ topicMessages: [{ topic: "a", messages: [{ value: "1" }] }, { topic: "b", messages: [{ value: "2" }] }] }), ["a", "b"]);
    assert.deepEqual(monitor.snapshot().messages.sentByTopic, { a: 1, b: 1 });
    // node:test makes a failure of what nobody handles, so its listeners stand aside.
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
    try {
      void producer.send({ topic: "refused", messages: [{ value: "1" }] });
      await settled();
      assert.equal(await Promise.race([unhandled, settled()]), no);
    } finally {
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
  });

  it("runs a handler's thenable once, and says nothing of a batch once detached", async () => {
    const consumer = { run: async (config) => void (consumer.config = config) };
    const { monitor, attachment } = attached(consumer);
    let runs = 0;
    const query = { then: (done) => done((runs += 1)) };
    await consumer.run({ eachMessage: () => query, eachBatch: () => {} });
    await consumer.config.eachMessage({ topic: "orders", partition: 3, message: { offset: "41", value: null, key: null, timestamp: "1" } });
    assert.deepEqual([runs, monitor.messagesActive], [1, 0]);
    attachment.detach();
    consumer.config.eachBatch({ batch: { topic: "orders", partition: 3, highWatermark: "50", messages: [] } });
    assert.deepEqual(monitor.snapshot().partitions.map(({ end }) => end), [null]);
  });

  it("and all else is refused", () => {
    const monitor = new Monitor();
    assert.throws(() => attachConsumer({}, monitor), { code: "ERR_INVALID_CONSUMER" });
    assert.throws(() => attachProducer(null, monitor), { code: "ERR_INVALID_PRODUCER" });
    assert.throws(() => attachConsumer(new Consumer(), monitor, { streams: "a" }), { code: "ERR_UNKNOWN_OPTION" });
  });
});
