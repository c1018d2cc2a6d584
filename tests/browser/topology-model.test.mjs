// Where things lie and how they move: geometry, depths, ages, ways of records. Without a document.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { geometryOf, heightFor, targetAt, evenPointOn, lengthOf, curveBetween } = await load("model/geometry.ts");
const { depth, depthMarks, fullFor } = await load("model/depth.ts");
const { ageStep, AGE_STEPS } = await load("model/ages.ts");
const { Motion, curvesOf, hasMoved } = await load("model/motion.ts");
const { Particles, stepAt, ageOf } = await load("model/particles.ts");
const { FrameTime, MOST_LATE } = await load("model/frame-time.ts");
const { Placer } = await load("model/particle-place.ts");

const SHAPES = {
  steady: { producers: 2, topics: [6, 3], workers: 3, ends: 5 },
  live: { producers: 0, topics: [12], workers: 2, ends: 1 },
  one: { producers: 1, topics: [1], workers: 1, ends: 3 },
  storm: { producers: 1, topics: [12], workers: 4, ends: 3 },
  many: { producers: 2, topics: [600, 400], workers: 50, ends: 5 },
  alike: { producers: 1, topics: Array(10).fill(100), workers: 50, ends: 5 },
  nothing: { producers: 0, topics: [], workers: 0, ends: 0 },
};
/** The picture's widths: of a phone's, a tablet's, a usual and a very wide page. */
const WIDTHS = [306, 534, 599, 600, 754, 1300, 1874, 2340];

const lanesOf = ({ topics }) => topics.reduce((sum, lanes) => sum + lanes, 0);
const laidOut = (shape, width) => geometryOf(shape, width, heightFor(lanesOf(shape), shape.workers, width));

function overlap(one, other) {
  return one.x < other.x + other.width - 0.01 && other.x < one.x + one.width - 0.01 && one.y < other.y + other.height - 0.01 && other.y < one.y + one.height - 0.01;
}

for (const [name, shape] of Object.entries(SHAPES)) {
  test(`${name}: at every width all lies inside, and nothing on anything else`, () => {
    for (const width of WIDTHS) {
      const geometry = laidOut(shape, width);
      const { height } = geometry;
      const inGrid = geometry.isGrid ? [...geometry.titles, geometry.worst] : [];
      const boxes = [...inGrid, ...geometry.producers, ...geometry.lanes.map(({ track }) => track), ...geometry.workers.map(({ box }) => box), ...geometry.ends];
      assert.equal(geometry.lanes.length, lanesOf(shape));
      assert.equal(geometry.workers.length, shape.workers);
      for (const box of boxes) {
        const is = `${JSON.stringify(box)} at ${width} × ${height}`;
        assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 0.01 && box.y + box.height <= height + 0.01, is);
        assert.ok(box.width > 0 && box.height > 0, is);
      }
      for (const [place, box] of boxes.entries()) {
        const under = boxes.slice(place + 1).find((other) => overlap(box, other));
        assert.equal(under, undefined, `${JSON.stringify(box)} lies on ${JSON.stringify(under)} at ${width}`);
      }
    }
  });
}

test("lanes are lanes while there is room, and cells of a grid for a thousand", () => {
  for (const width of WIDTHS) {
    assert.equal(laidOut(SHAPES.storm, width).isGrid, false, `12 lanes at ${width}`);
    assert.equal(laidOut(SHAPES.many, width).isGrid, true, `1,000 at ${width}`);
    assert.equal(laidOut(SHAPES.storm, width).isUpright, width < 600);
  }
});

test("the flow goes from left to right, or from top to bottom", () => {
  const across = laidOut(SHAPES.steady, 754);
  const right = ({ x, width }) => x + width;
  assert.ok(right(across.producers[0]) < across.lanes[0].track.x);
  assert.ok(right(across.lanes[0].track) < across.workers[0].inlet.x);
  assert.ok(right(across.workers[0].box) < across.ends[0].x);
  const down = laidOut(SHAPES.steady, 306);
  const bottom = ({ y, height }) => y + height;
  assert.ok(bottom(down.producers[0]) < down.lanes[0].track.y);
  assert.ok(bottom(down.lanes[0].track) < down.workers[0].inlet.y);
  assert.ok(bottom(down.workers[0].box) < down.ends[0].y);
});

