// Recordings without a browser: what is kept of a trace, and that it is what the monitors said that wrote it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Recorder, Replay } from "streamgauge/replay";
import { Simulation } from "streamgauge/sim";
import { decode, merge } from "streamgauge/snapshot";
import { load } from "./modules.mjs";

const { TraceGroups } = await load("source/recording/groups.ts");
const { Checkpoints, MOST_CHECKPOINTS, MOST_BYTES } = await load("source/recording/checkpoints.ts");
const { linesOf } = await load("source/recording/lines.ts");
const { marksOf } = await load("view/scrub/marks.ts");

function readGroups(trace) {
  const groups = new TraceGroups({ Replay, merge, decode });
  const lines = trace.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) groups.line(line);
  groups.end();
  return groups;
}

/** Of one group. */
const read = (trace) => readGroups(trace).reader(0);

const momentsOf = (reader) => Array.from({ length: reader.count }, (_, place) => reader.moment(place));
const overTheWire = (value) => JSON.parse(JSON.stringify(value));

/** Snapshots are numbered, and each is read another number of times. */
function unnumbered({ sequence, merged, ...snapshot }) {
  return overTheWire({ ...snapshot, merged: merged.map(({ sequence: _, ...life }) => life) });
}

function simulated(scenario, seconds, { seed = 1, commands = [] } = {}) {
  const simulation = Simulation.of(scenario, { ...(typeof scenario === "string" ? { seed } : {}), record: true });
  let trace = "";
  for (const { at, ...command } of commands) {
    while (simulation.now < at) {
      simulation.advance(Math.min(5, at - simulation.now));
      trace += simulation.takeTrace();
    }
    simulation.command(command);
  }
  while (simulation.now < seconds) {
    simulation.advance(Math.min(5, seconds - simulation.now));
    trace += simulation.takeTrace();
  }
  for (const { id, state } of simulation.workers) if (state !== "crashed" && state !== "left") simulation.workers[id].snapshotBytes();
  trace += simulation.takeTrace();
  return { simulation, trace };
}

describe("a recording ends in what the simulation says that wrote it", () => {
  for (const [scenario, seconds, options] of [
    ["steady-state", 30, {}],
    ["hot-key", 61.3, { seed: 7 }],
    ["rebalance-storm", 100, {}],
    ["poison-message", 60, { seed: 3 }],
    // While a worker is dead, and after it started again.
    ["crash", 120, {}],
    ["crash", 170, {}],
    ["steady-state", 60, { commands: [{ at: 10, command: "crash", worker: 1, restart: 5 }, { at: 30, command: "crash", worker: 1, restart: 2 }, { at: 33, command: "crash", worker: 0, restart: 4 }] }],
  ]) {
    it(`${scenario}, ${seconds} s${options.commands === undefined ? "" : ", with crashes"}`, () => {
      const { simulation, trace } = simulated(scenario, seconds, options);
      const reader = read(trace);
      const last = reader.count - 1;
      const moment = reader.moment(last);
      assert.ok(Math.abs(moment.time - seconds) < 1e-9, `${moment.time}`);
      assert.deepEqual(unnumbered(moment.snapshot), unnumbered(simulation.snapshot()));
      assert.deepEqual(moment.workers.map(({ name }) => name), simulation.workers.map(({ name }) => name));
      let up = 0;
      for (const worker of simulation.workers) {
        const isUp = worker.state !== "crashed" && worker.state !== "left";
        assert.equal(moment.workers[worker.id].state !== "offline", isUp, worker.name);
        assert.deepEqual(reader.asdict(last, worker.id), overTheWire(worker.asdict()), worker.name);
        if (!isUp) continue;
        up += 1;
        assert.deepEqual(unnumbered(reader.snapshot(last, worker.id)), unnumbered(worker.snapshot()));
        assert.equal(moment.workers[worker.id].inFlight, worker.snapshot().messages.active);
        assert.equal(moment.workers[worker.id].owned, worker.owned.length);
      }
      assert.ok(up > 0);
      assert.equal(moment.generation, simulation.state().generation);
      simulation.free();
    });
  }

  it("is at each checkpoint what the simulation was then, but for what its workers were just doing", () => {
    const { simulation, trace } = simulated("crash", 140);
    simulation.free();
    const again = Simulation.of("crash", { seed: 1 });
    const reader = read(trace);
    const moments = momentsOf(reader);
    assert.ok(moments.length > 200 && moments.length <= MOST_CHECKPOINTS);
    assert.equal(moments[0].time, 0);
    for (const moment of moments.filter(({ time }, place) => place % 20 === 0 && (time < 95 || time > 98.5))) {
      again.advance(moment.time - again.now);
      const expected = again.snapshot();
      const { received } = moment.snapshot.messages;
      assert.ok(Math.abs(received - expected.messages.received) <= 5, `${received}, ${expected.messages.received} at ${moment.time}`);
      assert.equal(moment.generation, again.state().generation);
      assert.equal(moment.snapshot.errors.total, expected.errors.total);
    }
    again.free();
  });
});

