// What the adapters for streams, HTTP and librdkafka's statistics cost their hosts, with and without in turns in one process, and what
// the other exporters take for a snapshot. A table, and JSON in target/bench/hosts.json. Nothing fails because a machine is slow.
//
//     node --expose-gc tests/bench/hosts.mjs [turns]
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import { cpus } from "node:os";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { Monitor } from "streamgauge";
import { attachHttpServer } from "streamgauge/http";
import { StreamgaugeMetricProducer } from "streamgauge/opentelemetry";
import { applyStatistics, StatisticsState } from "streamgauge/rdkafka";
import { StatsdRenderer } from "streamgauge/statsd";
import { attachStream, attachTransformer } from "streamgauge/streams";
import { median, minimum, ratio, timed } from "./measure.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const turns = Number(process.argv[2] ?? 15);
const chunk = { customer: "customer-7", amount: 3 };

function* chunks(times) {
  for (let count = 0; count < times; count += 1) yield chunk;
}

async function nodeStream(times, monitor) {
  const stage = new Transform({ objectMode: true, transform: (one, _, callback) => callback(null, one) });
  const attachment = monitor && attachStream(stage, monitor, { topic: "chunks" });
  stage.resume();
  await pipeline(Readable.from(chunks(times)), stage);
  attachment?.detach();
}

async function webStream(times, monitor) {
  const transformer = { transform: (one, controller) => controller.enqueue(one) };
  const attachment = monitor && attachTransformer(transformer, monitor, { topic: "chunks" });
  const source = ReadableStream.from(chunks(times));
  for await (const one of source.pipeThrough(new TransformStream(transformer))) void one;
  attachment?.detach();
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** One request after the other over one connection. */
async function requests(times, server) {
  const { port } = server.address();
  for (let count = 0; count < times; count += 1) {
    await new Promise((resolve, reject) => {
      request({ port, host: "127.0.0.1", agent }, (response) => response.resume().once("end", resolve)).once("error", reject).end();
    });
  }
}

async function listening() {
  const server = createServer((_, response) => response.end("ok"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function busyMonitor() {
  let now = 0;
  const monitor = new Monitor({ worker: "worker-1", time: () => now });
  for (let count = 0; count < 10_000; count += 1) {
    const tp = { topic: "orders", partition: count % 16 };
    const message = {};
    monitor.onMessageIn(tp, count >> 4, message);
    const event = monitor.onStreamEventIn(tp, count >> 4, "totals", message);
    now += 0.001 * (1 + (count % 7));
    monitor.onStreamEventOut(tp, count >> 4, "totals", message, event);
    monitor.onMessageOut(tp, count >> 4, message);
    if (count % 1000 === 0) monitor.sample();
  }
  for (let partition = 0; partition < 16; partition += 1) monitor.trackTpEndOffset({ topic: "orders", partition }, 1000);
  monitor.sample();
  return monitor;
}

const monitor = new Monitor().start();
const servers = [await listening(), await listening()];
attachHttpServer(servers[1], monitor);
const [, statistics] = readFileSync(new URL("../rdkafka/statistics/consumption.jsonl", import.meta.url), "utf8").split("\n");
const state = new StatisticsState();
const busy = busyMonitor();
const renderer = new StatsdRenderer({ dialect: "dogstatsd" });
const producer = new StreamgaugeMetricProducer(busy);
const repeat = (work) => (times) => {
  for (let count = 0; count < times; count += 1) work();
};

const pairs = [
  ["a chunk through a Node Transform", 20_000, (times) => nodeStream(times), (times) => nodeStream(times, monitor)],
  ["a chunk through a Web TransformStream", 5_000, (times) => webStream(times), (times) => webStream(times, monitor)],
  ["a request to node:http", 500, (times) => requests(times, servers[0]), (times) => requests(times, servers[1])],
  ["librdkafka's statistics of 4 partitions, JSON.parse alone and applied", 200, repeat(() => JSON.parse(statistics)), repeat(() => applyStatistics(statistics, monitor, state))],
  ["16 partitions as OpenTelemetry's metrics, snapshot() alone and with them", 50, repeat(() => busy.snapshot()), repeat(() => producer.metrics(busy.snapshot()))],
  ["16 partitions as DogStatsD, snapshot() alone and with them", 50, repeat(() => busy.snapshot()), repeat(() => renderer.render(busy.snapshot()))],
];

const results = [];
console.log(`${"what".padEnd(74)}${"without".padStart(12)}${"with".padStart(12)}${"more".padStart(12)}${"ratio".padStart(8)}`);
for (const [what, times, without, with_] of pairs) {
  const rounds = await timed([{ name: "without", times, work: without }, { name: "with", times, work: with_ }], turns);
  const result = { what, without: minimum(rounds.without), with: minimum(rounds.with), medianWithout: median(rounds.without), medianWith: median(rounds.with), ratio: ratio(rounds.with, rounds.without) };
  results.push(result);
  const shown = (nanoseconds) => `${(nanoseconds / 1000).toFixed(2)} us`.padStart(12);
  console.log(`${what.padEnd(74)}${shown(result.without)}${shown(result.with)}${shown(result.with - result.without)}${result.ratio.toFixed(2).padStart(8)}`);
}
monitor.stop();
agent.destroy();
for (const server of servers) server.close();

const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
mkdirSync(`${root}target/bench`, { recursive: true });
writeFileSync(`${root}target/bench/hosts.json`, `${JSON.stringify({ date: new Date().toISOString(), machine: cpus()[0]?.model, node: process.version, version, results }, null, 2)}\n`);
console.log("\nnanoseconds in target/bench/hosts.json; times are the least of all turns, the ratio the median over them");
