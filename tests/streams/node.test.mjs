// Node's own streams, in object mode and with bytes, through every way of reading and ending them.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { Duplex, PassThrough, Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, it } from "node:test";
import { createGzip, gunzipSync } from "node:zlib";
import { attachStream } from "streamgauge/streams";
import { assertClean, bytesOf, chunks, errorsOf, gate, monitored, settled } from "./support.mjs";

const orders = { topic: "orders", partition: 2, stream: "totals", task: "sum" };
const objects = (options) => ({ objectMode: true, ...options });

describe("a Transform", () => {
  it("takes a chunk in when it starts on it and lets it go when it calls back", async () => {
    const { monitor, advance } = monitored();
    const callbacks = [];
    const transform = new Transform(objects({ transform: (chunk, _, callback) => callbacks.push(() => callback(null, chunk * 10)) }));
    const attachment = attachStream(transform, monitor, orders);
    const out = [];
    transform.on("data", (chunk) => out.push(chunk));

    transform.write(1);
    transform.write(2);
    assert.deepEqual(chunks(monitor), { received: { orders: 1 }, active: [1, 1], byStream: { totals: 1 }, took: [], full: {} });
    advance(0.5);
    callbacks[0]();
    await settled();
    assert.deepEqual(chunks(monitor), { received: { orders: 2 }, active: [1, 1], byStream: { totals: 2 }, took: [0.5], full: {} });
    advance(0.25);
    callbacks[1]();
    transform.end();
    await settled();
    assert.deepEqual(out, [10, 20]);
    assert.deepEqual(chunks(monitor), { received: { orders: 2 }, active: [0, 0], byStream: { totals: 2 }, took: [0.5, 0.25], full: {} });
    assert.deepEqual(monitor.asdict().events_by_task, { sum: 2 });
    assert.deepEqual(monitor.asdict().topic_read_offsets, { orders: { 2: 1 } });
    assertClean(monitor, attachment);
  });

  it("counts the bytes of chunks that have a size, and the time from their writing where it is told", async () => {
    const monitor = new (await import("streamgauge")).Monitor({ time: () => 50, epoch: 1_000_000 });
    const attachment = attachStream(new PassThrough(), monitor, { topic: "bytes", timestamp: () => 1_000_048_000 });
    attachment.detach();
    const stream = new PassThrough();
    const again = attachStream(stream, monitor, { topic: "bytes", timestamp: () => 1_000_048_000 });
    await pipeline(Readable.from([Buffer.from("abc"), "grün"]), stream, new Writable({ write: (_, __, callback) => callback() }));
    assert.equal(bytesOf(monitor), 8);
    assert.equal(monitor.snapshot().messages.endToEnd.life.count, 2);
    assert.equal(monitor.snapshot().messages.endToEnd.life.max, 2);
    assertClean(monitor, attachment, again);
  });

  it("tells of the error that it calls back with, and of one that it throws; both go on as they are", async () => {
    for (const how of ["callback", "throw"]) {
      const { monitor } = monitored();
      const error = Object.assign(new Error("no"), { code: "E_NO" });
      const transform = new Transform(objects({
        transform(_, __, callback) {
          if (how === "throw") throw error;
          callback(error);
        },
      }));
      const attachment = attachStream(transform, monitor, orders);
      if (how === "throw") assert.throws(() => transform.write(1), (thrown) => thrown === error);
      else {
        const [emitted] = await Promise.all([EventEmitter.once(transform, "error"), transform.write(1)]);
        assert.equal(emitted[0], error);
      }
      assert.deepEqual(errorsOf(monitor), { process: { E_NO: 1 } });
      assert.deepEqual(monitor.snapshot().errors.byTopic, { orders: 1 });
      assert.deepEqual(chunks(monitor).active, [0, 0]);
      assertClean(monitor, attachment);
    }
  });

  it("lets go of what is in flight when it is destroyed, and counts an error only where there is one", async () => {
    for (const [reason, errors] of [[undefined, {}], [new TypeError("x"), { process: { TypeError: 1 } }]]) {
      const { monitor, advance } = monitored();
      let late;
      const transform = new Transform(objects({ transform: (_, __, callback) => (late = callback) }));
      const attachment = attachStream(transform, monitor, orders);
      transform.on("error", () => {});
      transform.write(1);
      assert.deepEqual(chunks(monitor).active, [1, 1]);
      advance(2);
      transform.destroy(reason);
      assert.deepEqual([chunks(monitor).active, chunks(monitor).took], [[0, 0], [2]]);
      late();
      await settled();
      assert.deepEqual([chunks(monitor).active, chunks(monitor).took], [[0, 0], [2]]);
      assert.deepEqual(errorsOf(monitor), errors);
      assertClean(monitor, attachment);
    }
  });

  it("works where the transform is a class's, and zlib's", async () => {
    class Doubling extends Transform {
      _transform(chunk, _, callback) {
        callback(null, Buffer.concat([chunk, chunk]));
      }
    }
    const { monitor } = monitored();
    const doubling = new Doubling();
    const gzip = createGzip();
    const attachments = [attachStream(doubling, monitor, { topic: "doubled" }), attachStream(gzip, monitor, { topic: "zipped" })];
    const zipped = [];
    await pipeline(Readable.from([Buffer.from("ab"), Buffer.from("c")]), doubling, gzip, new Writable({
      write(chunk, _, callback) {
        zipped.push(chunk);
        callback();
      },
    }));
    assert.equal(gunzipSync(Buffer.concat(zipped)).toString(), "ababcc");
    assert.deepEqual(chunks(monitor).received, { doubled: 2, zipped: 2 });
    assert.deepEqual(chunks(monitor).active, [0, 0]);
    assert.equal(bytesOf(monitor), 9);
    for (const attachment of attachments) attachment.detach();
    assert.deepEqual(Object.keys(doubling).filter((name) => name === "_transform"), []);
    assertClean(monitor, ...attachments);
  });
});

