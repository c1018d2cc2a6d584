// What a Recorder wrote replays to the same figures, whatever its host does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Monitor, SensorDelegate } from "streamgauge";
import { Recorder, Replay } from "streamgauge/replay";

const clockAt = (at = 100) => {
  const clock = () => clock.at;
  clock.at = at;
  return clock;
};
const recorded = (options = {}) => {
  const clock = clockAt();
  return { clock, recorder: new Recorder({ time: clock, ...options }) };
};
const orders = { topic: "orders", partition: 3 };
const linesOf = (recorder) => recorder.trace().trimEnd().split("\n").map((line) => JSON.parse(line));

function replayed(trace) {
  const replay = new Replay((difference) => assert.fail(JSON.stringify(difference)));
  for (const line of trace.split("\n")) replay.line(line);
  replay.end();
  return [...replay.monitors.values()][0];
}

/** Holds the recorder against a replay: by a last line of each sort that expects what it says itself. */
function sameAfterReplay(recorder, clock) {
  const trace = recorder.trace();
  const at = JSON.parse(trace.trimEnd().split("\n").at(-1)).at;
  clock.at = Number(at);
  const monitor = replayed(trace);
  assert.deepEqual(monitor.asdict(), recorder.asdict());
  assert.deepEqual(monitor.anomalies, recorder.anomalies);
  assert.deepEqual(monitor.snapshot(), recorder.snapshot());
  monitor.free();
}

test("a line for each call, with the time that the monitor read", () => {
  const { clock, recorder } = recorded({ maxAvgHistory: 9, epoch: 1.7e9, worker: "one", messagesSent: 5n });
  const message = { timestamp: "1700000001000", value: "secret" };
  recorder.onMessageIn(orders, "41", message);
  const state = recorder.onStreamEventIn(orders, 41n, { label: "totals", task: "work" });
  clock.at = 100.5;
  recorder.onStreamEventOut(orders, 41, "totals", undefined, state);
  recorder.onMessageOut(orders, 41, message);
  clock.at = 999;
  recorder.onTableSet({ name: "counts" }, "secret", "secret");
  clock.at = Number.NaN;
  recorder.sample();
  clock.at = 101;
  recorder.onCommitCompleted(undefined, 0.5);
  recorder.onWebRequestEnd(undefined, undefined, undefined, undefined);
  recorder.onPartitionsAssigned([orders]);
  recorder.onSendError(undefined, Object.assign(new Error("secret"), { code: "E_NO" }), recorder.onSendInitiated(undefined, "a", "secret", 1, 2));
  recorder.onPoll(12);
  recorder.snapshot();
  assert.equal(
    recorder.trace(),
    `{"trace":"streamgauge/1","at":100,"epoch":1700000000,"options":{"max_avg_history":9,"worker":"one","messages_sent":5}}
{"at":100,"call":"on_message_in","tp":["orders",3],"offset":41,"message":"1","timestamp":1700000001000}
{"at":100,"call":"on_stream_event_in","tp":["orders",3],"offset":41,"stream":"totals","task":"work","state":"2"}
{"at":100.5,"call":"on_stream_event_out","tp":["orders",3],"offset":41,"stream":"totals","task":null,"state":"2"}
{"at":100.5,"call":"on_message_out","tp":["orders",3],"offset":41,"message":"1"}
{"at":100.5,"call":"on_table_set","table":"counts","key":null,"value":null}
{"at":"NaN","call":"sample"}
{"at":101,"call":"on_commit_completed","state":"3","held":{"time":0.5}}
{"at":101,"call":"on_web_request_end","status":null,"state":null}
{"at":101,"call":"on_partitions_assigned","tps":[["orders",3]]}
{"at":101,"call":"on_send_initiated","topic":"a","keysize":1,"valsize":2,"state":"4"}
{"at":101,"call":"on_send_error","kind":"E_NO","state":"4"}
{"at":101,"call":"on_poll","records":12}
{"at":101,"call":"snapshot"}
`,
  );
  assert.equal(recorder.full, false);
  assert.equal(recorder.recording, true);
  sameAfterReplay(recorder, clock);
});

