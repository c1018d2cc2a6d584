// `/events`: what its readers are told, and what becomes of those who do not listen.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { applied } from "streamgauge/live";
import { serve } from "streamgauge/server";
import { counting, get, monitorOf, reader, until } from "./support.mjs";

const overTheWire = (value) => JSON.parse(JSON.stringify(value));

/** The snapshot that a reader has after these events; they must follow each other. */
function copyOf(events) {
  let copy;
  let last;
  for (const { event, data, id } of events) {
    if (event === "snapshot") copy = data;
    else if (event === "delta") {
      assert.equal(Number(id), last + 1, "a delta follows the one before");
      copy = applied(copy, data);
    } else continue;
    last = Number(id);
  }
  return copy;
}

const snapshotsIn = (events) => events.filter(({ event }) => event === "snapshot").length;

/** A source whose snapshots are large, and mostly new each time. */
function largeSource() {
  const base = overTheWire(monitorOf().monitor.snapshot());
  const filler = "x".repeat(1_000_000);
  const source = { reads: 0 };
  source.snapshot = () => {
    source.reads += 1;
    return { ...base, sequence: source.reads, worker: `${source.reads} ${filler}` };
  };
  return source;
}

describe("/events", () => {
  it("tells the whole snapshot first, and then what changed", async () => {
    const { monitor, clock, tp } = monitorOf();
    const server = await serve(monitor, { intervalSeconds: 0.1 });
    const { status, headers, events, until: came, close } = await reader(server.url);
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "text/event-stream; charset=utf-8");
    assert.equal(headers["cache-control"], "no-store, no-transform");
    await came(() => events.length >= 3);
    assert.deepEqual(events[0], { retry: "1000", data: undefined });
    assert.equal(events[1].event, "snapshot");
    assert.equal(events[1].id, "1");
    assert.equal(events[1].data.messages.received, 3);
    assert.deepEqual(events[2], { id: "2", event: "delta", data: { sequence: [2] } });
    clock.now += 2;
    monitor.onMessageIn(tp, 3, {});
    monitor.onError("process", "__proto__");
    await came(() => copyOf(events).messages.received === 4);
    const sequence = copyOf(events).sequence;
    await came(() => copyOf(events).sequence > sequence);
    const expected = overTheWire(monitor.snapshot());
    assert.deepEqual(copyOf(events), { ...expected, sequence: copyOf(events).sequence });
    assert.equal(JSON.stringify(expected.errors.byStage.process), '{"__proto__":1}');
    assert.equal(snapshotsIn(events), 1);
    close();
    await server.close();
  });

  it("gives who comes later the newest snapshot, numbered on, and reads the source for all at once", async () => {
    const source = counting(monitorOf().monitor);
    const server = await serve(source, { intervalSeconds: 0.1 });
    const first = await reader(server.url);
    await first.until((events) => events.length >= 5);
    const others = await Promise.all(Array.from({ length: 8 }, () => reader(server.url)));
    await Promise.all(others.map((one) => one.until((events) => events.length >= 6)));
    for (const { events } of others) {
      assert.equal(events[1].event, "snapshot");
      assert.equal(events[1].data.sequence, Number(events[1].id));
      assert.deepEqual(copyOf(events).messages, copyOf(first.events).messages);
    }
    // Every reading was told: nine readers made none of their own.
    const told = Number(first.events.at(-1).id);
    assert.ok(source.reads <= told + 1, `${source.reads} readings, ${told} told`);
    for (const one of [first, ...others]) one.close();
    await until(() => server.clients === 0);
    await server.close();
  });

  it("reads the source no more when the last reader has left", async () => {
    const source = counting(monitorOf().monitor);
    const server = await serve(source, { intervalSeconds: 0.1 });
    const one = await reader(server.url);
    await one.until((events) => events.length >= 3);
    one.close();
    await until(() => server.clients === 0);
    const { reads } = source;
    // Far longer than the interval: had it gone on, this would be seen.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(source.reads <= reads + 1, `${source.reads - reads} more`);
    const again = await reader(server.url);
    await again.until((events) => snapshotsIn(events) === 1 && events.at(-1).event === "delta");
    again.close();
    await server.close();
  });

  it("refuses readers over its limit, until one leaves", async () => {
    const server = await serve(monitorOf().monitor, { maxClients: 2, intervalSeconds: 0.1 });
    const [one, two] = [await reader(server.url), await reader(server.url)];
    const refused = await get(server.url, "/events");
    assert.equal(refused.status, 503);
    assert.equal(refused.headers["retry-after"], "5");
    assert.equal(refused.text, "there are 2 readers already (maxClients)\n");
    assert.equal((await get(server.url, "/snapshot")).status, 200);
    one.close();
    await until(() => server.clients === 1);
    const three = await reader(server.url);
    assert.equal(three.status, 200);
    for (const open of [two, three]) open.close();
    await server.close();
  });

  it("tells who was slow the newest when it listens again, whole, and goes on from there", async () => {
    const source = largeSource();
    const server = await serve(source, { intervalSeconds: 0.1, slowClientSeconds: 3600, page: false });
    const slow = await reader(server.url);
    await slow.until((events) => snapshotsIn(events) === 1);
    slow.pause();
    const quick = await reader(server.url);
    // Far more than the system keeps for a reader.
    await until(() => source.reads >= 30);
    slow.resume();
    await slow.until((events) => snapshotsIn(events) >= 2 && events.at(-1).event === "delta");
    const { sequence, worker } = copyOf(slow.events);
    assert.equal(worker.split(" ", 1)[0], String(sequence));
    assert.ok(slow.events.length < source.reads, "it was spared some");
    assert.ok(quick.events.length > slow.events.length, "the others were told on");
    copyOf(quick.events);
    for (const one of [slow, quick]) one.close();
    await server.close();
  });

  it("drops who takes nothing for too long, and nobody else", async () => {
    const source = largeSource();
    const server = await serve(source, { intervalSeconds: 0.2, slowClientSeconds: 2, page: false });
    const [dead, alive] = [await reader(server.url), await reader(server.url)];
    await alive.until((events) => snapshotsIn(events) === 1);
    dead.pause();
    await until(() => server.clients === 1);
    const { sequence } = copyOf(alive.events);
    await alive.until((events) => copyOf(events).sequence > sequence);
    assert.equal(alive.ended, false);
    dead.resume();
    await until(() => dead.ended);
    alive.close();
    await server.close();
  });

  it("says that there is no snapshot, goes on, and tells the next", async () => {
    const { monitor } = monitorOf();
    let works = true;
    const server = await serve(() => (works ? monitor.snapshot() : undefined), { intervalSeconds: 0.1 });
    const one = await reader(server.url);
    await one.until((events) => snapshotsIn(events) === 1);
    works = false;
    await one.until((events) => events.at(-1).event === "failure");
    assert.equal(one.events.at(-1).data, "the server gets no snapshot: its log says why");
    assert.equal((await get(server.url, "/healthz")).status, 500);
    works = true;
    await one.until((events) => events.at(-1).event === "delta");
    copyOf(one.events);
    one.close();
    await server.close();
  });

  it("survives a snapshot that cannot be written", async () => {
    const { monitor } = monitorOf();
    const warnings = [];
    const server = await serve(() => ({ ...monitor.snapshot(), metrics: { big: 1n } }), { intervalSeconds: 0.1, logger: { warn: (text) => warnings.push(text) } });
    const one = await reader(server.url);
    await one.until((events) => events.some(({ event }) => event === "failure"));
    await until(() => warnings.length > 0);
    assert.match(warnings[0], /the snapshot failed: TypeError: .*BigInt/);
    one.close();
    await server.close();
  });

  it("ends its readers when the server closes", async () => {
    const server = await serve(largeSource(), { intervalSeconds: 0.1, page: false });
    const readers = [await reader(server.url), await reader(server.url)];
    readers[1].pause();
    await readers[0].until((events) => events.length >= 3);
    await server.close();
    readers[1].resume();
    await until(() => readers.every(({ ended }) => ended));
  });

  it("shows a reader of a slow source that the server lives", async () => {
    const server = await serve(monitorOf().monitor, { intervalSeconds: 3600 });
    const one = await reader(server.url);
    await one.until((events) => events.some(({ comment }) => comment === ":"));
    one.close();
    await server.close();
  });
});

describe("a process", () => {
  const program = (options) => `
    import { Monitor } from "streamgauge";
    import { follow } from "streamgauge/live";
    import { serve } from "streamgauge/server";
    const server = await serve(new Monitor(), ${JSON.stringify(options)});
    const follower = follow(server.url, { onChange: ({ phase }) => {
      if (phase !== "live") return;
      follower.close();
      process.stdout.write("followed");
    } });
  `;
  const run = (options) => spawn(process.execPath, ["--input-type=module", "-e", program(options)], { cwd: new URL("../..", import.meta.url), stdio: ["ignore", "pipe", "inherit"] });

  it("ends by itself while it serves", async () => {
    const child = run({});
    const [code] = await once(child, "exit");
    assert.equal(code, 0);
  });

  it("stays where keepAlive says so", async () => {
    const child = run({ keepAlive: true });
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(child.exitCode, null);
    child.kill();
    await once(child, "exit");
  });
});
