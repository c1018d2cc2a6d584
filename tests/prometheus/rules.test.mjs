// The alert rules and the dashboard name metrics that exist, and Prometheus understands them.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { METRICS } from "streamgauge/export";
import { expressionsOf } from "./dashboard.mjs";
import { promtool } from "./support.mjs";

const folder = fileURLToPath(new URL("../../crates/streamgauge-export/prometheus/", import.meta.url));
const read = (name) => readFileSync(folder + name, "utf8");
const dashboard = JSON.parse(read("grafana-dashboard.json"));

const names = new Set(METRICS.flatMap(({ prometheus, kind }) => (kind === "histogram" ? ["", "_bucket", "_sum", "_count"].map((end) => prometheus + end) : [prometheus])));
const labels = new Set([...METRICS.flatMap((metric) => [...metric.labels, ...(metric.fixed ?? []).slice(0, 1)]), "worker", "le", "quantile", "job", "instance"]);

/** What of `text` looks like a metric's name and is none. */
const strangers = (text) => [...text.matchAll(/streamgauge_\w+/g)].map(([name]) => name).filter((name) => !names.has(name));

for (const file of ["alerts.yml", "alerts.test.yml", "grafana-dashboard.json"]) {
  test(`${file} names only metrics that exist`, () => {
    const text = read(file);
    assert.ok(text.includes("streamgauge_partition_lag"));
    assert.deepEqual(strangers(text), []);
  });
}

test("a name that does not exist would be found", () => {
  assert.deepEqual(strangers("rate(streamgauge_mesages_total[1m]) + streamgauge_messages_received_total"), ["streamgauge_mesages_total"]);
});

test("promtool checks the alerts, and each does what its tests say", () => {
  assert.match(execFileSync(promtool(), ["check", "rules", "alerts.yml"], { cwd: folder, encoding: "utf8" }), /SUCCESS: 8 rules found/);
  const { status, stdout, stderr } = spawnSync(promtool(), ["test", "rules", "alerts.test.yml"], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
});

test("every alert has a test that sees it fire", () => {
  const alerts = [...read("alerts.yml").matchAll(/alert: (\w+)/g)].map(([, name]) => name);
  assert.equal(alerts.length, 8);
  for (const name of alerts) assert.match(read("alerts.test.yml"), new RegExp(`alertname: ${name}\\n\\s+exp_alerts:\\n\\s+- exp_labels`), name);
});

test("the dashboard can be imported anywhere, and its labels exist", () => {
  const [source, ...others] = dashboard.templating.list;
  assert.deepEqual([source.name, source.type, source.query], ["datasource", "datasource", "prometheus"]);
  assert.deepEqual(others.map(({ name }) => name), ["job", "worker"]);
  const panels = dashboard.panels.filter(({ type }) => type !== "row");
  assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
  for (const panel of [...panels, ...others]) assert.equal(panel.datasource.uid, "${datasource}", panel.title);
  for (const { expr, title, legend } of expressionsOf(dashboard)) {
    for (const [, label] of expr.matchAll(/(\w+)(?:=~?|!=)"/g)) assert.ok(labels.has(label), `${title}: ${label}`);
    for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) assert.ok(labels.has(label), `${title}: ${label}`);
  }
});

test("no two panels overlap", () => {
  const cells = new Set();
  for (const { gridPos: { x, y, w, h }, title } of dashboard.panels) {
    assert.ok(x + w <= 24, title);
    for (let column = x; column < x + w; column += 1) {
      for (let row = y; row < y + h; row += 1) {
        assert.ok(!cells.has(`${column},${row}`), title);
        cells.add(`${column},${row}`);
      }
    }
  }
});