test("without producers the lanes begin at the edge", () => {
  assert.equal(laidOut(SHAPES.live, 754).lanes[0].gate.x, 0);
});

test("all presets have the same height, so that changing them shifts nothing", () => {
  assert.deepEqual([4, 6, 8, 9, 12].map((lanes) => heightFor(lanes, 4, 754)), [368, 368, 368, 368, 368]);
  assert.equal(heightFor(16, 4, 754), 448);
  assert.equal(heightFor(1000, 50, 754), 560);
  assert.deepEqual([heightFor(8, 4, 306), heightFor(1000, 50, 306)], [540, 720]);
});

test("what lies under a point is found", () => {
  const geometry = laidOut(SHAPES.steady, 754);
  const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });
  for (let place = 0; place < 9; place += 1) {
    assert.deepEqual(targetAt(geometry, middle(geometry.lanes[place].track)), { kind: "lane", place });
    assert.deepEqual(targetAt(geometry, middle(geometry.lanes[place].gate)), { kind: "lane", place });
  }
  assert.deepEqual(targetAt(geometry, middle(geometry.workers[2].box)), { kind: "worker", place: 2 });
  assert.deepEqual(targetAt(geometry, middle(geometry.producers[1])), { kind: "producer", place: 1 });
  assert.deepEqual(targetAt(geometry, middle(geometry.ends[4])), { kind: "end", place: 4 });
  assert.equal(targetAt(geometry, { x: 753, y: 1 }), undefined);
  const grid = laidOut(SHAPES.many, 754);
  assert.deepEqual(targetAt(grid, middle(grid.lanes[777].track)), { kind: "lane", place: 777 });
});

test("points on a curve are as far from each other all the way", () => {
  const curve = curveBetween({ x: 0, y: 0 }, { x: 100, y: 80 }, false);
  assert.deepEqual(evenPointOn(curve, 0), { x: 0, y: 0 });
  assert.deepEqual(evenPointOn(curve, 1), { x: 100, y: 80 });
  const step = lengthOf(curve) / 10;
  for (let part = 0; part < 10; part += 1) {
    const [from, to] = [evenPointOn(curve, part / 10), evenPointOn(curve, (part + 1) / 10)];
    assert.ok(Math.abs(Math.hypot(to.x - from.x, to.y - from.y) - step) < step * 0.06);
  }
});

test("while a state is late the picture's time goes on with the screen's frames, and never back", () => {
  const time = new FrameTime();
  const shown = (known, clock, frameAt, pace = 1) => Math.round(time.at(known, pace, clock, frameAt) * 1e6) / 1e6;
  // In time: a frame after it was asked for, a state is drawn as it is.
  assert.equal(shown(10, 1016, 1000), 10);
  assert.equal(shown(10.016, 1033, 1016), 10.016333);
  // Late by three frames.
  assert.deepEqual([1050, 1066, 1083].map((clock) => shown(10.016, clock, 1016)), [10.033333, 10.049333, 10.066333]);
  // It came, and tells of no more time than was asked for then: the picture waits for it.
  assert.equal(shown(10.033, 1100, 1083), 10.066333);
  assert.equal(shown(10.1, 1116, 1100), 10.1);
  // Twelve times as fast.
  assert.equal(shown(20, 2050, 2000, 12), 20.4);
  time.clear();
  // At most so far, however long nothing comes.
  assert.equal(shown(1, 9000, 1000, 2), 1 + (2 * MOST_LATE) / 1000);
  // Slower all at once: it does not stand still for as long as it was ahead.
  assert.equal(shown(1, 9000, 8990, 0.1), 1 + (0.1 * MOST_LATE) / 1000);
  // Where time does not go by frames, it is what it is.
  assert.equal(shown(1, 9000, undefined), 1);
});

test("a lane's depth goes by the logarithm, and its scale by powers of ten that do not flutter", () => {
  assert.equal(depth(0, 100), 0);
  assert.equal(depth(100, 100), 1);
  assert.equal(depth(5000, 100), 1);
  assert.ok(Math.abs(depth(9, 99) - 0.5) < 1e-12);
  assert.deepEqual(depthMarks(1000), [0, 1, 10, 100, 1000]);
  assert.equal(fullFor(0), 100);
  assert.equal(fullFor(101), 1000);
  assert.equal(fullFor(2400), 10_000);
  assert.equal(fullFor(900, 10_000), 10_000, "it stays while that is near");
  assert.equal(fullFor(300, 10_000), 1000);
});

