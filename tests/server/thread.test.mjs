// The thread that serves: what it asks of its host and when, what it says while the host is busy, and how it ends.
import assert from "node:assert/strict";
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { applied } from "streamgauge/live";
import { Monitor } from "streamgauge";
import { serve } from "streamgauge/server";
import { decode } from "streamgauge/snapshot";
import { counting, get, monitorOf, reader, until } from "./support.mjs";

const SLICES = Symbol.for("streamgauge.slices");
const folder = mkdtempSync(join(tmpdir(), "streamgauge-thread-"));
const started = [];
after(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** The thread of the next server: `process` tells of every thread that begins. */
async function threadOf(serving) {
  const begun = once(process, "worker");
  const server = await serving();
  const [thread] = await begun;
  return { server, thread };
}

const ACCEPT_CBOR = { headers: { accept: "application/cbor" } };

describe("a busy host", () => {
  it("neither delays its readers nor is asked again while it does not answer, and they hear how it is", { timeout: 60_000 }, async () => {
    const file = join(folder, "busy");
    const child = fork(fileURLToPath(new URL("busy-host.mjs", import.meta.url)), [file]);
    started.push(child);
    const [{ url }] = await once(child, "message");
    const one = await reader(url);
    await one.until((events) => events.some(({ event }) => event === "delta"));
    assert.deepEqual(JSON.parse((await get(url, "/healthz")).text), { status: "ok", reason: "orders/0: no commit has been seen; two are needed to judge" });

    writeFileSync(file, "");
    const heard = once(child, "message");
    child.send("block");
    await heard;
    const health = await until(async () => {
      const answer = await get(url, "/healthz");
      return answer.status === 503 && answer;
    });
    const { status, reason } = JSON.parse(health.text);
    assert.equal(status, "unknown");
    assert.match(reason, /^the process has not answered for \d+\.\d s$/);
    for (const path of ["/metrics", "/snapshot", "/stats/"]) {
      const answer = await get(url, path);
      assert.equal(answer.status, 503, path);
      assert.equal(answer.headers["retry-after"], "1");
      assert.match(answer.text, /^the process has not answered for \d+\.\d s\n$/);
    }
    assert.equal((await get(url, "/")).status, 200, "the page is there");
    const silent = (events) => events.filter(({ event, data }) => event === "failure" && /^the process has not answered for/.test(data));
    await one.until((events) => silent(events).length >= 2);
    const [first, second] = silent(one.events).map(({ data }) => Number(/[\d.]+/.exec(data)[0]));
    assert.ok(second > first, `${first} s, then ${second} s`);
    const failures = one.events.length;

    const back = once(child, "message");
    rmSync(file);
    const [{ readsWhenBack }] = await back;
    assert.ok(readsWhenBack <= 1, `${readsWhenBack} readings at once`);
    await one.until((events) => events.slice(failures).some(({ event, data }) => event === "delta" && data.messages?.received?.[0] === 1));
    await until(async () => (await get(url, "/healthz")).status === 200);
    one.close();
    child.kill();
    await once(child, "exit");
  });
});

describe("the host's share", () => {
  it("is one reading an interval with ten readers and a scraper, and none without any", async () => {
    const source = counting(monitorOf().monitor);
    const server = await serve(source, { intervalSeconds: 3600 });
    const readers = await Promise.all(Array.from({ length: 10 }, () => reader(server.url)));
    await Promise.all(readers.map((one) => one.until((events) => events.some(({ event }) => event === "snapshot"))));
    for (const path of ["/metrics", "/healthz", "/snapshot", "/metrics"]) assert.equal((await get(server.url, path)).status, 200);
    assert.equal(source.reads, 1);
    for (const one of readers) one.close();
    await until(() => server.clients === 0);
    await server.close();

    const unread = counting(monitorOf().monitor);
    const quiet = await serve(unread, { intervalSeconds: 0.1 });
    // The thread serves its page meanwhile: it could have asked.
    for (let round = 0; round < 20; round += 1) assert.equal((await get(quiet.url, "/")).status, 200);
    assert.equal(unread.reads, 0);
    await quiet.close();
  });

  it("is the bytes of a monitor, some partitions in a turn of the event loop, which make the whole snapshot", async () => {
    const clock = { now: 100 };
    const monitor = new Monitor({ worker: "w1", epoch: 1_700_000_000, time: () => clock.now });
    const tps = Array.from({ length: 600 }, (_, place) => monitor.topicPartition(`topic-${place % 7}`, 1000 - place));
    monitor.onPartitionsAssigned(tps);
    for (const [place, tp] of tps.entries()) {
      monitor.onMessageIn(tp, place, {});
      monitor.trackTpEndOffset(tp, 2 * place + 1);
    }
    clock.now += 5;
    const slices = monitor[SLICES];
    const taken = [];
    let turns = 0;
    let isCounting = false;
    const count = () => {
      turns += 1;
      if (isCounting) setImmediate(count);
    };
    const source = {
      snapshot: () => assert.fail("a monitor is not decoded in its own thread"),
      get [SLICES]() {
        return {
          get revision() {
            return slices.revision;
          },
          get end() {
            return slices.end;
          },
          head() {
            isCounting = true;
            count();
            return slices.head();
          },
          rows(from, to) {
            taken.push([from, to, turns]);
            isCounting = to < 600;
            return slices.rows(from, to);
          },
        };
      },
    };
    const server = await serve(source, { intervalSeconds: 3600 });
    const { bytes } = await get(server.url, "/snapshot", ACCEPT_CBOR);
    assert.deepEqual(taken.map(([from, to]) => [from, to]), [[0, 250], [250, 500], [500, 750]]);
    assert.ok(taken[0][2] < taken[1][2] && taken[1][2] < taken[2][2], `in turns ${taken.map(([, , turn]) => turn)}`);
    const whole = monitor.snapshot();
    assert.deepEqual(decode(bytes), { ...JSON.parse(JSON.stringify(whole)), sequence: 1 });
    assert.equal(whole.partitions.length, 600);
    assert.equal(whole.lag.recordsMax, 599);
    await server.close();
  });

  it("begins anew where a partition gets another number in between, and in one turn where that does not end", async () => {
    const monitor = new Monitor({ worker: "w1" });
    for (let partition = 0; partition < 300; partition += 1) monitor.onPartitionsAssigned([monitor.topicPartition("orders", partition)]);
    const slices = monitor[SLICES];
    for (const changes of [0, 1, 2, 100]) {
      let revision = 0;
      let heads = 0;
      const source = {
        snapshot: () => assert.fail("it has slices"),
        [SLICES]: {
          get revision() {
            return revision;
          },
          end: 300,
          head() {
            heads += 1;
            // Between two turns, as a sample would.
            if (heads <= changes) setImmediate(() => (revision += 1));
            return slices.head();
          },
          rows: (from, to) => slices.rows(from, to),
        },
      };
      const server = await serve(source, { intervalSeconds: 3600 });
      const { partitions } = decode((await get(server.url, "/snapshot", ACCEPT_CBOR)).bytes);
      assert.equal(partitions.length, 300);
      assert.equal(heads, Math.min(changes, 2) + 1);
      await server.close();
    }
  });

  it("asks a subclass that has a snapshot of its own for that", async () => {
    class Named extends Monitor {
      snapshot() {
        return { ...super.snapshot(), worker: "named" };
      }
    }
    const server = await serve(new Named());
    assert.equal(JSON.parse((await get(server.url, "/snapshot")).text).worker, "named");
    await server.close();
  });
});

describe("the thread", () => {
  it("that ends is told, starts again at the same address, and its readers come back", { timeout: 60_000 }, async () => {
    const { monitor } = monitorOf();
    const warnings = [];
    const { server, thread } = await threadOf(() => serve(monitor, { intervalSeconds: 0.1, keepAlive: true, logger: { warn: (text) => warnings.push(text) } }));
    const one = await reader(server.url);
    await one.until((events) => events.some(({ event }) => event === "snapshot"));
    assert.equal(server.clients, 1);
    const again = once(process, "worker");
    await thread.terminate();
    await until(() => one.ended);
    assert.equal(server.clients, 0);
    assert.deepEqual(warnings, ["streamgauge/server: the thread that serves ended: it ended; it starts again in 1 s"]);
    await again;
    await until(async () => (await get(server.url, "/snapshot").catch(() => ({}))).status === 200);
    const two = await reader(server.url);
    let copy;
    await two.until((events) => events.some(({ event }) => event === "delta"));
    for (const { event, data } of two.events) copy = event === "delta" ? applied(copy, data) : event === "snapshot" ? data : copy;
    assert.equal(copy.messages.received, 3);
    assert.equal(warnings[1], "streamgauge/server: the thread that serves is back");
    two.close();
    await server.close();
  });

  it("that ends while its address is taken goes on trying, until the server closes", { timeout: 60_000 }, async () => {
    const warnings = [];
    const { server, thread } = await threadOf(() => serve(monitorOf().monitor, { keepAlive: true, logger: { warn: (text) => warnings.push(text) } }));
    await thread.terminate();
    const taken = createServer().listen(Number(new URL(server.url).port), "127.0.0.1");
    await once(taken, "listening");
    await until(() => warnings.some((text) => /did not start: .*EADDRINUSE.*; it starts again in 2 s$/.test(text)));
    await server.close();
    taken.close();
    assert.equal(warnings.some((text) => /is back/.test(text)), false);
  });

  it("ends with its server, and a second close is the first", async () => {
    const { server, thread } = await threadOf(() => serve(monitorOf().monitor));
    const ended = once(thread, "exit");
    const closing = server.close();
    assert.equal(server.close(), closing);
    await closing;
    await ended;
    await assert.rejects(get(server.url, "/"), { code: "ECONNREFUSED" });
  });

  it("tells what the port said, with its code", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address();
    for (const worker of [true, false]) {
      await assert.rejects(serve(monitorOf().monitor, { port, worker }), (error) => {
        assert.equal(error.code, "EADDRINUSE");
        assert.equal(error.port, port);
        assert.equal(error.address, "127.0.0.1");
        return true;
      });
      const wrong = (metrics, code) => assert.rejects(serve(monitorOf().monitor, { metrics, worker }), { code });
      await wrong({ prefix: "1" }, "ERR_INVALID_PREFIX");
      await wrong({ buckets: { scale: 9 } }, "ERR_INVALID_BUCKETS_SCALE");
    }
    taken.close();
  });

  it("hears nothing of its host's flags and loaders", async () => {
    const loader = join(folder, "loader.mjs");
    writeFileSync(loader, `import { isMainThread } from "node:worker_threads"; if (!isMainThread) process.exit(3);`);
    const program = `
      import { Monitor } from "streamgauge";
      import { serve } from "streamgauge/server";
      const server = await serve(new Monitor(), { logger: console });
      const { status } = await fetch(server.url + "healthz");
      await server.close();
      process.stdout.write(String(status));`;
    const child = spawn(process.execPath, ["--import", loader, "--input-type=module", "-e", program], { cwd: new URL("../..", import.meta.url), stdio: ["ignore", "pipe", "pipe"] });
    let [said, warned] = ["", ""];
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (warned += chunk));
    const [code] = await once(child, "close");
    assert.equal(warned, "");
    assert.equal(code, 0);
    assert.equal(said, "200");
  });
});

