// What the picture shows, and in what words: scenes of real simulations and snapshots, without a document.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PARTICLE_STAGES, Simulation, WORKER_STATES } from "streamgauge/sim";
import { load } from "./modules.mjs";

const { sceneOfSimulation } = await load("model/scene-simulation.ts");
const { sceneOfSnapshot } = await load("model/scene-snapshot.ts");
const { foldedEnds } = await load("model/scene.ts");
const { flowsBetween } = await load("model/scene-flows.ts");
const words = await load("model/scene-words.ts");

function layoutOf(simulation) {
  return { partitions: simulation.partitions.map(({ topic, partition }) => ({ topic, partition })), producers: simulation.producers, brokers: 3 };
}

function momentOf(simulation) {
  const state = simulation.state();
  return {
    time: simulation.now,
    snapshot: simulation.snapshot(),
    workers: simulation.workers.map(({ id, name, state: at, inFlight, buffered, utilization, eventsRuntimeAvg }) => ({
      id, name, state: at, inFlight, buffered, utilization, owned: state.workers.owned[id], faustMedian: eventsRuntimeAvg,
    })),
    isRebalancing: simulation.isRebalancing,
    generation: state.generation,
    produced: simulation.counts.produced,
  };
}

const sceneOf = (simulation, flows) => sceneOfSimulation(layoutOf(simulation), simulation.state(), momentOf(simulation), flows);
const ownersOf = (scene) => scene.lanes.map(({ owner }) => owner);

test("the steady state: two producers, nine lanes of two topics, three workers, and where results end", () => {
  const simulation = Simulation.of("steady-state");
  simulation.advance(20);
  const scene = sceneOf(simulation);
  assert.deepEqual(scene.producers, [{ name: "shop", rate: 80 }, { name: "bank", rate: 40 }]);
  assert.deepEqual(scene.topics.map(({ name, first, lanes }) => [name, first, lanes]), [["orders", 0, 6], ["payments", 6, 3]]);
  assert.deepEqual(ownersOf(scene), [0, 1, 2, 0, 1, 2, 0, 1, 2]);
  assert.deepEqual(scene.workers.map(({ name, state, owned }) => [name, state, owned]), [["worker-0", "running", 3], ["worker-1", "running", 3], ["worker-2", "running", 3]]);
  assert.deepEqual(scene.ends.map(({ kind, name }) => [kind, name]), [
    ["sink", "orders-results"], ["sink", "payments-results"], ["table", "orders-table"], ["table", "payments-table"], ["deadLetters", "dead letters"],
  ]);
  const { sentByTopic } = simulation.snapshot().messages;
  assert.equal(scene.ends[0].count, sentByTopic["orders-results"]);
  assert.ok(scene.ends[0].count > 1000);
  for (const lane of scene.lanes) assert.equal(lane.waiting, lane.end - lane.position);
});

test("a hot key: one of eight lanes grows, and only that", () => {
  const simulation = Simulation.of("hot-key");
  simulation.advance(59);
  assert.ok(sceneOf(simulation).topics[0].waiting < 50, "before it nobody waits long");
  simulation.advance(41);
  const { lanes } = sceneOf(simulation);
  assert.equal(lanes.length, 8);
  const longest = lanes.reduce((most, lane) => (lane.waiting > most.waiting ? lane : most));
  const others = lanes.reduce((sum, { waiting }) => sum + waiting, 0) - longest.waiting;
  assert.ok(longest.waiting > 400 && others < longest.waiting / 10, `${longest.waiting} and ${others}`);
  assert.ok(longest.oldestSeconds > 5);
});

test("a crash: its lanes stay its own and fill until the group takes them; the others get them", () => {
  const simulation = Simulation.of("crash");
  simulation.advance(100);
  const dead = sceneOf(simulation);
  assert.equal(dead.workers[1].state, "crashed");
  assert.deepEqual(ownersOf(dead), [0, 1, 2, 0, 1, 2]);
  assert.equal(dead.isRebalancing, false);
  assert.ok(dead.lanes[1].waiting > 50 && dead.lanes[4].waiting > 50);
  assert.match(words.laneInWords(dead.lanes[1], dead), /^orders 1, owned by worker-1 \(crashed\): \d+ records waiting, oldest 5\.\d\d s old/);

  while (!simulation.isRebalancing) simulation.advance(0.02);
  const between = sceneOf(simulation);
  assert.equal(between.isRebalancing, true);
  while (simulation.isRebalancing) simulation.advance(0.02);
  const after = sceneOf(simulation);
  assert.deepEqual(ownersOf(after), [0, 0, 2, 0, 2, 2]);
});

