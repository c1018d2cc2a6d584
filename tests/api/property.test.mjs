// Random calls, good and bad, handles and plain objects mixed, against the naive model: after every
// few calls all that can be read is the same, and every token holds the same.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Monitor } from "streamgauge";
import { Model } from "./model.mjs";

// More names and partitions than the limits below have room for.
const names = ["a", "b", "c", "d", "__proto__", "toString", "", "(other)", "\ud800", "日本語"];
const wellFormed = names.map((name) => name.toWellFormed());
const partitions = [0, 1, 2 ** 31 - 1];
const offsets = [[0, 0], [7, 7], ["8", 8], [9n, 9], [2 ** 53 - 1, 2 ** 53 - 1]];

/** Two worlds that hear the same: the monitor, and the model. */
class Worlds {
  clock = 1000;

  constructor(limits) {
    this.warned = [];
    const time = () => this.clock;
    // The model never lets anything go, and the clock may step by a million years.
    this.real = new Monitor({ ...limits, labelIdle: 0, partitionIdle: 0, time, logger: { warn: (text) => this.warned.push(text) } });
    this.model = new Model({ ...limits, time });
    this.foreign = new Monitor({ time: () => 5 });
    this.messages = [];
    this.tokens = { event: [], commit: [], send: [], assignment: [], rebalance: [], web: [] };
    this.tps = new Map();
    this.streams = new Map();
  }

  /** A topic-partition for each world, in one of the forms that the hooks take. */
  tp({ name, partition, form }) {
    const plain = { topic: names[name], partition: partitions[partition] };
    const model = { topic: wellFormed[name], partition: partitions[partition] };
    if (form === "plain") return [plain, model];
    if (form === "foreign") return [this.foreign.topicPartition(plain.topic, plain.partition), model];
    const key = `${name} ${partition}`;
    if (!this.tps.has(key)) {
      this.tps.set(key, this.real.topicPartition(plain.topic, plain.partition));
      this.model.partition(model);
    }
    return [this.tps.get(key), model];
  }

  /** A stream for each world; that of the model has its labels looked up. */
  stream({ name, task, form }) {
    const label = names[name];
    const taskName = task === null ? null : names[task];
    const model = { label: wellFormed[name], task: task === null ? null : wellFormed[task] };
    if (form === "plain") return [task === null ? label : { label, task: taskName }, () => this.model.stream(model)];
    if (form === "foreign") return [this.foreign.stream(label, taskName), () => this.model.stream(model)];
    const key = `${name} ${task}`;
    if (!this.streams.has(key)) this.streams.set(key, [this.real.stream(label, taskName), this.model.stream(model)]);
    const [handle, labels] = this.streams.get(key);
    return [handle, () => labels];
  }

  /** A pair of tokens: one that a start hook gave, a copy of it, one made by hand, or none. */
  token(kind, { pick, form }) {
    const pairs = this.tokens[kind];
    if (form === "none") return [pick % 2 === 0 ? null : undefined, null];
    if (form === "made" || pairs.length === 0) return this.made(kind, 990 + (pick % 20));
    const pair = pairs[pick % pairs.length];
    if (form === "given" || typeof pair[0] === "number") return pair;
    const copy = [structuredClone(pair[0]), { ...pair[1] }];
    pairs.push(copy);
    return copy;
  }

  made(kind, time) {
    if (kind === "commit" || kind === "send") return [time, time];
    const fields = kind === "event" ? { timeIn: time, timeOut: null, timeTotal: null } : { timeStart: time };
    const pair = [{ ...fields }, { ...fields }];
    this.tokens[kind].push(pair);
    return pair;
  }

  check() {
    const { real, model } = this;
    assert.deepStrictEqual(real.asdict(), model.asdict());
    assert.deepStrictEqual(real.eventsRuntime, model.eventsRuntime);
    assert.deepStrictEqual(real.streamInboundTime, model.streamInboundTime);
    assert.deepStrictEqual(real.anomalies, model.anomalies);
    for (const attribute of ["messagesActive", "eventsTotal", "eventsRuntimeAvg", "commitLatency", "rebalances"]) {
      assert.deepStrictEqual(real[attribute], model[attribute], attribute);
    }
    for (const [one, other] of [...this.messages, ...Object.values(this.tokens).flat()]) assert.deepStrictEqual(one, other);
    const seen = Object.values(model.anomalies).filter((count) => count > 0);
    assert.equal(this.warned.length, seen.length, "the logger heard of each kind once");
  }
}

