/**
 * What a Node developer would write by hand: the least JavaScript that keeps the figures of a
 * message's four hooks. It checks nothing and bounds nothing. The yardstick for the real monitor.
 */
export class PlainMonitor {
  constructor(time = () => performance.now() / 1000) {
    this.time = time;
    this.messagesReceivedTotal = 0;
    this.messagesActive = 0;
    this.messagesReceivedByTopic = new Map();
    this.readOffsets = new Map();
    this.eventsTotal = 0;
    this.eventsActive = 0;
    this.eventsByStream = new Map();
    this.eventsByTask = new Map();
    this.eventsRuntime = new Float64Array(100);
    this.nextRuntime = 0;
  }

  onMessageIn(tp, offset, message) {
    this.messagesReceivedTotal += 1;
    this.messagesActive += 1;
    increment(this.messagesReceivedByTopic, tp.topic);
    this.readOffsets.set(tp, offset);
    message.timeIn = this.time();
  }

  onStreamEventIn(tp, offset, stream, event) {
    this.eventsTotal += 1;
    this.eventsActive += 1;
    increment(this.eventsByStream, stream.label);
    increment(this.eventsByTask, stream.task);
    return { timeIn: this.time(), timeOut: null, timeTotal: null };
  }

  onStreamEventOut(tp, offset, stream, event, state) {
    const now = this.time();
    this.eventsActive -= 1;
    state.timeOut = now;
    state.timeTotal = now - state.timeIn;
    this.eventsRuntime[this.nextRuntime] = state.timeTotal;
    this.nextRuntime = (this.nextRuntime + 1) % this.eventsRuntime.length;
  }

  onMessageOut(tp, offset, message) {
    const now = this.time();
    this.messagesActive -= 1;
    message.timeOut = now;
    if (message.timeIn !== null) message.timeTotal = now - message.timeIn;
  }
}

function increment(counter, key) {
  counter.set(key, (counter.get(key) ?? 0) + 1);
}