it("zlib's flush() is no chunk", async () => {
  const { monitor } = monitored();
  const gzip = createGzip();
  const attachment = attachStream(gzip, monitor, { topic: "zipped" });
  gzip.resume().write("abc");
  await new Promise((resolve) => gzip.flush(resolve));
  assert.deepEqual(chunks(monitor).received, { zipped: 1 });
  gzip.destroy();
  assertClean(monitor, attachment);
});

describe("a Writable", () => {
  it("tells of a full buffer once each time that it gets full", async () => {
    const { monitor } = monitored();
    const callbacks = [];
    const writable = new Writable(objects({ highWaterMark: 2, write: (_, __, callback) => callbacks.push(callback) }));
    const attachment = attachStream(writable, monitor, orders);
    const answers = [1, 2, 3, 4].map((chunk) => writable.write(chunk));
    assert.deepEqual(answers, [true, false, false, false]);
    assert.deepEqual(chunks(monitor).full, { orders: 1 });
    while (callbacks.length > 0) {
      callbacks.shift()();
      await settled();
    }
    assert.deepEqual([writable.write(5), writable.write(6)], [true, false]);
    assert.deepEqual(chunks(monitor).full, { orders: 2 });
    callbacks.shift()();
    await settled();
    callbacks.shift()();
    writable.end();
    writable.on("error", () => {});
    assert.equal(writable.write(7), false, "one that has ended is not full");
    assert.deepEqual(chunks(monitor).full, { orders: 2 });
    assert.deepEqual(chunks(monitor).received, { orders: 6 });
    attachment.detach();
  });

  it("takes all chunks of a _writev in, and the one of end()", async () => {
    const { monitor, advance } = monitored();
    let callback;
    const seen = [];
    const writable = new Writable(objects({
      writev(chunks, done) {
        seen.push(...chunks.map(({ chunk }) => chunk));
        callback = done;
      },
    }));
    const attachment = attachStream(writable, monitor, orders);
    writable.cork();
    writable.write(1);
    writable.write(2);
    writable.end(3);
    await settled();
    assert.deepEqual([seen, chunks(monitor).active], [[1, 2, 3], [3, 3]]);
    advance(1.5);
    callback();
    await settled();
    assert.deepEqual([chunks(monitor).active, chunks(monitor).took], [[0, 0], [1.5, 1.5, 1.5]]);
    assertClean(monitor, attachment);
  });
});

