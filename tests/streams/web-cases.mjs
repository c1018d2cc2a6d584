// What holds for Web Streams in every host. The page of a browser runs this very file.

/** Runs every case; gives what each saw, as plain data. `make` gives a monitor whose clock is moved by `advance`. */
export async function webCases({ Monitor, attachTransformer, monitorReadable, monitorTransform, monitorWritable }) {
  const monitored = () => {
    let now = 100;
    const monitor = new Monitor({ time: () => now });
    const see = () => {
      const { messages_received_by_topic: received, messages_active: active, events_active: events, topic_buffer_full: full } = monitor.asdict();
      return { received, active: [active, events], took: [...monitor.eventsRuntime], full };
    };
    const over = (...attachments) => {
      const { errors, messages } = monitor.snapshot();
      const anomalies = Object.entries(monitor.anomalies).filter(([, count]) => count > 0);
      return { ...see(), errors: errors.byStage, bytes: messages.bytesReceived, anomalies, faults: attachments.map(({ faults }) => faults) };
    };
    return { monitor, advance: (seconds) => (now += seconds), see, over };
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const gate = () => {
    const it = {};
    it.promise = new Promise((resolve, reject) => Object.assign(it, { open: resolve, fail: reject }));
    return it;
  };
  const readableOf = (...chunks) =>
    new ReadableStream({
      pull(controller) {
        if (chunks.length === 0) controller.close();
        else controller.enqueue(chunks.shift());
      },
    }, { highWaterMark: 0 });
  const collect = async (readable) => {
    const all = [];
    const reader = readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) all.push(next.value);
    return all;
  };
  const rejected = (promise) => promise.then(() => "nothing", (error) => error.name);

  const cases = {
    async "a transformer's work is measured, asynchronous or not"() {
      const { monitor, advance, see, over } = monitored();
      const gates = [gate(), gate()];
      let started = 0;
      const transformer = {
        async transform(chunk, controller) {
          await gates[started++].promise;
          controller.enqueue(chunk * 10);
        },
      };
      const attachment = attachTransformer(transformer, monitor, { topic: "orders", stream: "tens" });
      const out = collect(readableOf(1, 2).pipeThrough(new TransformStream(transformer)));
      await settled();
      const first = see();
      advance(0.5);
      gates[0].open();
      await settled();
      const second = see();
      advance(0.25);
      gates[1].open();
      return { first, second, out: await out, end: over(attachment), byStream: monitor.asdict().events_by_stream };
    },

    async "a transformer without transform passes on, and one that fills its reader's buffer says so"() {
      const { monitor, over } = monitored();
      const transformer = {};
      const attachment = attachTransformer(transformer, monitor, { topic: "orders" });
      const { readable, writable } = new TransformStream(transformer, undefined, { highWaterMark: 2 });
      const writer = writable.getWriter();
      await writer.write("a");
      const one = monitor.asdict().topic_buffer_full;
      await writer.write("b");
      const two = monitor.asdict().topic_buffer_full;
      void writer.close();
      const out = await collect(readable);
      attachment.detach();
      return { one, two, out, end: over(attachment), left: Object.getOwnPropertyNames(transformer) };
    },

    async "what transform throws goes on unchanged, told once"() {
      const { monitor, over } = monitored();
      const sync = { transform() { throw new RangeError("sync"); } };
      const late = { async transform() { throw new TypeError("late"); } };
      const attachments = [sync, late].map((transformer) => attachTransformer(transformer, monitor, { topic: "orders" }));
      const ends = [];
      for (const transformer of [sync, late]) ends.push(await rejected(collect(readableOf(1).pipeThrough(new TransformStream(transformer)))));
      return { ends, end: over(...attachments) };
    },

    async "a readable's chunk stays until the next is asked for"() {
      const { monitor, advance, see, over } = monitored();
      const attached = monitorReadable(readableOf(new Uint8Array(3), new Uint8Array(4)), monitor, { topic: "bytes" });
      const reader = attached.readable.getReader();
      const before = see();
      const first = (await reader.read()).value.length;
      advance(1);
      const between = see();
      const second = (await reader.read()).value.length;
      advance(0.5);
      const last = await reader.read();
      return { before, first, between, second, last: last.done, end: over(attached) };
    },

    async "a readable that is cancelled lets go; one that fails tells why"() {
      const { monitor, over } = monitored();
      let cancelled;
      const source = new ReadableStream({ start: (controller) => controller.enqueue("a"), cancel: (reason) => void (cancelled = reason) });
      const left = monitorReadable(source, monitor, { topic: "left" });
      const reader = left.readable.getReader();
      await reader.read();
      await reader.cancel();
      const leaving = over(left);
      const failing = monitorReadable(new ReadableStream({ pull: () => Promise.reject(new RangeError("gone")) }, { highWaterMark: 0 }), monitor, { topic: "failing" });
      const end = await rejected(failing.readable.getReader().read());
      return { cancelled: cancelled === undefined, leaving, failed: end, end: over(left, failing) };
    },

    async "an abort ends what is in flight, and the stream behind hears of it at once"() {
      const { monitor, advance, see, over } = monitored();
      const heard = [];
      const writable = new WritableStream({
        start: (controller) => controller.signal.addEventListener("abort", () => heard.push(controller.signal.reason.name)),
        write: () => new Promise(() => {}),
      });
      const sink = monitorWritable(writable, monitor, { topic: "sink" });
      const writer = sink.writable.getWriter();
      writer.write("a").catch(() => {});
      writer.closed.catch(() => {});
      await settled();
      const during = see();
      advance(3);
      writer.abort(new RangeError("stop")).catch(() => {});
      await settled();
      return { during, heard, end: over(sink) };
    },

    async "an abort of a pipe lets go at both ends and is told once"() {
      const { monitor, over } = monitored();
      const attached = monitorReadable(readableOf(1, 2, 3), monitor, { topic: "piped" });
      const started = gate();
      const writes = gate();
      const inner = new WritableStream({
        write() {
          started.open();
          return writes.promise;
        },
      });
      const sink = monitorWritable(inner, monitor, { topic: "sink" });
      const controller = new AbortController();
      const done = rejected(attached.readable.pipeTo(sink.writable, { signal: controller.signal }));
      await started.promise;
      controller.abort();
      writes.open();
      return { done: await done, end: over(attached, sink) };
    },

    async "a writable's chunk goes out when it is written, and a full one says so"() {
      const { monitor, advance, see, over } = monitored();
      const gates = [gate(), gate(), gate()];
      const written = [];
      const inner = new WritableStream({
        async write(chunk) {
          await gates[written.push(chunk) - 1].promise;
        },
      });
      const attached = monitorWritable(inner, monitor, { topic: "orders", highWaterMark: 2 });
      const writer = attached.writable.getWriter();
      const sizes = [writer.desiredSize];
      const promises = ["a", "b", "c"].map((chunk) => {
        const promise = writer.write(chunk);
        sizes.push(writer.desiredSize);
        return promise;
      });
      await settled();
      const during = see();
      advance(2);
      for (const [place, { open }] of gates.entries()) {
        open();
        await promises[place];
      }
      await writer.close();
      return { sizes, during, written, end: over(attached) };
    },

    async "a failing writable fails its writer, and is told once"() {
      const { monitor, over } = monitored();
      const inner = new WritableStream({ write: () => Promise.reject(new RangeError("disk")) });
      const attached = monitorWritable(inner, monitor, { topic: "orders" });
      const writer = attached.writable.getWriter();
      const write = await rejected(writer.write("a"));
      const closed = await rejected(writer.closed);
      return { write, closed, end: over(attached) };
    },

    async "a stage of the platform's own is measured from outside"() {
      const { monitor, over } = monitored();
      const attached = monitorTransform(new TextDecoderStream(), monitor, { topic: "text" });
      const bytes = new TextEncoder().encode("grün");
      const out = await collect(readableOf(bytes.slice(0, 3), bytes.slice(3)).pipeThrough(attached));
      return { text: out.join(""), end: over(attached) };
    },

    async "one that is detached only passes on"() {
      const { monitor, see } = monitored();
      const attached = monitorReadable(readableOf(1, 2), monitor, { topic: "orders" });
      const reader = attached.readable.getReader();
      await reader.read();
      const before = see().active;
      attached.detach();
      const after = see().active;
      const { value } = await reader.read();
      return { before, after, value, received: see().received };
    },

    async "an abort or a failure that is a text is told once"() {
      const seen = [];
      for (const sink of [{}, { write: () => Promise.reject("bad") }]) {
        const { monitor, over } = monitored();
        const attachment = monitorWritable(new WritableStream(sink), monitor, { topic: "a" });
        const writer = attachment.writable.getWriter();
        writer.closed.catch(() => {});
        await (sink.write === undefined ? writer.abort("stop") : writer.write("a").catch(() => {}));
        await settled();
        seen.push(over(attachment).errors);
      }
      return seen;
    },

    async "a transformer's thenable is run once"() {
      const { monitor, see } = monitored();
      let runs = 0;
      const transformer = { transform: () => ({ then: (done) => done((runs += 1)) }) };
      attachTransformer(transformer, monitor, { topic: "a" });
      await collect(readableOf("a").pipeThrough(new TransformStream(transformer)));
      return [runs, see().active];
    },

    async "what does not serve is refused"() {
      const { monitor } = monitored();
      const locked = new ReadableStream();
      locked.getReader();
      const attempts = [
        () => monitorReadable({}, monitor, { topic: "a" }),
        () => monitorReadable(locked, monitor, { topic: "a" }),
        () => monitorReadable(new ReadableStream(), monitor, {}),
        () => monitorWritable(new ReadableStream(), monitor, { topic: "a" }),
        () => monitorWritable(new WritableStream(), monitor, { topic: "a", highWaterMark: 0 }),
        () => monitorTransform(null, monitor, { topic: "a" }),
        () => attachTransformer(undefined, monitor, { topic: "a" }),
      ];
      return attempts.map((attempt) => {
        try {
          attempt();
          return "taken";
        } catch (error) {
          return error.code;
        }
      });
    },
  };

  const seen = {};
  for (const [name, run] of Object.entries(cases)) seen[name] = await run();
  return seen;
}
