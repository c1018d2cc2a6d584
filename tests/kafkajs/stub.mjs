// Objects with the interface of KafkaJS's, for what no mock cluster does when a test wants it.
import { EventEmitter } from "node:events";
import kafkajs from "kafkajs";

// The real names of the events.
const { events } = new kafkajs.Kafka({ brokers: ["localhost:1"], logLevel: kafkajs.logLevel.NOTHING }).consumer({ groupId: "names" });

export function stubConsumer() {
  const emitter = new EventEmitter();
  let config;
  let paused = [];
  const assertRuns = () => {
    if (config === undefined) throw new Error("Consumer group was not initialized, consumer#run must be called first");
  };
  return {
    events,
    on(name, listener) {
      // As KafkaJS does it: what a listener throws comes out of the client's own work.
      emitter.on(name, listener);
      return () => emitter.off(name, listener);
    },
    async run(given) {
      config = given;
    },
    async commitOffsets() {
      assertRuns();
      if (this.refusal) throw this.refusal;
    },
    pause(topics) {
      assertRuns();
      paused = topics;
    },
    resume() {
      assertRuns();
      paused = [];
    },
    seek(to) {
      assertRuns();
      this.sentTo = to;
      return to.offset;
    },
    paused: () => paused,
    // For the tests.
    tell: (name, payload) => emitter.emit(events[name], { id: 0, type: events[name], timestamp: Date.now(), payload }),
    handlers: () => config,
    listeners: () => emitter.eventNames().length,
  };
}

export function stubProducer() {
  const calls = [];
  const answer = (name) => async (request) => {
    calls.push([name, request]);
    if (request?.fails) throw request.fails;
    return [name];
  };
  const transactions = [];
  return {
    calls,
    transactions,
    send: answer("send"),
    sendBatch: answer("sendBatch"),
    async transaction() {
      const transaction = Object.fromEntries(["send", "sendBatch", "sendOffsets", "commit", "abort"].map((name) => [name, answer(name)]));
      transactions.push(transaction);
      return transaction;
    },
  };
}

/** A monitor's clock that stands still until it is told how late it is, seconds. */
export function clock(start = 100) {
  const time = () => time.now;
  time.now = start;
  return time;
}
