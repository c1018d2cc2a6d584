// The strip's figures, without a browser.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { presets, Simulation } from "streamgauge/sim";
import { load } from "./modules.mjs";
import { moment, worker } from "./charts-material.mjs";

const { figuresOf, LABELS, MEANINGS } = await load("model/figures.ts");
const { History } = await load("model/history.ts");

/** The simulation's snapshot after some seconds, as a moment, with a history of one second. */
function read(name, seconds, change = (one) => one, more = {}) {
  const simulation = Simulation.of({ ...presets().find((preset) => preset.name === name).scenario, seed: 1 });
  simulation.advance(seconds - 1);
  const history = new History();
  history.add(moment(seconds - 1, simulation.snapshot(), more));
  simulation.advance(1);
  const snapshot = simulation.snapshot();
  simulation.free();
  const last = moment(seconds, change(snapshot), more);
  history.add(last);
  return { snapshot, figures: figuresOf(last, history) };
}

describe("figures", () => {
  it("are the snapshot's", () => {
    const { snapshot, figures } = read("hot-key", 100);
    const { lag, rates, messages } = snapshot;
    assert.deepEqual(figures.lag, { value: lag.recordsSum.toLocaleString("en-US"), unit: "", beside: `grows ${lag.slope.toFixed(1)} /s`, isAlarming: false });
    assert.deepEqual([figures.age.unit, figures.age.value], ["s", lag.secondsMax.toFixed(1)]);
    assert.equal(Number(figures.received.value), Number(rates.messagesReceived.now.toPrecision(3)));
    assert.equal(Number(figures.inFlight.value), messages.active);
    assert.equal(figures.received.beside, `${Number(rates.messagesReceived.oneMinute.toFixed(rates.messagesReceived.oneMinute < 99.95 ? 1 : 0))} in a minute`, "where nobody counts what was made");
    assert.equal(figures.p99.value, (snapshot.events.runtime.lastMinute.p99 * 1000).toFixed(1));
    assert.equal(figures.p99.unit, "ms");
    assert.deepEqual(Object.keys(figures), Object.keys(LABELS));
    assert.deepEqual(Object.keys(MEANINGS), Object.keys(LABELS));
  });

  it("say why they are not known", () => {
    const history = new History();
    const nothing = figuresOf(moment(0, undefined), history);
    for (const name of Object.keys(LABELS)) assert.deepEqual(nothing[name], { value: "–", unit: "", beside: "no snapshot yet" }, name);
    assert.equal(figuresOf(moment(0, undefined, { workers: [worker(0, { state: "crashed" })] }), history).lag.beside, "no worker is up");
    const { figures } = read("steady-state", 1, (snapshot) => ({ ...snapshot, lag: { ...snapshot.lag, recordsSum: null, secondsMax: null }, commits: { completed: 0, latency: { life: null, lastMinute: null } } }));
    assert.deepEqual([figures.lag.value, figures.lag.beside], ["–", "no end offset yet"]);
    assert.deepEqual([figures.age.value, figures.age.beside], ["–", "no timestamps yet"]);
    assert.deepEqual([figures.commit.value, figures.commit.beside], ["–", "none this minute"]);
  });

  it("are a lower bound while partitions are missing", () => {
    const { snapshot, figures } = read("hot-key", 100, (one) => ({ ...one, partitions: one.partitions.slice(0, 6), lag: { ...one.lag, recordsSum: 12 } }));
    assert.equal(snapshot.partitions.length, 8);
    assert.deepEqual(figures.lag, { value: "≥ 12", unit: "", beside: "of 2 unknown", isAlarming: true });
    assert.match(figures.age.value, /^≥ /);
    assert.equal(figures.age.beside, "at least");
  });

  it("warn of stuck messages, of storms and of a rebalance that goes on", () => {
    const rebalances = (change, more) => read("steady-state", 2, (one) => ({ ...one, rebalances: { ...one.rebalances, count: 7, ...change } }), more).figures.rebalances;
    assert.deepEqual(rebalances({ storm: true, recent: 6 }), { value: "7", unit: "", beside: "storm: 6 lately", isAlarming: true });
    assert.deepEqual(rebalances({ lastAgeSeconds: 80 }), { value: "7", unit: "", beside: "last 80 s ago", isAlarming: false });
    assert.deepEqual(rebalances({ lastAgeSeconds: 900 }).beside, "last 15 min ago");
    assert.deepEqual(rebalances({}, { isRebalancing: true }).beside, "one goes on");
    const { figures } = read("steady-state", 2, (one) => ({ ...one, messages: { ...one.messages, active: 3, stuck: 2 } }));
    assert.deepEqual(figures.inFlight, { value: "3", unit: "", beside: "2 stuck", isAlarming: true });
  });

  it("name the stages with errors, the worst first, and shorten what is long", () => {
    const { figures } = read("steady-state", 2, (one) => ({ ...one, errors: { total: 9, byTopic: {}, byStage: { send: { a: 1, b: 1 }, http: { 500: 7 } } }, lag: { ...one.lag, recordsSum: 12_345_678 } }));
    assert.deepEqual([figures.errors.value, figures.errors.beside], ["9", "http 7, send 2"]);
    assert.deepEqual([figures.lag.value, figures.lag.unit], ["12.3", "M"]);
  });
});
