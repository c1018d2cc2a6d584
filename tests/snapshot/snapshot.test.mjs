// `streamgauge/snapshot`: forms of snapshots and the cluster's sum, from the built package.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { Monitor } from "streamgauge";
import { decode, encode, merge, parse } from "streamgauge/snapshot";

/** A worker with a clock of its own that has read so many messages of one partition. */
function worker(name, partition, messages, { at = 0 } = {}) {
  const clock = { at };
  const monitor = new Monitor({ time: () => clock.at, epoch: 1_700_000_000, worker: name });
  const tp = { topic: "orders", partition };
  monitor.onPartitionsAssigned([tp]);
  for (let offset = 0; offset < messages; offset += 1) {
    const message = {};
    monitor.onMessageIn(tp, offset, message);
    clock.at += 0.25;
    monitor.onMessageOut(tp, offset, message);
  }
  monitor.trackTpEndOffset(tp, messages + 10);
  return { clock, monitor };
}

test("a cluster is the sum of its workers, in any form and order", () => {
  const a = worker("a", 0, 3).monitor;
  const b = worker("b", 1, 5).monitor;
  const [first, second] = [a.snapshot(), b.snapshot()];
  const cluster = merge([first, second]);
  assert.equal(cluster.worker, "");
  assert.equal(cluster.sequence, 2);
  assert.deepEqual(cluster.merged.map(({ worker }) => worker), ["a", "b"]);
  assert.equal(cluster.messages.received, 8);
  assert.deepEqual(cluster.messages.receivedByTopic, { orders: 8 });
  assert.equal(cluster.messages.time.life.count, 8);
  assert.equal(cluster.messages.time.life.sumNanoseconds, "2000000000");
  assert.equal(cluster.ownership.owned, 2);
  assert.deepEqual(cluster.partitions.map(({ topic, partition, worker, lag }) => [topic, partition, worker, lag]), [
    ["orders", 0, "a", 10],
    ["orders", 1, "b", 10],
  ]);
  assert.equal(cluster.lag.recordsSum, 20);
  assert.deepEqual(merge([second, first]), cluster);
  assert.deepEqual(merge(new Set([JSON.stringify(first), encode(second)])), cluster);
});

test("monitors' own bytes are taken as they are", () => {
  const { monitor } = worker("a", 0, 2);
  const bytes = monitor.snapshotBytes();
  assert.equal(decode(bytes).messages.received, 2);
  assert.equal(decode(bytes).sequence, 1);
  assert.deepEqual(decode(encode(decode(bytes))), decode(bytes));
  assert.deepEqual(Buffer.from(encode(decode(bytes))), Buffer.from(bytes));
  assert.deepEqual(decode(Buffer.from(bytes)), parse(JSON.stringify(decode(bytes))));
});

test("the newest of one life counts once, a restarted worker is another life", () => {
  const { monitor } = worker("a", 0, 3);
  const old = monitor.snapshot();
  monitor.onHeartbeat();
  const newest = monitor.snapshot();
  assert.equal(merge([newest, old, newest]).messages.received, 3);
  assert.equal(merge([old, newest]).consumer.heartbeats, 1);
  const again = worker("a", 0, 4, { at: 1_000 }).monitor.snapshot();
  const both = merge([again, old]);
  assert.equal(both.messages.received, 7);
  assert.equal(both.merged.length, 2);
  assert.equal(both.partitions.length, 1);
  assert.equal(both.partitions[0].position, 4);
});

test("merged snapshots merge again; a life in two of them is refused", () => {
  const [a, b, c] = ["a", "b", "c"].map((name, place) => worker(name, place, place + 1).monitor.snapshot());
  assert.deepEqual(merge([merge([a, b]), c]), merge([a, b, c]));
  assert.throws(
    () => merge([merge([a, b]), merge([b, c])]),
    (error) => {
      assert.equal(error.constructor, RangeError);
      assert.equal(error.code, "ERR_INVALID_SNAPSHOTS");
      assert.equal(error.argument, "snapshots");
      assert.match(error.message, /^snapshots: worker "b" since 1700000000 is in a merged snapshot and comes again$/);
      return true;
    },
  );
});

