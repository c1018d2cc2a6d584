// Real threads and a real cluster, gathered; and a real event loop.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import cluster from "node:cluster";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Monitor } from "streamgauge";
import { gather, reportTo, watchEventLoop } from "streamgauge/node";

const program = fileURLToPath(new URL("worker.mjs", import.meta.url));

const running = new Set();
after(async () => {
  for (const stop of running) await stop();
});
function keep(worker, stop) {
  running.add(stop);
  worker.once("exit", () => running.delete(stop));
  return worker;
}
const startThread = (workerData) => {
  const worker = new Worker(program, { workerData });
  return keep(worker, () => worker.terminate());
};
cluster.setupPrimary({ exec: program });
const startProcess = (work) => {
  const worker = cluster.fork({ WORK: JSON.stringify(work) });
  return keep(worker, () => worker.process.kill("SIGKILL"));
};
const killed = { thread: (worker) => worker.terminate(), process: (worker) => worker.process.kill("SIGKILL") };

async function until(condition) {
  const given = Date.now();
  while (!condition()) {
    if (Date.now() - given > 20_000) throw new Error("it did not happen in 20 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const figures = (snapshot) => ({
  received: snapshot.messages.receivedByTopic,
  active: snapshot.messages.active,
  owned: snapshot.partitions.filter(({ owned }) => owned).map(({ topic, worker }) => [topic, worker]),
  lives: snapshot.merged.map(({ worker }) => worker),
});

for (const [kind, start] of [["thread", startThread], ["process", startProcess]]) {
  describe(`workers, each a ${kind}`, { timeout: 120_000 }, () => {
    it("are gathered; one that is killed leaves its counts, and its gauges go", async () => {
      const gathering = gather();
      assert.equal(gathering.snapshot(), null);
      const workers = [["orders", 5], ["payments", 3]].map(([topic, messages]) => start({ topic, messages, worker: `${topic} reader` }));
      for (const worker of workers) gathering.add(worker);
      assert.equal(gathering.workers, 2);
      await until(() => gathering.snapshot()?.merged.length === 2);
      await until(() => gathering.snapshot().ownership.owned === 2);
      assert.deepEqual(figures(gathering.snapshot()), {
        received: { orders: 5, payments: 3 },
        active: 2,
        owned: [["orders", "orders reader"], ["payments", "payments reader"]],
        lives: ["orders reader", "payments reader"],
      });
      const exit = once(workers[0], "exit");
      killed[kind](workers[0]);
      await exit;
      assert.deepEqual(figures(gathering.snapshot()), {
        received: { orders: 5, payments: 3 },
        active: 1,
        owned: [["payments", "payments reader"]],
        lives: ["orders reader", "payments reader"],
      });
      assert.deepEqual([gathering.snapshot().messages.oldestSeconds > 0, gathering.workers, gathering.faults], [true, 1, 0]);
      // Another takes its place, under its name.
      gathering.add(start({ topic: "orders", messages: 2, worker: "orders reader" }));
      await until(() => gathering.snapshot().ownership.owned === 2);
      assert.deepEqual([gathering.snapshot().messages.receivedByTopic, gathering.snapshot().messages.active], [{ orders: 7, payments: 3 }, 2]);
      assert.deepEqual([gathering.faults, gathering.lastFault], [0, undefined]);
    });

    it("send their last figures when they exit, and when they stop to report", async () => {
      const gathering = gather();
      const leaving = start({ topic: "orders", messages: 4, end: "exit", worker: "first" });
      gathering.add(leaving);
      await once(leaving, "exit");
      await until(() => gathering.snapshot() !== null);
      assert.deepEqual(figures(gathering.snapshot()), { received: { orders: 4 }, active: 0, owned: [], lives: ["first"] });
      const detached = start({ topic: "payments", messages: 1, end: "detach", worker: "second" });
      gathering.add(detached);
      let isDetached = false;
      detached.on("message", (message) => (isDetached ||= message === "detached"));
      await until(() => isDetached);
      assert.deepEqual(figures(gathering.snapshot()), { received: { orders: 4, payments: 1 }, active: 1, owned: [["payments", "second"]], lives: ["first", "second"] });
      assert.equal(gathering.faults, 0);
    });
  });
}

it("a worker whose starter was killed lives on", async () => {
  const orphan = fileURLToPath(new URL("orphan.mjs", import.meta.url));
  // Ends when the worker has closed its output.
  const { stdout, stderr } = await new Promise((resolve) => execFile(process.execPath, [orphan], (_, stdout, stderr) => resolve({ stdout, stderr })));
  assert.deepEqual([stdout, stderr], ["EPIPE\n", ""]);
});

describe("a gathering", () => {
  it("holds the monitor of who gathers", async () => {
    const monitor = new Monitor({ worker: "gathering" });
    monitor.onMessageIn({ topic: "own", partition: 0 }, 1, {});
    const gathering = gather({ monitor });
    assert.deepEqual(gathering.snapshot().messages.receivedByTopic, { own: 1 });
    assert.deepEqual(gathering.snapshot().merged.map(({ worker }) => worker), ["gathering"]);
  });

  it("counts what is no snapshot as a fault, and stops to listen", async () => {
    const worker = startThread({ topic: "orders", messages: 1 });
    const gathering = gather();
    gathering.add(worker);
    worker.emit("message", { type: "streamgauge/report", snapshot: "AAAA" });
    worker.emit("message", { type: "streamgauge/report", snapshot: 5 });
    assert.equal(gathering.faults, 2);
    gathering.detach();
    assert.deepEqual([worker.listenerCount("message"), worker.listenerCount("exit")], [0, 1]);
    await worker.terminate();
  });

  it("refuses what cannot report, and options that do not serve", () => {
    const monitor = new Monitor();
    const code = (wanted) => (error) => error.code === wanted;
    assert.throws(() => reportTo({}, monitor), code("ERR_INVALID_CHANNEL"));
    assert.throws(() => reportTo({ postMessage() {} }, monitor, { intervalSeconds: 0 }), code("ERR_INVALID_INTERVAL_SECONDS"));
    assert.throws(() => gather({ monitors: [] }), code("ERR_UNKNOWN_OPTION"));
    assert.throws(() => gather().add({}), code("ERR_INVALID_WORKER"));
    assert.throws(() => watchEventLoop(monitor, { resolutionMilliseconds: 0.5 }), code("ERR_INVALID_RESOLUTION_MILLISECONDS"));
  });
});

describe("the event loop", () => {
  it("is busy and late while it is blocked", async () => {
    const monitor = new Monitor();
    const watch = watchEventLoop(monitor, { intervalSeconds: 3600, resolutionMilliseconds: 5 });
    assert.equal(watch.lastInterval, null);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const quiet = watch.take();
    // A delay is from one measurement to the next, so one has to be there.
    await new Promise((resolve) => setTimeout(resolve, 50));
    // 100 ms, by the same clock; a slow machine makes it more, not less.
    setTimeout(() => {
      for (const from = performance.now(); performance.now() - from < 100; );
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const blocked = watch.take();
    assert.ok(blocked.delay.max >= 0.08, `${blocked.delay.max}`);
    assert.ok(blocked.delay.p99 <= blocked.delay.max && blocked.delay.p50 <= blocked.delay.p99);
    assert.ok(blocked.utilization * blocked.seconds >= 0.09 && blocked.utilization <= 1, `${blocked.utilization} of ${blocked.seconds} s`);
    assert.equal(watch.lastInterval, blocked);
    const counts = monitor.asdict().metric_counts;
    assert.deepEqual(Object.keys(counts).sort(), ["event_loop.active_us", "event_loop.delay_us", "event_loop.delays", "event_loop.idle_us"]);
    assert.equal(counts["event_loop.delays"], quiet.delay.count + blocked.delay.count);
    const microseconds = (quiet.seconds + blocked.seconds) * 1e6;
    assert.ok(Math.abs(counts["event_loop.active_us"] + counts["event_loop.idle_us"] - microseconds) <= 4);
    assert.ok(counts["event_loop.active_us"] >= 100_000);
    watch.detach();
    assert.equal(watch.take(), blocked);
    assert.deepEqual([watch.faults, monitor.asdict().metric_counts], [0, counts]);
  });

  it("is watched at an interval, and keeps no process alive", async () => {
    const monitor = new Monitor();
    const watch = watchEventLoop(monitor, { intervalSeconds: 0.02 });
    await until(() => watch.lastInterval !== null);
    const { "event_loop.active_us": active, "event_loop.idle_us": idle } = monitor.asdict().metric_counts;
    assert.ok(active + idle > 0);
    watch.detach();
    const before = monitor.asdict().metric_counts;
    const never = watchEventLoop(monitor);
    never.detach();
    never.take();
    assert.deepEqual(monitor.asdict().metric_counts, before);
  });
});
