// What a dashboard makes of a worker that starts again and again: an event stream that the test writes, a real merge.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, describe, it } from "node:test";
import { gatherUrls } from "streamgauge/server";
import { Monitor } from "streamgauge";
import { until } from "./support.mjs";

const servers = [];
const gathering = [];
after(() => {
  for (const gathered of gathering) gathered.close();
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

/** A monitor that began `life` hours after the first, took three messages, and has one of them still. */
function lifeOf(worker, life, topic = "orders") {
  const clock = { now: life * 3600 };
  const monitor = new Monitor({ worker, epoch: 1_700_000_000, time: () => clock.now });
  const tp = monitor.topicPartition(topic, 0);
  monitor.onPartitionsAssigned([tp]);
  for (let offset = 0; offset < 3; offset += 1) {
    const message = {};
    monitor.onMessageIn(tp, offset, message);
    clock.now += 0.25;
    if (offset < 2) monitor.onMessageOut(tp, offset, message);
  }
  monitor.trackTpEndOffset(tp, 10);
  return monitor.snapshot();
}

/** An address that tells one snapshot after the other. */
async function address() {
  const readers = new Set();
  let told;
  let id = 0;
  const text = () => `id: ${id}\nevent: snapshot\ndata: ${JSON.stringify(told)}\n\n`;
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    readers.add(response);
    response.write(told === undefined ? ":\n\n" : text());
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address();
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/`,
    tell(snapshot) {
      told = snapshot;
      id += 1;
      for (const one of readers) one.write(text());
    },
  };
}

function gather(...urls) {
  const gathered = gatherUrls(urls);
  gathering.push(gathered);
  return gathered;
}

const sumWhere = (gathered, holds) =>
  until(async () => {
    const sum = await gathered.snapshot().catch(() => undefined);
    return sum !== undefined && holds(sum) && sum;
  });

describe("a worker that starts again and again", () => {
  it("keeps all its counts, its gauges once, and a bounded list of lives", { timeout: 60_000 }, async () => {
    const one = await address();
    const gathered = gather(one.url);
    for (let life = 0; life < 25; life += 1) {
      one.tell(lifeOf("w1", life));
      const sum = await sumWhere(gathered, ({ messages }) => messages.received === 3 * (life + 1));
      assert.equal(sum.messages.active, 1, "of the life that goes on");
      assert.equal(sum.messages.time.life.count, 2 * (life + 1));
      assert.deepEqual(sum.partitions.map(({ topic, worker }) => [topic, worker]), [["orders", "w1"]]);
      assert.equal(sum.since, 1_700_000_000);
      assert.deepEqual(gathered.workers().map(({ state, reason }) => [state, reason]), [["live", ""]]);
    }
    const { merged } = await gathered.snapshot();
    assert.equal(merged.length, 10, "the one that goes on, eight before, and all others as one");
    assert.equal(merged.at(-1).since, 1_700_000_000 + 24 * 3600);
  });

  it("counts one without a name likewise, and calls it by its address", { timeout: 60_000 }, async () => {
    const one = await address();
    const other = await address();
    const gathered = gather(one.url, other.url);
    other.tell(lifeOf("", 0, "payments"));
    for (let life = 0; life < 3; life += 1) {
      one.tell(lifeOf("", life));
      const sum = await sumWhere(gathered, ({ messages }) => messages.received === 3 * (life + 2));
      assert.equal(sum.messages.active, 2, "one of each that is there");
    }
    const sum = await gathered.snapshot();
    assert.deepEqual(sum.partitions.map(({ topic, worker }) => [topic, worker]), [["orders", one.host], ["payments", other.host]]);
    assert.deepEqual(gathered.workers().map(({ worker }) => worker), [one.host, other.host]);
  });

  it("takes the place of one of another name at its address, whose gauges and partitions are gone with it", { timeout: 60_000 }, async () => {
    const one = await address();
    const gathered = gather(one.url);
    for (let life = 0; life < 12; life += 1) {
      one.tell(lifeOf(`pod-${life}`, life, `topic-${life}`));
      const sum = await sumWhere(gathered, ({ messages }) => messages.received === 3 * (life + 1));
      assert.equal(sum.messages.active, 1);
      assert.deepEqual(sum.partitions.map(({ topic }) => topic), [`topic-${life}`]);
      assert.ok(sum.merged.length <= 2);
    }
  });

  it("counts one that moved to another address once", { timeout: 60_000 }, async () => {
    const [one, other] = [await address(), await address()];
    const gathered = gather(one.url, other.url);
    one.tell(lifeOf("a", 0));
    other.tell(lifeOf("b", 1, "payments"));
    await sumWhere(gathered, ({ messages }) => messages.received === 6);
    const a = lifeOf("a", 0);
    other.tell({ ...a, sequence: 5, at: a.at + 5 });
    one.tell(lifeOf("b", 1, "payments"));
    await until(() => gathered.workers().map(({ worker }) => worker).join() === "b,a");
    const sum = await gathered.snapshot();
    assert.equal(sum.messages.received, 6);
    assert.deepEqual(sum.merged.map(({ worker, sequence }) => [worker, sequence]), [["a", 5], ["b", 1]]);
  });
});
