// What the data tabs sort, search and print, without a browser.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Simulation } from "streamgauge/sim";
import { load } from "./modules.mjs";

const { findMatches, firstFrom, pieces } = await load("model/search.ts");
const { prettyJson } = await load("model/pretty-json.ts");
const { latenciesOf } = await load("model/latencies.ts");
const { filtered, sorted } = await load("model/sorting.ts");

describe("search", () => {
  it("finds every place, whatever the case, and characters mean themselves", () => {
    const lines = ["Lag of lag", "nothing", "a.b (c) [d] \\ | ^ $ * + ? { } / -", "laglag"];
    assert.deepEqual(findMatches(lines, "lag", 100), [
      { line: 0, from: 0, to: 3 },
      { line: 0, from: 7, to: 10 },
      { line: 3, from: 0, to: 3 },
      { line: 3, from: 3, to: 6 },
    ]);
    for (const sign of lines[2].split(" ")) assert.equal(findMatches(lines, sign, 100).some(({ line }) => line === 2), true, sign);
    assert.deepEqual(findMatches(["axb"], "a.b", 100), []);
    assert.deepEqual(findMatches(lines, "", 100), []);
    assert.equal(findMatches(lines, "lag", 3).length, 3);
  });

  it("keeps its places where letters change their length in lower case", () => {
    assert.deepEqual(findMatches(["İİ orders"], "ORDERS", 10), [{ line: 0, from: 3, to: 9 }]);
  });

  it("takes lone surrogates and marks of direction as they are", () => {
    const name = "\u202eorders\ud83d";
    assert.deepEqual(findMatches([`x ${name}`], name, 10), [{ line: 0, from: 2, to: 10 }]);
  });

  it("cuts lines into pieces that make up the text again", () => {
    const lines = ["one two", "two", "three two two"];
    const matches = findMatches(lines, "two", 10);
    const cut = pieces(lines, 1, 3, matches);
    assert.deepEqual(cut, [
      { text: "two", match: 1 },
      { text: "\nthree ", match: undefined },
      { text: "two", match: 2 },
      { text: " ", match: undefined },
      { text: "two", match: 3 },
      { text: "\n", match: undefined },
    ]);
    assert.deepEqual(pieces(["plain"], 0, 1, []), [{ text: "plain\n", match: undefined }]);
    assert.deepEqual([0, 1, 2, 3].map((line) => firstFrom(matches, line)), [0, 1, 2, 4]);
  });
});

describe("JSON that one can read", () => {
  it("is the same value", () => {
    const value = { a: [], b: {}, c: [1, 2.5, null, "x"], d: [{ e: [[1], []] }], f: "\u2028<img>", g: null, h: undefined };
    assert.deepEqual(JSON.parse(prettyJson(value)), JSON.parse(JSON.stringify(value)));
    const simulation = Simulation.of("hot-key");
    simulation.advance(30);
    const snapshot = simulation.snapshot();
    assert.deepEqual(JSON.parse(prettyJson(snapshot)), JSON.parse(JSON.stringify(snapshot)));
    simulation.free();
  });

  it("has a line for a property, and lists side by side in lines of bounded length", () => {
    assert.equal(prettyJson({ a: 1, b: [1, 2, 3] }), '{\n  "a": 1,\n  "b": [1, 2, 3]\n}');
    const lines = prettyJson({ buckets: Array.from({ length: 300 }, () => 12345) }).split("\n");
    assert.ok(lines.length > 10 && lines.every((line) => line.length <= 97), `${lines.length}`);
  });
});

describe("latencies", () => {
  it("are all that a snapshot has, by stream too", () => {
    const simulation = Simulation.of("steady-state");
    simulation.advance(90);
    const snapshot = simulation.snapshot();
    const life = latenciesOf(snapshot, "life");
    assert.deepEqual(life.map(({ path }) => path), [
      "messages.time",
      "messages.endToEnd",
      "events.runtime",
      "sends.latency",
      "sends.errorLatency",
      "commits.latency",
      "assignments.latency",
      "rebalances.returnLatency",
      "rebalances.endLatency",
      "http.latency",
      "events.runtimeByStream.orders-stream",
      "events.runtimeByStream.payments-stream",
    ]);
    assert.equal(life[0].title, "Message, in to out");
    assert.equal(life[2].histogram.count, snapshot.events.runtime.life.count);
    const lastMinute = latenciesOf(snapshot, "lastMinute");
    assert.ok(lastMinute[2].histogram.count < life[2].histogram.count);
    assert.equal(lastMinute.at(-1).histogram, null);
    simulation.free();
  });
});

describe("sorting and filtering", () => {
  it("keeps what is unknown last in both orders, and names with numbers in the order of the numbers", () => {
    const rows = [3, null, 10, 1];
    assert.deepEqual(sorted(rows, (row) => row, "ascending"), [1, 3, 10, null]);
    assert.deepEqual(sorted(rows, (row) => row, "descending"), [10, 3, 1, null]);
    assert.deepEqual(sorted(["worker-10", "worker-9", "worker-1"], (row) => row, "ascending"), ["worker-1", "worker-9", "worker-10"]);
    assert.deepEqual(rows, [3, null, 10, 1]);
  });

  it("leaves those that are alike as they came", () => {
    const rows = [["b", 1], ["a", 1], ["c", 0]];
    assert.deepEqual(sorted(rows, ([, value]) => value, "descending").map(([name]) => name), ["b", "a", "c"]);
  });

  it("wants every word of a filter", () => {
    const rows = ["orders-1 worker-0 warn", "orders-2 worker-0 ok", "payments-1 worker-1 warn"];
    const fitting = (filter) => filtered(rows, filter, (row) => row);
    assert.deepEqual(fitting("WARN orders"), [rows[0]]);
    assert.deepEqual(fitting("  "), rows);
    assert.deepEqual(fitting("nobody"), []);
  });
});