test("a record's colour steps with its age, from 0.1 s to a minute", () => {
  assert.deepEqual([0, 0.1, 1, 5, 20, 60, 900].map(ageStep), [0, 0, 4, 8, 12, 16, 16]);
  assert.equal(AGE_STEPS, 17);
  let last = 0;
  for (let age = 0.05; age < 100; age *= 1.1) {
    assert.ok(ageStep(age) >= last);
    last = ageStep(age);
  }
});

const sceneAt = (time, owners, waiting = 0, oldestSeconds = null) => ({
  time,
  isRebalancing: false,
  producers: [{ name: "p", rate: 1 }],
  topics: [{ name: "orders", first: 0, lanes: owners.length, waiting: 0 }],
  lanes: owners.map((owner, partition) => ({ topic: "orders", partition, owner, waiting, oldestSeconds, held: 0 })),
  workers: [0, 1].map((id) => ({ id, name: `worker-${id}`, state: "running" })),
  ends: [{ kind: "sink", name: "orders-results", count: 0 }, { kind: "table", name: "t", count: 0 }, { kind: "deadLetters", name: "dead letters", count: 0 }],
});

test("water settles, and at once where nothing was before", () => {
  const motion = new Motion();
  motion.update(sceneAt(0, [0], 9), 1);
  assert.equal(motion.depths[0], depth(9, 100));
  motion.update(sceneAt(0.05, [0], 99), 1);
  assert.ok(motion.depths[0] > depth(9, 100) && motion.depths[0] < depth(99, 100));
  for (let time = 0.1; time < 3; time += 0.05) motion.update(sceneAt(time, [0], 99), 1);
  assert.ok(Math.abs(motion.depths[0] - depth(99, 100)) < 1e-4);
});

test("a lane that changes hands: the old curve fades, nobody's time is seen, the new curve comes, and the move is told", () => {
  const motion = new Motion();
  motion.update(sceneAt(10, [0]), 1);
  assert.deepEqual(curvesOf(motion.ownerships[0], 10), { owner: 1, last: 0 });
  motion.update(sceneAt(11, [-1]), 1);
  assert.deepEqual(curvesOf(motion.ownerships[0], 11), { owner: 1, last: 1 });
  assert.equal(motion.ownerships[0].owner, -1);
  motion.update(sceneAt(11.55, [1]), 1);
  const { owner, last } = curvesOf(motion.ownerships[0], 11.55);
  assert.deepEqual([motion.ownerships[0].last, motion.ownerships[0].owner, owner], [0, 1, 0]);
  assert.ok(Math.abs(last - 0.5) < 1e-9);
  assert.deepEqual(curvesOf(motion.ownerships[0], 13), { owner: 1, last: 0 });
  assert.deepEqual([hasMoved(motion.ownerships[0], 13), hasMoved(motion.ownerships[0], 16)], [true, false]);
});

test("who gets a lane back did not move it", () => {
  const motion = new Motion();
  for (const [time, owner] of [[1, 0], [2, -1], [3, 0]]) motion.update(sceneAt(time, [owner]), 1);
  assert.equal(hasMoved(motion.ownerships[0], 3), false);
});

/** A state with one particle; stages by their numbers: 1 waits, 2 buffered, 3 handled, 5 done, 6 dead. */
const stateAt = (now, stage, since, worker = -1, id = 7) => ({
  now,
  particles: { id: Float64Array.of(id), born: Float64Array.of(10), producer: Float64Array.of(0), partition: Float64Array.of(0), stage: Float64Array.of(stage), since: Float64Array.of(since), worker: Float64Array.of(worker) },
});

