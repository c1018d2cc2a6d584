// Packets over real sockets on loopback: to a server, to none, to a name that is not found.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { StatsdSender } from "streamgauge/statsd";
import { startStatsd } from "./server.mjs";
import { countersOf, read, worker } from "./traffic.mjs";

const received = "streamgauge.messages.received";

const open = new Set();
// A test that failed leaves its sockets.
after(() => open.forEach((socket) => socket.close()));

/** A socket that keeps what comes: `until(points)` waits for so many lines. */
async function startReceiver(address = "127.0.0.1", type = "udp4") {
  const packets = [];
  const socket = createSocket(type, (bytes) => {
    packets.push({ bytes, points: bytes.toString().split("\n").length });
    socket.emit("packet");
  });
  socket.bind(0, address);
  await once(socket, "listening");
  open.add(socket);
  socket.once("close", () => open.delete(socket));
  const points = () => packets.reduce((sum, packet) => sum + packet.points, 0);
  const until = async (wanted) => {
    while (points() < wanted) await once(socket, "packet");
    return packets;
  };
  return { port: socket.address().port, packets, until, close: () => new Promise((resolve) => socket.close(resolve)) };
}

/** A port on which nobody listens. */
async function deadPort() {
  const receiver = await startReceiver();
  await receiver.close();
  return receiver.port;
}

test("sends what the renderer makes, and the last time when it is closed", async () => {
  const receiver = await startReceiver();
  const { monitor, message } = worker();
  const sender = new StatsdSender(monitor, { port: receiver.port, maxPacketBytes: 512 });
  message("orders");
  await sender.send();
  message("orders");
  message("orders");
  await sender.close();
  const { packets, points, bytes, droppedPackets, droppedPoints, errors, lastError } = sender.statistics;
  const came = await receiver.until(points);
  await receiver.close();
  assert.equal(came.length, packets);
  assert.equal(came.reduce((sum, packet) => sum + packet.bytes.length, 0), bytes);
  assert.deepEqual([droppedPackets, droppedPoints, errors, lastError], [0, 0, 0, undefined]);
  assert.equal(countersOf(read(came))[received], 3);
  assert.ok(came.every((packet) => packet.bytes.length <= 512));
});

test("sends at once when it is started, and again in every interval", async () => {
  const receiver = await startReceiver();
  const { monitor, message } = worker();
  message("orders");
  const sender = new StatsdSender(() => monitor.snapshot(), { port: receiver.port, intervalMilliseconds: 10 });
  assert.equal(sender.start(), sender);
  sender.start();
  const first = (await receiver.until(1)).length;
  message("orders");
  while (countersOf(read(await receiver.until(1)))[received] !== 2) await receiver.until(receiver.packets.reduce((sum, { points }) => sum + points, 0) + 1);
  assert.ok(receiver.packets.length > first);
  await sender.close();
  const { points } = sender.statistics;
  await receiver.until(points);
  const closed = sender.close();
  assert.equal(sender.send(), closed);
  await closed;
  assert.equal(sender.start().statistics.points, points, "closed is closed");
  await receiver.close();
});

test("speaks IPv6 to an address of it", async (context) => {
  let receiver;
  try {
    receiver = await startReceiver("::1", "udp6");
  } catch (error) {
    // Any other failure is one of the receiver or the sender.
    if (!["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"].includes(error.code)) throw error;
    context.skip("this machine has no IPv6");
    return;
  }
  const { monitor, message } = worker();
  message("orders");
  const sender = new StatsdSender(monitor, { host: "::1", port: receiver.port });
  await sender.close();
  assert.equal(countersOf(read(await receiver.until(sender.statistics.points)))[received], 1);
  await receiver.close();
});