describe("a recording of several groups", () => {
  const scenario = {
    seed: 5,
    topics: [{ name: "orders", partitions: 4 }, { name: "clicks", partitions: 2 }],
    groups: [{ name: "billing", topics: ["orders"], workers: 2 }, { name: "audit", workers: 3, handler: { time: { mean: 0.1 } } }],
    producers: [{ pace: { perSecond: 60 } }],
  };
  const { simulation, trace } = simulated(scenario, 40);

  it("has each as the simulation has it", () => {
    const groups = readGroups(trace);
    assert.equal(groups.count, 2);
    for (const [group, name] of ["billing", "audit"].entries()) {
      assert.equal(groups.numberOf(name), group);
      const [last, reader] = [groups.moments(group).at(-1), groups.reader(group)];
      assert.equal(last.time, 40);
      assert.deepEqual(unnumbered(last.snapshot), unnumbered(simulation.snapshot(name)), name);
      const workers = simulation.workers.filter((worker) => worker.group === group);
      assert.deepEqual(last.workers.map((worker) => worker.name), workers.map((worker) => worker.name));
      for (const [id, worker] of workers.entries()) assert.deepEqual(reader.asdict(reader.count - 1, id), overTheWire(worker.asdict()));
      assert.equal(last.group, group);
      assert.deepEqual(last.groups.map(({ name: one, up }) => [one, up]), [["billing", 2], ["audit", 3]]);
      assert.deepEqual(last.groups.map(({ waiting }) => waiting), ["billing", "audit"].map((one) => simulation.snapshot(one).lag.recordsSum));
      const { lines, calls, partitions } = groups.summary(group, "two.jsonl", trace.length);
      assert.deepEqual([lines, calls, partitions.length], [trace.trimEnd().split("\n").length, lines - 1, group === 0 ? 4 : 6]);
    }
    assert.equal(groups.numberOf("nobody"), -1);
  });

  it("names the file's line where it breaks", () => {
    const lines = trace.trimEnd().split("\n");
    const place = lines.findLastIndex((line) => line.includes('"audit-1"'));
    lines[place] = lines[place].replace(/"call":"[a-z_]+"/, '"call":"nothing"');
    assert.throws(() => readGroups(lines.join("\n")), new RegExp(`^TraceError: line ${place + 1}: |line ${place + 1}: `));
  });
});

describe("what is kept", () => {
  it("thins out as it grows, in even steps, with its first and its last", () => {
    const kept = new Checkpoints();
    for (let tenth = 0; tenth <= 36_000; tenth += 1) {
      const time = tenth / 10;
      if (kept.isDue(time)) kept.add({ time, bytes: 10 });
    }
    kept.add({ time: 3600.05, bytes: 10 });
    const times = kept.all.map(({ time }) => time);
    assert.ok(times.length > MOST_CHECKPOINTS / 2 - 2 && times.length <= MOST_CHECKPOINTS, `${times.length}`);
    assert.equal(kept.interval, 8);
    assert.equal(times[0], 0);
    assert.equal(times.at(-1), 3600.05);
    assert.ok(times.every((time, place) => place === 0 || time - times[place - 1] <= kept.interval + 0.2 || place === times.length - 1));
  });

  it("is fewer where they are large", () => {
    const kept = new Checkpoints();
    for (let time = 0; time < 1000; time += 1) if (kept.isDue(time)) kept.add({ time, bytes: 2 ** 20 });
    assert.ok(kept.all.length <= MOST_BYTES / 2 ** 20 && kept.all.length >= 16, `${kept.all.length}`);
  });

  it("takes what happened at one time as one", () => {
    const kept = new Checkpoints();
    kept.add({ time: 1, bytes: 1, name: "a" });
    kept.add({ time: 1, bytes: 1, name: "b" });
    assert.deepEqual(kept.all.map(({ name }) => name), ["b"]);
  });

  it("has a journal of the group's rebalances and restarts", () => {
    const { simulation, trace } = simulated("crash", 170);
    const { entries, workers, partitions } = read(trace).summary("crash.jsonl", trace.length, []);
    const journal = simulation.journal().filter(({ kind }) => ["rebalanceStarted", "rebalanceEnded", "workerRestarted"].includes(kind));
    assert.deepEqual(entries.map(({ kind }) => kind).sort(), journal.map(({ kind }) => kind).sort());
    for (const kind of ["rebalanceStarted", "workerRestarted"]) {
      assert.deepEqual(entries.filter((one) => one.kind === kind).map(({ time }) => time), journal.filter((one) => one.kind === kind).map(({ at }) => at));
    }
    assert.deepEqual(workers, ["worker-0", "worker-1", "worker-2"]);
    assert.deepEqual(partitions, []);
    simulation.free();
  });
});

