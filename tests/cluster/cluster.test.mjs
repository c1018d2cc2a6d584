// Four worker processes of one group, a real Kafka protocol, a real Prometheus; one worker is killed and another joins.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import kafkajs from "kafkajs";
import { decode, merge } from "streamgauge/snapshot";
import { startCluster } from "../kafka/mock-cluster.mjs";
import { startPrometheus } from "../prometheus/server.mjs";
import { partitionsPerTopic, topics } from "./traffic.mjs";
import { freshReport, startWorker } from "./workers.mjs";

const records = 100_000;
/** Sent by the first four; the rest by the one that joins. */
const early = 80_000;
const group = "cluster";
const longest = 240_000;

const sum = (values) => Object.values(values).reduce((total, value) => total + value, 0);
const snapshotOf = (report) => decode(Buffer.from(report.snapshot, "base64"));

/** Waits until `done()`; where that does not come, `what` is named, and what there is instead. All workers have to live on. */
async function until(what, workers, done, instead) {
  for (const end = Date.now() + longest; !done(); await pause(50)) {
    for (const { name, ended, errors } of workers) assert.equal(ended, undefined, `${name} ended: ${errors()}`);
    if (Date.now() > end) throw new Error(`${what} did not come in ${longest / 1000} s; there is ${JSON.stringify(instead())}`);
  }
}

async function askBrokers(brokers) {
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const ends = {};
    const committed = {};
    for (const topic of topics) {
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) ends[`${topic}/${partition}`] = Number(high);
      const [of] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      for (const { partition, offset } of of.partitions) committed[`${topic}/${partition}`] = Number(offset);
    }
    return { ends, committed };
  } finally {
    await admin.disconnect();
  }
}

