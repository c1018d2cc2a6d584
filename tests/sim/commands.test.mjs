// A command given live is the same as the one that a scenario holds for that time.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { presets, Simulation } from "streamgauge/sim";

const worker = fc.nat({ max: 2 });
const seconds = fc.constantFrom(0, 0.5, 5, 16);
const command = fc.oneof(
  fc.record({ command: fc.constant("rate"), perSecond: fc.constantFrom(0, 40, 300) }),
  fc.record({ command: fc.constant("handlerTime"), mean: fc.constantFrom(0.001, 0.05) }),
  fc.record({ command: fc.constant("errors"), share: fc.constantFrom(0, 0.5) }),
  fc.record({ command: fc.constant("handlerErrors"), share: fc.constantFrom(0, 0.5) }),
  fc.record({ command: fc.constant("slow"), worker, factor: fc.constantFrom(1, 8) }),
  fc.record({ command: fc.constant("stall"), worker, seconds }),
  fc.record({ command: fc.constant("blip"), worker, seconds }),
  fc.record({ command: fc.constant("crash"), worker, restart: fc.oneof(seconds, fc.constant(null)) }),
  fc.record({ command: fc.constant("addWorker") }),
  fc.record({ command: fc.constant("removeWorker"), worker }),
  fc.record({ command: fc.constant("brokerStall"), broker: worker, seconds }),
  fc.record({ command: fc.constant("poison"), topic: fc.constant("orders"), count: fc.constantFrom(1, 3) }),
  fc.record({ command: fc.constant("hotKey"), topic: fc.constant("orders"), share: fc.constantFrom(0, 0.7) }),
  fc.record({ command: fc.constant("rebalance") }),
);
/** Quarters of a second: many fall on a tick, a heartbeat or each other. */
const script = fc.array(fc.tuple(fc.nat({ max: 40 }), command), { minLength: 1, maxLength: 10 });

const everything = (simulation) => [
  simulation.now,
  simulation.counts,
  simulation.journal(),
  simulation.deadLetters(),
  Buffer.from(simulation.state().buffer).toString("base64"),
  simulation.workers.map((one) => [one.state, one.asdict(), one.snapshot()]),
];

describe("a live command", () => {
  it("does what the same command in the scenario does, to the last bit", () => {
    const plans = ["crash", "hot-key", "broker-stall", "steady-state"].map((name) => presets().find((preset) => preset.name === name).scenario);
    fc.assert(
      fc.property(fc.constantFrom(...plans), fc.nat(), script, fc.nat({ max: 80 }), (plan, seed, steps, rest) => {
        const live = Simulation.of(plan, { seed });
        const commands = [];
        for (const [quarters, what] of steps) {
          live.advance(quarters / 4);
          live.command(what);
          commands.push({ ...what, at: live.now });
        }
        live.advance(rest / 4);
        const planned = Simulation.of({ ...plan, seed, commands: [...(plan.commands ?? []), ...commands] });
        planned.advance(live.now);
        assert.deepEqual(everything(planned), everything(live));
        live.free();
        planned.free();
      }),
      { numRuns: 60 },
    );
  });

  it("comes after what is due at its time", () => {
    const quiet = { producers: [], topics: ["orders"], group: { workers: 1 }, web: { perSecond: 0 } };
    const planned = Simulation.of({ ...quiet, commands: [{ at: 3, command: "stall", worker: 0, seconds: 5 }] });
    planned.advance(4);
    const live = Simulation.of(quiet);
    live.advance(3);
    live.command({ command: "stall", worker: 0, seconds: 5 });
    live.advance(1);
    // The heartbeats at 0 and 3 s came before it.
    assert.equal(planned.snapshot().consumer.heartbeats, 2);
    assert.equal(live.snapshot().consumer.heartbeats, 2);
  });
});
