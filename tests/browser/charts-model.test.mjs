// What the charts compute, without a browser, held against simpler ways of computing it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { presets, Simulation } from "streamgauge/sim";
import { bucketOf, histogram, moment, pointsOf, registry, snapshot, worker } from "./charts-material.mjs";
import { load } from "./modules.mjs";

const { added, difference, quantile } = await load("model/quantiles.ts");
const { heatmapOf, rowBound, rowOf, rowsOf: heatRows, ROWS, shadeOf } = await load("model/heatmap.ts");
const { joined, pointOf, STAGES } = await load("model/point.ts");
const { Track } = await load("model/track.ts");
const { History } = await load("model/history.ts");
const columns = await load("model/columns.ts");

// In the middle of a bucket, so that rounding puts none into the next.
const duration = fc.integer({ min: -600, max: 300 }).map((bucket) => 2 ** ((bucket + 0.5) / 32));
const durations = fc.array(duration, { maxLength: 40 });
const nearestRank = (values, share) => [...values].sort((a, b) => a - b)[Math.max(Math.ceil(values.length * share), 1) - 1];

const plain = (point) => JSON.parse(JSON.stringify(point, (_, value) => (ArrayBuffer.isView(value) ? [...value].map(String) : value)));

describe("a distribution between two readings", () => {
  it("is what was recorded in between", () => {
    fc.assert(
      fc.property(durations, durations, (before, later) => {
        const between = difference(before.length === 0 ? null : histogram(before), histogram([...before, ...later]));
        assert.equal(between.count, later.length);
        const counted = new Map([...between.counts].map((count, place) => [between.offset + place, count]).filter(([, count]) => count > 0));
        const naive = new Map();
        for (const one of later) naive.set(bucketOf(one), (naive.get(bucketOf(one)) ?? 0) + 1);
        assert.deepEqual(new Map([...counted].sort()), new Map([...naive].sort()));
      }),
    );
  });

  it("has quantiles that are right to the bucket", () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 60 }), fc.constantFrom(0.5, 0.95, 0.99), (values, share) => {
        const exact = nearestRank(values, share);
        assert.equal(bucketOf(quantile(difference(null, histogram(values)), share)), bucketOf(exact));
      }),
    );
  });

  it("adds up to the whole", () => {
    fc.assert(
      fc.property(durations, durations, (one, other) => {
        const sum = added(difference(null, histogram(one)), difference(null, histogram(other)));
        const whole = difference(null, histogram([...one, ...other]));
        assert.equal(sum.count, whole.count);
        for (const share of [0.01, 0.5, 0.95, 0.99, 1]) assert.equal(quantile(sum, share), quantile(whole, share));
      }),
    );
  });

  it("is unknown where counts went back, and empty where nothing happened", () => {
    assert.equal(difference(histogram([0.01, 0.02]), histogram([0.01])), null);
    assert.equal(difference(histogram([], { below: 1 }), histogram([0.01])), null);
    assert.equal(difference(histogram([0.01]), null), null);
    assert.equal(quantile(difference(histogram([0.01]), histogram([0.01])), 0.5), null);
    assert.equal(quantile(difference(null, histogram([], { below: 2, above: 1 })), 0.5), 2 ** -20);
    assert.equal(quantile(difference(null, histogram([], { below: 2, above: 1 })), 1), 1024);
  });

  it("joins scales at the coarser one", () => {
    const fine = { scale: 1, count: 3, below: 0, above: 0, offset: -3, counts: Float64Array.of(1, 0, 2) };
    const coarse = { scale: 0, count: 5, below: 0, above: 0, offset: -1, counts: Float64Array.of(5) };
    const sum = added(fine, coarse);
    assert.deepEqual([sum.scale, sum.offset, sum.count, [...sum.counts]], [0, -2, 8, [1, 7]]);
  });

  it("says of a whole life what the monitor says of it", () => {
    const simulation = Simulation.of(presets()[0].scenario);
    simulation.advance(30);
    const { life } = simulation.snapshot().events.runtime;
    const whole = difference(null, life);
    simulation.free();
    assert.ok(life.count > 1000);
    assert.deepEqual([whole.count, quantile(whole, 0.5), quantile(whole, 0.95), quantile(whole, 0.99)], [life.count, life.p50, life.p95, life.p99]);
  });
});

