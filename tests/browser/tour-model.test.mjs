// The tour's steps, and that each claim is what its scenario's figures say at that time.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { presets, Simulation } from "streamgauge/sim";
import { load } from "./modules.mjs";

const { STEPS, STOPS } = await load("model/tour/stops.ts");
const { mayGoOn } = await load("model/tour/step.ts");
const { percent } = await load("model/tour/figures.ts");
const page = readFileSync(new URL("../../www/index.html", import.meta.url), "utf8");

/** What the page would read of a simulation. */
function readingOf(simulation) {
  const state = simulation.state();
  return {
    moment: {
      time: simulation.now,
      snapshot: simulation.snapshot(),
      workers: simulation.workers.map((one) => ({ id: one.id, name: one.name, state: one.state, inFlight: one.inFlight, buffered: one.buffered, utilization: one.utilization, owned: 0, faustMedian: null })),
      isRebalancing: simulation.isRebalancing,
      generation: state.generation,
      produced: simulation.counts.produced,
    },
    layout: { partitions: simulation.partitions, producers: simulation.producers, brokers: 3 },
    frame: state,
    entries: simulation.journal().map(({ number, at, kind, worker, text }) => ({ number, time: at, kind, worker, text })),
  };
}

/** The claims of a scenario's three steps, each at a time of its own. */
function claimsAt(scenario, times) {
  const { steps } = STOPS.find((stop) => stop.scenario === scenario);
  assert.equal(steps.length, times.length);
  const simulation = Simulation.of(scenario, { seed: 1 });
  const claims = steps.map(({ claim, from }, place) => {
    assert.ok(times[place] >= from, `step ${place + 1} begins later`);
    simulation.advance(times[place] - simulation.now);
    return claim(readingOf(simulation));
  });
  simulation.free();
  return claims;
}

const numbers = (text) => [...text.replaceAll(",", "").matchAll(/(?<![\w-])\d+(\.\d+)?/g)].map(([number]) => Number(number));

describe("the tour", () => {
  it("goes through the eight presets in their order, in 24 short steps", () => {
    assert.deepEqual(STOPS.map(({ scenario }) => scenario), presets().map(({ name }) => name));
    assert.deepEqual(STEPS.map(({ place }) => place), Array.from({ length: 24 }, (_, place) => place));
    for (const { title, text, region, from, speed, stop } of STEPS) {
      assert.ok(title.length < 45 && text.length < 300, title);
      assert.match(page, new RegExp(`id="${region}"`));
      assert.ok(from > 0 && speed >= 0.1 && speed <= 1000, title);
      assert.ok(from < presets().find(({ name }) => name === stop.scenario).scenario.seconds, title);
    }
    for (const { steps } of STOPS) assert.deepEqual(steps.map(({ from }) => from), steps.map(({ from }) => from).toSorted((one, other) => one - other));
  });

  it("uses letters of the page's font alone", () => {
    for (const { title, text, stop } of STEPS) assert.match(title + text + stop.title, /^[\x20-\x7e–—‘’“”•…←↑→↓−≈≤≥×·°±µμ]+$/);
  });

  it("goes on with the run of the step before, and begins anew for all else", () => {
    const [first, second, third, other] = STEPS;
    assert.equal(mayGoOn(second, first, second.from + 5), true);
    assert.equal(mayGoOn(second, first, second.from - 1), false, "its time has not come");
    assert.equal(mayGoOn(second, first, second.from + 500), false, "long gone");
    assert.equal(mayGoOn(second, third, second.from + 5), false, "back");
    assert.equal(mayGoOn(other, third, other.from), false, "another scenario");
    assert.equal(mayGoOn(first, undefined, first.from), false);
  });

  it("calls nothing but all of it 100 %", () => {
    assert.deepEqual([0, 0.956, 0.999, 1].map(percent), ["0 %", "96 %", "99 %", "100 %"]);
  });
});

