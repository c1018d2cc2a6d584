// What the SDK's own OTLP exporter sends of us, read again from the protobuf by a foreign decoder.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { StreamgaugeMetricProducer } from "streamgauge/opentelemetry";
import { startReceiver } from "./receiver.mjs";
import { busyMonitor, durations, epoch } from "./traffic.mjs";

const plain = (value) => Object.values(value)[0];
const attributesOf = ({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
const common = { "messaging.system": "kafka", "messaging.consumer.group.name": "totals", "streamgauge.worker": "worker-1", env: "test" };
const numberOf = (point) => ("asInt" in point ? Number(point.asInt) : point.asDouble);
const total = (counts) => counts.reduce((sum, count) => sum + Number(count), 0);

/** Attributes without those that all have, and the value. */
function seriesOf(points) {
  return points.map((point) => {
    const { ...own } = attributesOf(point);
    for (const key of Object.keys(common)) delete own[key];
    return [own, numberOf(point)];
  });
}

/** Counts by bucket index, as one who knows only OpenTelemetry's data model reads them. */
function bucketsOf({ positive }) {
  const first = positive.offset ?? 0;
  const counts = (positive.bucketCounts ?? []).map((count, place) => [first + place, Number(count)]);
  return new Map(counts.filter(([, count]) => count > 0));
}

/** The bounds of the bucket in which the nearest rank lies. */
function boundsOfQuantile(point, q) {
  const rank = Math.ceil(q * Number(point.count));
  let reached = Number(point.zeroCount ?? 0);
  assert.ok(rank > reached, "the quantile lies among the zeros");
  const base = 2 ** (2 ** -point.scale);
  for (const [index, count] of [...bucketsOf(point)].sort(([a], [b]) => a - b)) {
    reached += count;
    if (rank <= reached) return [base ** index, base ** (index + 1)];
  }
  throw new Error("the rank lies in no bucket");
}

describe("a busy monitor through the OTLP exporter", () => {
  let receiver;
  let metrics;
  let snapshot;
  let measured;
  let resource;

  before(async () => {
    receiver = await startReceiver();
    const busy = busyMonitor();
    measured = busy.measured;
    const exporter = new OTLPMetricExporter({ url: receiver.url });
    // The reader's timer is not waited for: the flush asks once.
    const source = () => (snapshot = busy.monitor.snapshot());
    const producer = new StreamgaugeMetricProducer(source, { group: "totals", attributes: { env: "test" } });
    const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [producer], exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter("program").createCounter("its.own").add(2);
    await provider.forceFlush();
    const request = await receiver.requests[0];
    await provider.shutdown();
    const [all] = request.resourceMetrics;
    resource = all.resource;
    const ours = all.scopeMetrics.find(({ scope }) => scope.name === "streamgauge");
    metrics = new Map(ours.metrics.map((metric) => [metric.name, metric]));
    assert.equal(metrics.size, ours.metrics.length, "a name stands once");
    assert.ok(all.scopeMetrics.some(({ metrics: [first] }) => first.name === "its.own"), "the program's own metrics go along");
  });

  after(() => receiver.close());

  const sums = (name) => seriesOf(metrics.get(name).sum.dataPoints);
  const gauges = (name) => seriesOf(metrics.get(name).gauge.dataPoints);
  const histogram = (name, wanted = {}) => {
    const points = metrics.get(name).exponentialHistogram.dataPoints;
    const isWanted = (point) => Object.entries(wanted).every(([key, value]) => attributesOf(point)[key] === value);
    const found = points.filter(isWanted);
    assert.equal(found.length, 1, `${name}: one series with ${JSON.stringify(wanted)}`);
    return found[0];
  };

  it("carries the resource of the program's SDK, not one of ours", () => {
    const names = resource.attributes.map(({ key }) => key);
    assert.ok(names.includes("telemetry.sdk.language"));
  });

  it("counts messages by the conventions", () => {
    const consumed = metrics.get("messaging.client.consumed.messages");
    assert.equal(consumed.unit, "{message}");
    assert.equal(consumed.sum.isMonotonic, true);
    assert.equal(consumed.sum.aggregationTemporality, "AGGREGATION_TEMPORALITY_CUMULATIVE");
    assert.deepEqual(sums("messaging.client.consumed.messages"), [
      [{ "messaging.operation.name": "poll", "messaging.destination.name": "orders" }, 667],
      [{ "messaging.operation.name": "poll", "messaging.destination.name": "payments" }, 333],
    ]);
    assert.deepEqual(sums("messaging.client.sent.messages"), [
      [{ "messaging.operation.name": "send", "messaging.destination.name": "totals" }, 4],
    ]);
    assert.ok("asInt" in consumed.sum.dataPoints[0], "messages are whole");
  });

  it("has the common attributes on every series, messaging ones where they belong", () => {
    for (const [name, { sum, gauge, exponentialHistogram }] of metrics) {
      for (const point of (sum ?? gauge ?? exponentialHistogram).dataPoints) {
        const own = attributesOf(point);
        assert.equal(own.env, "test", name);
        assert.equal(own["streamgauge.worker"], "worker-1", name);
        const isMessaging = !/^streamgauge\.(http|table|program)\./.test(name);
        assert.equal(own["messaging.system"], isMessaging ? "kafka" : undefined, name);
        assert.equal(own["messaging.consumer.group.name"], isMessaging ? "totals" : undefined, name);
      }
    }
  });

  it("begins when the monitor was made and ends when the snapshot was taken", () => {
    for (const [name, { sum, gauge, exponentialHistogram }] of metrics) {
      for (const point of (sum ?? gauge ?? exponentialHistogram).dataPoints) {
        assert.equal(point.startTimeUnixNano, `${epoch}000000000`, name);
        assert.ok(Math.abs(Number(point.timeUnixNano) / 1e9 - snapshot.at) < 1e-6, name);
      }
    }
    assert.ok(snapshot.at > epoch + 8_000);
  });

  it("gives every duration its bucket, and the sum to the nanosecond", () => {
    const point = histogram("messaging.process.duration", { "messaging.operation.name": "process", "messaging.operation.type": "process" });
    const wanted = new Map();
    for (const duration of measured) {
      const index = Math.ceil(Math.log2(duration) * 2 ** point.scale) - 1;
      wanted.set(index, (wanted.get(index) ?? 0) + 1);
    }
    const byIndex = (counts) => [...counts].sort(([a], [b]) => a - b);
    assert.equal(point.scale, 5);
    assert.deepEqual(byIndex(bucketsOf(point)), byIndex(wanted));
    assert.equal(point.count, "999");
    assert.equal(point.zeroCount ?? "0", "0");
    assert.ok(Math.abs(point.sum - 499.5) < 1e-9, `${point.sum}`);
    assert.equal(point.min, Math.min(...measured));
    assert.equal(point.max, Math.max(...measured));
    assert.equal(metrics.get("messaging.process.duration").unit, "s");
  });

  it("gives whoever computes quantiles from the buckets ours", () => {
    const point = histogram("messaging.process.duration");
    const sorted = [...durations].sort((a, b) => a - b);
    for (const [key, q] of [["p50", 0.5], ["p90", 0.9], ["p99", 0.99], ["p999", 0.999]]) {
      const [lower, upper] = boundsOfQuantile(point, q);
      const exact = sorted[Math.ceil(q * sorted.length) - 1];
      const ours = snapshot.events.runtime.life[key];
      assert.ok(lower < exact + 1e-9 && exact <= upper + 1e-9, `${key}: ${exact} in ${lower}..${upper}`);
      assert.ok(lower <= ours && ours <= upper, `${key}: ${ours} in ${lower}..${upper}`);
      assert.ok(Math.abs(ours - exact) <= 0.011 * exact, `${key}: ${ours} is ${exact}`);
    }
  });

  it("loses nothing in any histogram: count = zeros + buckets, none negative", () => {
    let seen = 0;
    for (const [name, { exponentialHistogram }] of metrics) {
      for (const point of exponentialHistogram?.dataPoints ?? []) {
        seen += 1;
        const counted = Number(point.zeroCount ?? 0) + total(point.positive?.bucketCounts ?? []);
        assert.equal(counted, Number(point.count ?? 0), name);
        assert.equal(total(point.negative?.bucketCounts ?? []), 0, name);
      }
    }
    assert.equal(seen, 11);
  });

  it("keeps what is too short as zeros and what is too long at the greatest", () => {
    const point = histogram("streamgauge.http.latency");
    assert.equal(point.count, "5");
    assert.equal(point.zeroCount, "1");
    assert.ok(Math.abs(point.max - 5000) < 1e-6);
    assert.ok(Math.abs(point.sum - 8001.5) < 1e-6);
    const indexOf = (seconds) => Math.ceil(Math.log2(seconds) * 32) - 1;
    assert.deepEqual([...bucketsOf(point)], [[indexOf(0.75), 2], [indexOf(5000), 2]]);
    const [lower, upper] = boundsOfQuantile(point, 0.99);
    assert.ok(lower < 5000 && 5000 <= upper);
    assert.ok(Math.abs(snapshot.http.latency.life.p99 - 5000) < 1e-6, "as in ours");
  });

  it("tells sends, failed sends and commits apart by operation and error", () => {
    const operation = (name, type) => ({ "messaging.operation.name": name, "messaging.operation.type": type });
    const named = "messaging.client.operation.duration";
    const all = metrics.get(named).exponentialHistogram.dataPoints;
    assert.equal(all.length, 3);
    const [sent, failed, committed] = all;
    const own = (point) => Object.fromEntries(Object.entries(attributesOf(point)).filter(([key]) => !(key in common)));
    assert.deepEqual(own(sent), operation("send", "send"));
    assert.deepEqual(own(failed), { ...operation("send", "send"), "error.type": "_OTHER" });
    assert.deepEqual(own(committed), operation("commit", "settle"));
    assert.deepEqual([sent, failed, committed].map(({ count }) => count), ["3", "1", "2"]);
    assert.deepEqual([sent, failed, committed].map(({ sum }) => sum.toFixed(6)), ["1.250000", "2.000000", "0.250000"]);
    // A bound belongs to the bucket below it: 2^-2 s is index -2 * 32 - 1.
    assert.deepEqual([...bucketsOf(committed)].map(([, count]) => count), [2]);
    assert.deepEqual(sums("streamgauge.errors.by_stage"), [
      [{ "streamgauge.stage": "http", "error.type": "503" }, 1],
      [{ "streamgauge.stage": "process", "error.type": "RangeError" }, 1],
      [{ "streamgauge.stage": "send", "error.type": "TypeError" }, 1],
    ]);
  });

  it("tells each partition's lag, with its number as text", () => {
    const orders = { "messaging.destination.name": "orders", "messaging.destination.partition.id": "3" };
    const payments = { "messaging.destination.name": "payments", "messaging.destination.partition.id": "0" };
    assert.deepEqual(gauges("streamgauge.partition.lag").filter(([own]) => own["messaging.destination.name"] !== "returns"), [
      [orders, 100],
      [payments, 0],
    ]);
    const statuses = gauges("streamgauge.partition.status").filter(([own]) => own["messaging.destination.name"] === "orders");
    assert.deepEqual(statuses.map(([own]) => own["streamgauge.status"]), ["ok", "warn", "stop", "stall", "rewind"]);
    assert.equal(statuses.reduce((sum, [, value]) => sum + value, 0), 1, "one of them holds");
    assert.deepEqual(gauges("streamgauge.lag.records_sum"), [[{}, 100]]);
  });

  it("counts down as well as up what the program counts itself", () => {
    assert.deepEqual(gauges("streamgauge.program.metric"), [
      [{ "streamgauge.name": "balance" }, -7],
      [{ "streamgauge.name": "orders.large" }, 4],
    ]);
  });

  it("has HTTP's status as a number", () => {
    assert.deepEqual(sums("streamgauge.http.responses"), [
      [{ "http.response.status_code": "200" }, 4],
      [{ "http.response.status_code": "503" }, 1],
    ]);
    const [point] = metrics.get("streamgauge.http.responses").sum.dataPoints;
    const status = point.attributes.find(({ key }) => key === "http.response.status_code");
    assert.deepEqual(status.value, { intValue: "200" });
  });
});