/** What can be called: `run(worlds, call)` calls both. */
const operations = {
  messageIn: (w, { tp, offset, pick }) => {
    const [real, model] = w.tp(tp);
    if (pick % 8 !== 0 || w.messages.length === 0) w.messages.push([{}, {}]);
    const message = w.messages.at(pick % 8 === 0 ? pick % w.messages.length : -1);
    w.real.onMessageIn(real, offsets[offset][0], message[0]);
    w.model.onMessageIn(model, offsets[offset][1], message[1]);
  },
  messageOut: (w, { tp, offset, pick }) => {
    const [real] = w.tp(tp);
    if (w.messages.length === 0 || pick % 10 === 0) w.messages.push([{}, {}]);
    const message = w.messages[pick % w.messages.length];
    w.real.onMessageOut(real, offsets[offset][0], message[0]);
    w.model.onMessageOut(message[1]);
  },
  eventIn: (w, { tp, offset, stream }) => {
    const [real, model] = w.tp(tp);
    const [realStream, labels] = w.stream(stream);
    w.tokens.event.push([w.real.onStreamEventIn(real, offsets[offset][0], realStream), w.model.onStreamEventIn(model, labels())]);
  },
  eventOut: (w, { tp, offset, stream, token }) => {
    const [real] = w.tp(tp);
    const [realStream] = w.stream({ ...stream, form: stream.form === "handle" ? "plain" : stream.form });
    const [state, modelState] = w.token("event", token);
    w.real.onStreamEventOut(real, offsets[offset][0], realStream, {}, state);
    w.model.onStreamEventOut(modelState);
  },
  // A message through its four hooks with handles, for which there is a short way; at times something comes between.
  lifecycle: (w, call) => {
    const { offset, stream, pick } = call;
    const [real, model] = w.tp({ ...call.tp, form: "handle" });
    const [realStream, labels] = w.stream({ ...stream, form: "handle" });
    const at = offsets[pick % 10 === 0 ? offset : 1];
    const message = [{}, {}];
    const pass = () => (w.clock += 0.25);
    w.messages.push(message);
    w.real.onMessageIn(real, at[0], message[0]);
    w.model.onMessageIn(model, at[1], message[1]);
    pass();
    if (pick % 9 === 1) operations.messageIn(w, call);
    if (pick % 9 === 2) operations.sample(w, call);
    const token = [w.real.onStreamEventIn(real, at[0], realStream), w.model.onStreamEventIn(model, labels())];
    w.tokens.event.push(token);
    pass();
    if (pick % 9 === 3) operations.eventIn(w, call);
    if (pick % 9 === 4) operations.eventOut(w, call);
    for (let out = 0; out < (pick % 9 === 5 ? 2 : 1); out += 1) {
      w.real.onStreamEventOut(real, at[0], realStream, {}, token[0]);
      w.model.onStreamEventOut(token[1]);
      pass();
    }
    if (pick % 9 === 6) operations.lifecycle(w, { ...call, pick: 0 });
    if (pick % 9 === 7) operations.check(w);
    w.real.onMessageOut(real, at[0], message[0]);
    w.model.onMessageOut(message[1]);
  },
  bufferFull: (w, { tp, pick }) => {
    const [real, model] = w.tp(tp);
    w.real.onTopicBufferFull(pick % 2 === 0 ? real : names[tp.name]);
    w.model.onTopicBufferFull(model.topic);
  },
  table: (w, { stream, pick }) => {
    const name = names[stream.name];
    w.real[["onTableGet", "onTableSet", "onTableDel"][pick % 3]](pick % 2 === 0 ? name : { name }, "key", "value");
    w.model.onTable(wellFormed[stream.name], pick % 3);
  },
  commitInitiated: (w) => w.tokens.commit.push([w.real.onCommitInitiated(), w.model.onCommitInitiated()]),
  commitCompleted: (w, { token }) => {
    const [state, modelState] = w.token("commit", token);
    w.real.onCommitCompleted({}, state);
    w.model.onCommitCompleted(modelState);
  },
  sendInitiated: (w, { tp, pick }) => {
    w.tokens.send.push([w.real.onSendInitiated({}, names[tp.name], {}, pick, 2 * pick), w.model.onSendInitiated(wellFormed[tp.name])]);
  },
  sendCompleted: (w, { token }) => {
    const [state, modelState] = w.token("send", token);
    w.real.onSendCompleted({}, state);
    w.model.onSendCompleted(modelState);
  },
  sendError: (w, { token }) => {
    const [state, modelState] = w.token("send", token);
    w.real.onSendError({}, new Error("lost"), state);
    w.model.onSendError(modelState);
  },
  count: (w, { stream, pick }) => {
    w.real.count(names[stream.name], pick % 2 === 0 ? pick - 50 : BigInt(pick - 50));
    w.model.count(wellFormed[stream.name], pick - 50);
  },
  commit: (w, { tps, offset }) => {
    const pairs = tps.map((tp) => w.tp(tp));
    w.real.onTpCommit(pairs.map(([real]) => [real, offsets[offset][0]]));
    w.model.onTpCommit(pairs.map(([, model]) => [model, offsets[offset][1]]));
  },
  endOffset: (w, { tp, offset }) => {
    const [real, model] = w.tp(tp);
    w.real.trackTpEndOffset(real, offsets[offset][0]);
    w.model.trackTpEndOffset(model, offsets[offset][1]);
  },
  assignmentStart: (w) => w.tokens.assignment.push([w.real.onAssignmentStart(), w.model.onAssignmentStart()]),
  assignmentOver: (w, { token, pick }) => {
    const [state, modelState] = w.token("assignment", token);
    if (pick % 2 === 0) w.real.onAssignmentCompleted({}, state);
    else w.real.onAssignmentError({}, state, new Error("no leader"));
    w.model.onAssignmentOver(modelState, pick % 2 === 0);
  },
  rebalanceStart: (w, { pick }) => {
    const rebalancingCount = pick % 3 === 0 ? undefined : pick;
    w.tokens.rebalance.push([w.real.onRebalanceStart({ rebalancingCount }), w.model.onRebalanceStart(rebalancingCount)]);
  },
  rebalanceReturn: (w, { token }) => {
    const [state, modelState] = w.token("rebalance", token);
    w.real.onRebalanceReturn({}, state);
    w.model.onRebalanceReturn(modelState);
  },
  rebalanceEnd: (w, { token }) => {
    const [state, modelState] = w.token("rebalance", token);
    w.real.onRebalanceEnd({}, state);
    w.model.onRebalanceEnd(modelState);
  },
  webStart: (w) => w.tokens.web.push([w.real.onWebRequestStart(), w.model.onWebRequestStart()]),
  webEnd: (w, { token, pick }) => {
    const [state, modelState] = w.token("web", token);
    const status = pick % 5 === 0 ? undefined : 100 + pick * 4;
    w.real.onWebRequestEnd({}, {}, status && { [pick % 2 === 0 ? "status" : "statusCode"]: status }, state);
    w.model.onWebRequestEnd(status, modelState);
  },
  sample: (w) => {
    w.real.sample();
    w.model.sample();
  },
  check: (w) => w.check(),
};