test("is a monitor: its own, its handles', a delegate's sensor", () => {
  const { clock, recorder } = recorded();
  assert.ok(recorder instanceof Monitor);
  assert.equal(recorder.monitor, recorder);
  const tp = recorder.topicPartition("orders", 3);
  const stream = recorder.stream("totals", "work");
  const sensors = new SensorDelegate([recorder, new Monitor({ time: clock })]);
  const message = {};
  sensors.onMessageIn(tp, 1, message);
  const state = sensors.onStreamEventIn(tp, 1, stream);
  sensors.onStreamEventOut(tp, 1, stream, undefined, state);
  sensors.onMessageOut(tp, 1, message);
  assert.deepEqual(linesOf(recorder).slice(1).map(({ call }) => call), ["on_message_in", "on_stream_event_in", "on_stream_event_out", "on_message_out"]);
  assert.equal(recorder.messagesReceivedTotal, 1);
  sameAfterReplay(recorder, clock);
});

test("is called a Recorder, and cannot be restored: Monitor.restore would record nothing", () => {
  assert.equal(Recorder.name, "Recorder");
  assert.throws(() => Recorder.restore({}), { name: "Error", code: "ERR_RECORDER_RESTORE" });
});

test("its handles say that it was freed, as a monitor's", () => {
  const { recorder } = recorded();
  recorder.free();
  assert.throws(() => recorder.topicPartition("orders", 3), { code: "ERR_MONITOR_FREED" });
  assert.throws(() => recorder.stream("totals"), { code: "ERR_MONITOR_FREED" });
  assert.match(recorder.trace(), /^\{"trace"/);
});

test("secsSince is a bare reading of the clock", () => {
  const { clock, recorder } = recorded();
  assert.equal(recorder.secsSince(99), 1);
  assert.deepEqual(linesOf(recorder)[1], { at: 100, call: "on_commit_initiated", state: "1" });
  sameAfterReplay(recorder, clock);
});

test("a message without a key is 0 bytes of it", () => {
  const { clock, recorder } = recorded();
  recorder.onSendInitiated(undefined, "totals", undefined, null, null);
  const { keysize, valsize } = linesOf(recorder)[1];
  assert.deepEqual([keysize, valsize], [0, 0]);
  sameAfterReplay(recorder, clock);
});

describe("the recording stops, and nothing else:", () => {
  test("at its bound, which no line passes", () => {
    const warnings = [];
    const { recorder } = recorded({ maxBytes: 300, worker: "é", logger: { warn: (text) => warnings.push(text) } });
    for (let count = 0; count < 50; count += 1) recorder.count("é", 1);
    assert.ok(new TextEncoder().encode(recorder.trace()).length <= 300);
    assert.ok(recorder.full);
    assert.equal(recorder.recording, false);
    assert.equal(recorder.metricCounts["é"], 50);
    assert.deepEqual(warnings, ["streamgauge: the recording stopped: maxBytes is reached"]);
    const counted = linesOf(recorder).length - 1;
    assert.ok(counted > 0);
    assert.equal(replayed(recorder.trace()).metricCounts["é"], counted);
  });

  for (const [how, write] of [
    ["throws", () => { throw new Error("disk full"); }],
    ["rejects", () => Promise.reject(new Error("disk full"))],
  ]) {
    test(`where write ${how}`, async () => {
      const warnings = [];
      const { recorder } = recorded({ write, logger: { warn: (text) => { warnings.push(text); throw new Error("no"); } } });
      await new Promise(setImmediate);
      recorder.onRetry();
      assert.equal(recorder.recording, false);
      assert.equal(recorder.full, false);
      assert.deepEqual(warnings, ["streamgauge: the recording stopped: disk full"]);
      assert.equal(recorder.trace(), "");
    });
  }
});

test("write takes each line with its end", () => {
  const lines = [];
  const { recorder } = recorded({ write: (line) => lines.push(line) });
  recorder.onHeartbeat();
  assert.equal(lines.length, 2);
  assert.equal(lines[1], '{"at":100,"call":"on_heartbeat"}\n');
});

test("a position is a line of its own", () => {
  const { clock, recorder } = recorded();
  recorder.trackTpEndOffset(orders, 50);
  recorder.onPosition(orders, "43");
  assert.deepEqual(linesOf(recorder)[2], { at: 100, call: "on_position", tp: ["orders", 3], offset: 43 });
  const again = new Monitor({ time: clock });
  for (const monitor of [recorder, replayed(recorder.trace(), again)]) {
    const [{ position, lag }] = monitor.snapshot().partitions;
    assert.deepEqual([position, lag], [43, 7]);
  }
  sameAfterReplay(recorder, clock);
});

test("a refused call leaves no line, a reading that came before it leaves just that", () => {
  const { clock, recorder } = recorded();
  assert.throws(() => recorder.onMessageIn(orders, -1, {}), RangeError);
  assert.throws(() => recorder.onPartitionsLost(7), TypeError);
  assert.equal(linesOf(recorder).length, 1);
  clock.at = Number.NaN;
  assert.throws(() => recorder.onMessageIn(orders, 1, Object.freeze({})), TypeError);
  assert.deepEqual(linesOf(recorder).slice(1), [{ at: "NaN", call: "on_commit_initiated", state: "1" }]);
  clock.at = 100;
  recorder.sample();
  sameAfterReplay(recorder, clock);
});

test("its own options are checked", () => {
  assert.throws(() => new Recorder({ maxBytes: -1 }), { name: "RangeError", code: "ERR_INVALID_MAX_BYTES" });
  assert.throws(() => new Recorder({ write: "file" }), { name: "TypeError", code: "ERR_INVALID_WRITE" });
  assert.throws(() => new Recorder({ coffee: 1 }), { code: "ERR_UNKNOWN_OPTION" });
  assert.throws(() => new Recorder({ time: 7 }), { code: "ERR_INVALID_TIME" });
  assert.throws(() => new Recorder(new Map()), { code: "ERR_INVALID_OPTIONS" });
});

const names = ["orders", "payments", 'q"u\\o\nte\u0007é', "__proto__", "(other)", "\ud800"];
const call = fc.tuple(fc.nat(31), fc.nat(4), fc.constantFrom(...names), fc.nat(40));

/** Does with a sensor whatever can be done with one. */
class Host {
  pool = { messages: [], events: [], numbers: [], assignments: [], rebalances: [], requests: [] };

  constructor(recorder, clock) {
    this.recorder = recorder;
    this.clock = clock;
    this.other = new Monitor({ time: clock });
  }

  one(kind, which) {
    return this.pool[kind].at(-1 - which);
  }

  make([what, which, name, number]) {
    const { recorder, clock, pool } = this;
    const tp = { topic: name, partition: number % 3 };
    const stream = number % 2 === 0 ? name : { label: name, task: "work" };
    const quarter = number / 4;
    const other = number % 5 === 0 ? this.other : recorder;
    const timestamps = [undefined, 1.7e12 + number * 100, String(1.7e12), -1, "x", 1700000000000n];
    const steps = [
      () => (clock.at += quarter / 8),
      () => (clock.at += quarter / 8),
      () => (clock.at -= quarter),
      () => (clock.at = [Number.NaN, Infinity, -Infinity, undefined, 3][which]),
      () => {
        const message = { timestamp: timestamps[number % 6] };
        recorder.onMessageIn(tp, number, message);
        pool.messages.push(message);
      },
      () => recorder.onMessageOut(tp, String(number), this.one("messages", which) ?? {}),
      () => recorder.onMessageOut(tp, BigInt(number), this.one("messages", which) ?? { timestamp: 5 }),
      () => recorder.onMessageIn(tp, number, this.one("messages", which) ?? {}),
      () => Object.assign(this.one("messages", which) ?? {}, [{ timeIn: quarter }, { timeIn: null }, { timestamp: 7 }][number % 3]),
      () => pool.messages.push({ ...this.one("messages", which) }),
      () => pool.events.push(other.onStreamEventIn(tp, number, stream)),
      () => recorder.onStreamEventOut(tp, number, stream, undefined, this.one("events", which)),
      () => pool.events.push({ ...(this.one("events", which) ?? { timeIn: quarter, timeOut: null, timeTotal: null }) }),
      () => Object.assign(this.one("events", which) ?? {}, { timeIn: quarter }),
      () => pool.numbers.push(number % 2 ? recorder.onCommitInitiated() : recorder.onSendInitiated(undefined, name, undefined, 1, number)),
      () => recorder.onCommitCompleted(undefined, this.one("numbers", which)),
      () => recorder.onSendCompleted(undefined, this.one("numbers", which)),
      () => recorder.onSendError(undefined, number % 2 ? name : new TypeError("no"), number % 3 ? this.one("numbers", which) : quarter),
      () => pool.assignments.push(other.onAssignmentStart()),
      () => recorder[number % 2 ? "onAssignmentCompleted" : "onAssignmentError"](undefined, this.one("assignments", which)),
      () => pool.rebalances.push(number % 4 ? recorder.onRebalanceStart(number % 2 ? { rebalancingCount: number } : undefined) : { timeStart: quarter }),
      () => recorder.onRebalanceReturn(undefined, this.one("rebalances", which)),
      () => recorder.onRebalanceEnd(undefined, this.one("rebalances", which)),
      () => pool.requests.push(number % 4 ? recorder.onWebRequestStart() : { ...this.one("requests", which), timeStart: quarter }),
      () => recorder.onWebRequestEnd(undefined, undefined, number % 3 ? { statusCode: 200 + number * 5 } : undefined, this.one("requests", which)),
      () => recorder.count(name, number - 20),
      () => [() => recorder.onTopicBufferFull(name), () => recorder.onTopicBufferFull(tp), () => recorder.onTableGet(name), () => recorder.onTableDel({ name })][number % 4](),
      () => recorder.onTpCommit(new Map([[tp, number]])),
      () => recorder.trackTpEndOffset(tp, number),
      () => recorder[["onPartitionsAssigned", "onPartitionsRevoked", "onPartitionsLost", "onPause", "onResume"][which]](new Set([tp, orders])),
      () => {
        recorder.onError(["send", "process", "http", "other"][number % 4], name, number % 2 ? tp : null);
        if (number % 2) recorder.onRetry(tp);
        else recorder.onDeadLetter();
        recorder.onPoll(number, number % 3 ? number * 10 : null);
        recorder.onHeartbeat();
        recorder.onPosition(tp, number + which);
      },
      () => (number % 8 ? recorder.sample() : recorder.snapshot()),
    ];
    steps[what]();
  }
}

test("any calls replay to the same figures", () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 150 }), fc.boolean(), (calls, small) => {
      const limits = small ? { maxLabels: 2, maxPartitions: 2, maxAvgHistory: 3 } : {};
      const { clock, recorder } = recorded({ epoch: 1.7e9, labelIdle: 20, partitionIdle: 10, eventsRuntime: new Set([0.5]), ...limits });
      const host = new Host(recorder, clock);
      for (const one of calls) host.make(one);
      clock.at = 200;
      recorder.sample();
      sameAfterReplay(recorder, clock);
      recorder.free();
      host.other.free();
    }),
    { numRuns: 300 },
  );
});
