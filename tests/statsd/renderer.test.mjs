// Bytes alone: what goes into the packets.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Monitor } from "streamgauge";
import { merge } from "streamgauge/snapshot";
import { StatsdRenderer } from "streamgauge/statsd";
import { countersOf, linesOf, read, textsOf, worker } from "./traffic.mjs";

const received = "streamgauge.messages.received";

test("counters go as what they grew by, and not at all where they did not", () => {
  const { monitor, message } = worker();
  const renderer = new StatsdRenderer();
  const next = () => countersOf(read(renderer.render(monitor.snapshot())));
  message("orders");
  message("orders");
  assert.equal(next()[received], 2);
  message("orders");
  message("payments");
  const second = next();
  assert.equal(second[received], 2);
  assert.equal(second[`${received}_by_topic.orders`], 1);
  assert.equal(second[`${received}_by_topic.payments`], 1);
  assert.equal(second["streamgauge.consumer.busy"], 0.5);
  assert.deepEqual(Object.keys(next()), ["streamgauge.snapshots"]);
});

test("the same snapshot again counts nothing, an older one says nothing", () => {
  const { monitor, message } = worker();
  const renderer = new StatsdRenderer();
  message("orders");
  const old = monitor.snapshot();
  message("orders");
  const newer = monitor.snapshot();
  assert.equal(countersOf(read(renderer.render(newer)))[received], 2);
  assert.deepEqual(renderer.render(old), []);
  const again = read(renderer.render(newer));
  assert.deepEqual(countersOf(again), {});
  assert.ok(again.some(({ name }) => name === "streamgauge.messages.active"), "gauges are said again");
  message("orders");
  assert.equal(countersOf(read(renderer.render(monitor.snapshot())))[received], 1);
});

test("a monitor that was made anew begins at 0: nothing negative, nothing lost", () => {
  const renderer = new StatsdRenderer();
  const first = worker();
  for (let count = 0; count < 5; count += 1) first.message("orders");
  assert.equal(countersOf(read(renderer.render(first.monitor.snapshot())))[received], 5);
  const second = worker({ epoch: 1_700_000_500 });
  second.message("orders");
  assert.equal(countersOf(read(renderer.render(second.monitor.snapshot())))[received], 1);
  for (let count = 0; count < 7; count += 1) second.message("orders");
  assert.equal(countersOf(read(renderer.render(second.monitor.snapshot())))[received], 7);
});

test("two monitors in turn keep apart", () => {
  const renderer = new StatsdRenderer({ dialect: "dogstatsd" });
  const [a, b] = ["a", "b"].map((name) => worker({ worker: name }));
  const sums = {};
  for (let round = 0; round < 3; round += 1) {
    for (const { monitor, message } of [a, b, b]) {
      message("orders");
      for (const [name, sum] of Object.entries(countersOf(read(renderer.render(monitor.snapshot()), "dogstatsd")))) {
        sums[name] = (sums[name] ?? 0) + sum;
      }
    }
  }
  assert.equal(sums[`${received} worker:a`], 3);
  assert.equal(sums[`${received} worker:b`], 6);
});

test("a restored monitor's counts from before can be left out", () => {
  const { monitor, message } = worker();
  message("orders");
  message("orders");
  const restored = Monitor.restore(monitor.asdict(), { time: () => 1, worker: "worker-2" });
  const sent = new StatsdRenderer();
  assert.equal(countersOf(read(sent.render(restored.snapshot())))[received], 2);
  const skipped = new StatsdRenderer({ countedBefore: "skip" });
  assert.deepEqual(countersOf(read(skipped.render(restored.snapshot()))), {});
  restored.onMessageIn({ topic: "orders", partition: 0 }, 9, {});
  assert.equal(countersOf(read(skipped.render(restored.snapshot())))[received], 1);
});

/** A monitor whose idle names fold after 10 seconds, and what makes them. */
function forgetful() {
  const one = worker({ labelIdle: 10, partitionIdle: 10 });
  const fold = () => {
    for (let second = 0; second < 40; second += 1) {
      one.clock.at += 1;
      one.monitor.sample();
    }
  };
  const send = (topic, count = 1) => {
    for (let sent = 0; sent < count; sent += 1) one.monitor.onSendInitiated(null, topic);
  };
  return { ...one, fold, send };
}

