// librdkafka's own client on tansu: its statistics, applied to a monitor, agree with what it knows itself.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { followLiveClient } from "../rdkafka/live.mjs";
import { startTansu } from "./tansu.mjs";

let broker;
before(async () => {
  broker = await startTansu();
  await broker.createTopic("orders", 4);
});
after(() => broker?.close());

it("a client of librdkafka, by its statistics alone", { timeout: 120_000 }, async () => {
  const monitor = await followLiveClient(broker.brokers[0]);
  assert.deepEqual(Object.entries(monitor.anomalies).filter(([, count]) => count > 0), []);
  const { health, consumer } = monitor.snapshot();
  assert.deepEqual([consumer.polledRecords, health.status], [400, "ok"]);
});
