// A monitor on a clock that the test moves, and what the tests ask it for.
import assert from "node:assert/strict";
import { Monitor } from "streamgauge";

/** A monitor whose clock stands still until `clock.advance(seconds)`. */
export function monitored() {
  let now = 100;
  const monitor = new Monitor({ time: () => now });
  return { monitor, advance: (seconds) => (now += seconds) };
}

/** What a monitor says of chunks: all that came in, those in flight, and how long each took. */
export function chunks(monitor) {
  const { messages_received_by_topic: received, messages_active, events_active, events_by_stream, topic_buffer_full } = monitor.asdict();
  return { received, active: [messages_active, events_active], byStream: events_by_stream, took: [...monitor.eventsRuntime], full: topic_buffer_full };
}

export const errorsOf = (monitor) => monitor.snapshot().errors.byStage;
export const bytesOf = (monitor) => monitor.snapshot().messages.bytesReceived;

/** No call made no sense, and the attachments caught nothing. */
export function assertClean(monitor, ...attachments) {
  assert.deepEqual(Object.entries(monitor.anomalies).filter(([, count]) => count > 0), []);
  for (const attachment of attachments) assert.deepEqual([attachment.faults, attachment.lastFault], [0, undefined]);
}

/** A promise and what settles it. */
export function gate() {
  const it = {};
  it.promise = new Promise((resolve, reject) => Object.assign(it, { open: resolve, fail: reject }));
  return it;
}

/** Waits until all that is due has run. */
export const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
