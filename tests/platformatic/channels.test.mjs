// The client's real classes and its real diagnostics channels, without a broker: what they publish is published by the test.
import "./older-node.mjs";
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, describe, it } from "node:test";
import { tracingChannel } from "node:diagnostics_channel";
import { Consumer, Producer } from "@platformatic/kafka";
import { Monitor, SensorDelegate } from "streamgauge";
import { attachConsumer, attachProducer } from "streamgauge/platformatic";
import { brokenMonitor } from "../kafkajs/support.mjs";
import { clock } from "../kafkajs/stub.mjs";

const open = [];
after(() => Promise.all(open.map((client) => client.close())));
const opened = (client) => {
  open.push(client);
  return client;
};
// Nothing listens there, and nothing is sent.
const bootstrapBrokers = ["127.0.0.1:1"];
const newConsumer = () => opened(new Consumer({ clientId: "c", groupId: "g", bootstrapBrokers, retries: 0 }));
const newProducer = () => opened(new Producer({ clientId: "p", bootstrapBrokers, retries: 0 }));

/** An operation as the client traces it: a callback that is called later. */
function traced(channel, context, { error = null, result, meanwhile = () => {} } = {}) {
  const tracing = tracingChannel(`plt:kafka:${channel}`);
  let answer;
  tracing.traceCallback((callback) => (answer = callback), 0, context, null, () => {});
  meanwhile();
  answer(error, result);
  return new Promise((resolve) => setImmediate(resolve));
}

function attached(told = (monitor) => monitor) {
  const time = clock();
  const monitor = new Monitor({ time });
  const consumer = newConsumer();
  const attachment = attachConsumer(consumer, told(monitor));
  const join = (assignments, memberId = "a") => {
    Object.assign(consumer, { assignments, memberId });
    consumer.emit("consumer:group:join", { groupId: "g", memberId });
  };
  return { time, monitor, consumer, attachment, join };
}

const message = (offset, partition = 0) => ({ topic: "orders", partition, offset: BigInt(offset), timestamp: 0n, value: "v" });

