// Every figure of the snapshot is in what the producer gives, or has a reason why not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamgaugeMetricProducer } from "streamgauge/opentelemetry";
import { merge } from "streamgauge/snapshot";
import { busyMonitor } from "./traffic.mjs";

const sentence = "a sentence: as an attribute it would begin a series with every word that changes";
/** What is not exported, by its path. Names and numbers of series count as exported: they are attributes. */
const reasons = {
  "merged.unknownFields": "names of fields of a newer version, no figures",
  "health.reason": sentence,
  "partitions.reason": sentence,
  "partitions.at": "the time of the series, that of the snapshot",
  "consumer.busyNanoseconds": "streamgauge.consumer.busy says it to the nanosecond",
  "consumer.idleNanoseconds": "streamgauge.consumer.idle says it to the nanosecond",
};
/** The parts of a histogram that an exponential one has; all others follow from them. */
const inHistogram = ["count", "sum", "min", "max", "scale", "below", "above", "offset", "buckets"];
const ofHistogram = ["mean", "p50", "p90", "p95", "p99", "p999", "sumNanoseconds"];
const ofLastMinute = ["min", "p50", "p90", "p95", "p99", "p999", "max"];

const isHistogram = (value) => typeof value === "object" && value !== null && "sumNanoseconds" in value;
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Every place of a snapshot that holds no further figures, with its path; lists of figures by their first. */
function* places(holder, path = "") {
  for (const [key, value] of Object.entries(holder)) {
    const at = path === "" ? key : `${path}.${key}`;
    if (Array.isArray(value) && isRecord(value[0])) yield* places(value[0], at);
    else if (isRecord(value)) yield* places(value, at);
    else yield { holder, key, path: at };
  }
}

function another(value) {
  if (typeof value === "number") return value + 17;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return [...value, 17];
  if (value === null) return 17;
  // A status must be one of those that there are.
  return ["ok", "stop", "stall", "rewind"].includes(value) ? "warn" : `${value}x`;
}

/** Whether something in what is exported depends on what stands there. */
function isExported(exported, before, { holder, key }) {
  const old = holder[key];
  holder[key] = another(old);
  const after = exported();
  holder[key] = old;
  return after !== before;
}

function wanted({ holder, key, path }) {
  if (!isHistogram(holder)) return !Object.hasOwn(reasons, path);
  const isLastMinute = path.includes(".lastMinute.");
  if (!(isLastMinute ? ofLastMinute : inHistogram).includes(key)) assert.ok(ofHistogram.includes(key) || isLastMinute, `${path} has no reason`);
  return (isLastMinute ? ofLastMinute : inHistogram).includes(key);
}

test("each figure changes what is exported, or a reason says why it does not", () => {
  const single = busyMonitor().monitor.snapshot();
  const merged = merge([busyMonitor({ worker: "a" }).monitor.snapshot(), busyMonitor({ worker: "b" }).monitor.snapshot()]);
  const producer = new StreamgaugeMetricProducer(() => single);
  const passed = new Set();
  for (const [snapshot, within] of [[single, ""], [merged, "merged."]]) {
    const exported = () => JSON.stringify(producer.metrics(snapshot));
    const before = exported();
    for (const place of places(snapshot)) {
      // One monitor's snapshot has no lives to look into.
      if (place.path === "merged" || !place.path.startsWith(within)) continue;
      assert.equal(isExported(exported, before, place), wanted(place), place.path);
      passed.add(place.path);
    }
  }
  for (const path of Object.keys(reasons)) assert.ok(passed.has(path), `${path} is no figure`);
  assert.ok(passed.size > 400, `${passed.size} figures`);
});

test("names, units and values are sound", () => {
  const { monitor } = busyMonitor();
  const producer = new StreamgaugeMetricProducer(monitor);
  const metrics = producer.metrics(monitor.snapshot());
  assert.equal(metrics.filter(({ dataPointType }) => dataPointType === 1).length, 9);
  for (const { descriptor, dataPointType, dataPoints } of metrics) {
    assert.match(descriptor.name, /^(streamgauge|messaging)(\.[a-z0-9_]+)+$/);
    assert.match(descriptor.unit, /^(|1|s|By|\{[a-z]+\}(\/s)?)$/, descriptor.name);
    assert.notEqual(descriptor.description, "", descriptor.name);
    assert.notEqual(dataPoints.length, 0, descriptor.name);
    const series = dataPoints.map(({ attributes }) => JSON.stringify(Object.entries(attributes).sort()));
    assert.equal(new Set(series).size, series.length, `${descriptor.name}: a series stands once`);
    if (dataPointType === 1) continue;
    for (const { value } of dataPoints) {
      assert.ok(descriptor.valueType === 0 ? Number.isSafeInteger(value) : Number.isFinite(value), `${descriptor.name}: ${value}`);
    }
  }
});