/** Calls that are refused, some of them halfway through what they would do. */
const refused = [
  (m, tp, stream) => m.onMessageIn(tp, -1, {}),
  (m, tp, stream) => m.onMessageIn(tp, 1, Object.freeze({})),
  (m, tp, stream) => m.onMessageIn({ ...tp, partition: -1 }, 1, {}),
  (m, tp, stream) => m.onMessageOut(tp, 1, Object.freeze({ timeIn: 1 })),
  (m, tp, stream) => m.onMessageOut(tp, 1, { timeIn: "1" }),
  (m, tp, stream) => m.onStreamEventIn(tp, "1e3", stream),
  (m, tp, stream) => m.onStreamEventIn(undefined, 1, stream),
  (m, tp, stream) => m.onStreamEventIn(tp, 1, undefined),
  (m, tp, stream) => m.onStreamEventIn(tp, 1, { label: 5, task: "never seen" }),
  (m, tp, stream) => m.onStreamEventIn(tp, 1, { label: "never seen", task: 5 }),
  (m, tp, stream) => m.onStreamEventOut(tp, 1, stream, {}, Object.freeze({ timeIn: 1 })),
  (m, tp, stream) => m.onStreamEventOut(tp, 1, stream, {}, {}),
  (m, tp) => m.onTpCommit([[tp, 1], [{ topic: "never seen", partition: 1 }, 1], [tp, 0.5]]),
  (m, tp) => m.trackTpEndOffset(tp, Number.NaN),
  (m) => m.onSendInitiated({}, "never seen", {}, -1),
  (m) => m.count("never seen", 0.5),
  (m) => m.count("x".repeat(4097)),
  (m) => m.onTableGet({ name: 5 }),
  (m) => m.onTopicBufferFull({ topic: "never seen", partition: "0" }),
  (m) => m.onRebalanceStart({ rebalancingCount: -1 }),
  (m) => m.onRebalanceEnd({}, Object.freeze({ timeStart: 1 })),
  (m) => m.onRebalanceReturn({}, { timeStart: "1" }),
  (m) => m.onWebRequestEnd({}, {}, { status: 99 }, { timeStart: 1 }),
  (m) => m.onWebRequestEnd({}, {}, null, Object.preventExtensions({ timeStart: 1 })),
  (m) => m.onCommitCompleted({}, "1"),
  (m) => m.topicPartition("never seen", -1),
  (m) => m.stream("never seen", 5),
];