describe("the channels", () => {
  const offsets = [{ topic: "orders", partition: 0, offset: 42n }];

  it("tell of commits: how long they took, and what was committed", async () => {
    const { time, monitor, consumer } = attached();
    await traced("consumer:commits", { client: consumer, operation: "commit", options: { offsets } }, { meanwhile: () => (time.now += 2) });
    assert.deepEqual(monitor.asdict().commit_latency, [2]);
    assert.deepEqual(monitor.asdict().topic_committed_offsets, { orders: { 0: 42 } });
    const refused = { client: consumer, operation: "commit", options: { offsets: [{ topic: "orders", partition: 0, offset: 50n }] } };
    await traced("consumer:commits", { ...refused }, { error: Object.assign(new Error("no"), { code: "PLT_KFK_NETWORK" }) });
    await traced("consumer:commits", { ...refused }, { error: new AggregateError([Object.assign(new Error("no"), { needsRejoin: true })]) });
    assert.deepEqual(monitor.snapshot().errors.byStage, { commit: { PLT_KFK_NETWORK: 1 } });
    assert.deepEqual(monitor.asdict().topic_committed_offsets, { orders: { 0: 42 } });
  });

  it("are shared by all consumers: each monitor hears of its own", async () => {
    const [one, other] = [attached(), attached()];
    await traced("consumer:commits", { client: one.consumer, operation: "commit", options: { offsets } });
    one.consumer.emit("consumer:heartbeat:end");
    assert.deepEqual([one.monitor.snapshot().commits.completed, other.monitor.snapshot().commits.completed], [1, 0]);
    assert.deepEqual([one.monitor.snapshot().consumer.heartbeats, other.monitor.snapshot().consumer.heartbeats], [1, 0]);
  });

  it("tell of fetches: records, without markers, and end offsets", async () => {
    const { monitor, consumer, attachment } = attached();
    Object.defineProperty(consumer, "currentMetadata", { value: { topics: new Map([["orders", { id: "uuid-1" }]]) } });
    const batch = (count, attributes = 0) => ({ attributes, records: Array.from({ length: count }) });
    const partitions = [
      { partitionIndex: 0, highWatermark: 9n, records: [batch(3), batch(1, 0x20)] },
      { partitionIndex: 1, highWatermark: 5n, records: null },
    ];
    const fetch = { client: consumer, operation: "fetch", options: {} };
    await traced("consumer:fetches", { ...fetch }, { result: { responses: [{ topicId: "uuid-1", partitions }, { topicId: "unknown", partitions }] } });
    const { consumer: polled } = monitor.snapshot();
    assert.deepEqual([polled.polls, polled.polledRecords], [1, 6]);
    assert.deepEqual(monitor.asdict().topic_end_offsets, { orders: { 0: 9, 1: 5 } });
    await traced("consumer:fetches", { ...fetch }, { error: Object.assign(new Error("no"), { code: "PLT_KFK_TIMEOUT" }) });
    await traced("consumer:fetches", { ...fetch }, { error: Object.assign(new Error("closed"), { closed: true }) });
    assert.deepEqual(monitor.snapshot().errors.byStage, { fetch: { PLT_KFK_TIMEOUT: 1 } });
    assert.equal(attachment.lastFault, undefined);
  });

  it("tell of markers once the messages before them were taken, so that they are no lag", async () => {
    const { monitor, consumer, attachment, join } = attached();
    Object.defineProperty(consumer, "currentMetadata", { value: { topics: new Map([["orders", { id: "uuid-1" }]]) } });
    join([{ topic: "orders", partitions: [0] }]);
    const fetch = (records, meanwhile) => {
      const result = { responses: [{ topicId: "uuid-1", partitions: [{ partitionIndex: 0, highWatermark: 5n, records }] }] };
      return traced("consumer:fetches", { client: consumer, operation: "fetch", options: {} }, { result, meanwhile });
    };
    const place = () => monitor.snapshot().partitions.map(({ position, lag }) => [position, lag])[0];
    const stream = attachment.watch(new Readable({ objectMode: true, read() {} }));
    const batch = (firstOffset, count, attributes = 0) => ({ firstOffset, lastOffsetDelta: count - 1, attributes, records: Array.from({ length: count }) });
    await fetch([batch(0n, 3), batch(3n, 2, 0x20)], () => [0, 1, 2].forEach((offset) => stream.push(message(offset))));
    assert.deepEqual(place(), [null, null]);
    const messages = stream[Symbol.asyncIterator]();
    for (let taken = 1; taken <= 3; taken += 1) {
      await messages.next();
      assert.deepEqual(place(), [taken, 5 - taken]);
      if (taken < 3) await fetch(null);
    }
    await fetch(null);
    assert.deepEqual(place(), [5, 0]);
    assert.deepEqual(monitor.asdict().topic_read_offsets, { orders: { 0: 2 } });
    // A fetch that ends with messages has no markers to pass, and who joined again begins where the group stands.
    for (const last of [() => fetch([batch(5n, 1)]), () => fetch([batch(5n, 1, 0x20)]).then(() => join([{ topic: "orders", partitions: [0] }]))]) {
      await last();
      attachment.processed(() => {})(message(1));
      await fetch(null);
      assert.deepEqual(place(), [2, 3]);
    }
    await messages.return();
    assert.equal(attachment.lastFault, undefined);
  });

  it("tell where partitions end and the group stands, of what this consumer has", async () => {
    const { monitor, consumer, join } = attached();
    join([{ topic: "orders", partitions: [0, 2] }]);
    const ask = (options, result, operation = "listOffsets", more = {}) => traced("consumer:offsets", { client: consumer, operation, options }, { result, ...more });
    await ask({}, new Map([["orders", [7n, 8n, undefined]]]));
    // The earliest, and those with timestamps, are no ends.
    await ask({ timestamp: -2n }, new Map([["orders", [1n, 1n, 1n]]]));
    await ask({}, new Map([["orders", new Map([[2, { offset: 3n, timestamp: 0n }]])]]));
    assert.deepEqual(monitor.asdict().topic_end_offsets, { orders: { 0: 7 } });
    await ask({}, new Map([["orders", [3n, 4n, -1n]]]), "listCommittedOffsets");
    assert.deepEqual(monitor.asdict().topic_committed_offsets, { orders: { 0: 3 } });
    // A commit since it was asked is newer than the answer.
    const commit = () => traced("consumer:commits", { client: consumer, operation: "commit", options: { offsets: [{ topic: "orders", partition: 0, offset: 6n }] } });
    await ask({}, new Map([["orders", [5n]]]), "listCommittedOffsets", { meanwhile: commit });
    assert.deepEqual(monitor.asdict().topic_committed_offsets, { orders: { 0: 6 } });
    assert.deepEqual(monitor.snapshot().lag.recordsSum, 1);
  });

  it("tell of joins, failed ones too", async () => {
    const { time, monitor, consumer, join } = attached();
    const orders = (...partitions) => [{ topic: "orders", partitions }];
    const joining = { client: consumer, operation: "joinGroup", options: {} };
    await traced("consumer:group", { ...joining }, { meanwhile: () => ((time.now += 3), join(orders(0, 1))) });
    consumer.emit("consumer:group:rebalance", { groupId: "g" });
    time.now += 1;
    await traced("consumer:group", { ...joining }, { meanwhile: () => join(orders(1)) });
    let { rebalances, ownership, assignments } = monitor.snapshot();
    assert.deepEqual([rebalances.count, rebalances.endLatency.life.max, rebalances.endLatency.life.sum], [2, 3, 4]);
    assert.deepEqual([ownership.assigned, ownership.revoked, ownership.lost, assignments.completed], [2, 1, 0, 2]);
    await traced("consumer:group", { ...joining }, { error: Object.assign(new Error("no"), { code: "PLT_KFK_MULTIPLE" }) });
    await traced("consumer:group", { ...joining }, { meanwhile: () => join(orders(1), "b") });
    ({ rebalances, ownership, assignments } = monitor.snapshot());
    assert.deepEqual([rebalances.count, ownership.lost, assignments.failed], [3, 1, 1]);
    assert.deepEqual(monitor.snapshot().errors.byStage, { other: { PLT_KFK_MULTIPLE: 1 } });
    consumer.emit("consumer:group:leave", {});
    assert.equal(monitor.snapshot().ownership.owned, 0);
    // The newer protocol assigns by heartbeats.
    consumer.assignments = orders(4);
    consumer.emit("consumer:heartbeat:end");
    assert.equal(monitor.snapshot().ownership.owned, 1);
  });

  it("tell of sends, and of transactions with their offsets", async () => {
    const time = clock();
    const monitor = new Monitor({ time });
    const [producer, other] = [newProducer(), newProducer()];
    const attachment = attachProducer(producer, monitor);
    const send = (client, more) => traced("producer:sends", { client, operation: "send", options: { messages: [{ topic: "orders", key: Buffer.from("ab"), value: "é" }, { topic: "orders", value: {} }] } }, more);
    await send(producer, { meanwhile: () => (time.now += 1), result: {} });
    await send(other);
    await send(producer, { error: new Error("no") });
    const figures = monitor.asdict();
    assert.deepEqual([figures.messages_sent, figures.send_latency, figures.send_errors, monitor.snapshot().messages.bytesSent], [4, [1, 1], 2, 8]);
    const transaction = {};
    const inTransaction = (operation, more = {}) => traced("producer:transactions", { client: producer, transaction, operation, ...more });
    await inTransaction("commitOffset", { message: message(6) });
    assert.deepEqual(monitor.asdict().topic_committed_offsets, {});
    await inTransaction("commit");
    await inTransaction("abort");
    assert.deepEqual(monitor.asdict().topic_committed_offsets, { orders: { 0: 7 } });
    assert.deepEqual(monitor.asdict().metric_counts, { "transactions.committed": 1, "transactions.aborted": 1 });
    assert.equal(attachment.lastFault, undefined);
    attachment.detach();
    await send(producer);
    assert.equal(monitor.asdict().messages_sent, 4);
  });
});

