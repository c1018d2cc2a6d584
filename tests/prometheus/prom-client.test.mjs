// `streamgauge/prom-client` in real registries of prom-client.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import client from "prom-client";
import { openMetrics, prometheusText } from "streamgauge/export";
import { attachPromClient } from "streamgauge/prom-client";
import { busyWorker, checkedByPromtool, keyOf, readByPython } from "./support.mjs";

const { Counter, Histogram, Registry } = client;

/** Samples by name and labels, as Python reads OpenMetrics text. */
const samplesOf = (text) => new Map(readByPython(text).flatMap(({ samples }) => samples.map(([name, labels, value]) => [keyOf(name, labels), Number(value)])));

describe("a registry", () => {
  let registry;
  let snapshot;
  beforeEach(() => {
    registry = new Registry();
    snapshot = busyWorker().monitor.snapshot();
    new Counter({ name: "their_requests_total", help: "Theirs.", registers: [registry] }).inc(3);
  });

  test("of classic text has ours beside its own, with the right types", async () => {
    attachPromClient(registry, () => snapshot, { group: "billing" });
    const text = await registry.metrics();
    assert.match(text, /^their_requests_total 3$/m);
    const ours = prometheusText(snapshot, { group: "billing" });
    const wanted = ours.split("\n").filter((line) => line !== "");
    const present = new Set(text.split("\n"));
    for (const line of wanted.filter((line) => line.startsWith("# TYPE"))) assert.ok(present.has(line), line);
    const samples = (lines) => lines.filter((line) => /^streamgauge_/.test(line)).map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]);
    assert.deepEqual(samples(text.split("\n")).sort(), samples(wanted).sort());
    assert.deepEqual(checkedByPromtool(text), { status: 0, says: "" });
  });

  test("of OpenMetrics has them so that a foreign parser reads the same", async () => {
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    attachPromClient(registry, () => snapshot);
    const found = samplesOf(await registry.metrics());
    assert.equal(found.get(keyOf("their_requests_total", {})), 3);
    for (const [key, value] of samplesOf(openMetrics(snapshot))) assert.equal(found.get(key), value, key);
  });

  test("may change its mind about the text", async () => {
    const only = new Registry();
    attachPromClient(only, () => snapshot);
    const classic = await only.metrics();
    only.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    assert.match(await only.metrics(), /^# TYPE streamgauge_messages_received counter$/m);
    only.setContentType(Registry.PROMETHEUS_CONTENT_TYPE);
    assert.equal(await only.metrics(), classic);
  });

  test("gives its default labels to ours, and its JSON and single metrics have them", async () => {
    registry.setDefaultLabels({ app: "shop" });
    attachPromClient(registry, () => snapshot);
    assert.match(await registry.metrics(), /^streamgauge_messages_active\{worker="w1",app="shop"\} 1$/m);
    const json = (await registry.getMetricsAsJSON()).find(({ name }) => name === "streamgauge_messages_received_total");
    assert.equal(json.type, "counter");
    assert.deepEqual(json.values, [{ metricName: "streamgauge_messages_received_total", labels: { worker: "w1", app: "shop" }, value: 101 }]);
    assert.match(await registry.getSingleMetricAsString("streamgauge_partition_lag"), /partition="0",.*\} 30$/m);
    registry.resetMetrics();
    assert.match(await registry.metrics(), /^streamgauge_messages_received_total\{.*\} 101$/m);
  });

  test("has hostile names as they are", async () => {
    const hostile = busyWorker('w"\\\n', { topic: '\\"} 1\nevil{x="', stream: "__proto__", table: "\\n\\" }).monitor.snapshot();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    attachPromClient(registry, () => hostile);
    const found = samplesOf(await registry.metrics());
    for (const [key, value] of samplesOf(openMetrics(hostile))) assert.equal(found.get(key), value, key);
  });

  test("reads the source once for each scrape, whatever it gives", async () => {
    let reads = 0;
    const { monitor } = busyWorker();
    const attachment = attachPromClient(registry, async () => {
      reads += 1;
      return [monitor.snapshotBytes()];
    });
    await registry.metrics();
    const [first, second] = await Promise.all([registry.metrics(), registry.metrics()]);
    assert.equal(first, second);
    assert.equal(reads, 2, "one for the first, one for the two at once");
    monitor.onHeartbeat();
    assert.match(await registry.metrics(), /^streamgauge_consumer_heartbeats_total\{worker="w1"\} 2$/m);
    assert.equal(reads, 3);
    assert.equal(attachment.faults, 0);
  });

  test("goes on without ours where the source fails", async () => {
    const faults = [];
    for (const [prefix, source] of [
      ["throws_", () => { throw new Error("no snapshot"); }],
      ["rejects_", () => Promise.reject(new Error("no snapshot"))],
      ["nonsense_", () => 5],
    ]) {
      const attachment = attachPromClient(registry, source, { prefix, onFault: (fault) => faults.push(fault) });
      const text = await registry.metrics();
      assert.match(text, /^their_requests_total 3$/m);
      assert.doesNotMatch(text, new RegExp(`^${prefix}`, "m"));
      assert.equal(attachment.faults, 1);
      assert.ok(attachment.lastFault instanceof Error);
      attachment.detach();
    }
    assert.equal(faults.length, 3);
  });

  test("is as it was after detach", async () => {
    const before = await registry.metrics();
    const names = registry.getMetricsAsArray().length;
    const attachment = attachPromClient(registry, () => snapshot);
    assert.notEqual(await registry.metrics(), before);
    attachment.detach();
    attachment.detach();
    assert.equal(await registry.metrics(), before);
    assert.equal(registry.getMetricsAsArray().length, names);
    attachPromClient(registry, () => snapshot).detach();
  });

  test("keeps what took our name's place since, and our old metric gives nothing", async () => {
    const attachment = attachPromClient(registry, () => snapshot);
    const held = registry.getSingleMetric("streamgauge_messages_active");
    registry.removeSingleMetric("streamgauge_messages_active");
    const theirs = new Histogram({ name: "streamgauge_messages_active", help: "Theirs.", registers: [registry] });
    attachment.detach();
    assert.equal(registry.getSingleMetric("streamgauge_messages_active"), theirs);
    assert.deepEqual((await held.get()).values, []);
  });

  test("that has one of our names is refused, by name, and gets none", () => {
    new Counter({ name: "streamgauge_events_total", help: "Theirs.", registers: [registry] });
    const names = registry.getMetricsAsArray().length;
    assert.throws(() => attachPromClient(registry, () => snapshot), {
      name: "RangeError",
      code: "ERR_METRIC_NAME_TAKEN",
      value: "streamgauge_events_total",
      message: 'the registry has a metric "streamgauge_events_total" already; another prefix gives ours another name',
    });
    assert.equal(registry.getMetricsAsArray().length, names);
    attachPromClient(registry, () => snapshot, { prefix: "sg_" });
    assert.throws(() => new Counter({ name: "sg_events_total", help: "Theirs.", registers: [registry] }), /already been registered/);
  });

  test("is refused with the reason where something is wrong", () => {
    assert.throws(() => attachPromClient({}, () => snapshot), { code: "ERR_INVALID_REGISTRY" });
    assert.throws(() => attachPromClient(registry, snapshot), { code: "ERR_INVALID_SOURCE" });
    assert.throws(() => attachPromClient(registry, () => snapshot, { prefix: "-" }), { code: "ERR_INVALID_PREFIX" });
    assert.throws(() => attachPromClient(registry, () => snapshot, { colour: 1 }), { code: "ERR_UNKNOWN_OPTION" });
    assert.equal(registry.getMetricsAsArray().length, 1);
  });
});