describe("a Readable", () => {
  it("holds a chunk until an async iteration asks for the next", async () => {
    const { monitor, advance } = monitored();
    const readable = Readable.from(["a", "b", "c"]);
    const attachment = attachStream(readable, monitor, orders);
    const active = [];
    for await (const _ of readable) {
      active.push(chunks(monitor).active[0]);
      advance(0.25);
    }
    assert.deepEqual(active, [1, 1, 1]);
    assert.deepEqual(chunks(monitor).took, [0.25, 0.25, 0.25]);
    assert.deepEqual([chunks(monitor).received, chunks(monitor).active], [{ orders: 3 }, [0, 0]]);
    assertClean(monitor, attachment);
  });

  it("lets go when the iteration is left, and tells of an error that leaves it", async () => {
    const { monitor } = monitored();
    const left = Readable.from([1, 2, 3]);
    attachStream(left, monitor, orders);
    for await (const _ of left) break;
    assert.deepEqual([chunks(monitor).received, chunks(monitor).active, errorsOf(monitor)], [{ orders: 1 }, [0, 0], {}]);

    const failing = Readable.from((async function* () {
      yield 1;
      throw new RangeError("source");
    })());
    attachStream(failing, monitor, orders);
    await assert.rejects(async () => {
      for await (const _ of failing);
    }, /source/);
    assert.deepEqual([chunks(monitor).active, errorsOf(monitor)], [[0, 0], { fetch: { RangeError: 1 } }]);
    assertClean(monitor);
  });

  it("lets a chunk go when listeners return, but keeps it while they have paused the stream", async () => {
    const { monitor, advance } = monitored();
    const readable = new Readable(objects({ read() {} }));
    const attachment = attachStream(readable, monitor, orders);
    let pauses = false;
    readable.on("data", () => {
      assert.equal(chunks(monitor).active[0], 1);
      advance(0.125);
      if (pauses) readable.pause();
    });
    await settled();
    readable.push(1);
    assert.deepEqual([chunks(monitor).active, chunks(monitor).took], [[0, 0], [0.125]]);
    pauses = true;
    readable.push(2);
    assert.deepEqual(chunks(monitor).active, [1, 1]);
    advance(1);
    pauses = false;
    readable.resume();
    await settled();
    assert.deepEqual([chunks(monitor).active, chunks(monitor).took], [[0, 0], [0.125, 1.125]]);
    assertClean(monitor, attachment);
  });

  it("counts what read() gives, and a buffer that fills while nobody asks", async () => {
    const { monitor } = monitored();
    const readable = new Readable(objects({ highWaterMark: 2, read() {} }));
    const attachment = attachStream(readable, monitor, orders);
    readable.push("a");
    assert.deepEqual(chunks(monitor).full, {});
    readable.push("b");
    readable.push("c");
    assert.deepEqual(chunks(monitor).full, { orders: 1 });
    assert.deepEqual([readable.read(), chunks(monitor).active[0]], ["a", 1]);
    assert.deepEqual([readable.read(), readable.read(), chunks(monitor).active[0]], ["b", "c", 1]);
    assert.deepEqual([readable.read(), chunks(monitor).active[0]], [null, 0]);
    readable.push("d");
    readable.push("e");
    assert.deepEqual(chunks(monitor).full, { orders: 1 }, "the reader waits for these");
    assert.deepEqual(chunks(monitor).received, { orders: 3 });
    assertClean(monitor, attachment);
  });

  it("never changes whether the stream flows", async () => {
    const { monitor } = monitored();
    const readable = new Readable(objects({ read() {} }));
    attachStream(readable, monitor, orders);
    readable.push(1);
    await settled();
    assert.deepEqual([readable.readableFlowing, readable.readableLength], [null, 1]);
    assert.deepEqual([readable.listenerCount("data"), readable.listenerCount("error"), readable.listenerCount("readable")], [0, 0, 0]);
  });
});

describe("a pipeline", () => {
  const stages = (monitor, work) => {
    const source = Readable.from([1, 2, 3, 4, 5]);
    const stage = new Transform(objects({ transform: work }));
    const written = [];
    const sink = new Writable(objects({
      write(chunk, _, callback) {
        written.push(chunk);
        setImmediate(callback);
      },
    }));
    const attachments = [source, stage, sink].map((stream, place) => attachStream(stream, monitor, { topic: ["source", "stage", "sink"][place] }));
    return { source, stage, sink, written, attachments };
  };

  it("counts every chunk at every stage", async () => {
    const { monitor } = monitored();
    const { source, stage, sink, written, attachments } = stages(monitor, (chunk, _, callback) => callback(null, chunk + 1));
    await pipeline(source, stage, sink);
    assert.deepEqual(written, [2, 3, 4, 5, 6]);
    assert.deepEqual(chunks(monitor).received, { source: 5, stage: 5, sink: 5 });
    assert.deepEqual(chunks(monitor).active, [0, 0]);
    assertClean(monitor, ...attachments);
  });

  it("tells of an error once, though it destroys every stage", async () => {
    const { monitor } = monitored();
    const { source, stage, sink, attachments } = stages(monitor, (chunk, _, callback) => callback(chunk === 3 ? new EvalError("third") : null, chunk));
    await assert.rejects(pipeline(source, stage, sink), /third/);
    assert.deepEqual(errorsOf(monitor), { process: { EvalError: 1 } });
    assert.deepEqual(chunks(monitor).active, [0, 0]);
    assertClean(monitor, ...attachments);
  });

  it("ends what is in flight when its AbortSignal is raised", async () => {
    const { monitor } = monitored();
    const started = gate();
    const { source, stage, sink, attachments } = stages(monitor, () => started.open());
    const controller = new AbortController();
    const done = pipeline(source, stage, sink, { signal: controller.signal });
    await started.promise;
    assert.ok(chunks(monitor).active[0] >= 1);
    controller.abort();
    await assert.rejects(done, { name: "AbortError" });
    assert.deepEqual(chunks(monitor).active, [0, 0]);
    assert.equal(monitor.snapshot().errors.total, 1);
    assert.deepEqual(Object.values(errorsOf(monitor)), [{ ABORT_ERR: 1 }]);
    assertClean(monitor, ...attachments);
  });
});