test("a server that is down harms nobody, is counted, and gets what comes after it is back", async () => {
  const port = await deadPort();
  const { monitor, message } = worker();
  const sender = new StatsdSender(monitor, { port, maxPacketBytes: 512 });
  for (let round = 0; round < 5; round += 1) {
    message("orders");
    await sender.send();
    // The refusal of a packet is told with the next one.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { droppedPackets, droppedPoints, errors, lastError } = sender.statistics;
  assert.ok(errors >= 1);
  assert.equal(lastError.code, "ECONNREFUSED");
  assert.equal(droppedPoints > 0, droppedPackets > 0);
  const socket = createSocket("udp4");
  const lines = [];
  socket.on("message", (bytes) => lines.push({ bytes }));
  socket.bind(port, "127.0.0.1");
  await once(socket, "listening");
  await sender.send();
  message("orders");
  const came = once(socket, "message");
  await sender.close();
  await came;
  await new Promise((resolve) => socket.close(resolve));
  assert.ok(lines.length > 0);
});

describe("a name that is not found", () => {
  test("is counted, nothing is rendered, and the counts go out in full later", async () => {
    const receiver = await startReceiver();
    const { monitor, message } = worker();
    let isFound = false;
    const lookup = (hostname, _family, callback) => {
      assert.equal(hostname, "statsd.example");
      process.nextTick(() => (isFound ? callback(null, "127.0.0.1", 4) : callback(Object.assign(new Error("not found"), { code: "ENOTFOUND" }))));
    };
    const sender = new StatsdSender(monitor, { host: "statsd.example", port: receiver.port, lookup });
    message("orders");
    await sender.send();
    message("orders");
    await sender.send();
    assert.equal(sender.statistics.errors, 2);
    assert.equal(sender.statistics.lastError.code, "ENOTFOUND");
    assert.equal(sender.statistics.packets, 0);
    isFound = true;
    await sender.close();
    assert.equal(countersOf(read(await receiver.until(sender.statistics.points)))[received], 2);
    await receiver.close();
  });

  test("makes the next sending wait for the same one, not pile up", async () => {
    const { monitor } = worker();
    let asked = 0;
    let answer;
    const lookup = (_hostname, _family, callback) => {
      asked += 1;
      answer = callback;
    };
    const sender = new StatsdSender(monitor, { host: "slow.example", lookup });
    const first = sender.send();
    assert.equal(sender.send(), first);
    assert.equal(asked, 1);
    answer(new Error("gave up"));
    await first;
    assert.equal(sender.statistics.errors, 1);
  });
});

test("a monitor that was freed is counted, not thrown", async () => {
  const receiver = await startReceiver();
  const { monitor } = worker();
  const sender = new StatsdSender(monitor, { port: receiver.port });
  monitor.free();
  await sender.send();
  assert.equal(sender.statistics.errors, 1);
  await sender.close();
  assert.equal(sender.statistics.errors, 2);
  await receiver.close();
});

test("a line too long for a packet is among the dropped points", async () => {
  const receiver = await startReceiver();
  const { monitor, message } = worker();
  message("x".repeat(3000));
  const sender = new StatsdSender(monitor, { port: receiver.port });
  await sender.close();
  assert.ok(sender.statistics.droppedPoints > 0);
  assert.equal(sender.statistics.droppedPackets, 0);
  await receiver.close();
});

test("keeps no process alive", async () => {
  const receiver = await startReceiver();
  const program = `
    import { Monitor } from "streamgauge";
    import { StatsdSender } from "streamgauge/statsd";
    new StatsdSender(new Monitor(), { port: ${receiver.port}, intervalMilliseconds: 3_600_000 }).start();
    process.on("exit", () => console.log("done"));
  `;
  const options = { cwd: fileURLToPath(new URL("../..", import.meta.url)) };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], options);
  assert.equal(stdout, "done\n");
  await receiver.close();
});

