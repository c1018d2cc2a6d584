// What the adapter for @platformatic/kafka costs a consumer: the same records read from tansu with and without it, in turns. The broker is
// slower than the client, so what is measured is this process's CPU, from the start of a stream until its last record; and the time of the
// loop alone over a stream whose buffer holds all records already. A table, and JSON in target/bench/platformatic.json.
//
//     node --expose-gc tests/bench/platformatic.mjs [rounds]
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import "../platformatic/older-node.mjs";
import { Consumer, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";
import { Monitor } from "streamgauge";
import { attachConsumer } from "streamgauge/platformatic";
import { startTansu } from "../brokers/tansu.mjs";
import { until } from "../kafkajs/support.mjs";
import { median, minimum } from "./measure.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = Number(process.argv[2] ?? 15);
const warmUp = 3;
const topic = "orders";
const partitions = 4;
const records = 20_000;

const order = (number) => ({
  topic,
  key: `order-${number}`,
  partition: number % partitions,
  value: JSON.stringify({ customer: `customer-${number % 100}`, amount: 1 + (number % 7), currency: "EUR", lines: [number, number + 1] }),
});

const works = { nothing: () => {}, "JSON.parse": (message) => JSON.parse(message.value) };

const cpuSince = (start) => {
  const { user, system } = process.cpuUsage(start);
  return user + system;
};

async function startReader(brokers, name, isAttached) {
  const consumer = new Consumer({ clientId: name, groupId: name, bootstrapBrokers: brokers, deserializers: stringDeserializers, maxWaitTime: 100 });
  const monitor = isAttached ? new Monitor().start() : undefined;
  const attachment = monitor && attachConsumer(consumer, monitor);
  let reads = 0;
  /** Microseconds a record: of CPU for all of it, and of time for the loop. */
  const read = async (work) => {
    globalThis.gc?.();
    reads += 1;
    const start = process.cpuUsage();
    const stream = await consumer.consume({ topics: [topic], mode: "earliest", autocommit: false, highWaterMark: 2 * records, maxBytes: 1 << 20 });
    // Starts the fetches, and takes nothing.
    stream.on("readable", () => {});
    await until("all is in the buffer", () => stream.readableLength === records);
    const began = performance.now();
    let count = 0;
    for await (const message of stream) {
      work(message);
      if ((count += 1) === records) break;
    }
    const loop = performance.now() - began;
    const cpu = cpuSince(start);
    return { loop: (loop * 1000) / records, cpu: cpu / records };
  };
  const stop = async () => {
    await consumer.close(true);
    if (monitor === undefined) return;
    const heard = monitor.snapshot().messages.received;
    if (heard !== records * reads || attachment.faults > 0) {
      throw new Error(`the monitor heard of ${heard} messages of ${records * reads}, with ${attachment.faults} faults: ${attachment.lastFault}`);
    }
    monitor.free();
  };
  return { read, stop };
}

const broker = await startTansu();
try {
  await broker.createTopic(topic, partitions);
  const producer = new Producer({ clientId: "producer", bootstrapBrokers: broker.brokers, serializers: stringSerializers });
  for (let first = 0; first < records; first += 1000) {
    await producer.send({ messages: Array.from({ length: 1000 }, (_, place) => order(first + place)), acks: -1 });
  }
  await producer.close();

  const results = [];
  for (const [name, work] of Object.entries(works)) {
    process.stderr.write(`measuring: ${name}\n`);
    const readers = [await startReader(broker.brokers, `${name}-without`, false), await startReader(broker.brokers, `${name}-with`, true)];
    const figures = [[], []];
    for (let round = -warmUp; round < rounds; round += 1) {
      // Who goes first takes turns as well.
      for (const turn of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const one = await readers[turn].read(work);
        if (round >= 0) figures[turn].push(one);
      }
    }
    for (const { stop } of readers) await stop();
    const of = (figure) => {
      const [without, with_] = figures.map((all) => all.map((one) => one[figure]));
      return { without: minimum(without), with: minimum(with_), cost: median(with_.map((one, round) => one / without[round])) - 1 };
    };
    results.push({ work: name, loopMicroseconds: of("loop"), cpuMicroseconds: of("cpu") });
  }

  const row = (...cells) => console.log(cells.map((cell, place) => cell[place === 0 ? "padEnd" : "padStart"](place === 0 ? 14 : 12)).join(""));
  row("its work", "loop, us", "with", "cost", "CPU, us", "with", "cost");
  const shown = ({ without, with: with_, cost }) => [without.toFixed(2), with_.toFixed(2), `${(cost * 100).toFixed(1)}%`];
  for (const { work, loopMicroseconds, cpuMicroseconds } of results) row(work, ...shown(loopMicroseconds), ...shown(cpuMicroseconds));
  mkdirSync(`${root}target/bench`, { recursive: true });
  const report = { date: new Date().toISOString(), machine: cpus()[0]?.model, node: process.version, rounds, records, results };
  writeFileSync(`${root}target/bench/platformatic.json`, `${JSON.stringify(report, null, 2)}\n`);
  console.log("\na record; the least of all rounds, the cost the median over them; written to target/bench/platformatic.json");
} finally {
  await broker.close();
}