describe("a Recorder's trace", () => {
  it("is read from its own clock's beginning, with the worker's own name", () => {
    const clock = { now: 5000 };
    const recorder = new Recorder({ time: () => clock.now, worker: "<b>w</b>", epoch: 1.7e9 });
    const orders = recorder.topicPartition("orders", 0);
    for (let offset = 0; offset < 50; offset += 1) {
      const message = {};
      recorder.onMessageIn(orders, offset, message);
      clock.now += 0.5;
      recorder.onMessageOut(orders, offset, message);
    }
    const last = recorder.snapshot();
    const reader = read(recorder.trace());
    const moments = momentsOf(reader);
    assert.equal(moments[0].time, 0);
    assert.equal(moments.at(-1).time, 25);
    assert.equal(moments.length, 51);
    assert.deepEqual(moments.map(({ snapshot }) => snapshot.messages.received).slice(0, 4), [1, 2, 3, 4]);
    assert.deepEqual(moments.at(-1).workers, [
      { id: 0, name: "<b>w</b>", state: "running", inFlight: 0, buffered: null, utilization: null, owned: 1, faustMedian: 0 },
    ]);
    assert.deepEqual(unnumbered(reader.snapshot(reader.count - 1, 0)), unnumbered(last));
    assert.deepEqual(reader.asdict(reader.count - 1, 0), overTheWire(recorder.asdict()));
  });

  it("may hold no call, and clocks that are set back", () => {
    const empty = read('{"trace":"streamgauge/1","at":3,"epoch":0,"options":{}}\n');
    assert.deepEqual([empty.count, empty.moment(0).time, empty.moment(0).snapshot.messages.received], [1, 0, 0]);
    const back = read('{"trace":"streamgauge/1","at":3}\n{"at":9,"call":"sample"}\n{"at":4,"call":"sample"}\n{"at":"NaN","call":"sample"}\n');
    assert.deepEqual(momentsOf(back).map(({ time }) => time), [6]);
  });

  for (const [what, trace, message] of [
    ["nothing", "", 'line 1: no header: expected {"trace": "streamgauge/1", ...}'],
    ["what is no JSON", '{"trace":"streamgauge/1"}\n{"at":1,"call":"sample"}\n{"at":2,', /^line 3: not JSON/],
    ["an unknown call", '{"trace":"streamgauge/1"}\n\n{"at":1,"call":"on_mesage_in"}', 'line 3: unknown call "on_mesage_in"'],
    ["another version", '{"trace":"streamgauge/2"}', /^line 1: unknown version "streamgauge\/2"/],
    ["a second header", '{"trace":"streamgauge/1"}\n{"trace":"streamgauge/1"}', /^line 2: a second header/],
  ]) {
    it(`is refused with the line's number: ${what}`, () => {
      assert.throws(() => read(trace), (error) => {
        if (typeof message === "string") assert.equal(error.message, message);
        else assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe("the file's lines", () => {
  const streamOf = (...pieces) => new Blob(pieces).stream();
  const chunked = (bytes, size) =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
        controller.close();
      },
    });
  async function all(stream) {
    const lines = [];
    let bytes = 0;
    for await (const piece of linesOf(stream)) {
      lines.push(...piece.lines);
      bytes = piece.bytes;
    }
    return { lines, bytes };
  }

  it("come whole, however the file is cut", async () => {
    const bytes = new TextEncoder().encode("one\n\nüber 東京\nlast");
    for (const size of [1, 2, 3, 7, 100]) assert.deepEqual(await all(chunked(bytes, size)), { lines: ["one", "", "über 東京", "last"], bytes: bytes.length });
    assert.deepEqual((await all(streamOf("a\nb\n"))).lines, ["a", "b"]);
    assert.deepEqual((await all(streamOf(""))).lines, []);
  });

  it("must be text, and must end", async () => {
    await assert.rejects(all(streamOf("a\n", new Uint8Array([0x1f, 0x8b, 0xff]))), /^Error: line 1: not UTF-8 text|^Error: line 2: not UTF-8 text/);
    await assert.rejects(all(streamOf("x".repeat(16_000_001))), /^Error: line 1: over 16 million characters/);
  });
});

describe("marks of rebalances", () => {
  const at = (kind, time) => ({ number: 0, time, kind, worker: null, text: "" });
  it("last from start to end, to the next start, or to the end", () => {
    const entries = [at("rebalanceStarted", 10), at("workerRestarted", 11), at("rebalanceEnded", 20), at("rebalanceStarted", 50), at("rebalanceStarted", 60), at("rebalanceEnded", 70), at("rebalanceStarted", 90)];
    assert.deepEqual(marksOf(entries, 100), [{ from: 0.1, to: 0.2 }, { from: 0.5, to: 0.7 }, { from: 0.9, to: 1 }]);
    assert.deepEqual(marksOf(entries, 0), []);
  });
});
