// The producer with the SDK's other exporters, at its edges, and as a user's program compiles it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import {
  AggregationTemporality,
  ConsoleMetricExporter,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { Monitor } from "streamgauge";
import { StreamgaugeMetricProducer } from "streamgauge/opentelemetry";
import { busyMonitor, epoch } from "./traffic.mjs";

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

async function exportOnce(exporter, producer) {
  const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [producer], exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  await provider.forceFlush();
  return () => provider.shutdown();
}

test("the SDK's own numbers for kinds and temporality are ours", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const { monitor } = busyMonitor();
  const shutdown = await exportOnce(exporter, new StreamgaugeMetricProducer(monitor));
  const [{ scopeMetrics }] = exporter.getMetrics();
  const { metrics } = scopeMetrics.find(({ scope }) => scope.name === "streamgauge");
  await shutdown();
  const kindOf = (name) => metrics.find(({ descriptor }) => descriptor.name === name).dataPointType;
  assert.equal(kindOf("streamgauge.messages.received"), DataPointType.SUM);
  assert.equal(kindOf("streamgauge.messages.active"), DataPointType.GAUGE);
  assert.equal(kindOf("messaging.process.duration"), DataPointType.EXPONENTIAL_HISTOGRAM);
  assert.ok(metrics.every(({ aggregationTemporality }) => aggregationTemporality === AggregationTemporality.CUMULATIVE));
});

test("the console exporter prints it", async (context) => {
  const said = [];
  context.mock.method(console, "dir", (value) => said.push(value));
  const shutdown = await exportOnce(new ConsoleMetricExporter(), new StreamgaugeMetricProducer(busyMonitor().monitor));
  await shutdown();
  assert.ok(said.some(({ descriptor }) => descriptor.name === "messaging.process.duration"));
});

