// What the tests here share: clients of a mock cluster, and waiting without sleeping longer than needed.
import { setTimeout as pause } from "node:timers/promises";
import kafkajs from "kafkajs";

export const { Kafka, Partitioners, logLevel } = kafkajs;

export const connect = (brokers, options = {}) => new Kafka({ clientId: "test", brokers, logLevel: logLevel.NOTHING, ...options });

/** Short times, so that a group notices at once. */
export const quick = { sessionTimeout: 6000, heartbeatInterval: 200, maxWaitTimeInMs: 100, rebalanceTimeout: 6000 };

/** Waits until it is so; a minute without is a failure. */
export async function until(what, isSo) {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited a minute in vain until ${what}`);
    await pause(10);
  }
}

export async function produce(kafka, topic, count, partitions = 4) {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const messages = Array.from({ length: count }, (_, number) => ({ key: `k${number}`, value: `v${number}`, partition: number % partitions }));
  for (let first = 0; first < count; first += 500) await producer.send({ topic, messages: messages.slice(first, first + 500) });
  await producer.disconnect();
}

export const sum = (values) => Object.values(values).reduce((total, value) => total + value, 0);

/** A monitor whose every hook throws. */
export function brokenMonitor() {
  const thrown = new Error("this monitor is broken");
  return new Proxy(
    {},
    {
      get: (_, name) =>
        String(name).startsWith("on") || name === "count" || name === "trackTpEndOffset"
          ? () => {
              throw thrown;
            }
          : undefined,
    },
  );
}
