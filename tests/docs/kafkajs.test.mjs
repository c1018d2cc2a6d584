// The README's program with an adapter and the live server, on a real client and real brokers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import kafkajs from "kafkajs";
import { startCluster } from "../kafka/mock-cluster.mjs";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const snippet = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code).find((code) => code.includes("attachConsumer"));

/** The snippet as a function of the client's objects: its imports stay as they are, its server takes any port and is given back. */
async function program() {
  const imports = snippet.match(/^import .*$/gm).join("\n");
  const rest = snippet.replace(/^import .*$/gm, "").replace("await serve(monitor, { port: 8912 })", "const server = await serve(monitor, { port: 0 })");
  const code = `${imports}\nexport async function run(consumer, producer) {\n${rest}\nreturn { monitor, server };\n}\n`;
  // A data: URL cannot import packages by name, so they are named by where they are.
  const located = code.replace(/from "(streamgauge[^"]*)"/g, (_, name) => `from "${import.meta.resolve(name)}"`);
  return (await import(`data:text/javascript,${encodeURIComponent(located)}`)).run;
}

let cluster;
let started;
let consumer;
let producer;

before(async () => {
  cluster = await startCluster();
  const kafka = new kafkajs.Kafka({ brokers: cluster.brokers, logLevel: kafkajs.logLevel.NOTHING });
  consumer = kafka.consumer({ groupId: "readme" });
  producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  started = await (await program())(consumer, producer);
});

after(async () => {
  await Promise.allSettled([consumer?.disconnect(), producer?.disconnect()]);
  started?.monitor.stop();
  await started?.server.close();
  await cluster?.close();
});

test("what is sent and read is served, with nothing wired by hand", { timeout: 60_000 }, async () => {
  const { monitor, server } = started;
  await Promise.all([producer.connect(), consumer.connect()]);
  await producer.send({ topic: "orders", messages: Array.from({ length: 10 }, (_, number) => ({ key: `${number}`, value: "1" })) });
  await consumer.subscribe({ topic: "orders", fromBeginning: true });
  let read = 0;
  await consumer.run({ eachMessage: async () => void (read += 1) });
  while (read < 10 || monitor.messagesActive > 0) await pause(20);
  const { messages, sends } = monitor.snapshot();
  assert.deepEqual([messages.received, messages.sent, sends.latency.life.count], [10, 10, 10]);
  const text = await (await fetch(new URL("/metrics", server.url))).text();
  assert.match(text, /^streamgauge_messages_received_total\{worker="worker-1"\} 10$/m);
  const stats = await (await fetch(new URL("/stats/", server.url))).json();
  assert.equal(stats.Sensor0.messages_received_total, 10);
});
