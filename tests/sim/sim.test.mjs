// `streamgauge/sim` as a program uses it in Node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import { Simulation, SimulatedWorker } from "streamgauge/sim";

const native = new URL("../../crates/streamgauge-sim/tests/figures-of-seed-42.json", import.meta.url);

describe("Simulation", () => {
  it("gives the very figures that the same seed gives natively", () => {
    const options = { seed: 42, topics: ["orders"], partitions: 2, workers: 1, messageRate: 4, webRequestRate: 0.5 };
    const simulation = new Simulation(options);
    simulation.advance(5);
    assert.deepEqual(simulation.workers[0].asdict(), JSON.parse(readFileSync(native, "utf8")));
  });

  it("loses no record", () => {
    const simulation = new Simulation({ seed: 3, messageRate: 500 });
    for (let second = 0; second < 60; second += 1) {
      if (second === 20) simulation.rebalance();
      if (second === 30) simulation.slowConsumer(true);
      simulation.advance(1);
      const { produced, waiting, buffered, inFlight, processed } = simulation.counts;
      assert.equal(produced, waiting + buffered + inFlight + processed);
    }
    assert.ok(simulation.counts.waiting > 1000);
  });

  it("has workers with every attribute of a monitor", () => {
    const simulation = new Simulation();
    simulation.advance(30);
    const worker = simulation.workers[1];
    const dict = worker.asdict();
    assert.deepEqual(Object.keys(dict), Object.keys(new Monitor().asdict()));
    assert.ok(worker instanceof SimulatedWorker);
    assert.equal(worker.id, 1);
    assert.equal(worker.messagesReceivedTotal, dict.messages_received_total);
    assert.equal(worker.eventsRuntime.length, 100);
    assert.equal(worker.tpReadOffsets.get("orders").size, 2);
    assert.equal(worker.tables["orders-table"].keysRetrieved, dict.tables["orders-table"].keys_retrieved);
    assert.deepEqual(worker.owned[0], { topic: "orders", partition: 1 });
    assert.equal(worker.buffered + worker.inFlight, worker.messagesActive);
    assert.ok(worker.busySeconds > 5 && worker.busySeconds < 25);
  });

  it("can be changed while it runs", () => {
    const simulation = new Simulation();
    simulation.messageRate = 7;
    simulation.handlerLatency = 0.5;
    simulation.errorRate = 0;
    assert.deepEqual([simulation.messageRate, simulation.handlerLatency, simulation.errorRate], [7, 0.5, 0]);
    simulation.slowConsumer(true);
    assert.deepEqual(simulation.workers.map((worker) => worker.isSlow), [false, true]);
    assert.equal(simulation.rebalance(), true);
    assert.equal(simulation.rebalance(), false);
    assert.equal(simulation.isRebalancing, true);
    simulation.advance(60);
    assert.equal(simulation.isRebalancing, false);
    assert.equal(simulation.now, 60);
  });

  it("takes any text as a topic's name", () => {
    const topics = ["__proto__", "<img src=x>", "\ud800", "日本語"];
    const simulation = new Simulation({ topics });
    simulation.advance(30);
    const received = simulation.workers[0].asdict().messages_received_by_topic;
    assert.deepEqual(Object.keys(received).sort(), ["<img src=x>", "__proto__", "\ufffd", "日本語"].sort());
  });

  const refusals = [
    [() => new Simulation(null), TypeError, "ERR_INVALID_OPTIONS"],
    [() => new Simulation({ speed: 1 }), TypeError, "ERR_UNKNOWN_OPTION"],
    [() => new Simulation({ seed: -1 }), RangeError, "ERR_INVALID_SEED"],
    [() => new Simulation({ seed: "1" }), TypeError, "ERR_INVALID_SEED"],
    [() => new Simulation({ workers: 65 }), RangeError, "ERR_INVALID_WORKERS"],
    [() => new Simulation({ partitions: 1.5 }), RangeError, "ERR_INVALID_PARTITIONS"],
    [() => new Simulation({ messageRate: Number.NaN }), RangeError, "ERR_INVALID_MESSAGE_RATE"],
    [() => new Simulation({ handlerTime: "pareto" }), RangeError, "ERR_INVALID_HANDLER_TIME"],
    [() => new Simulation({ handlerTime: 1 }), TypeError, "ERR_INVALID_HANDLER_TIME"],
    [() => new Simulation({ topics: "orders" }), TypeError, "ERR_INVALID_TOPICS"],
    [() => new Simulation({ topics: [] }), RangeError, "ERR_INVALID_TOPICS"],
    [() => new Simulation({ topics: ["a", "a"] }), RangeError, "ERR_INVALID_TOPICS"],
    [() => new Simulation({ topics: ["x".repeat(250)] }), RangeError, "ERR_INVALID_TOPICS"],
    [() => new Simulation().advance(-1), RangeError, "ERR_INVALID_SECONDS"],
    [() => new Simulation().advance(86_401), RangeError, "ERR_INVALID_SECONDS"],
    [() => (new Simulation().errorRate = 2), RangeError, "ERR_INVALID_ERROR_RATE"],
    [() => (new Simulation().messageRate = "fast"), TypeError, "ERR_INVALID_MESSAGE_RATE"],
    [() => new Simulation().slowConsumer(1), TypeError, "ERR_INVALID_ON"],
  ];
  for (const [call, type, code] of refusals) {
    it(`refuses ${String(call).slice(6)}`, () => {
      assert.throws(call, (error) => error instanceof type && error.code === code && error.message.includes("got"));
    });
  }

  it("takes what is at the bounds of every option", () => {
    for (const bounds of [
      { seed: 0, partitions: 1, workers: 1, concurrency: 1, bufferSize: 1, messageRate: 0, handlerLatency: 0, errorRate: 0 },
      { seed: Number.MAX_SAFE_INTEGER, partitions: 1024, workers: 64, concurrency: 1024, bufferSize: 1_000_000 },
      { slowFactor: 1000, fetchLatency: 86_400, commitInterval: 86_400, webRequestRate: 0, handlerLatency: 86_400 },
      { slowFactor: 1, fetchLatency: 0, commitInterval: 0.01, errorRate: 1, messageRate: 1_000_000, handlerShape: 4 },
    ]) {
      const simulation = new Simulation(bounds);
      simulation.advance(0.01);
      simulation.free();
    }
  });

  it("says so when it is used after free()", () => {
    const simulation = new Simulation();
    const [worker] = simulation.workers;
    simulation.free();
    simulation.free();
    for (const use of [() => simulation.advance(1), () => simulation.now, () => worker.asdict(), () => worker.rebalances]) {
      assert.throws(use, { code: "ERR_SIMULATION_FREED" });
    }
  });
});