describe("the tour's claims, in figures", () => {
  it("steady state: nothing waits, workers have time to spare", () => {
    const [rate, lag, health] = claimsAt("steady-state", [60, 61, 90]);
    assert.ok(Math.abs(numbers(rate)[0] - 120) < 12, rate);
    assert.match(lag, /^\d records? waiting, in 9 lanes together\.$/);
    const [busy, ok, all] = numbers(health);
    assert.ok(busy > 50 && busy < 70, health);
    assert.deepEqual([ok, all], [9, 9]);
  });

  it("a hot key: nearly all lag in one lane, one worker busy", () => {
    const [before, after, workers] = claimsAt("hot-key", [58, 120, 130]);
    assert.match(before, /the lanes are as good as empty\.$/);
    const [share, most, all] = numbers(after);
    assert.ok(share >= 95 && most / all > 0.95 && most > 1000, after);
    assert.match(after, /wait in orders-\d\.$/);
    const [busiest, rest] = numbers(workers);
    assert.ok(busiest === 100 && rest < 60, workers);
    assert.match(workers, /^worker-3 is busy/);
  });

  it("a slow consumer: the lag is its own, and drains", () => {
    const [before, after, mended] = claimsAt("slow-consumer", [58, 120, 200]);
    assert.match(before, /nobody is behind\.$/);
    assert.ok(numbers(after)[0] >= 95 && after.endsWith("in the lanes of worker-2."), after);
    const [waiting, oldest] = numbers(mended);
    assert.ok(waiting > 1000 && oldest > 30, mended);
  });

  it("bursts: all pause, buffers hold, all drains", () => {
    const [burst, paused, drained] = claimsAt("burst", [63, 65, 85]);
    assert.ok(numbers(burst)[0] > 500, burst);
    const [pausedLanes, lanes, buffered, most] = numbers(paused);
    assert.deepEqual([pausedLanes, lanes, most], [6, 6, 50]);
    assert.ok(buffered > 20 && buffered <= 50, paused);
    assert.match(drained, /the burst has drained\.$/);
  });

  it("a storm of rebalances: lanes that nobody reads, and its name", () => {
    const [silent, stopped, stormy] = claimsAt("rebalance-storm", [62, 71.2, 160]);
    assert.equal(silent, "0 rebalances so far; 3 of 12 lanes are read by nobody right now.");
    assert.equal(stopped, "1 rebalance so far; 12 of 12 lanes are read by nobody right now.");
    assert.equal(stormy, "6 rebalances within 5 minutes: that is a storm.");
  });

  it("a poison message: tried four times again, waited for, put aside", () => {
    const [tried, waiting, aside] = claimsAt("poison-message", [64, 67, 70]);
    assert.equal(tried, "Tried again 2 times; 0 dead letters.");
    const [buffered, lanes, seconds] = numbers(waiting);
    assert.ok(buffered === 100 && lanes > 50 && seconds > 6, waiting);
    assert.equal(aside, "Tried again 4 times; 1 dead letter.");
  });

  it("a broker stalls: held back without lag, and then all at once", () => {
    const [before, held, after] = claimsAt("broker-stall", [88, 120, 131]);
    assert.equal(before, "Producers hold nothing back.");
    const [records, lanes, all, lag] = numbers(held);
    assert.ok(records > 1000 && lag < 20, held);
    assert.deepEqual([lanes, all], [3, 9]);
    const [waiting, oldest] = numbers(after);
    assert.ok(waiting > 1000 && oldest > 25, after);
  });

  it("a crash: unread lanes, and records that are read again", () => {
    const [dead, unread, again] = claimsAt("crash", [96, 100, 110]);
    assert.equal(dead, "worker-1 is dead.");
    assert.equal(unread, "2 of 6 lanes are read by nobody.");
    assert.match(again, /^worker-\d reads \d+ records again that were not committed; worker-\d reads \d+ records again/);
  });
});
