// A monitor that was told of everything, with a clock that the test moves: every figure is known.
import { Monitor } from "streamgauge";

export const epoch = 1_700_000_000;
const kilobyte = 1024;

/** 1 ms to 999 ms, each once, in a shuffled but fixed order: 7 and 1,000 have no common factor. */
export const durations = Array.from({ length: 999 }, (_, place) => (((place + 1) * 7) % 1000) / 1000);

/** `{ monitor, clock, measured }`: `measured` are the durations as the clock gave them. */
export function busyMonitor({ worker = "worker-1" } = {}) {
  const clock = { at: 0 };
  const monitor = new Monitor({ time: () => clock.at, epoch, worker });
  const orders = { topic: "orders", partition: 3 };
  const payments = { topic: "payments", partition: 0 };
  monitor.onPartitionsAssigned([orders, payments]);
  const measured = durations.map((duration, offset) => {
    const tp = offset % 3 === 0 ? payments : orders;
    const message = { timestamp: String((epoch + clock.at) * 1000) };
    const from = clock.at;
    monitor.onMessageIn(tp, offset, message);
    const state = monitor.onStreamEventIn(tp, offset, { label: "totals", task: "totals.process" }, message);
    clock.at += duration;
    monitor.onStreamEventOut(tp, offset, "totals", message, state);
    monitor.onMessageOut(tp, offset, message);
    return clock.at - from;
  });
  const spans = (start, end) => (seconds) => {
    const state = start();
    clock.at += seconds;
    end(state);
  };
  const send = () => monitor.onSendInitiated(null, "totals", null, 10, kilobyte);
  [0.25, 0.5, 0.5].forEach(spans(send, (state) => monitor.onSendCompleted(null, state)));
  spans(send, (state) => monitor.onSendError(null, new TypeError("no"), state))(2);
  [0.125, 0.125].forEach(spans(() => monitor.onCommitInitiated(), (state) => monitor.onCommitCompleted(null, state)));
  // One too short for a bucket, and two too long.
  const request = () => monitor.onWebRequestStart();
  [0, 0.75, 3000, 5000].forEach(spans(request, (state) => monitor.onWebRequestEnd(null, null, { status: 200 }, state)));
  spans(request, (state) => monitor.onWebRequestEnd(null, null, { status: 503 }, state))(0.75);
  spans(() => monitor.onAssignmentStart(), (state) => monitor.onAssignmentCompleted(null, state))(0.5);
  spans(() => monitor.onAssignmentStart(), (state) => monitor.onAssignmentError(null, state))(0.5);
  const rebalance = monitor.onRebalanceStart();
  clock.at += 1;
  monitor.onRebalanceReturn(null, rebalance);
  clock.at += 1;
  monitor.onRebalanceEnd(null, rebalance);
  monitor.onPartitionsRevoked([{ topic: "returns", partition: 1 }]);
  monitor.onPartitionsLost([{ topic: "returns", partition: 2 }]);
  monitor.onError("process", new RangeError("no"), orders);
  monitor.onRetry(orders);
  monitor.onRetry(orders);
  monitor.onDeadLetter(payments);
  monitor.onTopicBufferFull("orders");
  monitor.onTableGet("totals");
  monitor.onTableGet("totals");
  monitor.onTableSet("totals");
  monitor.onTableDel("totals");
  monitor.count("orders.large", 4);
  monitor.count("balance", -7);
  monitor.onPoll(999, 2 ** 20);
  monitor.onPoll(0);
  monitor.onPause([orders]);
  monitor.onHeartbeat();
  monitor.onMessageOut(orders, 5, {}); // an anomaly
  for (let round = 0; round < 3; round += 1) {
    monitor.onTpCommit([[orders, 900 + round], [payments, 997]]);
    monitor.trackTpEndOffset(orders, 1000 + round * 50);
    monitor.trackTpEndOffset(payments, 997);
    clock.at += 1;
    monitor.sample();
  }
  monitor.onMessageIn(orders, 999, { timestamp: String((epoch + clock.at) * 1000) });
  clock.at += 0.5;
  return { monitor, clock, measured };
}