test("bad options are refused with a code, before a socket is opened", () => {
  const { monitor } = worker();
  const refusals = [
    [monitor, { port: 0 }, "ERR_INVALID_PORT", /1\.\.65535, got 0/],
    [monitor, { port: "8125" }, "ERR_INVALID_PORT", /got "8125"/],
    [monitor, { host: "" }, "ERR_INVALID_HOST", /a name or an address, got ""/],
    [monitor, { intervalMilliseconds: 1 }, "ERR_INVALID_INTERVAL_MILLISECONDS", /got 1/],
    [monitor, { lookup: "dns" }, "ERR_INVALID_LOOKUP", /a function like dns\.lookup, got "dns"/],
    [monitor, { maxPacketByte: 1 }, "ERR_UNKNOWN_OPTION", /"maxPacketByte"/],
    [null, {}, "ERR_INVALID_SOURCE", /got null/],
  ];
  for (const [source, options, code, message] of refusals) {
    assert.throws(() => new StatsdSender(source, options), (error) => error.code === code && message.test(error.message), JSON.stringify(options));
  }
});

describe("StatsD's own server", () => {
  test("understands every line, and its sums are the monitor's", async () => {
    const server = await startStatsd();
    try {
      const { monitor, message } = worker();
      const sender = new StatsdSender(monitor, { port: server.port, durations: "samples", maxSamples: 40 });
      const topics = ["orders", "payments", "日本"];
      for (let round = 0; round < 5; round += 1) {
        for (let count = 0; count < 60; count += 1) message(topics[count % 3], count % 4, 0.001 * (count + 1));
        monitor.count("balance", -3);
        monitor.trackTpEndOffset({ topic: "orders", partition: 0 }, 1000 + round);
        await sender.send();
      }
      await sender.close();
      const { points, errors } = sender.statistics;
      const { badLines, counters, gauges, timers, timerCounts, lines } = await server.received(points);
      const snapshot = monitor.snapshot();
      assert.deepEqual([lines, badLines, errors], [points, 0, 0]);
      assert.equal(counters[received], 300);
      assert.equal(snapshot.messages.received, 300);
      assert.deepEqual(
        ["orders", "payments", "_65e5__672c_"].map((topic) => counters[`${received}_by_topic.${topic}`]),
        [100, 100, 100],
      );
      assert.ok(Math.abs(counters["streamgauge.consumer.busy"] - snapshot.consumer.busySeconds) < 1e-9);
      assert.equal(gauges["streamgauge.program.metric.balance"], -15, "set, not added up");
      const { lag, end } = snapshot.partitions.find(({ topic, partition }) => topic === "orders" && partition === 0);
      assert.equal(end, 1004);
      assert.equal(gauges["streamgauge.partition.lag.orders.0"], lag);
      assert.equal(gauges["streamgauge.partition.end.orders.0"], 1004);
      // 5 times 60, of which 40 were sent, each standing for one or two.
      assert.equal(timers["streamgauge.events.runtime"].length, 200);
      assert.equal(Math.round(timerCounts["streamgauge.events.runtime"]), 300);
      const sorted = timers["streamgauge.events.runtime"].sort((a, b) => a - b);
      assert.ok(Math.abs(sorted[0] - 1) < 0.02 && Math.abs(sorted.at(-1) - 60) <= 1.7, `${sorted[0]} to ${sorted.at(-1)} ms`);
    } finally {
      await server.close();
    }
  });

  test("takes DogStatsD's tags as well, where no values are packed", async () => {
    const server = await startStatsd();
    try {
      const { monitor, message } = worker();
      const options = { port: server.port, dialect: "dogstatsd", durations: "quantiles", tags: { env: "test" }, workerTag: false };
      const sender = new StatsdSender(monitor, options);
      message("orders", 3);
      await sender.close();
      const { badLines, counters, gauges } = await server.received(sender.statistics.points);
      assert.equal(badLines, 0);
      assert.equal(counters["streamgauge.messages.received_by_topic;env=test;topic=orders"], 1);
      assert.equal(gauges["streamgauge.partition.position;env=test;topic=orders;partition=3"], 1);
    } finally {
      await server.close();
    }
  });
});