test("a record goes through its stations one after the other, however fast it really was", () => {
  const particles = new Particles();
  particles.update(stateAt(10, 1, 10), 1);
  const [record] = particles.all;
  assert.deepEqual(record.steps.map(({ station }) => station), ["producer", "lane"]);
  particles.update(stateAt(10.04, 5, 10.03, 1), 1);
  assert.deepEqual(record.steps.map(({ station }) => station), ["producer", "lane", "handler", "done"]);
  for (let place = 1; place < record.steps.length; place += 1) {
    const before = record.steps[place - 1];
    assert.ok(record.steps[place].start >= before.start + before.way - 1e-12, "a way begins when the last is over");
  }
  assert.deepEqual(stepAt(record, 10.45), { place: 1, part: (10.45 - 10) / 0.9 });
  assert.ok(Math.abs(ageOf(record, 12) - 0.03) < 1e-9, "its age is that at its end");
  const over = record.steps.at(-1).start + record.steps.at(-1).way;
  particles.update(stateAt(over - 0.01, 5, 10.03, 1), 1);
  assert.equal(particles.count, 1);
  particles.update(stateAt(over + 0.01, 5, 10.03, 1), 1);
  assert.equal(particles.count, 0);
});

test("a record that was over long ago is not shown, nor one that the state forgot", () => {
  const particles = new Particles();
  particles.update(stateAt(20, 5, 10.03, 1), 1);
  assert.equal(particles.count, 0);
  particles.update(stateAt(20, 1, 10), 1);
  assert.equal(particles.count, 1);
  particles.update(stateAt(21, 1, 20.5, -1, 8), 1);
  assert.deepEqual([...particles.all].map(({ id }) => id), [8]);
});

test("at ten times the speed a way takes ten times the virtual time: as long for the eye", () => {
  const particles = new Particles();
  particles.update(stateAt(10, 1, 10), 10);
  const [record] = particles.all;
  assert.equal(stepAt(record, 14.5).part, 0.5);
});

test("where a record is drawn: out of its producer, at its place in the queue, in the tray, with its handler, to its end", () => {
  const geometry = geometryOf({ producers: 1, topics: [2], workers: 2, ends: 3 }, 754, 368);
  const lane = geometry.lanes[0];
  const placed = (particles, scene) => {
    const placer = new Placer({ scene, geometry, depths: scene.lanes.map(({ waiting }) => depth(waiting, 100)), full: 100 });
    return placer.place([...particles.all][0], scene.time);
  };
  const particles = new Particles();
  particles.update(stateAt(10, 1, 10), 1);
  const start = placed(particles, sceneAt(10, [0, 1]));
  assert.ok(Math.abs(start.x - (geometry.producers[0].x + geometry.producers[0].width)) < 1e-9);

  // 99 wait, the oldest for 20 s; this one for 10 s: half of them are ahead.
  const waits = placed(particles, sceneAt(20, [0, 1], 99, 20));
  assert.ok(Math.abs(waits.x - (lane.head.x - depth(49.5, 100) * lane.track.width)) < 1e-9);
  assert.equal(waits.y, lane.head.y);
  // The oldest of all is the next.
  assert.ok(Math.abs(placed(particles, sceneAt(30, [0, 1], 99, 20)).x - lane.head.x) < 1e-9);

  particles.update(stateAt(30, 2, 30, 1), 1);
  const worker = geometry.workers[1];
  const buffered = placed(particles, sceneAt(32, [1, 1]));
  assert.ok(buffered.x < worker.mouth.x && buffered.x > worker.inlet.x);
  assert.equal(buffered.y, worker.mouth.y);
  particles.update(stateAt(32, 3, 32, 1), 1);
  assert.deepEqual(placed(particles, sceneAt(33, [1, 1])), worker.ring);
  particles.update(stateAt(33, 5, 33, 1), 1);
  const leaves = placed(particles, sceneAt(33.79, [1, 1]));
  assert.ok(leaves.x > worker.outlet.x && geometry.ends[0].x - leaves.x < 3, "nearly at the sink");
  assert.equal(placed(particles, sceneAt(33.81, [1, 1])), undefined);
});

test("a dead letter goes where dead letters are", () => {
  const geometry = geometryOf({ producers: 1, topics: [1], workers: 1, ends: 3 }, 754, 368);
  const particles = new Particles();
  particles.update(stateAt(10, 3, 10, 0), 1);
  particles.update(stateAt(20, 6, 20, 0), 1);
  const scene = sceneAt(21, [0]);
  const at = new Placer({ scene, geometry, depths: [0], full: 100 }).place([...particles.all][0], scene.time);
  assert.deepEqual(at, { x: geometry.ends[2].x, y: geometry.ends[2].y + geometry.ends[2].height / 2 });
});
