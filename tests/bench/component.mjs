// What the WebAssembly component costs its hosts: Python, beside Faust's own Monitor, and Node by way of jco, beside this package.
// A table, and JSON in target/bench/component.json. Nothing fails because a machine is slow.
//
//     node --expose-gc tests/bench/component.mjs [turns]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Monitor } from "streamgauge";
import { load } from "../component/load.mjs";
import { runPython } from "../component/python.mjs";
import { median, minimum, processorTime, ratio, timed } from "./measure.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const turns = Number(process.argv[2] ?? 15);
const component = `${root}target/component/streamgauge-host-clock.wasm`;
const now = () => performance.now() / 1000;

const topic = "orders";
const tps = Array.from({ length: 16 }, (_, partition) => ({ topic, partition }));
const streams = Array.from({ length: 4 }, (_, number) => ({ label: `stream-${number}`, task: `task-${number}` }));

/** The npm package, with handles. */
function npmPackage() {
  const monitor = new Monitor();
  const handles = tps.map(({ topic, partition }) => monitor.topicPartition(topic, partition));
  const streamHandles = streams.map(({ label, task }) => monitor.stream(label, task));
  return (times) => {
    for (let offset = 0; offset < times; offset += 1) {
      const [tp, stream, message] = [handles[offset & 15], streamHandles[offset & 3], {}];
      monitor.onMessageIn(tp, offset, message);
      const state = monitor.onStreamEventIn(tp, offset, stream, message);
      monitor.onStreamEventOut(tp, offset, stream, message, state);
      monitor.onMessageOut(tp, offset, message);
    }
  };
}

const single = (monitor) => (times) => {
  for (let count = 0; count < times; count += 1) {
    const [tp, stream, offset] = [tps[count & 15], streams[count & 3], BigInt(count)];
    const message = monitor.onMessageIn(tp, offset, {});
    const state = monitor.onStreamEventIn(tp, offset, stream);
    monitor.onStreamEventOut(tp, offset, stream, state);
    monitor.onMessageOut(tp, offset, message);
  }
};

/** Typed calls, 256 messages at once. */
const batch = (monitor) => (times) => {
  let calls = [];
  for (let count = 0; count < times; count += 1) {
    const place = { topic, partition: count & 15, offset: BigInt(count), token: BigInt(2 * count) };
    const event = { ...place, token: place.token + 1n, stream: streams[count & 3] };
    calls.push({ at: now(), call: { tag: "on-message-in", val: place } });
    calls.push({ at: now(), call: { tag: "on-stream-event-in", val: event } });
    calls.push({ at: now(), call: { tag: "on-stream-event-out", val: event } });
    calls.push({ at: now(), call: { tag: "on-message-out", val: place } });
    if (calls.length < 1024) continue;
    monitor.recordCalls(calls);
    calls = [];
  }
  monitor.recordCalls(calls);
};

/** Calls of four numbers, 256 messages at once. */
function packed(monitor) {
  const tpHandles = tps.map((tp) => monitor.topicPartitionHandle(tp));
  const streamHandles = streams.map((stream) => monitor.streamHandle(stream));
  const numbers = new Float64Array(4 * 1024);
  let length = 0;
  const note = (head, at, first, second) => {
    numbers[length] = head;
    numbers[length + 1] = at;
    numbers[length + 2] = first;
    numbers[length + 3] = second;
    length += 4;
  };
  const flush = () => {
    monitor.recordPacked(numbers.subarray(0, length));
    length = 0;
  };
  return (times) => {
    for (let count = 0; count < times; count += 1) {
      const [tp, stream, timeIn] = [64 * tpHandles[count & 15], streamHandles[count & 3], now()];
      note(tp, timeIn, count, NaN);
      const eventIn = now();
      note(tp + 1, eventIn, stream, 0);
      note(64 * stream + 2, now(), eventIn, 0);
      note(3, now(), timeIn, NaN);
      if (length === numbers.length) flush();
    }
    flush();
  };
}

const { Monitor: ComponentMonitor } = await load(now);
const filled = new ComponentMonitor();
packed(filled)(1000);
const filledPackage = new Monitor();
tps.forEach((tp) => filledPackage.onMessageIn(tp, 1, {}));
const repeat = (work) => (times) => {
  for (let count = 0; count < times; count += 1) work();
};
const nodeSubjects = [
  { name: "npm message", times: 20_000, work: npmPackage() },
  { name: "single message", times: 1_000, work: single(new ComponentMonitor()) },
  { name: "batch message", times: 1_024, work: batch(new ComponentMonitor()) },
  { name: "packed message", times: 10_240, work: packed(new ComponentMonitor()) },
  { name: "single heartbeat", times: 10_000, work: repeat(() => filled.onHeartbeat()) },
  { name: "npm asdict", times: 200, work: repeat(() => filledPackage.asdict()) },
  { name: "typed asdict", times: 50, work: repeat(() => filled.asdict()) },
  { name: "asdict as JSON, parsed", times: 50, work: repeat(() => JSON.parse(filled.asdictJson())) },
];

const microseconds = (nanoseconds) => nanoseconds / 1000;
const results = [];

function table(host, rounds, yardsticks) {
  const nameWidth = 28;
  console.log(`\n${host.padEnd(nameWidth)}${"least".padStart(12)}${"median".padStart(12)}  ratio`);
  for (const [name, all] of Object.entries(rounds)) {
    const yardstick = yardsticks.find((one) => one.split(" ")[1] === name.split(" ")[1] && one in rounds);
    const times = yardstick === undefined ? null : ratio(all, rounds[yardstick]);
    results.push({ host, name, least: minimum(all), median: median(all), ratio: times, of: yardstick ?? null });
    const shown = (one) => `${microseconds(one).toFixed(2)} us`.padStart(12);
    const compared = times === null || yardstick === name ? "" : `  ${times.toFixed(2)} of ${yardstick}`;
    console.log(`${name.padEnd(nameWidth)}${shown(minimum(all))}${shown(median(all))}${compared}`);
  }
}

const { versions, rounds } = JSON.parse(await runPython(fileURLToPath(new URL("component.py", import.meta.url)), component, `${turns}`));
const inNanoseconds = Object.entries(rounds).map(([name, all]) => [name, all.map((seconds) => seconds * 1e9)]);
table("Python", Object.fromEntries(inNanoseconds), ["faust message", "faust asdict"]);
table("Node", await timed(nodeSubjects, turns, processorTime), ["npm message", "npm asdict"]);

const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
mkdirSync(`${root}target/bench`, { recursive: true });
const facts = { date: new Date().toISOString(), machine: cpus()[0]?.model, node: process.version, version, ...versions };
writeFileSync(`${root}target/bench/component.json`, `${JSON.stringify({ ...facts, results }, null, 2)}\n`);
console.log("\nnanoseconds of processor time in target/bench/component.json; the ratio is the median over the turns");
