// How many hook calls a second the simulator makes in wasm: `node tests/bench/simulator.mjs`.
import { presets, Simulation } from "streamgauge/sim";
import { hookCalls, large } from "./hook-calls.mjs";

for (const [name, scenario, seconds] of [...presets().map((one) => [one.name, one.scenario, 300]), ["1,000 partitions", large, 10]]) {
  const simulation = Simulation.of(scenario);
  simulation.advance(1);
  const started = performance.now();
  simulation.advance(seconds - 1);
  const took = (performance.now() - started) / 1000;
  const drawing = performance.now();
  for (let frame = 0; frame < 100; frame += 1) simulation.state();
  const state = (performance.now() - drawing) / 100;
  const rate = hookCalls(simulation.snapshot()) / took / 1e6;
  console.log(`${name.padEnd(18)} ${String(seconds).padStart(4)} s in ${took.toFixed(3)} s, ${rate.toFixed(2)} million hook calls a second; state() ${state.toFixed(3)} ms`);
  simulation.free();
}
