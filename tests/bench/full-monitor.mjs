// A monitor as asdict() finds it after a while: 16 partitions with all three offsets, every deque full.
import { Monitor } from "streamgauge";
import { fakeClock, handlesOf, messages } from "./message.mjs";

export function fullMonitor() {
  const monitor = new Monitor({ time: fakeClock() });
  for (let number = 0; number < 100; number += 1) {
    const rebalance = monitor.onRebalanceStart({ rebalancingCount: number });
    monitor.onRebalanceReturn(undefined, rebalance);
    monitor.onRebalanceEnd(undefined, rebalance);
    const request = monitor.onWebRequestStart();
    monitor.onWebRequestEnd(undefined, undefined, { status: 200 }, request);
    monitor.onCommitCompleted(undefined, monitor.onCommitInitiated());
    monitor.onSendCompleted(undefined, monitor.onSendInitiated(undefined, `topic-${number % 4}`));
    monitor.onAssignmentCompleted(undefined, monitor.onAssignmentStart());
  }
  const names = handlesOf(monitor);
  messages(monitor, names)(1_000);
  for (const tp of names.tps) {
    monitor.onTpCommit([[tp, 1_000]]);
    monitor.trackTpEndOffset(tp, 2_000);
    monitor.onTopicBufferFull(tp);
    monitor.onTableSet(tp.topic);
    monitor.count(tp.topic);
  }
  monitor.sample();
  return monitor;
}

/** The least that makes the same object: a loop that copies one. */
export function deepCopy(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const copy = new Array(value.length);
    for (let place = 0; place < value.length; place += 1) copy[place] = deepCopy(value[place]);
    return copy;
  }
  const copy = {};
  for (const key of Object.keys(value)) copy[key] = deepCopy(value[key]);
  return copy;
}
