// Scenarios, commands, and what there is to see of a simulation.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { Replay } from "streamgauge/replay";
import { merge } from "streamgauge/snapshot";
import { PARTICLE_STAGES, presets, Simulation, stateOf, WORKER_STATES } from "streamgauge/sim";

const small = { topics: [{ name: "orders", partitions: 3 }], group: { workers: 2 }, producers: [{ name: "shop", pace: { perSecond: 60 } }] };

describe("presets", () => {
  it("are eight, each with title, lesson, claim and scenario", () => {
    const all = presets();
    assert.deepEqual(
      all.map(({ name }) => name),
      ["steady-state", "hot-key", "slow-consumer", "burst", "rebalance-storm", "poison-message", "broker-stall", "crash"],
    );
    for (const { title, lesson, claim, scenario } of all) {
      assert.ok(title.length > 5 && lesson.length > 150 && claim.length > 40);
      assert.equal(scenario.title, title);
    }
    all[0].scenario.seed = 5;
    assert.equal(presets()[0].scenario.seed, undefined);
  });

  it("make the very hook calls that they make natively, to the last bit", () => {
    const lines = presets().map(({ name, scenario }) => {
      const simulation = Simulation.of(scenario, { record: true });
      simulation.advance(130);
      const trace = Buffer.from(simulation.takeTrace());
      // FNV-1a.
      let hash = 0x811c9dc5;
      for (const byte of trace) hash = Math.imul(hash ^ byte, 0x01000193);
      return `${name} ${trace.length} ${(hash >>> 0).toString(16).padStart(8, "0")}\n`;
    });
    const native = new URL("../../crates/streamgauge-sim/tests/fingerprints-of-presets.txt", import.meta.url);
    assert.equal(lines.join(""), readFileSync(native, "utf8"));
  });

  it("run by name: a hot key makes one lane lag", () => {
    const simulation = Simulation.of("hot-key", { seed: 12 });
    simulation.advance(200);
    const { end, committed } = simulation.state().partitions;
    const lags = [...end].map((offset, place) => offset - committed[place]);
    const most = Math.max(...lags);
    assert.ok(most > 1000 && most > 0.85 * lags.reduce((sum, lag) => sum + lag), String(lags));
    assert.equal(simulation.snapshot().lag.committedMax, simulation.snapshot().partitions.map(({ committedLag }) => committedLag).sort((a, b) => b - a)[0]);
  });
});

describe("state()", () => {
  it("has what the other readings say, in typed arrays", () => {
    const simulation = Simulation.of(small);
    simulation.advance(30);
    const { now, isRebalancing, partitions, workers, producers, brokers, particles } = simulation.state();
    assert.deepEqual([now, isRebalancing], [30, false]);
    assert.deepEqual([...partitions.owner], [0, 1, 0]);
    assert.deepEqual(simulation.partitions, [0, 1, 2].map((partition) => ({ topic: "orders", group: 0, partition })));
    assert.equal(partitions.end.reduce((sum, end) => sum + end), simulation.counts.produced);
    assert.deepEqual([...workers.state].map((state) => WORKER_STATES[state]), ["running", "running"]);
    assert.deepEqual([...workers.owned], [2, 1]);
    assert.ok(workers.utilization.every((share) => share > 0 && share < 1));
    assert.deepEqual(simulation.producers, ["shop"]);
    assert.deepEqual([[...producers.rate], [...brokers.stalled]], [[60], [0, 0, 0]]);
    assert.equal(producers.produced[0], simulation.counts.produced);
    assert.ok(particles.id.length > 20 && particles.id.length <= 512);
    for (const [place, stage] of particles.stage.entries()) {
      assert.ok(PARTICLE_STAGES[stage] !== undefined && particles.born[place] <= particles.since[place] && particles.since[place] <= now);
    }
  });

  it("can be transferred and read again", async () => {
    const simulation = Simulation.of(small);
    simulation.advance(5);
    const state = simulation.state();
    const expected = [...state.partitions.end];
    const { port1, port2 } = new MessageChannel();
    const received = new Promise((resolve) => port2.once("message", resolve));
    port1.postMessage(state.buffer, [state.buffer]);
    assert.equal(state.buffer.byteLength, 0);
    assert.deepEqual([...stateOf(await received).partitions.end], expected);
    port1.close();
  });

  it("shows a broker that stalls, a worker that dies and one that comes", () => {
    const simulation = Simulation.of(small);
    simulation.command({ command: "brokerStall", broker: 1, seconds: 50 });
    simulation.command({ command: "crash", worker: 0 });
    simulation.command({ command: "addWorker" });
    simulation.advance(20);
    const { brokers, workers, partitions } = simulation.state();
    assert.deepEqual([...brokers.stalled], [0, 1, 0]);
    assert.deepEqual([...workers.state].map((state) => WORKER_STATES[state]), ["crashed", "running", "running"]);
    assert.ok(partitions.held[1] > 200 && partitions.held[0] === 0);
    assert.deepEqual(simulation.workers.map(({ name, state }) => [name, state]), [["worker-0", "crashed"], ["worker-1", "running"], ["worker-2", "running"]]);
  });
});