describe("a heatmap", () => {
  it("puts every duration into the row that has its bounds", () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 40 }), (values) => {
        const rows = heatRows(difference(null, histogram(values)));
        const naive = new Float64Array(ROWS);
        for (const value of values) naive[[...naive.keys()].find((row) => value > rowBound(row) && value <= rowBound(row + 1))] += 1;
        assert.deepEqual([...rows], [...naive]);
        for (const value of values) assert.ok(value > rowBound(rowOf(value)) && value <= rowBound(rowOf(value) + 1));
      }),
    );
  });

  it("keeps counts where buckets are wider than rows, and beyond both ends", () => {
    const rows = heatRows({ scale: 0, count: 11, below: 2, above: 1, offset: -7, counts: Float64Array.of(8) });
    assert.deepEqual([rows[0], rows[ROWS - 1], ...rows.slice(52, 56)], [2, 1, 2, 2, 2, 2]);
  });

  it("has rates, whatever the length of a span", () => {
    const runtime = difference(null, histogram([2 ** -6.01, 2 ** -6.01, 2 ** -6.01]));
    const points = [{ time: 2, span: 2, runtime, flow: { seconds: 2 } }, { time: 3, span: 1, runtime: null, flow: null }];
    const map = heatmapOf(points);
    assert.equal(map.most, 1.5);
    assert.equal(map.columns.length, 1);
    assert.equal(map.lowestRow, map.highestRow);
    assert.deepEqual([shadeOf(0, 4, 8), shadeOf(0.001, 4, 8), shadeOf(1, 4, 8), shadeOf(4, 4, 8)], [0, 1, 4, 8]);
    assert.deepEqual(heatmapOf([]), { columns: [], most: 0, lowestRow: null, highestRow: null });
  });
});