const ways = { "a Monitor": (monitor) => monitor, "a SensorDelegate": (monitor) => new SensorDelegate([monitor]) };
for (const [way, told] of Object.entries(ways)) {
  describe(`a stream's messages, told to ${way}`, () => {
    const streamOf = (count) => Readable.from(Array.from({ length: count }, (_, offset) => message(offset)), { objectMode: true });

    it("are in when read, and out when the next one is asked for", async () => {
      const { time, monitor, attachment } = attached(told);
      const stream = attachment.watch(streamOf(3));
      for await (const { offset } of stream) {
        assert.equal(monitor.messagesActive, 1);
        time.now += Number(offset) + 1;
      }
      const { messages, events } = monitor.snapshot();
      assert.deepEqual([messages.received, messages.active, messages.time.life.sum, events.runtime.life.max], [3, 0, 6, 3]);
      assert.deepEqual(monitor.asdict().topic_read_offsets, { orders: { 0: 2 } });
      assert.equal(attachment.lastFault, undefined);
    });

    it("are out when the loop is left, by a throw as well", async () => {
      const { monitor, attachment } = attached(told);
      for await (const _ of attachment.watch(streamOf(3))) break;
      const error = new Error("no");
      await assert.rejects(async () => {
        for await (const _ of attachment.watch(streamOf(3))) throw error;
      }, (thrown) => thrown === error);
      assert.deepEqual([monitor.snapshot().messages.received, monitor.messagesActive, monitor.eventsActive], [2, 0, 0]);
    });

    it("in a wrapped handler are in until it is done; errors are counted and go on", async () => {
      const { time, monitor, attachment } = attached(told);
      const error = Object.assign(new Error("no"), { name: "OrderError" });
      let fails = true;
      const handle = attachment.processed(async ({ offset }) => {
        time.now += 2;
        if (offset === 1n && fails) throw error;
        return Number(offset);
      });
      const given = [];
      // Within a timed loop the handler takes the message over.
      for await (const one of attachment.watch(streamOf(3))) {
        given.push(await handle(one).catch((thrown) => thrown));
        if (given.at(-1) !== error) continue;
        fails = false;
        given.push(await handle(one));
      }
      assert.deepEqual(given, [0, error, 1, 2]);
      assert.equal(attachment.processed(() => "at once")(message(9)), "at once");
      const { messages, events, errors } = monitor.snapshot();
      assert.deepEqual([messages.received, messages.active, messages.retried, events.total, events.active], [5, 0, 1, 5, 0]);
      assert.deepEqual(errors.byStage, { process: { OrderError: 1 } });
    });
  });
}

