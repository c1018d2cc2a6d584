// The page's arithmetic, without a browser.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Loads a module of www/src, which is TypeScript. */
async function load(path) {
  const entry = fileURLToPath(new URL(`../../www/src/${path}`, import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false, logLevel: "error" });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const { lagOf, partitionFigures, totalLag } = await load("model/partitions.ts");
const { growth, spanStart } = await load("model/rates.ts");
const { History, CAPACITY } = await load("model/history.ts");
const { load: loadOf } = await load("model/load.ts");
const { stageHeight, stageTicks, stageTop } = await load("model/stage.ts");
const { readableJson } = await load("model/json.ts");
const { optionsOf, seedOf } = await load("model/address.ts");
const { shownWindow } = await load("model/window.ts");
const { status } = await load("model/status.ts");
const { topicRows } = await load("model/rows.ts");
const format = await load("format.ts");
const scales = await load("scales.ts");

const sample = (time, more = {}) => ({
  time,
  counts: { produced: time * 100, processed: 0, waiting: 0, buffered: 0, inFlight: 0, givenBack: 0 },
  handled: time * 90,
  lag: time * 10,
  isRebalancing: false,
  workers: [],
  partitions: [],
  ...more,
});

describe("lag", () => {
  it("is the end less the next to be read", () => {
    assert.equal(lagOf(41, 30, 50), 8);
    assert.equal(lagOf(49, 50, 50), 0);
    assert.equal(lagOf(undefined, 30, 50), 20, "before the first read it starts from the committed offset");
    assert.equal(lagOf(60, 30, 50), 0, "an end offset that is behind makes no negative lag");
    assert.equal(lagOf(41, 30, undefined), undefined);
    assert.equal(lagOf(undefined, undefined, 50), undefined);
  });

  it("is read from the owner's figures, whatever the topic's name", () => {
    const dicts = [
      { topic_committed_offsets: {}, topic_read_offsets: { a: { 1: 5 } }, topic_end_offsets: { a: { 1: 9 } } },
      { topic_committed_offsets: {}, topic_read_offsets: JSON.parse('{"__proto__":{"0":3}}'), topic_end_offsets: JSON.parse('{"__proto__":{"0":4}}') },
    ];
    const owned = [
      { topic: "a", partition: 1, owner: 0 },
      { topic: "__proto__", partition: 0, owner: 1 },
      { topic: "toString", partition: 0, owner: 1 },
    ];
    const lags = partitionFigures(owned, dicts).map(({ topic, lag }) => [topic, lag]);
    assert.deepEqual(lags, [["__proto__", 0], ["a", 3], ["toString", undefined]]);
  });

  it("is unknown in total where one part is", () => {
    assert.equal(totalLag([{ lag: 2 }, { lag: 3 }]), 5);
    assert.equal(totalLag([{ lag: 2 }, { lag: undefined }]), undefined);
  });
});

describe("rates", () => {
  it("are growth over the virtual time that passed", () => {
    const samples = Array.from({ length: 50 }, (_, at) => sample(at / 10));
    const from = spanStart(samples);
    assert.ok(Math.abs(samples.at(-1).time - from.time - 2) < 0.11);
    assert.ok(Math.abs(growth(from, samples.at(-1), (one) => one.counts.produced) - 100) < 1e-9);
    assert.equal(growth(samples[0], samples[0], () => 1), undefined);
    assert.equal(spanStart([]), undefined);
  });
});

describe("history", () => {
  it("keeps the newest, and one sample of a moment", () => {
    const history = new History();
    for (let at = 0; at < CAPACITY + 10; at += 1) history.add(sample(at));
    history.add(sample(CAPACITY + 9, { lag: 7 }));
    const [times, lags] = history.totalLag();
    assert.equal(times.length, CAPACITY);
    assert.equal(times[0], 10);
    assert.equal(lags.at(-1), 7);
    const [, arriving, handled] = history.throughput();
    assert.deepEqual([arriving.at(-1), handled.at(-1)], [100, 90]);
    assert.equal(arriving.length, CAPACITY);
    history.clear();
    assert.deepEqual(history.throughput(), [[], [], []]);
  });

  it("shades rebalances and leaves a gap there", () => {
    const history = new History();
    [0, 1, 2, 3, 4].forEach((time) => history.add(sample(time, { isRebalancing: time === 2 || time === 3, ...(time === 2 ? { lag: undefined } : {}) })));
    assert.deepEqual(shownWindow(history.samples, 1).shaded, [[2, 4]]);
    assert.deepEqual(history.totalLag()[1], [0, 10, null, 30, 40]);
  });
});

describe("load", () => {
  it("is the share of the busiest worker's time", () => {
    assert.deepEqual(loadOf(100, 0.01, [1, 1]), { demand: 100, capacity: 200, share: 0.5 });
    const slow = loadOf(100, 0.01, [1, 10]);
    assert.equal(slow.share, 5);
    assert.equal(slow.capacity, 110);
  });
});

describe("the staff gauge", () => {
  it("reaches up to the next power of ten", () => {
    assert.equal(stageTop([]), 999);
    assert.equal(stageTop([3, undefined, 999]), 999);
    assert.equal(stageTop([1000]), 9999);
    assert.deepEqual(stageTicks(9999), [1, 10, 100, 1000, 10_000]);
  });

  it("stands at 0 for no lag and at 1 for the top", () => {
    assert.equal(stageHeight(0, 999), 0);
    assert.ok(Math.abs(stageHeight(999, 999) - 1) < 1e-12);
    assert.ok(stageHeight(10, 999) < stageHeight(11, 999));
  });
});

describe("words and numbers", () => {
  it("has seconds in the unit that fits", () => {
    const cases = [[0, "0 ms"], [0.0000123, "12.3 µs"], [0.00082, "820 µs"], [0.0104, "10.4 ms"], [0.25, "250 ms"], [1.254, "1.25 s"], [75, "75.0 s"], [undefined, "–"]];
    for (const [value, text] of cases) assert.equal(format.secondsText(value), text);
  });

  it("has the clock in tenths", () => {
    assert.equal(format.clock(0), "0:00:00.0");
    assert.equal(format.clock(3723.46), "1:02:03.4");
    assert.equal(format.clock(0.3), "0:00:00.3");
    assert.equal(format.moment(83, false), "1:23");
    assert.equal(format.moment(3723.5, true), "1:02:03.5");
  });

  it("says what goes on", () => {
    const worker = (isSlow) => ({ isSlow });
    const summary = (lag, lagGrowth) => ({ lag, lagGrowth, arriving: 100 });
    const calm = sample(5, { workers: [worker(false), worker(false)] });
    const slow = sample(5, { workers: [worker(false), worker(true)] });
    assert.match(status(undefined, undefined, false), /Press Start/);
    assert.match(status(calm, summary(0, 0), true), /keep up/);
    assert.match(status(calm, summary(0, 0), false), /Paused/);
    assert.match(status(calm, summary(900, 50), true), /More arrives/);
    assert.match(status(calm, summary(900, -50), true), /catch up/);
    assert.match(status(slow, summary(900, 50), true), /Worker 2 is slow: it handles less/);
    assert.match(status(slow, summary(0, 0), true), /still keeps up/);
    assert.match(status(sample(5, { isRebalancing: true, workers: [] }), summary(undefined, undefined), true), /Rebalancing/);
  });

  it("writes JSON that reads back as it was", () => {
    const value = { a: [], b: {}, c: [1, 0.5], d: { e: "x\n", f: null }, g: [{ h: 1 }] };
    assert.deepEqual(JSON.parse(readableJson(value)), value);
    assert.ok(readableJson(value).includes('"c": [1, 0.5]'));
  });
});

describe("sliders", () => {
  for (const name of ["SPEED", "MESSAGE_RATE", "HANDLER_LATENCY", "ERROR_RATE"]) {
    it(`${name} comes back to where it was`, () => {
      const scale = scales[name];
      let last = Number.NEGATIVE_INFINITY;
      for (let position = 0; position <= scale.positions; position += 1) {
        const value = scale.valueAt(position);
        assert.ok(value > last, `${value} after ${last}`);
        assert.equal(scale.positionOf(value), position);
        last = value;
      }
    });
  }

  it("reach from end to end", () => {
    const ends = (scale) => [scale.valueAt(0), scale.valueAt(scale.positions)];
    assert.deepEqual(ends(scales.SPEED), [0.1, 100]);
    assert.deepEqual(ends(scales.MESSAGE_RATE), [0, 5000]);
    assert.deepEqual(ends(scales.HANDLER_LATENCY), [0.0001, 1]);
    assert.deepEqual(ends(scales.ERROR_RATE), [0, 0.5]);
  });
});

describe("the address", () => {
  it("gives options, and leaves what makes no sense", () => {
    assert.deepEqual(optionsOf(""), { seed: 1 });
    assert.deepEqual(optionsOf("?seed=7&workers=3&partitions=2&topics=a,b,a,"), { seed: 7, workers: 3, partitions: 2, topics: ["a", "b"] });
    assert.deepEqual(optionsOf("?seed=-7&workers=0&partitions=x&topics="), { seed: 1 });
  });

  it("takes whole numbers as seeds", () => {
    assert.equal(seedOf(" 42 "), 42);
    for (const text of ["", "-1", "1.5", "0x10", "9007199254740993", "seven"]) assert.equal(seedOf(text), undefined, text);
  });
});

describe("rows", () => {
  it("add up the workers, whatever the names", () => {
    const dict = (received, sent) => ({
      messages_received_by_topic: received,
      messages_sent_by_topic: sent,
      topic_buffer_full: {},
    });
    const workers = [{ dict: dict({ a: 1 }, { out: 3 }) }, { dict: dict({ a: 2 }, JSON.parse('{"__proto__": 4}')) }];
    const partitions = [
      { topic: "a", partition: 0, owner: 0, lag: 3 },
      { topic: "a", partition: 1, owner: 1, lag: undefined },
    ];
    const rows = topicRows(sample(1, { workers, partitions }));
    assert.deepEqual(rows, [
      { topic: "a", received: 3, sent: 0, bufferFull: 0, lag: undefined },
      { topic: "__proto__", received: 0, sent: 4, bufferFull: 0, lag: undefined },
      { topic: "out", received: 0, sent: 3, bufferFull: 0, lag: undefined },
    ]);
  });
});