test("in an eager rebalance there is a time when no lane has an owner, and the picture says it", () => {
  const simulation = Simulation.of("rebalance-storm");
  simulation.advance(66);
  const isUnowned = () => simulation.state().partitions.owner.every((owner) => owner < 0);
  while (!isUnowned() && simulation.now < 130) simulation.advance(0.01);
  const unowned = isUnowned() ? sceneOf(simulation) : undefined;
  assert.ok(unowned, "all lanes were without an owner once");
  assert.match(words.sceneInWords(unowned), /The group is rebalancing: nobody reads\.$/);
  assert.match(words.laneInWords(unowned.lanes[3], unowned), /^orders 3, without an owner: /);
});

test("a stalled broker's lanes are stalled, and say what is held back", () => {
  const simulation = Simulation.of("broker-stall");
  simulation.advance(100);
  const scene = sceneOf(simulation);
  assert.deepEqual(scene.lanes.filter(({ isStalled }) => isStalled).map(({ partition, broker }) => [partition, broker]), [[1, 1], [4, 1], [7, 1]]);
  assert.ok(scene.lanes[1].held > 50);
  assert.match(words.laneInWords(scene.lanes[1], scene), /[\d,]+ records held back by producers, broker 1 answers nobody$/);
});

test("a snapshot alone gives the same scene, but for what nobody knows", () => {
  const simulation = Simulation.of("slow-consumer");
  simulation.advance(100);
  const simulated = sceneOf(simulation);
  const scene = sceneOfSnapshot(momentOf(simulation));
  assert.deepEqual(scene.producers, []);
  assert.deepEqual(ownersOf(scene), ownersOf(simulated));
  assert.deepEqual(scene.lanes.map(({ waiting, end, committed, isPaused }) => [waiting, end, committed, isPaused]), simulated.lanes.map(({ waiting, end, committed, isPaused }) => [waiting, end, committed, isPaused]));
  assert.deepEqual(scene.workers, simulated.workers);
  assert.deepEqual(scene.ends, simulated.ends);
  assert.ok(scene.lanes.every(({ broker, held }) => broker === null && held === 0));
});

test("a worker that only partitions speak of gets a place", () => {
  const partition = (number, worker, owned) => ({
    topic: "t", partition: number, worker, at: 0, owned, paused: false, position: 3, committed: null, end: 10, lag: 7, committedLag: null,
    lagSeconds: null, lagMethod: "unknown", slope: null, catchUpSeconds: null, status: "ok", reason: "",
  });
  const snapshot = { messages: { sentByTopic: {}, deadLettered: 2 }, tables: {}, partitions: [partition(0, "a", true), partition(1, "b", true), partition(2, "b", false)] };
  const known = { id: 4, name: "a", state: null, inFlight: null, buffered: null, utilization: null, owned: 1, faustMedian: null };
  const scene = sceneOfSnapshot({ time: 9, snapshot, workers: [known], isRebalancing: false, generation: 0, produced: null });
  assert.deepEqual(scene.workers.map(({ id, name, owned, state }) => [id, name, owned, state]), [[4, "a", 1, null], [5, "b", 1, null]]);
  assert.deepEqual(ownersOf(scene), [0, 1, -1]);
  assert.equal(words.laneInWords(scene.lanes[1], scene), "t 1, owned by b: 7 records waiting, high watermark 10");
  assert.deepEqual(scene.ends, [{ kind: "deadLetters", name: "dead letters", count: 2 }]);
});

test("before the first snapshot there is an empty scene", () => {
  const scene = sceneOfSnapshot({ time: 0, snapshot: undefined, workers: [], isRebalancing: false, generation: 0, produced: null });
  assert.deepEqual(scene, { time: 0, isRebalancing: false, producers: [], topics: [], lanes: [], workers: [], ends: [] });
});