const sent = "streamgauge.messages.sent_by_topic";
const weightsOf = (lines, wanted) =>
  lines.filter(({ name }) => name === wanted).reduce((sum, { values, rate }) => sum + values.length * Math.trunc(1 / rate), 0);

test("a name that folds into (other) is not counted there again", () => {
  const { monitor, message, fold, send } = forgetful();
  const renderer = new StatsdRenderer({ dialect: "dogstatsd", workerTag: false });
  const next = () => read(renderer.render(monitor.snapshot()), "dogstatsd");
  send("old", 3);
  message("old");
  message("old");
  assert.equal(weightsOf(next(), "streamgauge.events.runtime_by_stream"), 2);
  send("old"); // Told only after it folded.
  message("old");
  fold();
  send("new");
  message("new");
  const snapshot = monitor.snapshot();
  assert.deepEqual(snapshot.messages.sentByTopic, { "(other)": 4, new: 1 });
  assert.equal(snapshot.events.runtimeByStream["(other)"].count, 3);
  const lines = next();
  assert.equal(countersOf(lines)[`${sent} topic:_other_`], 1);
  assert.equal(countersOf(lines)[`${sent} topic:new`], 1);
  assert.equal(weightsOf(lines, "streamgauge.events.runtime_by_stream"), 2);
  assert.equal(weightsOf(lines, "streamgauge.events.runtime"), 2);
});

test("a name that folded and came again counts from 0", () => {
  const { monitor, fold, send } = forgetful();
  const renderer = new StatsdRenderer({ dialect: "dogstatsd", workerTag: false });
  const next = () => countersOf(read(renderer.render(monitor.snapshot()), "dogstatsd"));
  send("old", 3);
  next();
  fold();
  send("old", 2);
  assert.deepEqual(monitor.snapshot().messages.sentByTopic, { "(other)": 3, old: 2 });
  const counters = next();
  assert.equal(counters[`${sent} topic:old`], 2);
  assert.equal(counters[`${sent} topic:_other_`], undefined);
});

test("a worker that leaves a merged snapshot takes nothing back, and adds nothing", () => {
  const renderer = new StatsdRenderer();
  const [a, b] = ["a", "b"].map((name) => worker({ worker: name }));
  for (let count = 0; count < 5; count += 1) b.message("orders", 1);
  a.message("orders");
  const next = (...of) => countersOf(read(renderer.render(merge(of.map(({ monitor }) => monitor.snapshot())))))[received];
  assert.equal(next(a, b), 6);
  a.clock.at += 10;
  assert.equal(next(a), undefined);
  a.message("orders");
  assert.equal(next(a), 1);
});

test("however the counts grew and were asked for, the growths add up to them", () => {
  const step = fc.record({ topic: fc.constantFrom("a", "b", "c"), messages: fc.nat(3), asks: fc.boolean(), restarts: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const renderer = new StatsdRenderer({ durations: "samples", maxSamples: 2 });
      const told = {};
      let weights = 0;
      const ask = (one) => {
        const lines = read(renderer.render(one.monitor.snapshot()));
        for (const [name, sum] of Object.entries(countersOf(lines))) told[name] = (told[name] ?? 0) + sum;
        for (const { name, rate } of lines) if (name === "streamgauge.events.runtime") weights += Math.trunc(1 / rate);
      };
      const wanted = { a: 0, b: 0, c: 0 };
      let life = 0;
      let one = worker();
      for (const { topic, messages, asks, restarts } of steps) {
        if (restarts === 0) {
          ask(one);
          life += 1;
          one = worker({ epoch: 1_700_000_000 + life * 1000 });
        }
        for (let count = 0; count < messages; count += 1) one.message(topic, 0, 0.001 * (count + 1));
        wanted[topic] += messages;
        if (asks) ask(one);
      }
      ask(one);
      for (const [topic, count] of Object.entries(wanted)) assert.equal(told[`${received}_by_topic.${topic}`] ?? 0, count);
      assert.equal(weights, wanted.a + wanted.b + wanted.c);
    }),
    { numRuns: 60 },
  );
});

