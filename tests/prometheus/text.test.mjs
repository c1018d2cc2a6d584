// The API of `streamgauge/export`: texts, options, refusals, the Accept header.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { Monitor } from "streamgauge";
import * as exporter from "streamgauge/export";
import { merge } from "streamgauge/snapshot";
import { busyWorker, clockAt } from "./support.mjs";

const { openMetrics, prometheusText, negotiate, METRICS } = exporter;

const idle = (worker = "w1") => new Monitor({ worker, time: clockAt(5), epoch: 1_700_000_000 });
const lines = (text, name) => text.split("\n").filter((line) => line.includes(name));

test("a counter's name in both texts", () => {
  const { monitor } = busyWorker();
  assert.deepEqual(lines(openMetrics(monitor.snapshot()), "messages_received_by_topic"), [
    "# TYPE streamgauge_messages_received_by_topic counter",
    "# HELP streamgauge_messages_received_by_topic Messages that came in, by topic.",
    'streamgauge_messages_received_by_topic_total{worker="w1",topic="orders"} 101',
  ]);
  assert.deepEqual(lines(prometheusText(monitor.snapshot()), "messages_received_by_topic"), [
    "# HELP streamgauge_messages_received_by_topic_total Messages that came in, by topic.",
    "# TYPE streamgauge_messages_received_by_topic_total counter",
    'streamgauge_messages_received_by_topic_total{worker="w1",topic="orders"} 101',
  ]);
});

test("a histogram's buckets, unit and sum", () => {
  const { monitor } = busyWorker();
  const text = openMetrics(monitor.snapshot(), { buckets: { from: 2 ** -7, to: 0.125 } });
  assert.deepEqual(lines(text, "streamgauge_messages_time_seconds"), [
    "# TYPE streamgauge_messages_time_seconds histogram",
    "# UNIT streamgauge_messages_time_seconds seconds",
    "# HELP streamgauge_messages_time_seconds From a message's coming in to its going out.",
    // Of 1 to 100 ms.
    'streamgauge_messages_time_seconds_bucket{worker="w1",le="0.0078125"} 7',
    'streamgauge_messages_time_seconds_bucket{worker="w1",le="0.015625"} 15',
    'streamgauge_messages_time_seconds_bucket{worker="w1",le="0.03125"} 31',
    'streamgauge_messages_time_seconds_bucket{worker="w1",le="0.0625"} 62',
    'streamgauge_messages_time_seconds_bucket{worker="w1",le="0.125"} 100',
    'streamgauge_messages_time_seconds_bucket{worker="w1",le="+Inf"} 100',
    'streamgauge_messages_time_seconds_sum{worker="w1"} 5.05',
    'streamgauge_messages_time_seconds_count{worker="w1"} 100',
  ]);
});

test("more and fewer bounds, each exact", () => {
  const { monitor } = busyWorker();
  const bounds = (buckets) =>
    lines(openMetrics(monitor.snapshot(), { buckets }), "messages_time_seconds_bucket").map((line) => /le="(.*)"} (\d+)$/.exec(line).slice(1));
  const durations = Array.from({ length: 100 }, (_, place) => (place + 1) / 1000);
  for (const [buckets, count] of [[{ scale: 3, from: 2 ** -10, to: 1 }, 81], [{ scale: 1 }, 43], [{ scale: -1 }, 11], [{ scale: -3, from: 2 ** -20, to: 1024 }, 4]]) {
    const found = bounds(buckets);
    assert.equal(found.length, count + 1, JSON.stringify(buckets));
    for (const [bound, reached] of found.slice(0, -1)) {
      // The clock's readings are sums: a duration that is a bound may be a little more.
      const atMost = durations.filter((seconds) => seconds <= Number(bound)).length;
      assert.equal(Number(reached), atMost, `${JSON.stringify(buckets)} ${bound}`);
    }
  }
});

