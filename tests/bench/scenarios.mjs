// What is measured together, each in a process of its own.
//
// In one process for all, the monitors with a real and with a fake clock, with handles and with
// plain objects would share their compiled code: V8 would have to keep it general for all of them
// ("mixed" measures that). A program has one clock and one way of naming.
import { Monitor } from "streamgauge";
import { deepCopy, fullMonitor } from "./full-monitor.mjs";
import { scrape } from "./scrape.mjs";
import { openTelemetry, promClient } from "./peers.mjs";

/** A subject's own copy of a module, so that no other subject's calls are seen in its code. */
const copyFor = (subject, module) => import(`${module}?${encodeURIComponent(subject)}`);

const clocks = { fake: (kit) => kit.fakeClock(), real: () => undefined };

async function plainMonitor(name, clock) {
  const kit = await copyFor(name, "./message.mjs");
  const { PlainMonitor } = await copyFor(name, "./plain-monitor.mjs");
  return { name, times: 100_000, work: kit.messages(new PlainMonitor(clocks[clock](kit)), kit.plainNames) };
}

async function ours(name, clock, naming) {
  const kit = await copyFor(name, "./message.mjs");
  const monitor = new Monitor({ time: clocks[clock](kit) });
  const names = { handles: () => kit.handlesOf(monitor), plain: () => kit.plainNames, fresh: () => ({ ...kit.plainNames, fresh: true }) };
  return { name, times: 100_000, work: kit.messages(monitor, names[naming]()) };
}

async function peer(name, times, make) {
  const kit = await copyFor(name, "./message.mjs");
  return { name, times, work: make(kit.plainNames) };
}

function clockReads() {
  let sink = 0;
  const work = (times) => {
    for (let read = 0; read < 4 * times; read += 1) sink += performance.now();
    return sink;
  };
  return { name: "four clock reads", times: 100_000, work };
}

function repeated(name, times, work) {
  return {
    name,
    times,
    work(count) {
      for (let time = 0; time < count; time += 1) work();
    },
  };
}

function reading() {
  const monitor = fullMonitor();
  const dict = monitor.asdict();
  return [
    repeated("asdict()", 1_000, () => monitor.asdict()),
    repeated("deep copy", 1_000, () => deepCopy(dict)),
    repeated("sample()", 1_000, () => monitor.sample()),
    repeated("snapshot()", 100, () => monitor.snapshot()),
    repeated("snapshotBytes()", 100, () => monitor.snapshotBytes()),
  ];
}

/** The subjects of each process; the first of a scenario is what its ratios are to. */
export const scenarios = {
  "fake clock, handles": async () => [await plainMonitor("plain", "fake"), await ours("ours", "fake", "handles")],
  "fake clock, plain objects": async () => [await plainMonitor("plain", "fake"), await ours("ours", "fake", "plain")],
  "fake clock, fresh objects": async () => [await plainMonitor("plain", "fake"), await ours("ours", "fake", "fresh")],
  "real clock, handles": async () => [await plainMonitor("plain", "real"), await ours("ours", "real", "handles")],
  "real clock, plain objects": async () => [await plainMonitor("plain", "real"), await ours("ours", "real", "plain")],
  peers: async () => [
    await plainMonitor("plain", "real"),
    await ours("ours", "real", "handles"),
    clockReads(),
    await peer("prom-client", 10_000, promClient),
    await peer("OpenTelemetry", 5_000, openTelemetry),
  ],
  mixed: async () => [
    await plainMonitor("plain", "fake"),
    await ours("ours, fake clock, handles", "fake", "handles"),
    await ours("ours, fake clock, plain objects", "fake", "plain"),
    await plainMonitor("plain, real clock", "real"),
    await ours("ours, real clock, handles", "real", "handles"),
    await ours("ours, real clock, plain objects", "real", "plain"),
  ],
  reading: async () => [...reading()],
  "a scrape of 3,000 lines": scrape,
};