test("the Prometheus exporter has powers of two where it has no exponential histograms", async () => {
  const { monitor } = busyMonitor();
  const reader = new PrometheusExporter({
    preventServerStart: true,
    metricProducers: [new StreamgaugeMetricProducer(monitor, { histograms: "explicit", worker: false })],
  });
  const provider = new MeterProvider({ readers: [reader] });
  const { resourceMetrics, errors } = await reader.collect();
  await provider.shutdown();
  assert.deepEqual(errors, []);
  const lines = new PrometheusSerializer().serialize(resourceMetrics).split("\n");
  const bucketsOf = (name) => {
    const buckets = lines.filter((line) => line.startsWith(`${name}_bucket{`));
    return new Map(buckets.map((line) => [/le="([^"]+)"/.exec(line)[1], Number(/} (\d+)/.exec(line)[1])]));
  };
  const process = bucketsOf("messaging_process_duration");
  // Of 1 ms to 999 ms: 1 to 250, 500 and all.
  assert.deepEqual(["0.25", "0.5", "1", "1024", "+Inf"].map((bound) => process.get(bound)), [250, 500, 999, 999, 999]);
  const http = bucketsOf("streamgauge_http_latency");
  assert.deepEqual(["9.5367431640625e-7", "0.5", "1", "1024", "+Inf"].map((bound) => http.get(bound)), [1, 1, 3, 3, 5]);
  assert.equal(http.size, 32);
});

test("a monitor that nothing happened to gives empty histograms, and no quantiles", async () => {
  const monitor = new Monitor({ time: () => 2, epoch, worker: "" });
  const { resourceMetrics, errors } = await new StreamgaugeMetricProducer(monitor).collect();
  assert.deepEqual(errors, []);
  const [{ metrics }] = resourceMetrics.scopeMetrics;
  const found = (name) => metrics.find(({ descriptor }) => descriptor.name === name);
  const [point] = found("messaging.process.duration").dataPoints;
  assert.deepEqual(point.value, {
    count: 0,
    scale: 5,
    zeroCount: 0,
    positive: { offset: 0, bucketCounts: [] },
    negative: { offset: 0, bucketCounts: [] },
    sum: 0,
  });
  assert.deepEqual(point.startTime, [epoch + 2, 0]);
  assert.equal("streamgauge.worker" in point.attributes, false);
  assert.equal(found("streamgauge.events.runtime.last_minute"), undefined);
  assert.equal(found("messaging.client.consumed.messages"), undefined);
});

test("what took years makes no millions of buckets, and is still counted", async () => {
  const clock = { at: 0 };
  const monitor = new Monitor({ time: () => clock.at });
  const start = monitor.onWebRequestStart();
  clock.at = 1e12;
  monitor.onWebRequestEnd(null, null, { status: 200 }, start);
  const { resourceMetrics } = await new StreamgaugeMetricProducer(monitor).collect();
  const latency = resourceMetrics.scopeMetrics[0].metrics.find(({ descriptor }) => descriptor.name === "streamgauge.http.latency");
  const { positive, count, max } = latency.dataPoints[0].value;
  assert.deepEqual(positive, { offset: 20 * 32 - 1, bucketCounts: [1] });
  assert.deepEqual([count, max], [1, 1e12]);
});

test("two collections grow from the same start", async () => {
  const { monitor } = busyMonitor();
  const producer = new StreamgaugeMetricProducer(() => monitor.snapshot());
  const received = async () => {
    const { resourceMetrics } = await producer.collect({ timeoutMillis: 1000 });
    const metric = resourceMetrics.scopeMetrics[0].metrics.find(({ descriptor }) => descriptor.name === "streamgauge.messages.received");
    return [metric.dataPoints[0].startTime, metric.dataPoints[0].value];
  };
  assert.deepEqual(await received(), [[epoch, 0], 1000]);
  monitor.onMessageIn({ topic: "orders", partition: 3 }, 1000, {});
  assert.deepEqual(await received(), [[epoch, 0], 1001]);
});

test("a monitor that was freed is an error of the collection, not a rejection", async () => {
  const { monitor } = busyMonitor();
  monitor.free();
  const { resourceMetrics, errors } = await new StreamgaugeMetricProducer(monitor).collect();
  assert.deepEqual(resourceMetrics.scopeMetrics, []);
  assert.equal(errors.length, 1);
});

test("bad options are refused with a code", () => {
  const refused = (source, options, code, message) =>
    assert.throws(
      () => new StreamgaugeMetricProducer(source, options),
      (error) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      },
    );
  const source = () => busyMonitor().monitor.snapshot();
  refused({}, {}, "ERR_INVALID_SOURCE", /source must be a monitor, or a function that gives a snapshot, got an object/);
  refused(source, { gruop: "x" }, "ERR_UNKNOWN_OPTION", /"gruop", got "x"; known are system, group/);
  refused(source, { group: 3 }, "ERR_INVALID_GROUP", /a string that is not empty, got 3/);
  refused(source, { system: "" }, "ERR_INVALID_SYSTEM", /got ""/);
  refused(source, { worker: "no" }, "ERR_INVALID_WORKER", /true or false, got "no"/);
  refused(source, { histograms: "fine" }, "ERR_INVALID_HISTOGRAMS", /"exponential" or "explicit", got "fine"/);
  refused(source, { attributes: { a: null } }, "ERR_INVALID_ATTRIBUTES", /attributes\["a"\] must be .*, got null/);
  refused(source, { attributes: [] }, "ERR_INVALID_ATTRIBUTES", /a plain object, got an array/);
});

test("the entry loads no OpenTelemetry package, no WebAssembly and nothing of Node's", () => {
  const foreign = /\brequire\(|\bimport\s*[({"']|\bimport .* from\b|WebAssembly/;
  // The first line of a CommonJS bundle finds the bundle's own place.
  const cjs = readFileSync(path("dist/opentelemetry.cjs"), "utf8").split("\n").slice(1).join("\n");
  assert.ok(!foreign.test(cjs), "dist/opentelemetry.cjs");
  assert.ok(!foreign.test(readFileSync(path("dist/opentelemetry.browser.js"), "utf8")), "dist/opentelemetry.browser.js");
  assert.equal(createRequire(import.meta.url)("streamgauge/opentelemetry").StreamgaugeMetricProducer.name, "StreamgaugeMetricProducer");
});

test("a program with the SDK compiles with it", async () => {
  const tsc = path("node_modules/typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--types", "node", "--exactOptionalPropertyTypes"];
  await promisify(execFile)(process.execPath, [tsc, "--ignoreConfig", ...options, path("tests/opentelemetry/program.mts")]).catch(({ stdout }) =>
    assert.fail(stdout),
  );
});
