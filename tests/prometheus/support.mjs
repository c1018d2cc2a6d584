// A worker whose figures are known, and what the table of names makes of a snapshot, told a second time.
import { execFileSync, spawnSync } from "node:child_process";
import { Monitor } from "streamgauge";
import { METRICS } from "streamgauge/export";

/** A clock that stands where it is put. */
export const clockAt = (at) => {
  const clock = () => clock.at;
  clock.at = at;
  return clock;
};

/** A worker that did a little of everything. Of `topic`'s partition 0 it read 100 messages, the last takes 0.1 s. */
export function busyWorker(name = "w1", { topic = "orders", stream = "orders-stream", table = "totals", start = 10 } = {}) {
  const time = clockAt(start);
  const monitor = new Monitor({ time, epoch: 1_700_000_000, worker: name });
  const tps = [0, 1].map((partition) => ({ topic, partition }));
  const assigned = monitor.onAssignmentStart({});
  time.at += 0.5;
  monitor.onAssignmentCompleted({}, assigned);
  monitor.onPartitionsAssigned(tps);
  const where = { label: stream, task: "task" };
  for (let offset = 0; offset < 100; offset += 1) {
    const message = {};
    monitor.onMessageIn(tps[0], offset, message);
    const event = monitor.onStreamEventIn(tps[0], offset, where, {});
    time.at += (offset + 1) / 1000;
    monitor.onStreamEventOut(tps[0], offset, where, {}, event);
    monitor.onMessageOut(tps[0], offset, message);
  }
  monitor.onMessageIn(tps[1], 7, {});
  monitor.trackTpEndOffset(tps[0], 130);
  monitor.trackTpEndOffset(tps[1], 8);
  const commit = monitor.onCommitInitiated({});
  time.at += 0.25;
  monitor.onCommitCompleted({}, commit);
  monitor.onTpCommit(new Map([[tps[0], 90]]));
  monitor.onTableGet({ name: table }, "key");
  monitor.onTableSet({ name: table }, "key", 1);
  monitor.count("widgets", -3);
  monitor.onError("process", "ECONNREFUSED", tps[0]);
  monitor.onHeartbeat();
  monitor.sample();
  time.at += 1;
  monitor.sample();
  return { monitor, time };
}

/** What OpenMetrics text says to Python's Prometheus client; throws with its traceback where it refuses. */
export function readByPython(text) {
  const script = new URL("parse-openmetrics.py", import.meta.url).pathname;
  const python = process.env.PYTHON || "python3";
  const output = execFileSync(python, [script], { input: text, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "pipe"] });
  return JSON.parse(output);
}

/** Exit code and words of `promtool check metrics`. */
export function checkedByPromtool(text) {
  const { status, stdout, stderr } = spawnSync(promtool(), ["check", "metrics"], { input: text, encoding: "utf8", maxBuffer: 1 << 26 });
  return { status, says: stdout + stderr };
}

export const promtool = () => process.env.PROMTOOL || "promtool";

/** A sample's name and labels in one string, whatever their order. */
export const keyOf = (name, labels) => JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))]);

const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);
const at = (snapshot, path) => path.split(".").reduce((value, key) => (value === null || value === undefined ? undefined : own(value, key)), snapshot);

/** What a monitor's samples must be but for its buckets, from the object that `snapshot()` gives: key to number. */
export function expectedSamples(snapshot, constant = {}) {
  const expected = new Map();
  const worker = snapshot.worker === "" ? {} : { worker: snapshot.worker };
  for (const metric of METRICS) {
    const last = metric.labels.at(-1);
    const put = (labels, value, name = metric.prometheus) => {
      if (value === null || value === undefined) return;
      const fixed = metric.fixed === null ? {} : { [metric.fixed[0]]: metric.fixed[1] };
      expected.set(keyOf(name, { ...constant, ...worker, ...fixed, ...labels }), Number(value));
    };
    const histogram = (labels, value) => {
      if (!value) return;
      put({ ...labels, le: "+Inf" }, value.count, `${metric.prometheus}_bucket`);
      put(labels, value.count, `${metric.prometheus}_count`);
      put(labels, value.sum, `${metric.prometheus}_sum`);
    };
    const states = (labels, value) => {
      for (const state of ["ok", "warn", "stop", "stall", "rewind"]) put({ ...labels, [last]: state }, state === value ? 1 : 0);
    };
    if (metric.path.startsWith("partitions.")) {
      for (const partition of snapshot.partitions) {
        const labels = { topic: partition.topic, partition: String(partition.partition), ...(snapshot.worker === "" ? { worker: partition.worker } : {}) };
        const value = partition[metric.path.slice("partitions.".length)];
        if (metric.kind === "states") states(labels, value);
        else if (metric.kind === "info") put({ ...labels, [last]: value }, 1);
        else put(labels, value);
      }
    } else if (metric.path.startsWith("merged.")) {
      const newest = new Map(snapshot.merged.map((life) => [life.worker, life]));
      for (const life of newest.values()) put({ worker: life.worker }, life[metric.path.slice("merged.".length)]);
    } else if (metric.path.startsWith("tables.")) {
      for (const [table, counts] of Object.entries(snapshot.tables)) put({ table }, counts[metric.path.slice("tables.".length)]);
    } else if (metric.path.startsWith("events.runtimeByStream")) {
      const part = metric.path.slice("events.runtimeByStream.".length);
      for (const [stream, one] of Object.entries(snapshot.events.runtimeByStream)) {
        if (part === "") histogram({ stream }, one);
        else put({ stream }, one[part]);
      }
    } else {
      const value = at(snapshot, metric.path);
      if (metric.kind === "histogram") histogram({}, value);
      else if (metric.kind === "summary") {
        const quantiles = value ? { 0: value.min, 0.5: value.p50, 0.9: value.p90, 0.95: value.p95, 0.99: value.p99, 0.999: value.p999, 1: value.max } : {};
        for (const [quantile, one] of Object.entries(quantiles)) put({ quantile }, one);
      } else if (metric.kind === "states") states({}, value);
      else if (metric.kind === "info") put({ [last]: value }, 1);
      else if (metric.path === "errors.byStage") {
        for (const [stage, kinds] of Object.entries(value)) for (const [kind, count] of Object.entries(kinds)) put({ stage, kind }, count);
      } else if (metric.labels.length === 1) {
        for (const [label, count] of Object.entries(value)) put({ [last]: label }, count);
      } else put({}, value);
    }
  }
  return expected;
}
