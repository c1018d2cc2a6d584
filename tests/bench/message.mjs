// One message's way through a stream: the four hooks, over 16 topic-partitions and 4 streams.
//
// This file is loaded anew for each subject (`copyFor`). V8 specialises a function for what it has
// seen; a loop shared by two monitors would be slower for both, and so would be no program's loop.

const topics = Array.from({ length: 16 }, (_, partition) => ({ topic: `topic-${partition % 4}`, partition }));
const streams = Array.from({ length: 4 }, (_, number) => ({ label: `stream-${number}`, task: `task-${number}` }));

/** What plain objects are passed, the same ones each time. */
export const plainNames = { tps: topics, streams };

/** What handles are passed. */
export const handlesOf = (monitor) => ({
  tps: topics.map(({ topic, partition }) => monitor.topicPartition(topic, partition)),
  streams: streams.map(({ label, task }) => monitor.stream(label, task)),
});

/** A function that does so many messages; for `fresh` names every hook gets objects made for this message. */
export function messages(monitor, { tps, streams, fresh = false }) {
  if (fresh) return freshMessages(monitor, tps, streams);
  return (count) => {
    for (let offset = 0; offset < count; offset += 1) {
      const tp = tps[offset & 15];
      const stream = streams[offset & 3];
      const message = { timeIn: null, timeOut: null, timeTotal: null };
      monitor.onMessageIn(tp, offset, message);
      const state = monitor.onStreamEventIn(tp, offset, stream, message);
      monitor.onStreamEventOut(tp, offset, stream, message, state);
      monitor.onMessageOut(tp, offset, message);
    }
  };
}

function freshMessages(monitor, tps, streams) {
  return (count) => {
    for (let offset = 0; offset < count; offset += 1) {
      const { topic, partition } = tps[offset & 15];
      const { label, task } = streams[offset & 3];
      const tp = { topic, partition };
      const stream = { label, task };
      const message = { timeIn: null, timeOut: null, timeTotal: null };
      monitor.onMessageIn(tp, offset, message);
      const state = monitor.onStreamEventIn(tp, offset, stream, message);
      monitor.onStreamEventOut(tp, offset, stream, message, state);
      monitor.onMessageOut(tp, offset, message);
    }
  };
}

/** A clock that costs nothing: it ticks a microsecond a reading. */
export function fakeClock() {
  let now = 0;
  return () => (now += 1e-6);
}
