// The deltas of `/events`: whatever changed, the copy is what the original is.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { applied, difference } from "streamgauge/live";
import { Monitor } from "streamgauge";

const overTheWire = (value) => JSON.parse(JSON.stringify(value));

/** What a reader has who had `before` and is told of `after`. */
function told(before, after) {
  const delta = difference(before, after);
  return delta === undefined ? before : applied(before, overTheWire(delta));
}

const keys = fc.oneof(fc.constantFrom("__proto__", "constructor", "0", "1", "", "a", "b", "toString"), fc.string());
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, 1, "", "x", 0.1),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.array(tie("json"), { maxLength: 6 }),
    fc.array(tie("json"), { maxLength: 6 }).map((values) => values.map((value) => [value, null])),
    fc.dictionary(keys, tie("json"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));
const plain = json.map(overTheWire);

describe("a delta", () => {
  it("turns any value into any other, and leaves the old one as it was", () => {
    fc.assert(
      fc.property(plain, plain, (before, after) => {
        const copy = structuredClone(before);
        assert.deepStrictEqual(told(before, after), after);
        assert.deepStrictEqual(before, copy);
      }),
      { numRuns: 3000 },
    );
  });

  it("turns a value into a like one, which is the usual case", () => {
    const changedSomewhere = fc.tuple(plain, fc.infiniteStream(fc.boolean()), plain).map(([value, coins, other]) => {
      const change = (one) => {
        if (coins.next().value && coins.next().value && coins.next().value) return other;
        if (Array.isArray(one)) return one.map(change);
        if (typeof one === "object" && one !== null) return JSON.parse(`{${Object.entries(one).map(([key, inside]) => `${JSON.stringify(key)}:${JSON.stringify(change(inside))}`).join()}}`);
        return one;
      };
      return [value, overTheWire(change(value))];
    });
    fc.assert(fc.property(changedSomewhere, ([before, after]) => assert.deepStrictEqual(told(before, after), after)), { numRuns: 3000 });
  });

  it("is written as the docs say", () => {
    const before = { count: 1, gone: 2, lag: 3, byTopic: { a: 1 }, list: [{ x: 1 }, { x: 2 }, { x: 3 }] };
    const after = { count: 2, lag: null, byTopic: { a: 1, b: 5 }, list: [{ x: 1 }, { x: 9 }] };
    assert.deepEqual(difference(before, after), { count: [2], gone: [], lag: [null], byTopic: { b: [5] }, list: { 1: { x: [9] }, 2: [] } });
    assert.deepEqual(difference([{ x: 1 }], [{ x: 1 }, { x: 2 }]), { 1: [{ x: 2 }] });
    assert.deepEqual(difference({ buckets: [1, 2, 3] }, { buckets: [4, 5, 6] }), { buckets: [[4, 5, 6]] });
    assert.equal(difference(before, structuredClone(before)), undefined);
    assert.deepEqual(applied(before, {}), before);
  });

  it("tells of keys that objects have by themselves", () => {
    const [before, after] = [JSON.parse('{"a":{"__proto__":1}}'), JSON.parse('{"a":{"__proto__":{"x":null},"constructor":2}}')];
    const result = told(before, after);
    assert.equal(JSON.stringify(result), '{"a":{"__proto__":{"x":null},"constructor":2}}');
    assert.equal({}.x, undefined);
    assert.equal(Object.getPrototypeOf(result.a), Object.prototype);
    assert.equal(JSON.stringify(told(after, before)), '{"a":{"__proto__":1}}');
  });

  it("is refused where it was made for another value", () => {
    const refused = { code: "ERR_INVALID_DELTA" };
    assert.throws(() => applied(1, { a: [2] }), refused);
    assert.throws(() => applied(undefined, { a: [2] }), refused);
    assert.throws(() => applied([1], { 3: [2] }), refused);
    assert.throws(() => applied([1], { length: [2 ** 32 - 1] }), refused);
    assert.throws(() => applied([1], { "-1": [2] }), refused);
    assert.throws(() => applied([1], { "01": [2] }), refused);
    assert.throws(() => applied({ a: 1 }, { a: [2, 3] }), refused);
    assert.throws(() => applied({ a: 1 }, { a: 2 }), refused);
    assert.throws(() => applied({ a: 1 }, null), refused);
    assert.throws(() => applied({ a: 1 }, []), refused);
  });

  it("follows the snapshots of a monitor, call by call", () => {
    const clock = { now: 1 };
    const monitor = new Monitor({ worker: "w", time: () => clock.now });
    const calls = [
      (topic, partition) => monitor.onMessageIn({ topic, partition }, 5, {}),
      (topic, partition) => monitor.trackTpEndOffset({ topic, partition }, 50),
      (topic, partition) => monitor.onTpCommit([[{ topic, partition }, 7]]),
      (topic, partition) => monitor.onPartitionsAssigned([{ topic, partition }]),
      (topic, partition) => monitor.onPartitionsRevoked([{ topic, partition }]),
      (topic) => monitor.onError("process", topic),
      (topic) => monitor.count(topic, 3),
      () => monitor.sample(),
      () => monitor.onRebalanceStart(),
      () => monitor.onCommitCompleted(undefined, clock.now - 0.125),
    ];
    let copy = overTheWire(monitor.snapshot());
    // Partitions go again when nobody owns them for a while, so that the last snapshot may hold few.
    let mostPartitions = 0;
    const step = fc.tuple(fc.nat(calls.length - 1), fc.constantFrom("orders", "__proto__", "<b>", "\u2028\n"), fc.nat(3), fc.integer({ min: 0, max: 70 }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        for (const [call, topic, partition, seconds] of steps) {
          clock.now += seconds;
          calls[call](topic, partition);
        }
        const snapshot = overTheWire(monitor.snapshot());
        copy = told(copy, snapshot);
        assert.deepStrictEqual(copy, snapshot);
        mostPartitions = Math.max(mostPartitions, copy.partitions.length);
      }),
      { numRuns: 200, endOnFailure: true },
    );
    assert.ok(mostPartitions > 8, `never more than ${mostPartitions} partitions`);
  });
});
