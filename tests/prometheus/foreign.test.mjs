// What others read in our text: promtool, and Python's Prometheus client. They read exactly our figures.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Monitor } from "streamgauge";
import { METRICS, openMetrics, prometheusText } from "streamgauge/export";
import { merge } from "streamgauge/snapshot";
import { busyWorker, checkedByPromtool, expectedSamples, keyOf, readByPython } from "./support.mjs";

/** Every sample that Python found but the finite buckets, by key; and how many of those there were. */
function found(families) {
  const samples = new Map();
  let buckets = 0;
  for (const family of families) {
    for (const [name, labels, value] of family.samples) {
      if (name.endsWith("_bucket") && labels.le !== "+Inf") buckets += 1;
      else {
        const key = keyOf(name, labels);
        assert.ok(!samples.has(key), `twice: ${key}`);
        samples.set(key, Number(value));
      }
    }
  }
  return { samples, buckets };
}

test("promtool finds nothing to say of either kind of snapshot", () => {
  const workers = ["a", "b"].map((name) => busyWorker(name).monitor.snapshot());
  for (const snapshots of [workers[0], workers, merge(workers), new Monitor({ worker: "", time: () => 1 }).snapshot()]) {
    assert.deepEqual(checkedByPromtool(prometheusText(snapshots, { group: "g", client: "c", labels: { region: "eu" } })), { status: 0, says: "" });
  }
});

test("promtool does have something to say of bad text, and so does Python", () => {
  assert.notEqual(checkedByPromtool("# TYPE a_total gauge\na_total 1\n").says, "");
  assert.throws(() => readByPython("# TYPE a counter\na 1\n# EOF\n"));
});

test("Python reads every figure as it is", () => {
  const { monitor } = busyWorker();
  const snapshot = monitor.snapshot();
  const expected = expectedSamples(snapshot, { group: "billing" });
  const { samples, buckets } = found(readByPython(openMetrics(snapshot, { group: "billing" })));
  assert.deepEqual(samples, expected);
  // Ten latencies and one stream, with 22 bounds each.
  assert.equal(buckets, 11 * 22);
  // Some that are known without the table.
  const of = (name, labels = {}) => samples.get(keyOf(name, { group: "billing", worker: "w1", ...labels }));
  assert.equal(of("streamgauge_messages_received_total"), 101);
  assert.equal(of("streamgauge_messages_received_by_topic_total", { topic: "orders" }), 101);
  assert.equal(of("streamgauge_messages_active"), 1);
  assert.equal(of("streamgauge_messages_time_seconds_sum"), 5.05);
  assert.equal(of("streamgauge_partition_lag", { topic: "orders", partition: "0" }), 30);
  assert.equal(of("streamgauge_partition_committed_lag", { topic: "orders", partition: "0" }), 40);
  assert.equal(of("streamgauge_partition_status", { topic: "orders", partition: "0", status: "ok" }), 1);
  assert.equal(of("streamgauge_partition_status", { topic: "orders", partition: "0", status: "stop" }), 0);
  assert.equal(of("streamgauge_program_metric", { name: "widgets" }), -3);
  assert.equal(of("streamgauge_errors_by_stage_total", { stage: "process", kind: "ECONNREFUSED" }), 1);
  assert.equal(of("streamgauge_commits_latency_max_seconds"), 0.25);
  assert.equal(of("streamgauge_table_keys_updated_total", { table: "totals" }), 1);
});

test("Python reads types and units as the table has them", () => {
  const families = new Map(readByPython(openMetrics(busyWorker().monitor.snapshotBytes())).map((family) => [family.name, family]));
  const types = { states: "gauge" };
  const told = METRICS.filter(({ prometheus, kind }) => families.has(prometheus.replace({ counter: /_total$/, info: /_info$/ }[kind] ?? "", "")));
  assert.ok(told.length > 110, `${told.length}`);
  for (const { prometheus, kind, unit, help } of told) {
    const family = families.get(prometheus.replace({ counter: /_total$/, info: /_info$/ }[kind] ?? "", ""));
    assert.equal(family.type, types[kind] ?? kind, prometheus);
    assert.equal(family.help, help);
    const ratio = prometheus.endsWith("_ratio") ? "ratio" : "";
    assert.equal(family.unit, { s: "seconds", By: "bytes" }[unit] ?? ratio, prometheus);
  }
});

test("several workers, and their sum, are read as they are", () => {
  const snapshots = ["a", "b"].map((name, place) => busyWorker(name, { topic: `topic-${place}` }).monitor.snapshot());
  const both = new Map(snapshots.flatMap((snapshot) => [...expectedSamples(snapshot)]));
  assert.deepEqual(found(readByPython(openMetrics(snapshots))).samples, both);
  const sum = merge(snapshots);
  const { samples } = found(readByPython(openMetrics(sum)));
  assert.deepEqual(samples, expectedSamples(sum));
  assert.equal(samples.get(keyOf("streamgauge_messages_received_total", {})), 202);
  assert.equal(samples.get(keyOf("streamgauge_partition_lag", { topic: "topic-1", partition: "0", worker: "b" })), 30);
  assert.equal(samples.get(keyOf("streamgauge_worker_snapshots_total", { worker: "a" })), 1);
});

test("_created is there where it is asked for", () => {
  const { samples } = found(readByPython(openMetrics(busyWorker().monitor.snapshot(), { created: true })));
  const created = [...samples].filter(([key]) => key.includes("_created"));
  assert.equal(created.length, 44);
  for (const [key, value] of created) assert.equal(value, 1_700_000_010, key);
});

test("names of any kind come back as they were", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('"', "\\", "\n", "\r", "\t", "\0", "{", "}", "=", ",", "#", " ", "n", "é", "\u2028", "😀"), minLength: 1, maxLength: 12 }),
    fc.constantFrom("__proto__", "constructor", "(other)", "# EOF", '"} 1\nevil_total 1', "\\", '\\"', "\\n"),
  );
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (worker, topic, stream, table) => {
      const snapshot = busyWorker(worker, { topic, stream, table }).monitor.snapshot();
      const text = openMetrics(snapshot, { labels: { extra: topic } });
      assert.deepEqual(found(readByPython(text)).samples, expectedSamples(snapshot, { extra: topic }));
      assert.deepEqual(checkedByPromtool(prometheusText(snapshot)), { status: 0, says: "" });
    }),
    { numRuns: 20 },
  );
});