test("flows are what came and went between two moments, per second", () => {
  const simulation = Simulation.of("broker-stall");
  simulation.advance(95);
  const earlier = momentOf(simulation);
  simulation.advance(4);
  const later = momentOf(simulation);
  const flows = flowsBetween(earlier, later);
  const [before, after] = [earlier.snapshot.partitions[0], later.snapshot.partitions[0]];
  assert.ok(Math.abs(flows.get("0 orders").arriving - (after.end - before.end) / 4) < 1e-9);
  assert.ok(flows.get("0 orders").arriving > 5 && flows.get("0 orders").leaving > 5);
  assert.equal(flows.get("1 orders").leaving, 0);
  const { lanes } = sceneOf(simulation, flows);
  assert.equal(lanes[1].leaving, 0);
  assert.equal(lanes[0].leaving, flows.get("0 orders").leaving);
  assert.equal(flowsBetween(undefined, later).size, 0);
  assert.equal(flowsBetween(later, later).size, 0);
});

test("many ends are summed up", () => {
  const sink = (name, count) => ({ kind: "sink", name, count });
  const ends = [sink("a", 1), sink("b", 2), sink("c", 4), { kind: "table", name: "t", count: 8 }, { kind: "deadLetters", name: "dead letters", count: 0 }];
  assert.deepEqual(foldedEnds(ends, 2).map(({ name, count }) => [name, count]), [["a", 1], ["2 more topics", 6], ["t", 8], ["dead letters", 0]]);
  assert.deepEqual(foldedEnds(ends, 1).map(({ name, count }) => [name, count]), [["3 topics", 7], ["t", 8], ["dead letters", 0]]);
});

test("a poison message: results stand before dead letters, and what is done goes to the results", async () => {
  const { endOf } = await load("model/particle-place.ts");
  const simulation = Simulation.of("poison-message");
  simulation.advance(100);
  const scene = sceneOf(simulation);
  assert.deepEqual(scene.ends.map(({ name }) => name), ["orders-results", "orders-dead-letters", "orders-table", "dead letters"]);
  assert.equal(scene.ends.at(-1).count, 1);
  assert.deepEqual([endOf(scene, 0, false), endOf(scene, 0, true)], [0, 3]);
});

test("words are whole sentences with the right forms", () => {
  const lane = { topic: "orders", partition: 3, owner: 0, broker: null, end: 20_311, position: 19_107, committed: 19_107, waiting: 1204, held: 0, oldestSeconds: 12.3, isStalled: false, isPaused: false };
  const worker = { id: 1, name: "worker-1", state: "running", utilization: 0.624, inFlight: 1, buffered: 5, owned: 3 };
  const scene = { time: 0, isRebalancing: false, producers: [{ name: "p", rate: 3 }], topics: [{ name: "orders", first: 0, lanes: 1, waiting: 1204 }], lanes: [lane], workers: [worker], ends: [] };
  assert.equal(words.laneInWords(lane, scene), "orders 3, owned by worker-1: 1,204 records waiting, oldest 12 s old, high watermark 20,311, committed 19,107");
  assert.equal(words.laneInWords({ ...lane, waiting: 1, oldestSeconds: 200, isPaused: true }, scene), "orders 3, owned by worker-1: 1 record waiting, oldest 3 min 20 s old, high watermark 20,311, committed 19,107, paused");
  assert.equal(words.laneInWords({ ...lane, waiting: null, end: null, committed: null }, scene), "orders 3, owned by worker-1: lag not known");
  assert.equal(words.workerInWords(worker), "worker-1, running: 3 partitions, 62% busy, 5 records buffered, 1 in flight");
  assert.equal(words.workerInWords({ ...worker, state: null, utilization: null, inFlight: null, buffered: null, owned: 1 }), "worker-1: 1 partition");
  assert.equal(words.sceneInWords(scene), "1 producer writes to 1 partition of 1 topic, read by 1 worker; 1,204 records waiting.");
});

test("the numbers of stages and states are the simulator's", async () => {
  const simulation = Simulation.of("steady-state");
  const state = simulation.state();
  for (const [number, name] of WORKER_STATES.entries()) {
    state.workers.state[0] = number;
    assert.equal(sceneOfSimulation(layoutOf(simulation), state, undefined).workers[0].state, name);
  }
  const { Particles } = await load("model/particles.ts");
  for (const [number, name] of PARTICLE_STAGES.entries()) {
    const particles = new Particles();
    const column = (value) => Float64Array.of(value);
    particles.update({ now: 1, particles: { id: column(1), born: column(1), producer: column(0), partition: column(0), stage: column(number), since: column(1), worker: column(0) } }, 1);
    assert.equal([...particles.all][0].stage, name);
  }
});
