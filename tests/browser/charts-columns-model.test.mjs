// What the charts show of a history, without a browser.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { load } from "./modules.mjs";
import { moment, pointsOf, snapshot } from "./charts-material.mjs";

const { addRebalance } = await load("model/rebalances.ts");
const { Lanes } = await load("model/lanes.ts");
const { scaled, shownWindow, zoomed } = await load("model/window.ts");
const columns = await load("model/columns.ts");

describe("rebalances", () => {
  it("are spans of time, also where nobody saw them going on", () => {
    const spans = [];
    const seen = [[1, false, 0], [2, true, 1], [3, true, 0], [4, false, 0], [5, false, 2], [6, true, 1]];
    for (const [time, isRebalancing, rebalances] of seen) addRebalance(spans, { time, span: 1, isRebalancing, rebalances }, 100);
    assert.deepEqual(spans, [[1, 4], [4, 5], [5, Infinity]]);
  });

  it("do not vanish where there are many: the nearest become one", () => {
    const spans = [];
    for (const time of [10, 20, 22, 40]) addRebalance(spans, { time, span: 1, isRebalancing: false, rebalances: 1 }, 3);
    assert.deepEqual(spans, [[9, 10], [19, 22], [39, 40]]);
  });
});

describe("columns", () => {
  it("have a gap where the source was silent", () => {
    const points = pointsOf([0, 1, 2, 30, 31, 32].map((time) => moment(time, snapshot({ received: time * 5 }))));
    const rows = columns.rowsOf(points);
    assert.deepEqual(rows.map(({ time }) => time), [0, 1, 2, 16, 30, 31, 32]);
    const [times, produced, received] = columns.throughput(rows);
    assert.deepEqual([times.length, received, produced[1]], [7, [null, 5, 5, null, 5, 5, 5], null]);
  });

  it("follow another pace without a gap", () => {
    const points = pointsOf([0, 1, 2, 27, 52, 77].map((time) => moment(time, snapshot())));
    assert.deepEqual(columns.rowsOf(points).map(({ time }) => time), [0, 1, 2, 27, 52, 77]);
  });

  it("have some by name, and the rest between their highest and lowest", () => {
    const points = pointsOf([moment(1, snapshot({ partitions: [[0, 1], [1, 9], [2, 4], [3, 2]], lag: 16 })), moment(2, snapshot({ partitions: [[0, 3], [1, 8], [2, 5]], lag: 16 }))]);
    const shown = columns.byLane(columns.rowsOf(points), ({ lag }) => lag, [1], ({ lagTotal }) => lagTotal, 4);
    assert.deepEqual(shown, [[1, 2], [16, 16], [9, 8], [4, 5], [1, 3]]);
    assert.deepEqual([...columns.peaks(points, ({ lag }) => lag, 5)], [3, 9, 5, 2, NaN]);
    assert.deepEqual(columns.byLane(columns.rowsOf(points), ({ lag }) => lag, [0, 1, 2, 3], () => null, 4).slice(-2), [[null, null], [null, null]]);
  });

  it("know the middle", () => {
    const middle = (...values) => columns.middle(Float64Array.from(values));
    assert.deepEqual([middle(), middle(NaN), middle(10, 9, NaN), middle(3, 100, 20)], [null, null, 9.5, 20]);
  });
});

describe("lanes", () => {
  it("are for the highest, each in the place where it was", () => {
    const lanes = new Lanes(2);
    assert.deepEqual(lanes.choose([5, 7]), [0, 1]);
    assert.deepEqual(lanes.choose([5, 7, 6]), [0, 1], "a little more is not enough");
    assert.deepEqual(lanes.choose([5, 7, 8]), [2, 1]);
    assert.deepEqual(lanes.choose([90, 7, 8], 1), [0, 1], "who is selected stays");
    assert.deepEqual(lanes.choose([NaN, NaN, 1], 1), [2, 1]);
    assert.deepEqual(new Lanes(2).choose([1, 9, 3, 9]), [1, 3]);
    assert.deepEqual(new Lanes(3).choose([]), []);
  });
});

describe("the window", () => {
  it("shows the last minutes, or all, or what was chosen", () => {
    assert.deepEqual(shownWindow(300, 20, 1, undefined), { from: 0, to: 60 });
    assert.deepEqual(shownWindow(300, 200, 1, undefined), { from: 0, to: 200 });
    assert.deepEqual(shownWindow(300, 1000, 1, undefined), { from: 700, to: 1000 });
    assert.deepEqual(shownWindow(60, 1000, 25, undefined), { from: 0, to: 1000 }, "forty readings at least");
    assert.deepEqual(shownWindow(0, 1000, 1, undefined), { from: 0, to: 1000 });
    assert.deepEqual(shownWindow(0, 1000, 1, { from: 3, to: 9 }), { from: 3, to: 9 });
  });

  it("is chosen in whatever direction, but not too short", () => {
    assert.deepEqual(zoomed(9, 3), { from: 3, to: 9 });
    assert.deepEqual(zoomed(-1, 3), { from: 0, to: 3 });
    assert.equal(zoomed(3, 4), undefined);
    const all = { from: 0, to: 100 };
    assert.deepEqual(scaled(all, 0.5, 80, all), { from: 40, to: 90 });
    assert.deepEqual(scaled({ from: 40, to: 90 }, 2, 40, all), { from: 40, to: 100 });
    assert.equal(scaled({ from: 40, to: 90 }, 2, 80, all), undefined, "as far as there is anything is no zoom");
    assert.deepEqual(scaled({ from: 10, to: 13 }, 0.5, 11, all), { from: 10, to: 13 }, "no closer than that");
  });
});