const form = fc.constantFrom("handle", "plain", "plain", "foreign");
const name = fc.nat(names.length - 1);
const tp = fc.record({ name, partition: fc.nat(partitions.length - 1), form });
const argumentsOf = {
  tp,
  tps: fc.array(tp, { maxLength: 4 }),
  offset: fc.nat(offsets.length - 1),
  stream: fc.record({ name, task: fc.option(name), form }),
  token: fc.record({ pick: fc.nat(100), form: fc.constantFrom("given", "given", "given", "given", "copy", "made", "none") }),
  pick: fc.nat(100),
  // What the clock reads: mostly later, at times earlier, far away, or nothing finite.
  step: fc.oneof(
    { weight: 12, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
    { weight: 1, arbitrary: fc.double({ min: -20, max: 0, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e308, -1e308) },
  ),
};
const call = fc.oneof(
  { weight: 9, arbitrary: fc.record({ operation: fc.constantFrom(...Object.keys(operations), "lifecycle", "lifecycle", "lifecycle"), ...argumentsOf }) },
  { weight: 1, arbitrary: fc.record({ refused: fc.nat(refused.length - 1), ...argumentsOf }) },
);
const history = fc.constantFrom(0, 1, 2, 3, 100);
const limits = fc.record({
  maxAvgHistory: history,
  maxCommitLatencyHistory: history,
  maxSendLatencyHistory: history,
  maxAssignmentLatencyHistory: history,
  maxLabels: fc.constantFrom(0, 1, 3, 2000),
  maxPartitions: fc.constantFrom(0, 1, 4, 100_000),
});

function play(limitsGiven, calls) {
  const worlds = new Worlds(limitsGiven);
  let lastFinite = 1000;
  for (const one of calls) {
    if (one.refused === undefined) {
      worlds.clock = Number.isFinite(one.step) ? lastFinite + one.step : one.step;
      if (Number.isFinite(worlds.clock)) lastFinite = Math.abs(worlds.clock) > 1e300 ? 1000 : worlds.clock;
      operations[one.operation](worlds, one);
    } else {
      const plain = { topic: names[one.tp.name], partition: partitions[one.tp.partition] };
      const stream = { label: names[one.stream.name], task: one.stream.task === null ? null : names[one.stream.task] };
      const broken = worlds.clock;
      // A reading that is not finite counts as one, refused or not: here is another.
      const reading = worlds.real.onCommitInitiated();
      assert.equal(worlds.model.onCommitInitiated(), reading);
      worlds.clock = reading;
      const before = [worlds.real.asdict(), worlds.real.anomalies];
      assert.throws(() => refused[one.refused](worlds.real, plain, stream), (error) => /^ERR_INVALID_/.test(error.code), String(refused[one.refused]));
      assert.deepStrictEqual([worlds.real.asdict(), worlds.real.anomalies], before);
      worlds.clock = broken;
    }
  }
  worlds.check();
  worlds.real.free();
  worlds.foreign.free();
}

describe("random calls", () => {
  it("leave what the naive model has", () => {
    fc.assert(
      fc.property(limits, fc.array(call, { maxLength: 150, size: "max" }), play),
      { numRuns: 400 },
    );
  });

  it("leave what the naive model has after thousands of them, when the log was full many times", () => {
    fc.assert(
      fc.property(limits, fc.array(call, { minLength: 3000, maxLength: 3000, size: "max" }), play),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