describe("a point", () => {
  it("has what happened since the moment before", () => {
    const before = moment(10, snapshot({ at: 1010, received: 100, sent: 40, busy: 3, idle: 5, errors: { send: { unknown: 2 } } }), { produced: 500 });
    const after = moment(12.5, snapshot({ at: 1012.5, received: 150, sent: 60, busy: 4, idle: 6.5, errors: { send: { unknown: 3, timeout: 4 }, http: { 500: 1 } }, partitions: [[3, 7, 0.5], [1, null]], lag: 7 }), {
      produced: 560,
      workers: [worker(4, { inFlight: 2, buffered: 9, utilization: 0.5, faustMedian: 0.01 }), worker(9, { state: "crashed", inFlight: 0, utilization: 0 })],
      generation: 2,
      isRebalancing: true,
    });
    const seen = registry();
    const point = pointOf(after, before, seen);
    assert.deepEqual(point.flow, { seconds: 2.5, received: 50, events: 50, sent: 20, errors: [5, 0, 0, 0, 1, 0, 0], retried: 0, deadLettered: 0, busy: 1, idle: 1.5 });
    assert.equal(STAGES[4], "http");
    assert.deepEqual(point.produced, { seconds: 2.5, count: 60 });
    assert.deepEqual([point.time, point.span, point.rebalances, point.isRebalancing, point.lagTotal], [12.5, 2.5, 2, true, 7]);
    assert.deepEqual([[...point.lag], [...point.lagSeconds]], [[7, NaN], [0.5, NaN]]);
    assert.deepEqual([[...point.inFlight], [...point.buffered], [...point.utilization], [...point.faustMedian]], [[2, NaN], [9, NaN], [0.5, NaN], [0.01, NaN]], "who is dead does nothing");
    assert.deepEqual(seen.partitions.items, [{ topic: "t", partition: 3 }, { topic: "t", partition: 1 }]);
    assert.equal(columns.busyShare(point), 0.4);
  });

  it("has no flow where counts are not those of the moment before", () => {
    const flow = (before, after) => pointOf(moment(2, after), moment(1, before), registry()).flow;
    const lives = (...merged) => merged.map(([name, since]) => ({ worker: name, since }));
    assert.equal(flow(undefined, snapshot()), null);
    assert.equal(flow(snapshot(), undefined), null);
    assert.equal(pointOf(moment(1, snapshot()), undefined, registry()).flow, null);
    assert.equal(flow(snapshot({ received: 5 }), snapshot({ received: 4 })), null, "never a negative rate");
    assert.equal(flow(snapshot({ since: 1000, received: 5 }), snapshot({ since: 1001, received: 50 })), null, "a new life");
    const two = lives(["a", 1], ["b", 1]);
    assert.equal(flow(snapshot({ merged: two, received: 10 }), snapshot({ merged: lives(["a", 1]), received: 20 })), null, "one was lost");
    assert.equal(flow(snapshot({ merged: lives(["a", 1]), at: 10 }), snapshot({ merged: two, received: 20 })), null, "what an older one brings did not happen now");
    assert.equal(flow(snapshot({ merged: lives(["a", 1]), at: 10 }), snapshot({ merged: lives(["b", 11], ["a", 1]), received: 20 })).received, 20, "one that has just begun");
    const produced = (before, after) => pointOf(moment(2, undefined, { produced: after }), moment(1, undefined, { produced: before }), registry()).produced;
    assert.deepEqual([produced(5, 4), produced(null, 4), produced(4, null), produced(4, 4)], [null, null, null, { seconds: 1, count: 0 }]);
  });
});

/** Moments of a life whose counts grow, with lags that come and go. */
const run = fc
  .array(
    fc.record({
      wait: fc.integer({ min: 1, max: 40 }),
      received: fc.integer({ min: 0, max: 100 }),
      runtimes: fc.array(duration, { maxLength: 5 }),
      lags: fc.array(fc.option(fc.integer({ min: 0, max: 1000 })), { minLength: 3, maxLength: 3 }),
      rebalances: fc.integer({ min: 0, max: 1 }),
      inFlight: fc.option(fc.integer({ min: 0, max: 9 })),
    }),
    { minLength: 3, maxLength: 60 },
  )
  .map((steps) => {
    let [time, received, generation, runtimes] = [0, 0, 0, []];
    return steps.map((step) => {
      time += step.wait / 4;
      received += step.received;
      generation += step.rebalances;
      runtimes = [...runtimes, ...step.runtimes];
      const known = step.lags.filter((lag) => lag !== null);
      const partitions = step.lags.map((lag, partition) => [partition, lag]);
      const shown = snapshot({ at: 1000 + time, received, sent: 2 * received, runtime: runtimes.length === 0 ? null : histogram(runtimes), partitions, lag: known.length === 0 ? null : known.reduce((a, b) => a + b, 0) });
      return moment(time, shown, { generation, produced: 3 * received, workers: [worker(0, { inFlight: step.inFlight })] });
    });
  });

const most = (points, figure) => Math.max(-1, ...points.map(figure).filter((value) => value !== null && !Number.isNaN(value)));

