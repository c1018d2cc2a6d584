// A real Prometheus scrapes two workers and answers PromQL with the figures that we know.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { openMetrics, prometheusText } from "streamgauge/export";
import { fileURLToPath } from "node:url";
import { expressionsOf } from "./dashboard.mjs";
import { metricsServer } from "./example.mjs";
import { startPrometheus } from "./server.mjs";
import { busyWorker } from "./support.mjs";

const files = (name) => fileURLToPath(new URL(`../../crates/streamgauge-export/prometheus/${name}`, import.meta.url));

/** A server of one text whatever is asked for, noting what was. */
function fixedServer(contentType, render, accepted) {
  return createServer((request, response) => {
    accepted.push(request.headers.accept);
    response.setHeader("Content-Type", contentType);
    response.end(render());
  }).listen(0, "127.0.0.1");
}

describe("Prometheus", () => {
  const hostile = { topic: 'or"ders\\\n é', stream: "__proto__" };
  const workers = [busyWorker("w1"), busyWorker("w2", hostile)];
  const snapshots = workers.map(({ monitor }) => monitor.snapshot());
  const accepted = [];
  const servers = [];
  let prometheus;

  before(async () => {
    servers.push(
      metricsServer(() => workers.map(({ monitor }) => monitor.snapshotBytes()), { group: "billing" }),
      fixedServer("text/plain; version=0.0.4; charset=utf-8", () => prometheusText(snapshots), accepted),
      fixedServer("application/openmetrics-text; version=1.0.0; charset=utf-8", () => openMetrics(snapshots, { created: true }), accepted),
    );
    for (const server of servers) if (!server.listening) await once(server, "listening");
    const [negotiated, classic, open] = servers.map((server) => `127.0.0.1:${server.address().port}`);
    prometheus = await startPrometheus({ negotiated, classic, open }, [files("alerts.yml")]);
    await prometheus.until("three targets up", () => prometheus.query("sum(up)"), ([up]) => up?.value === 3);
  });

  after(async () => {
    await prometheus?.stop();
    for (const server of servers) server.close();
  });

  test("takes all three texts without a complaint", async () => {
    const { activeTargets } = await prometheus.ask("/api/v1/targets");
    assert.deepEqual(activeTargets.map(({ health, lastError }) => [health, lastError]), Array(3).fill(["up", ""]));
    assert.ok(accepted.every((accept) => accept.includes("application/openmetrics-text")));
  });

  test("stores the same series from both texts", async () => {
    const series = async (job) => (await prometheus.query(`{job="${job}",__name__!~".*_created|up|scrape_.*"}`)).map(({ labels: { job: _, instance, ...labels }, value }) => JSON.stringify([labels, value])).sort();
    const classic = await series("classic");
    assert.ok(classic.length > 700, `${classic.length}`);
    assert.deepEqual(await series("open"), classic);
  });

  test("knows the counters' totals", async () => {
    assert.deepEqual(await prometheus.query('sum by (job) (streamgauge_messages_received_total{job="negotiated"})'), [{ labels: { job: "negotiated" }, value: 202 }]);
    assert.equal((await prometheus.query('streamgauge_messages_received_by_topic_total{job="classic",worker="w1",topic="orders"}'))[0].value, 101);
    assert.equal((await prometheus.query('sum(streamgauge_errors_by_stage_total{job="open",stage="process",kind="ECONNREFUSED"})'))[0].value, 2);
    const { labels } = (await prometheus.query('streamgauge_messages_active{job="negotiated",worker="w1"}'))[0];
    assert.equal(labels.group, "billing");
  });

  test("finds quantiles near ours in the buckets", async () => {
    for (const [quantile, key] of [[0.5, "p50"], [0.9, "p90"], [0.99, "p99"]]) {
      const [{ value }] = await prometheus.query(`histogram_quantile(${quantile}, sum by (le) (streamgauge_messages_time_seconds_bucket{job="classic"}))`);
      const ours = snapshots[0].messages.time.life[key];
      // Prometheus draws a straight line through a bucket whose end is twice its beginning.
      assert.ok(value / ours > 0.7 && value / ours < 1.42, `${value} for ${ours}`);
    }
    const [{ value: mean }] = await prometheus.query('streamgauge_messages_time_seconds_sum{job="open",worker="w1"} / streamgauge_messages_time_seconds_count');
    assert.equal(mean, 5.05 / 100);
    const [{ value: p99 }] = await prometheus.query('streamgauge_messages_time_last_minute_seconds{job="open",worker="w1",quantile="0.99"}');
    assert.equal(p99, snapshots[0].messages.time.lastMinute.p99);
  });

  test("knows the lag of each partition, whatever its topic is called", async () => {
    const lags = await prometheus.query('sort_desc(streamgauge_partition_lag{job="negotiated"})');
    assert.deepEqual(
      lags.map(({ labels: { worker, topic, partition }, value }) => [worker, topic, partition, value]).sort(),
      [
        ["w1", "orders", "0", 30],
        ["w1", "orders", "1", 0],
        ["w2", hostile.topic, "0", 30],
        ["w2", hostile.topic, "1", 0],
      ],
    );
    assert.equal((await prometheus.query('count(streamgauge_partition_status{job="classic",status="ok"} == 1)'))[0].value, 4);
  });

  test("sees what happens next, and knows types, helps and units", async () => {
    const { monitor } = workers[0];
    for (let count = 0; count < 40; count += 1) monitor.onHeartbeat();
    const query = 'streamgauge_consumer_heartbeats_total{job="negotiated",worker="w1"}';
    await prometheus.until("41 heartbeats", () => prometheus.query(query), ([one]) => one?.value === 41);
    const metadata = await prometheus.ask("/api/v1/metadata", { metric: "streamgauge_messages_time_seconds" });
    const told = metadata.streamgauge_messages_time_seconds;
    assert.ok(told.some(({ type, unit }) => type === "histogram" && unit === "seconds"), JSON.stringify(told));
    assert.ok(told.every(({ help }) => help === "From a message's coming in to its going out."));
  });

  test("answers every question of the dashboard", async () => {
    const dashboard = JSON.parse(readFileSync(files("grafana-dashboard.json"), "utf8"));
    const expressions = expressionsOf(dashboard);
    assert.equal(expressions.length, 46);
    // A rate needs two scrapes.
    await prometheus.until("two scrapes", () => prometheus.query("min(count_over_time(up[1m]))"), ([count]) => count?.value >= 3);
    for (const { title, expr } of expressions) {
      const answer = await prometheus.query(expr);
      // Of these workers none sent anything.
      if (!expr.includes("sent_by_topic")) assert.ok(answer.length > 0, `${title}: ${expr}`);
    }
  });

  test("evaluates every alert", async () => {
    const rules = async () => (await prometheus.ask("/api/v1/rules")).groups.flatMap((group) => group.rules);
    const evaluated = await prometheus.until("the rules", rules, (all) => all.length > 0 && all.every(({ health }) => health !== "unknown"));
    assert.deepEqual(evaluated.map(({ name, health, lastError }) => [name, health, lastError ?? ""]), evaluated.map(({ name }) => [name, "ok", ""]));
    assert.equal(evaluated.length, 8);
  });
});
