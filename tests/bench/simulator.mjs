// How many hook calls a second the simulator makes in wasm: `node tests/bench/simulator.mjs`.
import { presets, Simulation } from "streamgauge/sim";

/** Calls of the monitors' hooks, read from their figures. */
function hookCalls(simulation) {
  const { messages, events, tables, commits, consumer } = simulation.snapshot();
  const ofTables = Object.values(tables).reduce((sum, table) => sum + table.keysRetrieved + table.keysUpdated + table.keysDeleted, 0);
  return messages.received * 2 + events.total * 2 + ofTables + messages.sent * 2 + commits.completed * 3 + consumer.polls + consumer.heartbeats;
}

const large = {
  topics: Array.from({ length: 10 }, (_, number) => ({ name: `topic-${number}`, partitions: 100 })),
  producers: [{ pace: { perSecond: 20_000 } }],
  group: { workers: 50, concurrency: 8, buffer: 1000 },
};

for (const [name, scenario, seconds] of [...presets().map((one) => [one.name, one.scenario, 300]), ["1,000 partitions", large, 10]]) {
  const simulation = Simulation.of(scenario);
  simulation.advance(1);
  const started = performance.now();
  simulation.advance(seconds - 1);
  const took = (performance.now() - started) / 1000;
  const drawing = performance.now();
  for (let frame = 0; frame < 100; frame += 1) simulation.state();
  const state = (performance.now() - drawing) / 100;
  const rate = hookCalls(simulation) / took / 1e6;
  console.log(`${name.padEnd(18)} ${String(seconds).padStart(4)} s in ${took.toFixed(3)} s, ${rate.toFixed(2)} million hook calls a second; state() ${state.toFixed(3)} ms`);
  simulation.free();
}