describe("points joined", () => {
  it("are the point of the whole span", () => {
    fc.assert(
      fc.property(run, (moments) => {
        const points = pointsOf(moments);
        const whole = points.slice(1).reduce(joined);
        const direct = pointOf(moments.at(-1), moments[0], registry());
        assert.deepEqual(whole.flow, direct.flow);
        assert.deepEqual(whole.produced, direct.produced);
        assert.equal(whole.rebalances, direct.rebalances);
        assert.equal(whole.span, direct.span);
        for (const share of [0.5, 0.95, 0.99]) assert.equal(whole.runtime && quantile(whole.runtime, share), direct.runtime && quantile(direct.runtime, share));
        for (const place of [0, 1, 2]) assert.equal(Number.isNaN(whole.lag[place]) ? -1 : whole.lag[place], most(points.slice(1), ({ lag }) => lag[place]));
        assert.equal(whole.lagTotal ?? -1, most(points.slice(1), ({ lagTotal }) => lagTotal));
      }),
    );
  });

  it("are the same in whatever order they are joined", () => {
    fc.assert(
      fc.property(run, (moments) => {
        const [one, two, three] = pointsOf(moments);
        assert.deepEqual(plain(joined(joined(one, two), three)), plain(joined(one, joined(two, three))));
      }),
    );
  });

  it("take known figures for unknown ones, and weigh shares by their time", () => {
    const [one, two] = pointsOf([moment(0, undefined, { workers: [worker(0, { utilization: 0 })] }), moment(3, undefined, { workers: [worker(0, { utilization: 0.25 })] })]);
    const three = pointOf(moment(4, undefined, { workers: [worker(0, { utilization: 0.75, inFlight: 3 }), worker(1, { utilization: 1 })] }), moment(3, undefined), registry());
    assert.deepEqual([...joined(two, three).utilization], [0.375, 1]);
    assert.deepEqual([...joined(two, three).inFlight], [3, NaN]);
    assert.equal(joined(one, two).flow, null);
  });
});

describe("a track", () => {
  it("loses nothing as it thins out, and never holds too much", () => {
    fc.assert(
      fc.property(run, fc.integer({ min: 2, max: 12 }), (moments, size) => {
        const track = new Track(1, size, "doubleStep");
        const points = pointsOf(moments);
        for (const point of points) {
          track.add(point);
          assert.ok(track.points.length <= size);
        }
        const sum = (list, figure) => list.reduce((total, one) => total + (figure(one) ?? 0), 0);
        for (const figure of [({ flow }) => flow?.received, ({ flow }) => flow?.seconds, ({ produced }) => produced?.count, ({ runtime }) => runtime?.count, ({ rebalances }) => rebalances, ({ span }) => span]) {
          assert.equal(sum(track.points, figure), sum(points, figure));
        }
        for (const figure of [({ lag }) => lag[1], ({ lagTotal }) => lagTotal, ({ inFlight }) => inFlight[0]]) assert.equal(most(track.points, figure), most(points, figure));
        const slots = track.points.map(({ time }) => Math.ceil(time / track.step));
        assert.deepEqual(slots, [...new Set(slots)].sort((a, b) => a - b), "one point of a slot, in the order of time");
        assert.equal(track.points.at(-1).time, points.at(-1).time);
      }),
    );
  });

  it("forgets the oldest where it should", () => {
    const track = new Track(1, 3, "forgetOldest");
    const points = pointsOf([0, 0.5, 1, 1.5, 2, 3, 4].map((time) => moment(time, snapshot({ received: time * 10 }))));
    for (const point of points) track.add(point);
    assert.deepEqual(track.points.map(({ time, span, flow }) => [time, span, flow.received]), [[2, 1, 10], [3, 1, 10], [4, 1, 10]]);
  });
});