describe("the adapter", () => {
  it("watches the streams that consume() gives, by promise and by callback", async () => {
    const consumer = newConsumer();
    const streams = [Readable.from([message(0)]), Readable.from([message(1)])];
    const [byPromise, byCallback] = streams;
    consumer.consume = (options, callback) => (callback === undefined ? Promise.resolve(byPromise) : callback(null, byCallback));
    const own = consumer.consume;
    const monitor = new Monitor();
    const attachment = attachConsumer(consumer, monitor);
    assert.equal(await consumer.consume({}), byPromise);
    consumer.consume({}, (error, stream) => assert.deepEqual([error, stream === byCallback], [null, true]));
    for (const stream of streams) for await (const _ of stream);
    assert.equal(monitor.snapshot().messages.received, 2);
    attachment.detach();
    assert.equal(consumer.consume, own);
    for (const stream of streams) assert.equal(Object.hasOwn(stream, Symbol.asyncIterator), false);
  });

  it("leaves a consumer as it was, its prototype's methods and listeners", () => {
    const consumer = newConsumer();
    const listeners = () => consumer.eventNames().map((name) => [name, consumer.listenerCount(name)]);
    const before = listeners();
    const attachment = attachConsumer(consumer, new Monitor());
    assert.throws(() => attachConsumer(consumer, new Monitor()), { code: "ERR_INVALID_CONSUMER" });
    assert.notEqual(consumer.consume, Consumer.prototype.consume);
    attachment.detach();
    assert.deepEqual([consumer.consume, Object.hasOwn(consumer, "consume"), listeners()], [Consumer.prototype.consume, false, before]);
    attachConsumer(consumer, new Monitor()).detach();
  });

  it("never harms the host when its monitor is broken", async () => {
    const consumer = newConsumer();
    const producer = newProducer();
    const attachments = [attachConsumer(consumer, brokenMonitor()), attachProducer(producer, brokenMonitor())];
    await traced("consumer:commits", { client: consumer, operation: "commit", options: { offsets: [] } });
    await traced("consumer:fetches", { client: consumer, operation: "fetch", options: {} }, { result: undefined });
    await traced("producer:sends", { client: producer, operation: "send", options: { messages: [{ topic: "orders", value: "x" }] } });
    await traced("producer:sends", { client: producer, operation: "send", options: undefined });
    consumer.emit("consumer:heartbeat:end");
    consumer.emit("consumer:group:join");
    const stream = attachments[0].watch(Readable.from([message(0), message(1)]));
    let count = 0;
    for await (const _ of stream) count += 1;
    assert.equal(count, 2);
    assert.ok(attachments[0].faults >= 5);
    assert.equal(attachments[1].faults, 2);
  });

  it("refuses what it cannot serve", () => {
    const monitor = new Monitor();
    assert.throws(() => attachConsumer({}, monitor), { code: "ERR_INVALID_CONSUMER", message: /with a method consume/ });
    assert.throws(() => attachConsumer(newConsumer(), null), { code: "ERR_INVALID_MONITOR" });
    assert.throws(() => attachConsumer(newConsumer(), monitor, { admin: {} }), { code: "ERR_UNKNOWN_OPTION" });
    assert.throws(() => attachProducer(null, monitor), { code: "ERR_INVALID_PRODUCER" });
  });
});
