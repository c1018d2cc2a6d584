// One scrape of 3,000 lines: by us, and by prom-client with the same families, labels and numbers of its own. A scrape ends
// as bytes on a socket: both as they are, and with the string made bytes as `response.end(text)` makes it.
import assert from "node:assert/strict";
import prometheus from "prom-client";
import { Monitor } from "streamgauge";
import { METRICS, openMetrics, openMetricsBytes, prometheusText } from "streamgauge/export";
import { attachPromClient } from "streamgauge/prom-client";

const TOPICS = 10;
const PARTITIONS = 166;

/** A worker with many partitions and every latency measured. */
function worker() {
  let now = 1;
  const monitor = new Monitor({ time: () => now, epoch: 1_700_000_000, worker: "worker-1" });
  const tps = Array.from({ length: PARTITIONS }, (_, place) => ({ topic: `topic-${place % TOPICS}`, partition: place }));
  monitor.onPartitionsAssigned(tps);
  for (const [place, tp] of tps.entries()) {
    const stream = `stream-${place % 4}`;
    for (let offset = 0; offset < 20; offset += 1) {
      const message = { timestamp: 1_700_000_000_000 };
      monitor.onMessageIn(tp, offset, message);
      const event = monitor.onStreamEventIn(tp, offset, stream, {});
      now += 0.0001 * (1 + ((place * 7 + offset * 13) % 97));
      monitor.onStreamEventOut(tp, offset, stream, {}, event);
      monitor.onMessageOut(tp, offset, message);
    }
    monitor.trackTpEndOffset(tp, 30 + place);
    monitor.onTpCommit([[tp, 15]]);
  }
  monitor.sample();
  now += 1;
  monitor.sample();
  return monitor;
}

const linesOf = (text) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;

/** A registry with metrics of prom-client's own that say the same. */
function registryOf(text) {
  const registry = new prometheus.Registry();
  const kinds = new Map(METRICS.map(({ prometheus: name, kind, help }) => [name, { kind, help }]));
  const made = new Map();
  for (const [, name, labelText, value] of text.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm)) {
    const family = kinds.has(name) ? name : name.replace(/_(bucket|sum|count)$/, "");
    const { kind, help } = kinds.get(family);
    const labels = Object.fromEntries([...labelText.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, is]) => [label, is]));
    const isHistogram = kind === "histogram";
    if (isHistogram && !name.endsWith("_count")) continue;
    if (!made.has(family)) {
      const options = { name: family, help, labelNames: Object.keys(labels), registers: [registry] };
      if (isHistogram) made.set(family, new prometheus.Histogram({ ...options, buckets: Array.from({ length: 22 }, (_, place) => 2 ** (place - 14)) }));
      // prom-client's summaries measure themselves; a gauge with the label costs as much to write.
      else made.set(family, kind === "counter" ? new prometheus.Counter(options) : new prometheus.Gauge({ ...options, labelNames: [...options.labelNames] }));
    }
    const metric = made.get(family);
    if (isHistogram) metric.observe(labels, 0.05);
    else if (kind === "counter") metric.inc(labels, Number(value));
    else metric.set(labels, Number(value));
  }
  return registry;
}

const repeated = (name, times, work) => ({
  name,
  times,
  async work(count) {
    for (let time = 0; time < count; time += 1) await work();
  },
});

export async function scrape() {
  const monitor = worker();
  const bytes = monitor.snapshotBytes();
  const object = monitor.snapshot();
  const text = prometheusText(bytes);
  const theirs = registryOf(text);
  const lines = [linesOf(text), linesOf(await theirs.metrics())];
  assert.ok(lines.every((count) => Math.abs(count - 3_000) < 60), `lines: ${lines}`);
  const bridged = new prometheus.Registry();
  attachPromClient(bridged, () => bytes);
  return [
    repeated("prom-client", 10, () => theirs.metrics()),
    repeated("prom-client, to bytes", 10, async () => Buffer.from(await theirs.metrics())),
    repeated("ours, to bytes", 50, () => openMetricsBytes(bytes)),
    repeated("ours, a string to bytes", 50, () => Buffer.from(openMetrics(bytes))),
    repeated("ours, a string", 50, () => openMetrics(bytes)),
    repeated("ours, classic text", 50, () => prometheusText(bytes)),
    repeated("ours, from an object", 20, () => openMetrics(object)),
    repeated("ours, in prom-client's registry", 10, () => bridged.metrics()),
  ];
}