describe("a running simulation", () => {
  it("tells its journal and its dead letters", () => {
    const simulation = Simulation.of("poison-message");
    simulation.advance(100);
    const kinds = simulation.journal().map(({ kind }) => kind);
    assert.deepEqual(kinds.filter((kind) => kind === "poison" || kind === "deadLetter"), ["poison", "deadLetter"]);
    const last = simulation.journal().at(-1);
    assert.deepEqual(simulation.journal(last.number), [last]);
    const [letter] = simulation.deadLetters();
    assert.equal(letter.topic, "orders");
    assert.deepEqual([letter.number, letter.attempts], [0, 5]);
    assert.ok(letter.at > letter.born + 8 && letter.offset > 0);
  });

  it("has snapshots of each worker, and of the cluster as their sum", () => {
    const simulation = Simulation.of("crash");
    simulation.advance(94);
    const workers = simulation.workers.map((worker) => worker.snapshot());
    assert.deepEqual(workers.map(({ worker }) => worker), ["worker-0", "worker-1", "worker-2"]);
    const cluster = simulation.snapshot();
    assert.deepEqual({ ...cluster, merged: 0 }, { ...merge(simulation.workers.map((worker) => worker.snapshotBytes())), merged: 0 });
    assert.equal(cluster.messages.received, workers.reduce((sum, { messages }) => sum + messages.received, 0));
    simulation.advance(60);
    const again = simulation.workers[1];
    assert.deepEqual([again.life, again.state], [2, "running"]);
    assert.equal(again.snapshot().since, workers[1].since + 135);
    assert.ok(again.asdict().messages_received_total < workers[1].messages.received);
    assert.equal(simulation.snapshot().merged.length, 4);
  });

  it("says so where no worker is up", () => {
    const simulation = Simulation.of({ group: { workers: 1 } });
    simulation.command({ command: "crash", worker: 0 });
    assert.throws(() => simulation.snapshot(), { code: "ERR_NO_WORKER" });
  });

  it("records a trace that replays to the same asdict() and snapshot()", () => {
    const simulation = Simulation.of("crash", { record: true });
    let trace = "";
    for (let seconds = 0; seconds < 150; seconds += 10) {
      simulation.advance(10);
      trace += simulation.takeTrace();
    }
    const expected = simulation.workers.map((worker) => ({ dict: worker.asdict(), snapshot: worker.snapshot(), life: worker.life, name: worker.name }));
    trace += simulation.takeTrace();
    assert.equal(simulation.takeTrace(), "");
    const lines = trace.trimEnd().split("\n");
    for (const { snapshot, name, life } of expected) {
      const key = life === 1 ? name : `${name} (life ${life})`;
      const line = lines.findLastIndex((text) => text.includes(`"worker":"${key}"`) && text.includes('"call":"snapshot"'));
      lines[line] = JSON.stringify({ ...JSON.parse(lines[line]), expect: snapshot });
    }
    const differences = [];
    const replay = new Replay((difference) => differences.push(difference));
    for (const line of lines) replay.line(line);
    replay.end();
    assert.deepEqual(differences, []);
    assert.equal(replay.counts.checks, 3);
    assert.deepEqual([...replay.monitors.keys()].sort(), ["worker-0", "worker-1", "worker-1 (life 2)", "worker-2"]);
    for (const { dict, name, life } of expected) {
      assert.deepEqual(replay.monitors.get(life === 1 ? name : `${name} (life ${life})`).asdict(), dict);
    }
  });

  it("is the same whether it is recorded or not, and the same again", () => {
    const said = (settings) => {
      const simulation = Simulation.of("rebalance-storm", settings);
      simulation.advance(120);
      return simulation.snapshot();
    };
    assert.deepEqual(said({ record: true }), said({}));
    assert.notDeepEqual(said({ seed: 2 }), said({}));
  });
});

describe("refusals", () => {
  const cases = [
    [() => Simulation.of({ group: { wokers: 3 } }), RangeError, "ERR_INVALID_SCENARIO", "group.wokers"],
    [() => Simulation.of({ errors: { send: 2 } }), RangeError, "ERR_INVALID_SCENARIO", "errors.send"],
    [() => Simulation.of({ errors: { send: Number.NaN } }), RangeError, "ERR_INVALID_SCENARIO", "errors.send"],
    [() => Simulation.of({ commands: [{ at: 1, command: "stall", worker: 2, seconds: 1 }] }), RangeError, "ERR_INVALID_SCENARIO", "commands[0].worker"],
    [() => Simulation.of("no-such"), RangeError, "ERR_INVALID_SCENARIO", undefined],
    [() => Simulation.of(7), TypeError, "ERR_INVALID_SCENARIO", undefined],
    [() => Simulation.of({}, { seed: -1 }), RangeError, "ERR_INVALID_SEED", undefined],
    [() => Simulation.of({}, { sed: 1 }), TypeError, "ERR_UNKNOWN_OPTION", undefined],
    [() => Simulation.of({}, { record: 1 }), TypeError, "ERR_INVALID_RECORD", undefined],
    [() => Simulation.of(small).command({ command: "explode" }), RangeError, "ERR_INVALID_COMMAND", "command"],
    [() => Simulation.of(small).command({ command: "slow", worker: 9, factor: 2 }), RangeError, "ERR_INVALID_COMMAND", "worker"],
    [() => Simulation.of(small).command({ command: "rebalance", force: true }), RangeError, "ERR_INVALID_COMMAND", "force"],
    [() => Simulation.of(small).command("rebalance"), TypeError, "ERR_INVALID_COMMAND", undefined],
    [() => Simulation.of(small).journal(-1), RangeError, "ERR_INVALID_FROM", undefined],
  ];
  for (const [call, type, code, path] of cases) {
    it(`${String(call).slice(6)} is refused`, () => {
      assert.throws(call, (error) => error instanceof type && error.code === code && error.path === path && error.message.includes("got"));
    });
  }

  it("say the place, what was expected and what came", () => {
    assert.throws(() => Simulation.of({ producers: [{ pace: { perSecond: "fast" } }] }), {
      message: 'scenario: producers[0].pace.perSecond must be a number, got "fast"',
      path: "producers[0].pace.perSecond",
      expected: "a number",
    });
  });
});
