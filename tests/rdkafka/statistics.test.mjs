// Statistics that a real librdkafka gave: recorded ones, and those of a client that runs now.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as live from "./live.mjs";

const recorded = (name) => readFileSync(new URL(`statistics/${name}.jsonl`, import.meta.url), "utf8").trimEnd().split("\n");

function applied() {
  const { monitor, apply } = live.applied();
  const partitions = () => monitor.snapshot().partitions.map(({ partition, owned, end, committed, committedLag }) => [partition, owned, end, committed, committedLag]);
  return { monitor, apply, partitions };
}
const assertSane = (monitor) => assert.deepEqual(Object.entries(monitor.anomalies).filter(([, count]) => count > 0), []);

describe("recorded statistics", () => {
  it("of a consumer at the end: nothing before it joined, then no lag", () => {
    const { monitor, apply, partitions } = applied();
    const [first, last] = recorded("consumption");
    assert.equal(apply(first).rebalances.joinState, "wait-join");
    assert.deepEqual([partitions(), monitor.snapshot().rebalances.count], [[], 0]);
    const figures = apply(last);
    assert.deepEqual([figures.consumerLag, figures.storedLag, figures.rebalances.joinState, figures.rebalances.count], [0, 0, "steady", 1]);
    assert.deepEqual(partitions(), [0, 1, 2, 3].map((partition) => [partition, true, 50, 50, 0]));
    const { consumer, messages, rebalances, ownership, metrics } = monitor.snapshot();
    assert.deepEqual([consumer.polledRecords, messages.bytesReceived, messages.received], [200, 20_000, 0]);
    assert.deepEqual([rebalances.count, rebalances.inProgress, ownership.owned, metrics], [1, 0, 4, {}]);
    assertSane(monitor);
  });

  it("tell nothing twice", () => {
    const { monitor, apply } = applied();
    const [, last] = recorded("consumption");
    apply(last);
    const before = monitor.snapshot();
    apply(JSON.parse(last));
    const after = monitor.snapshot();
    for (const part of ["ownership", "metrics", "errors"]) assert.deepEqual(after[part], before[part], part);
    assert.deepEqual([after.consumer.polls, after.consumer.polledRecords], [1, 200]);
    assert.equal(after.rebalances.count, before.rebalances.count);
  });

  it("of one that lags: a lag where librdkafka knows one, no offset where it has -1001", () => {
    const { monitor, apply, partitions } = applied();
    const [line] = recorded("lagging");
    assert.equal(apply(line).consumerLag, 5);
    assert.deepEqual(partitions(), [[0, true, null, null, null], [1, true, null, null, null], [2, true, 25, 20, 5], [3, true, 25, null, null]]);
    assert.deepEqual(monitor.snapshot().metrics, { "rdkafka.consumer_lag": 5 });
    assertSane(monitor);
  });

  it("of a rebalance: what went, and that two came between two statistics", () => {
    const { monitor, apply, partitions } = applied();
    const [alone, shared] = recorded("rebalance");
    apply(alone);
    assert.deepEqual(partitions().map(([partition, owned]) => [partition, owned]), [[0, true], [1, true], [2, true], [3, true]]);
    const { rebalances } = apply(shared);
    assert.deepEqual([rebalances.count, rebalances.reason], [3, "rebalance in progress"]);
    const { ownership, rebalances: counted } = monitor.snapshot();
    assert.deepEqual([ownership.owned, ownership.revoked, counted.count, counted.inProgress], [2, 2, 3, 0]);
    assert.deepEqual(partitions(), [[0, true, 10, null, null], [1, true, 10, null, null]]);
    assertSane(monitor);
  });

  it("of producers: what was sent by topic, and what waits for brokers that are not there", () => {
    const [delivered, lost] = recorded("producer");
    const sent = applied();
    sent.apply(delivered);
    assert.deepEqual([sent.monitor.snapshot().messages.sentByTopic, sent.monitor.snapshot().messages.bytesSent], [{ sent: 30 }, 1500]);
    const waiting = applied();
    assert.equal(waiting.apply(lost).sendQueueMessages, 7);
    assert.deepEqual(waiting.monitor.snapshot().metrics, { "rdkafka.send_queue_bytes": 70, "rdkafka.send_queue_messages": 7 });
    assert.deepEqual(waiting.monitor.snapshot().messages.sentByTopic, {});
  });

  it("leave to others what those tell", () => {
    const { monitor, apply } = applied();
    apply(recorded("consumption")[1], { polls: false, commits: false, rebalances: false });
    const { consumer, rebalances, ownership, partitions } = monitor.snapshot();
    assert.deepEqual([consumer.polledRecords, rebalances.count, ownership.assigned], [0, 0, 0]);
    assert.deepEqual(partitions.map(({ end, committed }) => [end, committed]), Array(4).fill([50, null]));
    const producer = applied();
    producer.apply(recorded("producer")[0], { sends: false });
    assert.equal(producer.monitor.snapshot().messages.sent, 0);
  });

  // The numbers that librdkafka 2.15 gave for two transactions of two records each, their markers at 2 and 5, and for a seek of a paused partition.
  const place = (app_offset, next_offset, fetchq_cnt = 0) => {
    const copy = JSON.parse(recorded("consumption")[1]);
    const { orders } = copy.topics;
    orders.partitions = { 0: { ...orders.partitions[0], app_offset, next_offset, fetchq_cnt, hi_offset: 6, committed_offset: -1001 } };
    return copy;
  };
  const placeOf = (monitor) => monitor.snapshot().partitions.map(({ position, lag }) => [position, lag])[0];

  it("tell the position: after markers, and where a seek led", () => {
    const { monitor, apply } = applied();
    for (const [told, position, lag] of [
      [[-1001, 0, 2], null, null],
      [[2, 6, 2], 2, 4],
      [[6, 6], 6, 0],
      [[-1001, 1], 1, 5],
      [[-1001, 6, 3], 1, 5],
      [[6, 6], 6, 0],
    ]) {
      apply(place(...told));
      assert.deepEqual(placeOf(monitor), [position, lag], told.join());
    }
    assert.deepEqual([monitor.asdict().topic_read_offsets, monitor.snapshot().messages.received], [{}, 0]);
    const without = applied();
    without.apply(place(6, 6), { positions: false });
    assert.deepEqual(placeOf(without.monitor), [null, null]);
    assertSane(monitor);
  });

  it("tell of messages that others tell what stood still: those are ahead", () => {
    const { monitor, apply } = applied();
    const tp = { topic: "orders", partition: 0 };
    const polls = false;
    apply(place(-1001, 0, 2), { polls });
    monitor.onMessageIn(tp, 3, {});
    monitor.onMessageIn(tp, 4, {});
    apply(place(4, 6, 1), { polls });
    assert.deepEqual(placeOf(monitor), [5, 1], "message 4 was taken meanwhile");
    apply(place(6, 6), { polls });
    assert.deepEqual(placeOf(monitor), [5, 1]);
    apply(place(6, 6), { polls });
    assert.deepEqual(placeOf(monitor), [6, 0]);
  });

  it("tell of a full queue once, of errors by their growth, and begin anew with another client", () => {
    const { monitor, apply } = applied();
    const line = JSON.parse(recorded("consumption")[1]);
    const changed = (fetchq_cnt, txerrs, over = {}) => {
      const copy = structuredClone({ ...line, ...over });
      Object.assign(copy.topics.orders.partitions[2], { fetchq_cnt });
      Object.assign(Object.values(copy.brokers)[0], { txerrs });
      return copy;
    };
    for (const [queue, errors] of [[9, 1], [10, 3], [12, 3], [0, 3], [10, 3]]) apply(changed(queue, errors), { queuedMinMessages: 10 });
    const { consumer, errors, metrics } = monitor.snapshot();
    assert.deepEqual([consumer.bufferFullByTopic, errors.byStage], [{ orders: 2 }, { fetch: { "rdkafka.txerrs": 3 } }]);
    assert.equal(metrics["rdkafka.fetch_queue_messages"], 10);
    apply(changed(0, 2, { name: "another" }));
    assert.equal(monitor.snapshot().errors.byStage.fetch["rdkafka.txerrs"], 5);
    assert.equal(monitor.snapshot().consumer.polledRecords, 400);
  });

  it("are refused where they are none", () => {
    const { apply } = applied();
    assert.throws(() => apply("{"), SyntaxError);
    for (const none of ["7", null, {}, []]) assert.throws(() => apply(none), (error) => error.code === "ERR_INVALID_STATISTICS");
  });
});

describe("a client that runs now", { timeout: 120_000 }, () => {
  it("knows the same offsets as its statistics say", async () => assertSane(await live.followLiveClient()));
});