describe("a history", () => {
  const filled = (moments, partitions) => {
    const history = new History();
    history.clear(partitions);
    for (const one of moments) history.add(one);
    return history;
  };

  it("keeps ten simulated hours, the newest minutes second by second", () => {
    const seconds = 36_000;
    const moments = Array.from({ length: seconds * 2 + 1 }, (_, place) => moment(place / 2, snapshot({ received: place, partitions: [[0, place === 30_001 ? 999 : 1]], lag: 1 }), { isRebalancing: place === 20_000, generation: place >= 20_000 ? 1 : 0 }));
    const history = filled(moments);
    const whole = history.from(0);
    assert.ok(whole.length <= 600 && whole.length > 250, String(whole.length));
    assert.equal(whole.slice(0, -1).reduce((sum, { flow }) => sum + (flow?.received ?? 0), 0) + Math.round(seconds - whole.at(-2).time) * 2, seconds * 2);
    assert.equal(Math.max(...whole.map(({ lag }) => lag[0])), 999, "a peak of half a second in ten hours");
    assert.equal(whole.filter(({ isRebalancing }) => isRebalancing).length, 1);
    const minute = history.from(seconds - 60);
    assert.ok(minute.length >= 60 && minute.length <= 62, String(minute.length));
    assert.ok(minute.every(({ flow }) => flow.received / flow.seconds === 2));
    assert.deepEqual(history.rebalances, [[9999.5, 10_000.5]]);
  });

  it("says at its end what is now: the newest gauges, rates of a whole second", () => {
    const history = filled([0, 1, 2, 2.25].map((time) => moment(time, snapshot({ received: time * 8, partitions: [[0, 10 - time]], lag: 10 - time }))));
    const last = history.from(0).at(-1);
    assert.deepEqual([last.time, last.lag[0], last.lagTotal], [2.25, 7.75, 7.75]);
    assert.deepEqual([last.flow.seconds, last.flow.received], [1.25, 10]);
    assert.deepEqual(history.from(1.5).map(({ time }) => time), [1, 2, 2.25], "one point more, so that lines come in from the left");
  });

  it("has no total while a partition is missing", () => {
    const both = { partitions: [[0, 5], [1, 6]], lag: 11 };
    const one = { partitions: [[0, 5]], lag: 5 };
    const totals = (moments, partitions) => filled(moments, partitions).from(0).map(({ lagTotal }) => lagTotal);
    assert.deepEqual(totals([moment(1, snapshot(both)), moment(2, snapshot(one)), moment(3, snapshot(both))]), [11, null, 11]);
    assert.deepEqual(totals([moment(1, snapshot(one))], [{ topic: "t", partition: 0 }, { topic: "t", partition: 1 }]), [null], "one that a layout told of");
    assert.deepEqual(totals([moment(1, snapshot(both)), moment(300.5, snapshot(one)), moment(301.5, snapshot(one))]), [11, null, 5], "in the end it is given up");
  });

  it("takes a second reading of a moment in, and begins anew where time goes back", () => {
    const history = filled([moment(1, snapshot({ received: 1 })), moment(2, snapshot({ received: 3 })), moment(2, snapshot({ received: 3, partitions: [[0, 4]], lag: 4 }))]);
    assert.deepEqual(history.from(0).map(({ time, lagTotal, flow }) => [time, lagTotal, flow?.received]), [[1, null, undefined], [2, 4, 2]]);
    history.add(moment(0.5, snapshot()));
    assert.deepEqual(history.from(0).map(({ time }) => time), [0.5]);
    history.clear();
    assert.deepEqual([history.from(0), history.partitions, history.newest, history.rebalances], [[], [], undefined, []]);
  });

  it("stays small with a thousand partitions and fifty workers", () => {
    const partitions = Array.from({ length: 1000 }, (_, partition) => [partition, partition]);
    const workers = Array.from({ length: 50 }, (_, id) => worker(id, { inFlight: 1, buffered: 2, utilization: 0.5, faustMedian: 0.01 }));
    const history = filled(Array.from({ length: 2500 }, (_, time) => moment(time, snapshot({ received: time, runtime: histogram([0.01, 0.02, 0.3]), partitions, lag: 1 }), { workers })));
    const sizeOf = (value) => (ArrayBuffer.isView(value) ? value.byteLength : value !== null && typeof value === "object" ? Object.values(value).reduce((sum, one) => sum + sizeOf(one), 0) : 8);
    const bytes = [...history.from(0), ...history.from(2400)].reduce((sum, point) => sum + sizeOf(point), 0);
    assert.ok(bytes / (history.from(0).length + history.from(2400).length) < 15_000, String(bytes));
  });
});
