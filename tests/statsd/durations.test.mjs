// Durations: quantiles, samples and distributions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { StatsdRenderer } from "streamgauge/statsd";
import { countersOf, read, worker } from "./traffic.mjs";

const named = (name) => (line) => line.name === name;
const runtime = "streamgauge.events.runtime";
/** What a server counts that cuts 1/rate to a whole number, as Datadog's agent does. */
const countsOf = (lines) => lines.reduce((sum, { values, rate }) => sum + values.length * Math.trunc(1 / rate), 0);

/** 1 ms to 1 s, each once, some of them often. */
function busy() {
  const one = worker();
  for (let count = 1; count <= 1000; count += 1) one.message("orders", 0, count / 1000);
  for (let count = 0; count < 4900; count += 1) one.message("orders", 0, 0.001);
  return one;
}

/** The nearest-rank quantile of weighted values. */
function quantile(weighted, q) {
  const sorted = [...weighted].sort(([a], [b]) => a - b);
  const rank = Math.ceil(q * sorted.reduce((sum, [, weight]) => sum + weight, 0));
  let reached = 0;
  return sorted.find(([, weight]) => (reached += weight) >= rank)[0];
}

test("StatsD gets counts, and the last minute's quantiles as gauges in seconds", () => {
  const { monitor, message } = worker();
  for (let count = 1; count <= 100; count += 1) message("orders", 0, count / 1000);
  const lines = read(new StatsdRenderer().render(monitor.snapshot()));
  assert.equal(countersOf(lines)[`${runtime}.count`], 100);
  assert.equal(countersOf(lines)["streamgauge.events.runtime_by_stream.totals.count"], 100);
  const gauge = (name) => lines.find(named(name)).values[0];
  const { p99 } = monitor.snapshot().events.runtime.lastMinute;
  assert.equal(gauge(`${runtime}.last_minute.p99`), p99);
  assert.ok(Math.abs(p99 - 0.099) < 0.0011 + 1e-9);
  assert.ok(Math.abs(gauge(`${runtime}.max`) - 0.1) < 1e-9);
  assert.ok(!lines.some(({ type }) => type === "ms"));
});

test("distributions carry each bucket's count in the rate, exactly", () => {
  const { monitor, message } = busy();
  const renderer = new StatsdRenderer({ dialect: "dogstatsd" });
  const snapshot = monitor.snapshot();
  const lines = read(renderer.render(snapshot), "dogstatsd").filter(named(runtime));
  assert.ok(lines.every(({ type }) => type === "d"));
  assert.equal(countsOf(lines), 5900);
  const weighted = lines.flatMap(({ values, rate }) => values.map((value) => [value, Math.trunc(1 / rate)]));
  assert.ok(weighted.some(([, weight]) => weight > 4900));
  for (const [key, q] of [["p50", 0.5], ["p90", 0.9], ["p99", 0.99]]) {
    const ours = snapshot.events.runtime.life[key];
    assert.ok(Math.abs(quantile(weighted, q) - ours) <= ours * 1e-5, key);
  }
  message("orders", 0, 0.5);
  const later = read(renderer.render(monitor.snapshot()), "dogstatsd").filter(named(runtime));
  assert.equal(countsOf(later), 1);
  assert.ok(Math.abs(later[0].values[0] - 0.5) < 0.0055);
});

test("a rate of any weight is read back as that weight, cut or rounded", () => {
  for (const weight of [1, 2, 3, 7, 10, 49, 98, 103, 1000, 4913, 65_537, 999_983]) {
    const { monitor } = worker();
    const snapshot = structuredClone(monitor.snapshot());
    Object.assign(snapshot.http.latency.life, { count: weight, offset: 0, buckets: [weight], min: 1, max: 1.02 });
    const [line] = read(new StatsdRenderer({ dialect: "dogstatsd" }).render(snapshot), "dogstatsd").filter(named("streamgauge.http.latency"));
    assert.equal(Math.trunc(1 / line.rate), weight);
    assert.equal(Math.round(1 / line.rate), weight);
  }
});

test("samples are milliseconds, as many as the rate says, and their weights add up to all", () => {
  const { monitor } = busy();
  const snapshot = monitor.snapshot();
  for (const [options, wanted] of [
    [{}, 500],
    [{ sampleRate: 0.01 }, 59],
    [{ sampleRate: 0.0001 }, 1],
    [{ maxSamples: 10_000 }, 5900],
    [{ maxSamples: 7 }, 7],
  ]) {
    const lines = read(new StatsdRenderer({ durations: "samples", ...options }).render(snapshot)).filter(named(runtime));
    assert.equal(lines.length, wanted, JSON.stringify(options));
    assert.ok(lines.every(({ type }) => type === "ms"));
    assert.equal(countsOf(lines), 5900, JSON.stringify(options));
    if (wanted < 500) continue;
    const weighted = lines.map(({ values: [value], rate }) => [value, Math.trunc(1 / rate)]);
    for (const [key, q] of [["p50", 0.5], ["p90", 0.9], ["p99", 0.99]]) {
      const ours = snapshot.events.runtime.life[key] * 1000;
      assert.ok(Math.abs(quantile(weighted, q) - ours) <= ours * 0.05, `${key}: ${quantile(weighted, q)} is ${ours}`);
    }
  }
});

test("what is too short or too long for a bucket goes as the least and the greatest", () => {
  const { monitor, clock } = worker();
  for (const seconds of [0, 0.5, 2000]) {
    const start = monitor.onWebRequestStart();
    clock.at += seconds;
    monitor.onWebRequestEnd(null, null, { status: 200 }, start);
  }
  const lines = read(new StatsdRenderer({ durations: "samples" }).render(monitor.snapshot())).filter(named("streamgauge.http.latency"));
  const [least, middle, greatest] = lines.map(({ values: [value] }) => value);
  assert.deepEqual([least, greatest], [0, 2_000_000]);
  assert.ok(Math.abs(middle - 500) < 5.5, `${middle}`);
});

test("options that are none are refused with a code", () => {
  const refusals = [
    [{ dialect: "graphite" }, "ERR_INVALID_DIALECT", /one of "statsd", "dogstatsd", got "graphite"/],
    [{ durations: "distributions" }, "ERR_INVALID_DURATIONS", /one of "quantiles", "samples", got "distributions"/],
    [{ prefix: "a:b" }, "ERR_INVALID_PREFIX", /letters and digits of ASCII, _ - and \., got "a:b"/],
    [{ tags: { a: "b" } }, "ERR_INVALID_TAGS", /none where the dialect is "statsd"/],
    [{ dialect: "dogstatsd", tags: { a: 1 } }, "ERR_INVALID_TAGS", /tags\["a"\] must be a string, got 1/],
    [{ maxPacketBytes: 63 }, "ERR_INVALID_MAX_PACKET_BYTES", /64\.\.65507, got 63/],
    [{ sampleRate: 0 }, "ERR_INVALID_SAMPLE_RATE", /over 0, up to 1, got 0/],
    [{ maxSamples: 1.5 }, "ERR_INVALID_MAX_SAMPLES", /got 1\.5/],
    [{ countedBefore: true }, "ERR_INVALID_COUNTED_BEFORE", /one of "send", "skip", got true/],
    [{ include: "all" }, "ERR_INVALID_INCLUDE", /a function, got "all"/],
    [{ prefixx: "a" }, "ERR_UNKNOWN_OPTION", /"prefixx".*known are dialect/],
  ];
  for (const [options, code, message] of refusals) {
    assert.throws(() => new StatsdRenderer(options), (error) => error.code === code && message.test(error.message), JSON.stringify(options));
  }
});