describe("without a thread", () => {
  it("all is served from the process's own, where the option says so", async () => {
    let threads = 0;
    const onWorker = () => (threads += 1);
    process.on("worker", onWorker);
    const { monitor } = monitorOf();
    const server = await serve(monitor, { worker: false, intervalSeconds: 0.1 });
    const one = await reader(server.url);
    assert.equal(server.clients, 1);
    await one.until((events) => events.some(({ event }) => event === "delta"));
    assert.equal(JSON.parse((await get(server.url, "/snapshot")).text).messages.received, 3);
    assert.equal(decode((await get(server.url, "/snapshot", ACCEPT_CBOR)).bytes).messages.received, 3);
    assert.match((await get(server.url, "/metrics")).text, /^streamgauge_messages_received_total\{worker="w1"\} 3$/m);
    assert.equal(JSON.parse((await get(server.url, "/stats/")).text).Sensor0.messages_received_total, 3);
    assert.equal((await get(server.url, "/healthz")).status, 200);
    one.close();
    await server.close();
    process.off("worker", onWorker);
    assert.equal(threads, 0);
    await assert.rejects(serve(monitor, { worker: "no" }), { code: "ERR_INVALID_WORKER" });
  });

  it("it is likewise, and told, where there can be none", async () => {
    const program = `
      import { Monitor } from "streamgauge";
      import { serve } from "streamgauge/server";
      const server = await serve(new Monitor(), { page: false, logger: console });
      const { status } = await fetch(server.url + "healthz");
      await server.close();
      process.stdout.write(String(status));`;
    const root = fileURLToPath(new URL("../..", import.meta.url));
    // Node's permissions allow reading here, and no thread.
    const permission = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";
    const args = [permission, "--allow-fs-read=*", "--input-type=module", "-e", program];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let [said, warned] = ["", ""];
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (warned += chunk));
    const [code] = await once(child, "close");
    assert.equal(code, 0, warned);
    assert.equal(said, "200");
    assert.match(warned, /streamgauge\/server: serves in the process's own thread, which readers can delay \(worker: false says so\): Error: Access to this API has been restricted/);
  });
});