test("fields that are not known survive", () => {
  const snapshot = worker("a", 0, 1).monitor.snapshot();
  snapshot.moods = ["good", { "a": 1 }];
  snapshot.messages.colour = "red";
  for (const form of [parse(snapshot), parse(JSON.stringify(snapshot)), decode(encode(snapshot)), merge([snapshot])]) {
    assert.deepEqual(form.moods, ["good", { a: 1 }]);
    assert.equal(form.messages.colour, "red");
  }
});

test("hostile names are names", () => {
  const monitor = new Monitor({ worker: "a", time: () => 1 });
  monitor.count("__proto__", 3);
  monitor.onMessageIn({ topic: "constructor", partition: 0 }, 1, {});
  const cluster = merge([monitor.snapshotBytes(), new Monitor({ worker: "b", time: () => 1 }).snapshot()]);
  assert.deepEqual(Object.entries(cluster.metrics), [["__proto__", 3]]);
  assert.deepEqual(Object.entries(cluster.messages.receivedByTopic), [["constructor", 1]]);
});

describe("garbage is refused with its place and reason:", () => {
  const good = () => worker("a", 0, 1).monitor.snapshot();
  const broken = (change) => {
    const snapshot = good();
    change(snapshot);
    return snapshot;
  };
  const refusals = [
    ["a wrong type", () => parse(broken((one) => (one.partitions[0].lag = "many"))), /^snapshot: partitions\[0\]\..*got "many"$|^snapshot: .*$/, "ERR_INVALID_SNAPSHOT"],
    ["an unknown version", () => parse(broken((one) => (one.snapshot = "streamgauge/2"))), /streamgauge\/2/, "ERR_INVALID_SNAPSHOT"],
    ["text that ends early", () => parse(JSON.stringify(good()).slice(0, 90)), /^snapshot: ./, "ERR_INVALID_SNAPSHOT"],
    ["no JSON", () => parse("coffee"), /^snapshot: ./, "ERR_INVALID_SNAPSHOT"],
    ["one of many", () => merge([good(), broken((one) => (one.messages.received = -1))]), /^snapshots\[1\]: messages\.received .*-1/, "ERR_INVALID_SNAPSHOT"],
    ["bytes that go on", () => decode(new Uint8Array([...encode(good()), 0])), /^bytes: the snapshot ends at byte/, "ERR_INVALID_SNAPSHOT"],
    ["bytes that are none", () => decode(new Uint8Array([0xff, 1, 2])), /^bytes: ./, "ERR_INVALID_SNAPSHOT"],
    ["no bytes at all", () => decode(new Uint8Array()), /^bytes: ./, "ERR_INVALID_SNAPSHOT"],
    ["a length that is a lie", () => decode(new Uint8Array([0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])), /^bytes: ./, "ERR_INVALID_SNAPSHOT"],
    ["nesting without end", () => parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`), /^snapshot: ./, "ERR_INVALID_SNAPSHOT"],
    ["nothing to merge", () => merge([]), /^snapshots: there is no snapshot to merge$/, "ERR_INVALID_SNAPSHOTS"],
  ];
  for (const [what, call, message, code] of refusals) {
    test(what, () => {
      assert.throws(call, (error) => {
        assert.equal(error.constructor, RangeError, error.stack);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.equal(typeof error.path, "string");
        return true;
      });
    });
  }

  test("the path is told apart", () => {
    assert.throws(() => merge([broken((one) => (one.messages.received = -1))]), { path: "messages.received", argument: "snapshots[0]" });
  });

  test("the whole that came is not enumerable: a log would print megabytes", () => {
    const bad = broken((one) => (one.messages.received = -1));
    for (const [call, value] of [[() => parse(bad), bad], [() => merge([bad]), bad], [() => decode(bad), bad], [() => merge("text"), "text"]]) {
      assert.throws(call, (error) => error.value === value && !Object.keys(error).includes("value") && !inspect(error).includes("receivedByTopic"));
    }
  });

  const promise = Promise.resolve(good());
  const bytes = encode(good());
  const around = { inside: [{}] };
  around.inside[0].again = around.inside;
  const long = broken((one) => {
    one.moods = Number.NaN;
    for (let depth = 0; depth < 40; depth += 1) one.moods = { [`level_${depth}`]: one.moods };
  });
  for (const [what, call, type, message] of [
    ["bytes in place of a list", () => merge(bytes), TypeError, "snapshots must be an iterable of snapshots, got a Uint8Array"],
    ["a promise of a list", () => merge(promise), TypeError, "snapshots must be an iterable of snapshots, got a promise"],
    ["a promise in a list", () => merge([promise]), TypeError, "snapshots[0] must be a snapshot: an object, JSON text or CBOR bytes, got a promise"],
    ["a promise of one", () => parse(promise), TypeError, "snapshot must be JSON text or an object, got a promise"],
    ["bytes as an object", () => parse(bytes), TypeError, "snapshot must be JSON text or an object, got a Uint8Array"],
    ["a number that is none", () => parse(broken((one) => (one.partitions[0].lag = Number.NaN))), RangeError, "snapshot: partitions[0].lag must be a finite number, got NaN"],
    ["a number without end", () => merge([good(), broken((one) => (one.metrics["a b"] = -Infinity))]), RangeError, 'snapshots[1]: metrics["a b"] must be a finite number, got -Infinity'],
    ["a bigint within", () => encode(broken((one) => (one.messages.received = 5n))), TypeError, "snapshot: messages.received must be a number, got 5n"],
    ["a circle within", () => parse(broken((one) => (one.moods = around))), TypeError, "snapshot: moods.inside[0].again must be plain data, got an array that it lies in"],
    ["a place far within", () => parse(long), RangeError, "snapshot: moods.level_39.level_38.level_37.level_36.level_35.level_34.…el_7.level_6.level_5.level_4.level_3.level_2.level_1.level_0 must be a finite number, got NaN"],
  ]) {
    test(what, () => assert.throws(call, (error) => {
      assert.equal(error.message, message);
      assert.equal(error.constructor, type);
      assert.match(error.code, /^ERR_INVALID_SNAPSHOTS?$/);
      return true;
    }));
  }

  test("what stands twice is no circle", () => {
    const twice = { a: [1] };
    assert.deepEqual(parse(broken((one) => (one.moods = [twice, twice, [twice]]))).moods, [twice, twice, [twice]]);
  });

  const circle = {};
  circle.circle = circle;
  for (const [what, call, argument] of [
    ["no iterable", () => merge(7), "snapshots"],
    ["a text of snapshots", () => merge("[]"), "snapshots"],
    ["a snapshot that is none", () => merge([null]), "snapshots[0]"],
    ["a circle", () => parse(circle), "snapshot"],
    ["a bigint", () => encode({ at: 1n }), "snapshot"],
    ["an array of bytes", () => decode([1, 2]), "bytes"],
  ]) {
    test(what, () => assert.throws(call, (error) => error instanceof TypeError && error.argument === argument && error.code.startsWith("ERR_INVALID_")));
  }
});

test("require gives the same functions", () => {
  const required = createRequire(import.meta.url)("streamgauge/snapshot");
  assert.equal(required.merge, merge);
});

test("a thousand workers of a hundred partitions", (context) => {
  const snapshot = (number) => {
    const monitor = new Monitor({ worker: `worker-${number}`, time: () => 1, epoch: 1_700_000_000 });
    for (let partition = 0; partition < 100; partition += 1) {
      const tp = { topic: "orders", partition: number * 100 + partition };
      monitor.onMessageIn(tp, 41, {});
      monitor.trackTpEndOffset(tp, 50);
    }
    const bytes = monitor.snapshotBytes();
    monitor.free();
    return bytes;
  };
  const bytes = Array.from({ length: 1_000 }, (_, number) => snapshot(number));
  const objects = bytes.map((one) => decode(one));
  const timed = (forms) => {
    const started = performance.now();
    const cluster = merge(forms);
    const milliseconds = performance.now() - started;
    assert.equal(cluster.partitions.length, 100_000);
    assert.equal(cluster.lag.recordsSum, 800_000);
    return milliseconds.toFixed(0);
  };
  context.diagnostic(`one is ${bytes[0].length} bytes as CBOR, ${JSON.stringify(objects[0]).length} as JSON`);
  context.diagnostic(`merged from CBOR in ${timed(bytes)} ms, from objects in ${timed(objects)} ms`);
});
