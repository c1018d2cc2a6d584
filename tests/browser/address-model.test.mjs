// What the page's address holds, as pure functions: whatever is written is read again.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { presets, Simulation } from "streamgauge/sim";
import { load } from "./modules.mjs";

const { readAddress, writeAddress, seedOf } = await load("app/address.ts");
const { readCommands, writeCommands } = await load("app/address/commands.ts");
const { packPlan, unpackPlan } = await load("app/address/plan.ts");

const nothing = {
  run: { scenario: "steady-state", seed: 1, commands: [] },
  settings: { speed: 1, lagUnit: "records", tab: "partitions", group: "" },
  selection: undefined,
  time: 0,
  isPaused: false,
};

const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const seconds = fc.double({ min: 0, max: 86_400, noNaN: true }).map((value) => value + 0);
const number = fc.nat({ max: 999 });
// Every letter that a topic may have, those too that separate things in a link; lone surrogates are none.
const topic = fc.oneof(fc.string({ minLength: 1, unit: "grapheme" }), fc.stringMatching(/^[_~%&=+#.\- a-z0-9]{1,20}$/)).map((text) => text.toWellFormed());
const group = fc.stringMatching(/^[\w.-]{1,100}$/);
/** Some have a group, some have none. */
const ofGroup = (fields, optional = []) => fc.record({ ...fields, group }, { requiredKeys: Object.keys(fields).filter((name) => !optional.includes(name)) });
const command = fc.oneof(
  fc.record({ command: fc.constant("rate"), perSecond: seconds, producer: number }, { requiredKeys: ["command", "perSecond"] }),
  ofGroup({ command: fc.constant("handlerTime"), mean: seconds }),
  fc.record({ command: fc.constant("errors"), share }),
  fc.record({ command: fc.constant("handlerErrors"), share }),
  ofGroup({ command: fc.constant("slow"), worker: number, factor: seconds }),
  ofGroup({ command: fc.constant("stall"), worker: number, seconds }),
  ofGroup({ command: fc.constant("blip"), worker: number, seconds }),
  ofGroup({ command: fc.constant("crash"), worker: number, restart: seconds }, ["restart"]),
  ofGroup({ command: fc.constant("addWorker") }),
  fc.record({ command: fc.constant("addGroup"), workers: number, name: group }),
  ofGroup({ command: fc.constant("removeWorker"), worker: number }),
  fc.record({ command: fc.constant("brokerStall"), broker: number, seconds }),
  fc.record({ command: fc.constant("poison"), topic, count: fc.integer({ min: 1, max: 1000 }) }),
  fc.record({ command: fc.constant("hotKey"), topic, share }),
  ofGroup({ command: fc.constant("rebalance") }),
);
const timed = fc.tuple(command, fc.double({ min: 0, max: 1e9, noNaN: true })).map(([what, at]) => ({ ...what, at: at + 0 }));
const own = fc.record({ title: fc.string({ unit: "grapheme" }), topics: fc.array(topic, { minLength: 1, maxLength: 5 }), seconds });
const place = fc.record({
  run: fc.record({
    scenario: fc.oneof(fc.constantFrom(...presets().map(({ name }) => name)), own),
    seed: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    commands: fc.array(timed, { maxLength: 20 }),
  }),
  settings: fc.record({
    speed: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    lagUnit: fc.constantFrom("records", "seconds"),
    tab: fc.constantFrom("partitions", "workers", "asdict", "snapshot", "openmetrics", "statsd"),
    group: fc.oneof(fc.constant(""), group),
  }),
  selection: fc.oneof(
    fc.constant(undefined),
    fc.record({ kind: fc.constant("worker"), id: number }).map((worker) => ({ ...worker, name: `worker-${worker.id}` })),
    fc.record({ kind: fc.constant("partition"), topic, partition: fc.nat({ max: 9999 }) }),
  ),
  time: fc.nat({ max: 1e9 }).map((milliseconds) => milliseconds / 1000),
  isPaused: fc.boolean(),
});
/** Without the prototypes that fast-check gives. */
const plain = (value) => structuredClone(value);

describe("the address", () => {
  it("reads what it wrote, for any run", async () => {
    await fc.assert(
      fc.asyncProperty(place, async (here) => {
        const search = await writeAddress(here);
        // As a browser would hold it.
        const held = new URL(`http://localhost/${search}`).search;
        const { place: read, complaints } = await readAddress(held);
        assert.deepEqual(complaints, []);
        assert.deepEqual(read, plain(here));
        assert.equal(await writeAddress(read), search);
      }),
      { numRuns: 300 },
    );
  });

  it("is empty for the default, and short and plain to read else", async () => {
    assert.equal(await writeAddress(nothing), "");
    assert.deepEqual((await readAddress("")).place, nothing);
    const run = {
      scenario: "hot-key",
      seed: 7,
      commands: [
        { at: 60.5, command: "crash", worker: 1, restart: 20 },
        { at: 90, command: "addWorker" },
        { at: 91, command: "crash", worker: 2, group: "audit" },
        { at: 95.25, command: "hotKey", topic: "my_orders", share: 0.5 },
        { at: 100, command: "poison", topic: "a~b%" },
      ],
    };
    const selection = { kind: "partition", topic: "orders", partition: 3 };
    const search = await writeAddress({ run, settings: { speed: 10, lagUnit: "seconds", tab: "asdict", group: "audit" }, selection, time: 120.25, isPaused: true });
    assert.equal(
      search,
      "?scenario=hot-key&seed=7&commands=60.5_crash_1_20~90_addWorker~91_crash_2_@audit~95.25_hotKey_0.5_my_orders~100_poison_1_a%257Eb%2525&speed=10&time=120.25&paused&lag=seconds&tab=asdict&group=audit&select=partition_3_orders",
    );
  });

  it("keeps what others put into it", async () => {
    assert.equal(await writeAddress(nothing, "?replay=here&seed=9&x=1%202"), "?replay=here&x=1%202");
  });

  it("passes garbage over and says so, each in a sentence", async () => {
    const { place: read, complaints } = await readAddress(
      "?scenario=<img>&seed=-1&commands=60_crash~x~5_fly~9_crash_1_2_3~7_addWorker_1~8_hotKey_0.5~8_addWorker&speed=1e9&time=soon&paused=no&lag=km&tab=home&group=a%20b&select=me&plan=%21",
    );
    assert.deepEqual(read, { ...nothing, run: { ...nothing.run, commands: [{ at: 8, command: "addWorker" }] } });
    assert.deepEqual(complaints, [
      "“scenario” must be the name of a scenario, not “<img>”.",
      "The scenario in the link cannot be read: it is cut off or was changed.",
      "“60_crash” is no command.",
      "“x” is no command.",
      "“5_fly” is no command.",
      "3 more are none either.",
      "“seed” must be a whole number from 0 to 9007199254740991, not “-1”.",
      "“speed” must be a number from 0.1 to 1000, not “1e9”.",
      "“lag” must be records or seconds, not “km”.",
      "“tab” must be one of partitions, workers, latencies, asdict, snapshot, openmetrics, prometheus, statsd, not “home”.",
      "“group” must be the name of a group, not “a b”.",
      "“select” must be worker_NUMBER or partition_NUMBER_TOPIC, not “me”.",
      "“time” must be seconds from 0 to 1000000, not “soon”.",
      "“paused” must be there or not, without a value, not “no”.",
    ]);
  });

  it("never fails, whatever stands there", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom("scenario", "plan", "seed", "commands", "speed", "time", "paused", "lag", "tab", "group", "select"), fc.string())), async (pairs) => {
        const { place: read } = await readAddress(`?${new URLSearchParams(pairs)}`);
        assert.ok(Number.isSafeInteger(read.run.seed) && read.settings.speed >= 0.1 && read.time >= 0);
      }),
    );
  });

  it("takes no command that is none, and no number that is none", () => {
    for (const text of ["1_crash_-1", "1_crash_1.5", "Infinity_addWorker", "1_rate_NaN", "1_slow_1", "_addWorker", "1_toString", "2e9_addWorker", "1_poison_1_a%zz", "1_rate_1e999", "1_addWorker_audit", "1_addWorker_@", "1_addWorker_@a_@b c", "1_errors_0.5_@a", "1_addGroup_2"]) {
      assert.deepEqual(readCommands(text), { commands: [], passedOver: [text] }, text);
    }
    assert.deepEqual(readCommands("1e-7_rate_5_0").commands, [{ at: 1e-7, command: "rate", perSecond: 5, producer: 0 }]);
    assert.equal(writeCommands([{ at: 3, command: "crash", worker: 0, restart: null }]), "3_crash_0");
    assert.deepEqual([seedOf("12"), seedOf("1.5"), seedOf("9007199254740992"), seedOf("")], [12, undefined, undefined, undefined]);
  });

  it("holds a scenario in fewer letters than its JSON, and no bomb", async () => {
    const { scenario } = presets()[0];
    const text = await packPlan(scenario);
    assert.match(text, /^[\w-]+$/);
    assert.ok(text.length < JSON.stringify(scenario).length * 0.8, `${text.length}`);
    assert.deepEqual(await unpackPlan(text), scenario);
    const bomb = await packPlan({ title: "a".repeat(2_000_000) });
    assert.ok(bomb.length < 5000);
    await assert.rejects(unpackPlan(bomb), /cut off or was changed/);
    await assert.rejects(unpackPlan(await packPlan([1])), /no JSON object/);
  });
});