test("merged snapshots are one life, each worker's own part told once", () => {
  const renderer = new StatsdRenderer();
  const [a, b] = ["a", "b"].map((name) => worker({ worker: name }));
  a.message("orders");
  b.message("orders", 1);
  const next = () => countersOf(read(renderer.render(merge([a.monitor.snapshot(), b.monitor.snapshot()]))));
  assert.equal(next()[received], 2);
  a.message("orders");
  const second = next();
  assert.equal(second[received], 1);
  assert.equal(second["streamgauge.worker.snapshots.a"], 1);
});

describe("gauges", () => {
  const { monitor } = worker();
  monitor.count("balance", -7);
  monitor.count("stock", 7);

  test("a negative one is set to 0 first, in the same packet, for a sign means a change", () => {
    for (const maxPacketBytes of [80, 81, 90, 100, 120, 1432]) {
      const texts = textsOf(new StatsdRenderer({ maxPacketBytes }).render(monitor.snapshot()));
      const negative = texts.filter((text) => text.includes("|g") && /:-/.test(text));
      assert.deepEqual(negative.length, 1);
      assert.match(negative[0], /^streamgauge\.program\.metric\.balance:0\|g\nstreamgauge\.program\.metric\.balance:-7\|g$/m);
    }
  });

  test("Datadog takes a negative one as it is", () => {
    const lines = linesOf(new StatsdRenderer({ dialect: "dogstatsd" }).render(monitor.snapshot()));
    assert.deepEqual(lines.filter((line) => line.includes("name:balance")), ["streamgauge.program.metric:-7|g|#worker:worker-1,name:balance"]);
  });

  test("no number has an exponent, and what is not known is not said", () => {
    const snapshot = structuredClone(monitor.snapshot());
    snapshot.lag.slope = -1.5e-7;
    snapshot.rates.busy.now = 2 ** -70;
    snapshot.lag.recordsMax = 1e21;
    snapshot.consumer.busyShare = Number.NaN;
    const gauges = new Map(read(new StatsdRenderer().render(snapshot)).map(({ name, values }) => [name, values[0]]));
    assert.equal(gauges.get("streamgauge.lag.slope"), -1.5e-7);
    assert.equal(gauges.get("streamgauge.rates.busy.now"), 2 ** -70);
    assert.equal(gauges.get("streamgauge.lag.records_max"), 1e21);
    assert.equal(gauges.has("streamgauge.consumer.busy_share"), false);
    assert.equal(gauges.has("streamgauge.lag.seconds_max"), false);
  });

  test("a status is a gauge for each, and one of them holds", () => {
    const lines = read(new StatsdRenderer().render(monitor.snapshot())).filter(({ name }) => name.startsWith("streamgauge.health.status."));
    assert.deepEqual(lines.map(({ name, values }) => [name.split(".").at(-1), values[0]]), [["ok", 1], ["warn", 0], ["stop", 0], ["stall", 0], ["rewind", 0]]);
  });
});