test("what is not known has no sample, and nothing is NaN", () => {
  const text = openMetrics(idle().snapshot());
  assert.doesNotMatch(text, /nan|inf(?!o|")/i);
  for (const name of ["messages_oldest_seconds", "lag_records", "consumer_busy_ratio", "messages_time_min_seconds", "messages_time_last_minute_seconds", "partition_lag", "program_metric"]) {
    assert.deepEqual(lines(text, `streamgauge_${name}`), [], name);
  }
  const { monitor } = busyWorker();
  monitor.onPartitionsAssigned([{ topic: "orders", partition: 9 }]);
  const known = lines(openMetrics(monitor.snapshot()), 'partition="9"').map((line) => /^\w+/.exec(line)[0]);
  assert.deepEqual([...new Set(known)], ["streamgauge_partition_owned", "streamgauge_partition_paused", "streamgauge_partition_lag_method_info", "streamgauge_partition_status"]);
});

test("all forms of a snapshot give the same text, and the same each time", () => {
  const { monitor } = busyWorker();
  const snapshot = monitor.snapshot();
  const text = openMetrics(snapshot);
  assert.equal(openMetrics(JSON.stringify(snapshot)), text);
  assert.equal(openMetrics([snapshot]), text);
  assert.equal(openMetrics(new Set([snapshot])), text);
  const fromBytes = openMetrics(monitor.snapshotBytes());
  assert.equal(fromBytes.replaceAll('snapshots_total{worker="w1"} 2', 'snapshots_total{worker="w1"} 1'), text);
  assert.ok(text.endsWith("\n# EOF\n"));
  assert.ok(!prometheusText(snapshot).includes("EOF"));
  assert.equal(openMetrics([]), "# EOF\n");
});

test("families are never interleaved", () => {
  const snapshots = ["a", "b", "c"].map((name) => busyWorker(name).monitor.snapshot());
  for (const text of [openMetrics(snapshots), prometheusText(snapshots), openMetrics(merge(snapshots))]) {
    const finished = new Set();
    let current = "";
    for (const line of text.trimEnd().split("\n")) {
      const [, type] = /^# TYPE (\S+)/.exec(line) ?? [];
      if (type !== undefined) {
        assert.ok(!finished.has(type), type);
        finished.add(type);
        current = type;
      } else if (!line.startsWith("#")) assert.ok(line.startsWith(current), `${line} in ${current}`);
    }
  }
});

test("a prefix, a group, a client and labels of one's own", () => {
  const options = { prefix: "my_app_", group: 'bil"ling', client: "c1", labels: { region: "eu", empty: "" } };
  const [line] = lines(prometheusText(idle().snapshot(), options), "messages_active{");
  assert.equal(line, 'my_app_messages_active{group="bil\\"ling",client="c1",region="eu",worker="w1"} 0');
  assert.ok(prometheusText(idle("").snapshot(), { prefix: "" }).includes("\nmessages_active 0\n"));
});

describe("refused:", () => {
  const snapshot = idle().snapshot();
  const refusals = [
    [{ prefix: "my-app_" }, RangeError, "ERR_INVALID_PREFIX", 'prefix must be empty, or letters, digits and `_`, beginning with a letter and ending with `_`, got "my-app_"'],
    [{ prefix: "app" }, RangeError, "ERR_INVALID_PREFIX"],
    [{ prefix: "1_" }, RangeError, "ERR_INVALID_PREFIX"],
    [{ prefix: "__app_" }, RangeError, "ERR_INVALID_PREFIX"],
    [{ prefix: 5 }, TypeError, "ERR_INVALID_PREFIX"],
    [{ labels: { "a b": "x" } }, RangeError, "ERR_INVALID_LABELS"],
    [{ labels: { __x: "x" } }, RangeError, "ERR_INVALID_LABELS"],
    [{ labels: { "": "x" } }, RangeError, "ERR_INVALID_LABELS"],
    [{ labels: { topic: "x" } }, RangeError, "ERR_INVALID_LABELS", 'labels must be named unlike the labels of the figures, `worker`, `le` and `quantile`, got "topic"'],
    [{ labels: { window: "x" } }, RangeError, "ERR_INVALID_LABELS"],
    [{ labels: { worker: "x" } }, RangeError, "ERR_INVALID_LABELS"],
    [{ labels: { le: "x" } }, RangeError, "ERR_INVALID_LABELS"],
    [{ group: "a", labels: { group: "b" } }, RangeError, "ERR_INVALID_LABELS", 'labels must be of different names, got "group"'],
    [{ labels: { region: 5 } }, TypeError, "ERR_INVALID_LABELS"],
    [{ labels: new Map() }, TypeError, "ERR_INVALID_LABELS"],
    [{ group: 5 }, TypeError, "ERR_INVALID_GROUP"],
    [{ created: 1 }, TypeError, "ERR_INVALID_CREATED"],
    [{ buckets: { scale: 4 } }, RangeError, "ERR_INVALID_BUCKETS_SCALE", "buckets.scale must be a whole number in -3..=3, got 4"],
    [{ buckets: { scale: 0.5 } }, RangeError, "ERR_INVALID_BUCKETS_SCALE"],
    [{ buckets: { scale: 2 ** 32 } }, RangeError, "ERR_INVALID_BUCKETS_SCALE"],
    [{ buckets: { from: 0 } }, RangeError, "ERR_INVALID_BUCKETS_FROM"],
    [{ buckets: { to: Infinity } }, RangeError, "ERR_INVALID_BUCKETS_TO"],
    [{ buckets: { to: Number.NaN } }, RangeError, "ERR_INVALID_BUCKETS_TO"],
    [{ buckets: { from: 3, to: 3.5 } }, RangeError, "ERR_INVALID_BUCKETS"],
    [{ buckets: { from: "1" } }, TypeError, "ERR_INVALID_BUCKETS_FROM"],
    [{ buckets: { perDoubling: 1 } }, TypeError, "ERR_UNKNOWN_OPTION"],
    [{ prefx: "a_" }, TypeError, "ERR_UNKNOWN_OPTION"],
    [new Map(), TypeError, "ERR_INVALID_OPTIONS"],
  ];
  for (const [options, Kind, code, message] of refusals) {
    test(`${code} ${JSON.stringify(options)}`, () => {
      for (const render of [openMetrics, prometheusText]) {
        assert.throws(() => render(snapshot, options), (error) => {
          assert.equal(error.constructor, Kind, error.stack);
          assert.equal(error.code, code);
          if (message !== undefined) assert.equal(error.message, message);
          return true;
        });
      }
    });
  }

  const snapshots = [
    [undefined, TypeError, "ERR_INVALID_SNAPSHOT"],
    [5, TypeError, "ERR_INVALID_SNAPSHOT"],
    ["coffee", RangeError, "ERR_INVALID_SNAPSHOT"],
    [new Uint8Array([1, 2]), RangeError, "ERR_INVALID_SNAPSHOT"],
    [Promise.resolve(snapshot), TypeError, "ERR_INVALID_SNAPSHOT"],
    [[snapshot, 5], TypeError, "ERR_INVALID_SNAPSHOTS"],
    [[snapshot, snapshot], RangeError, "ERR_INVALID_SNAPSHOTS", 'snapshots must be of different workers where there are several, got "w1"'],
    [[snapshot, idle("").snapshot()], RangeError, "ERR_INVALID_SNAPSHOTS", 'snapshots must be of workers with names where there are several, got ""'],
  ];
  for (const [wrong, Kind, code, message] of snapshots) {
    test(`${code} ${typeof wrong === "object" ? Object.prototype.toString.call(wrong) : String(wrong)}`, () => {
      assert.throws(() => openMetrics(wrong), (error) => {
        assert.equal(error.constructor, Kind, error.stack);
        assert.equal(error.code, code);
        if (message !== undefined) assert.equal(error.message, message);
        return true;
      });
      // What was refused leaves nothing behind.
      assert.match(openMetrics(snapshot), /^# TYPE streamgauge_snapshot info\n/);
    });
  }
});

test("many sets of options, again and again, each as the first time", () => {
  const snapshot = idle().snapshot();
  for (let turn = 0; turn < 3; turn += 1) {
    for (let place = 0; place < 20; place += 1) {
      assert.ok(openMetrics(snapshot, { prefix: `app${place}_` }).includes(`\napp${place}_messages_active{worker="w1"} 0\n`));
    }
  }
});

test("a snapshot that calls back while it is read mixes with no other", () => {
  const inner = idle("inner").snapshot();
  const outer = idle("outer").snapshot();
  let within = "";
  Object.defineProperty(outer, "worker", { enumerable: true, get: () => ((within = openMetrics([inner])), "outer") });
  const text = openMetrics([idle("first").snapshot(), outer]);
  assert.deepEqual(lines(text, "messages_active{"), ['streamgauge_messages_active{worker="first"} 0', 'streamgauge_messages_active{worker="outer"} 0']);
  assert.deepEqual(lines(within, "messages_active{"), ['streamgauge_messages_active{worker="inner"} 0']);
});

test("the Accept header decides", () => {
  const openMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
  const classicType = "text/plain; version=0.0.4; charset=utf-8";
  for (const [accept, contentType] of [
    [undefined, classicType],
    [null, classicType],
    ["*/*", classicType],
    ["application/openmetrics-text", openMetricsType],
    ["application/openmetrics-text;q=0.1,text/plain;q=0.2", classicType],
    [["text/plain;q=0.2", "application/openmetrics-text;q=0.3"], openMetricsType],
    ["application/openmetrics-text;version=0.0.1", classicType],
  ]) {
    const { contentType: type, render } = negotiate(accept);
    assert.equal(type, contentType, String(accept));
    assert.equal(render, type === openMetricsType ? openMetrics : prometheusText);
  }
  assert.throws(() => negotiate(5), { code: "ERR_INVALID_ACCEPT" });
});

test("the table of names is there, and CommonJS has the same functions", () => {
  const metric = METRICS.find(({ path }) => path === "messages.time.life");
  assert.deepEqual([metric.kind, metric.prometheus, metric.openTelemetry, metric.unit], ["histogram", "streamgauge_messages_time_seconds", "streamgauge.messages.time", "s"]);
  assert.equal(createRequire(import.meta.url)("streamgauge/export").openMetrics, openMetrics);
});