describe("100,000 records through five workers, one of them killed", { timeout: 2 * longest }, () => {
  let cluster;
  let prometheus;
  const workers = [];
  let victim;
  let victimsEarlier;
  let reports;
  let brokers;
  let merged;
  /** By partition, the different offsets that were handled to the end, whoever did it. */
  const handled = {};
  let handledCount = 0;
  function onHandled(topic, partition, offset) {
    const offsets = (handled[`${topic}/${partition}`] ??= new Set());
    handledCount += offsets.has(offset) ? 0 : 1;
    offsets.add(offset);
  }
  const alive = () => workers.filter((worker) => worker !== victim);
  const owners = () => merge(alive().map(({ latest }) => snapshotOf(latest))).partitions.filter(({ owned }) => owned);

  before(async () => {
    cluster = await startCluster();
    const start = (name) => startWorker(name, { brokers: cluster.brokers, group, onHandled });
    workers.push(...(await Promise.all(["worker-1", "worker-2", "worker-3", "worker-4"].map(start))));

    const share = early / 4;
    const sent = workers.map((worker) => worker.next("sent"));
    workers.forEach((worker, place) => worker.order({ send: { from: place * share, to: (place + 1) * share } }));
    await Promise.all(sent);

    victim = workers[1];
    await until("half of the work", workers, () => handledCount > early / 2 && victim.latest?.counted.received > 0, () => handledCount);
    victimsEarlier = await freshReport(victim);
    victim.kill();
    assert.equal(await victim.exited, "SIGKILL");

    const joiner = await start("worker-5");
    workers.push(joiner);
    const targets = Object.fromEntries(alive().map(({ name, url }) => [name, new URL(url).host]));
    prometheus = await startPrometheus(targets);
    joiner.order({ send: { from: early, to: records } });
    await joiner.next("sent");

    await until("every record's handling", alive(), () => handledCount === records, () => [handledCount, owners()]);
    // A commit may still be under way, and the admin client be asked for ends twice a second.
    await until("the end of all lag", alive(), () => owners().length === topics.length * partitionsPerTopic && owners().every(({ lag, committedLag }) => lag === 0 && committedLag === 0), owners);
    reports = await Promise.all(alive().map(freshReport));
    reports.push(victim.latest);
    merged = merge(reports.map(snapshotOf));
    brokers = await askBrokers(cluster.brokers);
  });

  after(async () => {
    for (const worker of alive()) worker.kill();
    await prometheus?.stop();
    await cluster?.close();
  });

  it("are all sent, and handled to the end of every partition", () => {
    assert.equal(reports.reduce((total, { counted }) => total + counted.sent, 0), records);
    assert.equal(sum(brokers.ends), records);
    assert.equal(Object.keys(brokers.ends).length, topics.length * partitionsPerTopic);
    assert.deepEqual(Object.fromEntries(Object.entries(handled).map(([partition, { size }]) => [partition, size])), brokers.ends);
    assert.deepEqual(brokers.committed, brokers.ends);
  });

  it("count in each worker's monitor as it counted itself", () => {
    for (const report of [...reports, victimsEarlier]) {
      const { messages, events, errors } = snapshotOf(report);
      const { counted, name } = report;
      const ours = [messages.received, messages.receivedByTopic, events.total, messages.sent, messages.sentByTopic];
      assert.deepEqual(ours, [counted.received, counted.receivedByTopic, counted.received, counted.sent, counted.sentByTopic], name);
      assert.equal(sum(errors.byStage.process ?? {}), counted.failed, name);
      assert.deepEqual(report.faults, [[0, "undefined"], [0, "undefined"]], name);
    }
    assert.ok(reports.every(({ counted }) => counted.received > 0), "every worker had something to do");
    assert.ok(reports.reduce((total, { counted }) => total + counted.failed, 0) >= 2, "the poison was met");
  });

  it("add up in the merged snapshot", () => {
    const total = (read) => reports.reduce((all, report) => all + read(report.counted), 0);
    assert.equal(merged.messages.received, total((counted) => counted.received));
    assert.equal(merged.messages.sent, records);
    for (const topic of topics) {
      assert.equal(merged.messages.receivedByTopic[topic], total((counted) => counted.receivedByTopic[topic] ?? 0));
      assert.equal(merged.messages.sentByTopic[topic], records / topics.length);
    }
    // What the victim had in its hands never went out.
    const inHand = snapshotOf(victim.latest).messages.active;
    assert.equal(merged.messages.time.life.count, merged.messages.received - inHand);
    assert.deepEqual(merged.merged.map(({ worker }) => worker), ["worker-1", "worker-2", "worker-3", "worker-4", "worker-5"]);
  });

  it("leave no lag, and each partition with one living owner", () => {
    const names = alive().map(({ name }) => name);
    assert.deepEqual([merged.lag.recordsSum, merged.lag.secondsMax], [0, 0]);
    const owners = Object.fromEntries(merged.partitions.filter(({ owned }) => owned).map((one) => [`${one.topic}/${one.partition}`, one]));
    assert.deepEqual(Object.keys(owners).sort(), Object.keys(brokers.ends).sort());
    for (const [partition, { worker, position, committed, end }] of Object.entries(owners)) {
      assert.ok(names.includes(worker), `${partition} is ${worker}'s`);
      assert.deepEqual([position, committed, end], [brokers.ends[partition], brokers.ends[partition], brokers.ends[partition]], partition);
    }
  });

  it("see the rebalances: the joins at first, the victim's loss, the new member", () => {
    for (const report of reports.filter(({ name }) => name !== victim.name)) {
      const { rebalances } = snapshotOf(report);
      assert.equal(rebalances.count, report.counted.joins, report.name);
      assert.ok(rebalances.count >= (report.name === "worker-5" ? 1 : 2), `${report.name}: ${rebalances.count}`);
      assert.equal(rebalances.endLatency.life.count, report.counted.joins, report.name);
    }
  });

  it("are in Prometheus as the workers have them", async () => {
    const living = reports.filter(({ name }) => name !== victim.name);
    const expected = Object.fromEntries(living.map(({ name, counted }) => [name, counted.received]));
    const totals = () => prometheus.query("streamgauge_messages_received_total");
    const byWorker = (rows) => Object.fromEntries(rows.map(({ labels, value }) => [labels.worker, value]));
    const same = (rows) => JSON.stringify(Object.entries(byWorker(rows)).sort()) === JSON.stringify(Object.entries(expected).sort());
    await prometheus.until("the last scrape", totals, same);
    assert.deepEqual(byWorker(await totals()), expected);
    const [{ value: all }] = await prometheus.query("sum(streamgauge_messages_received_by_topic_total)");
    assert.equal(all, sum(expected));
    const [{ value: sent }] = await prometheus.query("sum(streamgauge_messages_sent_total)");
    assert.equal(sent, living.reduce((total, { counted }) => total + counted.sent, 0));
    const [{ value: lag }] = await prometheus.query("sum(streamgauge_partition_lag)");
    assert.equal(lag, 0);
  });

  it("end well: workers that leave say goodbye", async () => {
    for (const worker of alive()) {
      const left = worker.next("left");
      worker.order({ leave: true });
      await left;
      assert.equal(await worker.exited, 0, worker.errors());
    }
  });
});
