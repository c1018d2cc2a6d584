// What the KafkaJS adapter costs a consumer: the same records read from librdkafka's mock cluster with and without it, in turns.
// A table against the project's goal, and JSON in target/bench/adapters.json. Nothing fails because a machine is slow.
//
//     node --expose-gc tests/bench/adapters.mjs [rounds]
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Monitor } from "streamgauge";
import { attachConsumer } from "streamgauge/kafkajs";
import { startCluster } from "../kafka/mock-cluster.mjs";
import { median } from "./measure.mjs";

const require = createRequire(import.meta.url);

/**
 * A KafkaJS of its own for each consumer. V8 specialises a function for what it has seen: where both went through
 * one, each would be slower than in a program of its own, and the one with the longer handler by more.
 */
function copyOfKafkajs() {
  for (const file of Object.keys(require.cache)) {
    if (file.includes(`${sep}kafkajs${sep}`)) delete require.cache[file];
  }
  return require("kafkajs");
}

const kafkajs = copyOfKafkajs();
const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = Number(process.argv[2] ?? 15);
const warmUp = 3;
const topic = "orders";
/** The mock cluster keeps 5 MB of a partition, and makes 4 of them. */
const records = 80_000;
const goal = 0.02;

const order = (number) => ({
  key: `order-${number}`,
  partition: number % 4,
  value: JSON.stringify({ customer: `customer-${number % 100}`, amount: 1 + (number % 7), currency: "EUR", lines: [number, number + 1] }),
});

/** What the handlers do with a message. */
const works = {
  nothing: () => {},
  "JSON.parse": (message) => JSON.parse(message.value.toString()),
};

const handlers = {
  eachMessage: (work, seen) => ({
    eachMessage: async ({ message }) => {
      work(message);
      seen(1);
    },
  }),
  eachBatch: (work, seen) => ({
    eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
      for (const message of batch.messages) {
        work(message);
        resolveOffset(message.offset);
        seen(1);
      }
      await heartbeat();
    },
  }),
  "eachBatch, resolved at its end": (work, seen) => ({
    eachBatch: async ({ batch }) => {
      batch.messages.forEach(work);
      seen(batch.messages.length);
    },
  }),
};

let groups = 0;

/** A consumer in a group of its own that reads all records again each time it is asked: joining takes the mock cluster seconds. */
async function startReader(handler, work, isAttached) {
  const { Kafka, logLevel } = copyOfKafkajs();
  const kafka = new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `group-${(groups += 1)}`, maxWaitTimeInMs: 100 });
  const monitor = isAttached ? new Monitor().start() : undefined;
  const attachment = monitor && attachConsumer(consumer, monitor);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let count = 0;
  let reads = 0;
  let start;
  let cpuAtStart;
  let done;
  const seen = (more) => {
    if (count === 0) {
      start = performance.now();
      cpuAtStart = process.cpuUsage();
    }
    count += more;
    if (count < records) return;
    const { user, system } = process.cpuUsage(cpuAtStart);
    const time = performance.now() - start;
    consumer.pause([{ topic }]);
    done({ time: (time * 1000) / records, cpu: (user + system) / records });
  };
  /** Microseconds of time, and of this process's CPU, a record. */
  const read = () =>
    new Promise((resolve) => {
      globalThis.gc?.();
      count = 0;
      reads += 1;
      done = resolve;
      if (reads > 1) for (let partition = 0; partition < 4; partition += 1) consumer.seek({ topic, partition, offset: "0" });
      consumer.resume([{ topic }]);
    });
  const stop = async () => {
    await consumer.disconnect();
    if (monitor === undefined) return;
    const heard = monitor.snapshot().messages.received;
    if (heard < records * reads || attachment.faults > 0) {
      throw new Error(`the monitor heard of ${heard} messages of ${records * reads}, with ${attachment.faults} faults: ${attachment.lastFault}`);
    }
    monitor.free();
  };
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  const first = new Promise((resolve) => (done = resolve));
  reads = 1;
  await consumer.run(handlers[handler](works[work], seen));
  await Promise.all([joined, first]);
  return { read, stop };
}

const cluster = await startCluster();
try {
  const kafka = new kafkajs.Kafka({ brokers: cluster.brokers, logLevel: kafkajs.logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let first = 0; first < records; first += 1000) {
    await producer.send({ topic, messages: Array.from({ length: 1000 }, (_, place) => order(first + place)) });
  }
  await producer.disconnect();

  const results = [];
  for (const handler of Object.keys(handlers)) {
    for (const work of Object.keys(works)) {
      process.stderr.write(`measuring: ${handler}, ${work}\n`);
      const without = [];
      const with_ = [];
      const readers = [await startReader(handler, work, false), await startReader(handler, work, true)];
      for (let round = -warmUp; round < rounds; round += 1) {
        // Who goes first takes turns as well.
        for (const turn of round % 2 === 0 ? [0, 1] : [1, 0]) {
          const figures = await readers[turn].read();
          if (round >= 0) (turn === 1 ? with_ : without).push(figures);
        }
      }
      for (const { stop } of readers) await stop();
      const ratio = (figure) => median(with_.map((one, round) => one[figure] / without[round][figure])) - 1;
      const middle = (all, figure) => median(all.map((one) => one[figure]));
      results.push({
        handler,
        work,
        microseconds: { without: middle(without, "time"), with: middle(with_, "time") },
        cpuMicroseconds: { without: middle(without, "cpu"), with: middle(with_, "cpu") },
        cost: ratio("time"),
        cpuCost: ratio("cpu"),
        goal,
      });
    }
  }

  const percent = (share) => `${(share * 100).toFixed(1)}%`;
  const row = (...cells) => console.log(cells.map((cell, place) => cell[place < 2 ? "padEnd" : "padStart"](place === 0 ? 32 : 12)).join(""));
  row("handler", "its work", "records/s", "with", "cost", "CPU cost", "goal");
  for (const { handler, work, microseconds, cost, cpuCost } of results) {
    const perSecond = (us) => Math.round(1e6 / us).toLocaleString("en");
    row(handler, work, perSecond(microseconds.without), perSecond(microseconds.with), percent(cost), percent(cpuCost), cost <= goal ? "met" : "not met");
  }

  const version = (name) => JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, "utf8")).version;
  const git = (...args) => {
    try {
      return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      return null;
    }
  };
  const report = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, platform: `${process.platform} ${process.arch}` },
    versions: { node: process.version, kafkajs: version("kafkajs") },
    commit: git("rev-parse", "HEAD"),
    changed: git("status", "--porcelain") !== "",
    rounds,
    records,
    results,
  };
  mkdirSync(`${root}/target/bench`, { recursive: true });
  writeFileSync(`${root}/target/bench/adapters.json`, `${JSON.stringify(report, null, 2)}\n`);
  console.log("written to target/bench/adapters.json");
} finally {
  await cluster.close();
}