describe("an attachment to a stream", () => {
  it("leaves the stream as it was", async () => {
    const { monitor } = monitored();
    for (const stream of [new PassThrough(objects()), Readable.from([1]), new Writable({ write: (_, __, callback) => callback() })]) {
      const before = Object.getOwnPropertyNames(stream);
      const values = before.map((name) => stream[name]);
      const attachment = attachStream(stream, monitor, orders);
      assert.notDeepEqual(Object.getOwnPropertyNames(stream), before);
      attachment.detach();
      assert.deepEqual(Object.getOwnPropertyNames(stream).sort(), before.sort());
      assert.ok(before.every((name) => values.includes(stream[name])));
    }
  });

  it("tells of what is in flight and of nothing after it, and leaves a later wrapper alone", () => {
    const { monitor } = monitored();
    const other = monitored().monitor;
    const transform = new Transform(objects({ transform() {} }));
    const first = attachStream(transform, monitor, orders);
    const second = attachStream(transform, other, orders);
    transform.write(1);
    assert.deepEqual([chunks(monitor).active, chunks(other).active], [[1, 1], [1, 1]]);
    first.detach();
    first.detach();
    assert.deepEqual([chunks(monitor).active, chunks(other).active], [[0, 0], [1, 1]]);
    second.detach();
    assertClean(monitor, first, second);
  });

  it("keeps what the monitor throws from the stream", async () => {
    const heard = [];
    const failing = new Proxy({}, { get: (_, name) => () => { throw new Error(String(name)); } });
    const transform = new PassThrough(objects());
    const attachment = attachStream(transform, failing, { ...orders, onFault: (fault) => heard.push(fault.message) });
    const out = [];
    transform.on("data", (chunk) => out.push(chunk));
    transform.end(1);
    await settled();
    assert.deepEqual(out, [1]);
    assert.equal(attachment.faults, heard.length);
    assert.deepEqual([heard[0], attachment.lastFault.message], ["onPoll", heard.at(-1)]);
  });

  it("is refused for what is no stream, and for options that do not serve", () => {
    const { monitor } = monitored();
    const duplex = new Duplex({ read() {}, write() {} });
    const refused = [
      [{}, orders, TypeError, "ERR_INVALID_STREAM"],
      [new EventEmitter(), orders, TypeError, "ERR_INVALID_STREAM"],
      [new PassThrough(), undefined, TypeError, "ERR_INVALID_OPTIONS"],
      [new PassThrough(), {}, TypeError, "ERR_INVALID_TOPIC"],
      [new PassThrough(), { topic: "a", partition: -1 }, RangeError, "ERR_INVALID_PARTITION"],
      [new PassThrough(), { topic: "a", label: "b" }, TypeError, "ERR_UNKNOWN_OPTION"],
      [new PassThrough(), { topic: "a", side: "both" }, RangeError, "ERR_INVALID_SIDE"],
      [Readable.from([]), { topic: "a", side: "writable" }, RangeError, "ERR_INVALID_SIDE"],
      [duplex, { topic: "a" }, TypeError, "ERR_INVALID_SIDE"],
    ];
    for (const [stream, options, type, code] of refused) {
      assert.throws(() => attachStream(stream, monitor, options), (error) => error instanceof type && error.code === code, code);
    }
    assert.deepEqual(Object.getOwnPropertyNames(duplex).filter((name) => name === "emit"), []);
    attachStream(duplex, monitor, { topic: "a", side: "readable" }).detach();
    attachStream(duplex, monitor, { topic: "a", side: "writable" }).detach();
  });
});