describe("names that would be lines, fields or tags", () => {
  const hostile = ["a:1|c", "b\nevil:2|c", "c|#x:y", "d,e", "f@0.1", "g#h", "..", "", " ", "\r", "é", "日本", "中国", "__proto__", "x".repeat(4096)];

  for (const dialect of ["statsd", "dogstatsd"]) {
    test(`one series each in ${dialect}, and no line more`, () => {
      const render = (names) => {
        const { monitor, message } = worker();
        names.forEach((name) => message(name));
        const renderer = new StatsdRenderer({ dialect, maxPacketBytes: 8192 });
        return read(renderer.render(monitor.snapshot()), dialect);
      };
      const harmless = render(hostile.map((_, place) => `topic${place}`));
      const lines = render(hostile);
      assert.equal(lines.length, harmless.length);
      assert.equal(countersOf(lines)[dialect === "statsd" ? received : `${received} worker:worker-1`], hostile.length);
    });
  }

  test("two topics beyond ASCII stay two", () => {
    const { monitor, message } = worker();
    message("日本");
    message("中国");
    const statsd = countersOf(read(new StatsdRenderer().render(monitor.snapshot())));
    assert.equal(statsd[`${received}_by_topic._65e5__672c_`], 1);
    assert.equal(statsd[`${received}_by_topic._4e2d__56fd_`], 1);
    const tags = countersOf(read(new StatsdRenderer({ dialect: "dogstatsd", workerTag: false }).render(monitor.snapshot()), "dogstatsd"));
    assert.equal(tags[`${received}_by_topic topic:日本`], 1);
  });

  test("constant tags are on every line, made harmless", () => {
    const { monitor } = worker();
    const lines = read(new StatsdRenderer({ dialect: "dogstatsd", tags: { env: "prod|c", "a,b": "x\ny" }, prefix: "my_app." }).render(monitor.snapshot()), "dogstatsd");
    assert.ok(lines.length > 25, `${lines.length}`);
    for (const { name, tags } of lines) {
      assert.ok(tags.startsWith("env:prod_c,a_b:x_y,worker:worker-1"), tags);
      assert.ok(name.startsWith("my_app."), name);
    }
  });
});

describe("packets", () => {
  test("hold at most their bytes, and each line whole", () => {
    const { monitor, message } = worker();
    for (let partition = 0; partition < 30; partition += 1) message(partition % 2 === 0 ? "orders" : "日本", partition, 0.01 * partition);
    const snapshot = monitor.snapshot();
    for (const dialect of ["statsd", "dogstatsd"]) {
      const all = new Set(linesOf(new StatsdRenderer({ dialect, maxPacketBytes: 65_507, include: (path) => path !== "events.runtime.life" }).render(snapshot)));
      for (const maxPacketBytes of [200, 201, 512, 1432]) {
        const renderer = new StatsdRenderer({ dialect, maxPacketBytes, durations: "quantiles" });
        const packets = renderer.render(snapshot);
        for (const { bytes, points } of packets) {
          assert.ok(bytes.length <= maxPacketBytes, `${bytes.length}`);
          assert.equal(Buffer.from(bytes).toString().split("\n").length, points);
        }
        const quantiles = new StatsdRenderer({ dialect, maxPacketBytes: 65_507, durations: "quantiles" });
        assert.deepEqual(linesOf(packets), linesOf(quantiles.render(snapshot)));
        assert.equal(renderer.tooLong, 0);
      }
      assert.ok(all.size > 100);
    }
    // 1,432 bytes are well used: no two neighbours would have fitted into one.
    const sizes = new StatsdRenderer().render(snapshot).map(({ bytes }) => bytes.length);
    sizes.slice(1).forEach((size, place) => assert.ok(size + sizes[place] + 1 > 1432 - 100, `${sizes}`));
  });

  test("a line that no packet holds is left out and counted", () => {
    const { monitor, message } = worker();
    message("orders");
    message("x".repeat(2000));
    const renderer = new StatsdRenderer();
    const lines = read(renderer.render(monitor.snapshot()));
    const without = new StatsdRenderer({ maxPacketBytes: 65_507 }).render(monitor.snapshot());
    const long = linesOf(without).filter((line) => line.length > 1432);
    assert.ok(long.length > 1);
    assert.equal(renderer.tooLong, long.length);
    assert.equal(lines.length + long.length, linesOf(without).length);
    assert.equal(countersOf(lines)[received], 2);
  });

  test("Datadog's packed values are cut between values where a packet ends", () => {
    const { monitor, message } = worker();
    for (let count = 1; count <= 400; count += 1) message("orders", 0, 1.03 ** count / 1000);
    const renderer = new StatsdRenderer({ dialect: "dogstatsd", maxPacketBytes: 300 });
    const packets = renderer.render(monitor.snapshot());
    assert.ok(packets.every(({ bytes }) => bytes.length <= 300));
    const values = read(packets, "dogstatsd").filter(({ name }) => name === "streamgauge.messages.time");
    assert.ok(values.some((line) => line.values.length > 10));
    assert.equal(values.reduce((sum, line) => sum + line.values.length * Math.trunc(1 / line.rate), 0), 400);
  });
});