describe("a run that stops at the times of a link", () => {
  it("is the same run, to the last bit", async () => {
    const { advanceTo, milliseconds, secondsOf } = await load("source/simulation/clock.ts");
    // But for `sequence`, which counts the readings.
    const figures = (simulation) =>
      JSON.parse(
        JSON.stringify([simulation.now, simulation.counts, simulation.workers.map((worker) => [worker.asdict(), worker.snapshot()]), simulation.snapshot()], (key, value) =>
          key === "sequence" ? undefined : value,
        ),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 12 }), fc.nat(), async (steps, seed) => {
        const live = Simulation.of("crash", { seed });
        const commands = [];
        for (const [place, step] of steps.entries()) {
          // Looked at in between, as a page does.
          live.snapshot();
          live.state();
          advanceTo(live, secondsOf(milliseconds(live.now) + step));
          const command = place % 3 === 2 ? { command: "addWorker" } : place % 3 === 1 ? { command: "stall", worker: 0, seconds: 12 } : { command: "rate", perSecond: 40 + place };
          live.command(command);
          commands.push({ ...command, at: live.now });
        }
        advanceTo(live, secondsOf(milliseconds(live.now) + 500));
        const { place: read } = await readAddress(await writeAddress({ ...nothing, run: { scenario: "crash", seed, commands }, time: live.now }));
        const { scenario } = presets().find(({ name }) => name === "crash");
        const again = Simulation.of({ ...scenario, seed, commands: [...scenario.commands, ...read.run.commands] });
        advanceTo(again, read.time);
        assert.deepEqual(figures(again), figures(live));
        live.free();
        again.free();
      }),
      { numRuns: 25 },
    );
  });

  it("comes to any millisecond exactly, from any other", async () => {
    const { advanceTo } = await load("source/simulation/clock.ts");
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1e9 }), { minLength: 1, maxLength: 20 }), (stops) => {
        // Adds as the simulation does.
        const passing = {
          now: 0,
          advance(seconds) {
            assert.ok(seconds >= 0 && seconds <= 86_400);
            this.now += seconds;
          },
        };
        for (const stop of stops.sort((one, other) => one - other)) {
          advanceTo(passing, stop / 1000);
          assert.equal(passing.now, stop / 1000);
        }
      }),
    );
  });
});
