// Several workers as one: real processes, a real merge, one of them killed.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gatherUrls, serve } from "streamgauge/server";
import { get, monitorOf, reader, until } from "./support.mjs";

const TOKEN = "the-token-of-the-workers";
const program = fileURLToPath(new URL("worker.mjs", import.meta.url));
const started = [];
const gathering = [];
after(() => {
  for (const child of started) child.kill("SIGKILL");
  for (const gathered of gathering) gathered.close();
});

/** A worker process; `port` where it starts again. */
async function worker(name, partition, port) {
  const child = fork(program, [name, partition, ...(port === undefined ? [] : [port])].map(String), { env: { ...process.env, WORKER_TOKEN: TOKEN } });
  started.push(child);
  const [url] = await once(child, "message");
  return { child, url, handle: (count) => child.send(count) };
}

const json = async (url, path) => JSON.parse((await get(url, path)).text);

describe("a dashboard", () => {
  it("sums up its workers, goes on without one that is killed, names it, and takes it up again", { timeout: 60_000 }, async () => {
    const workers = [await worker("a", 0), await worker("b", 1), await worker("c", 2)];
    const urls = workers.map(({ url }) => url);
    const gathered = gatherUrls(urls, { token: TOKEN });
    gathering.push(gathered);
    const server = await serve(gathered, { intervalSeconds: 0.1 });
    const events = await reader(server.url);
    for (const [place, { handle }] of workers.entries()) handle(10 * (place + 1));
    const received = (count) => until(async () => (await json(server.url, "/snapshot")).messages?.received === count, `${count} messages`);
    await received(60);
    const whole = await json(server.url, "/snapshot");
    assert.deepEqual(whole.merged.map(({ worker: name }) => name), ["a", "b", "c"]);
    assert.deepEqual(whole.partitions.map(({ worker: name, partition, lag }) => [name, partition, lag]), [["a", 0, 5], ["b", 1, 5], ["c", 2, 5]]);
    assert.deepEqual(await json(server.url, "/healthz"), { ...(await json(server.url, "/healthz")), status: "ok", away: [] });

    workers[1].child.kill("SIGKILL");
    await once(workers[1].child, "exit");
    workers[0].handle(7);
    await received(67);
    const [away] = await until(async () => {
      const health = await json(server.url, "/healthz");
      return health.away.length === 1 && health.away;
    });
    assert.equal(away.source, urls[1]);
    assert.equal(away.worker, "b");
    assert.equal(away.state, "stale");
    assert.match(away.reason, /\w/);
    await events.until((all) => all.findLast(({ event }) => event === "workers")?.data.map(({ state }) => state).join() === "live,stale,live");

    // The same address, a new life.
    workers[1] = await worker("b", 1, new URL(urls[1]).port);
    workers[1].handle(100);
    await received(167);
    const again = await json(server.url, "/snapshot");
    assert.deepEqual(again.merged.map(({ worker: name }) => name), ["a", "b", "b", "c"]);
    await events.until((all) => all.findLast(({ event }) => event === "workers")?.data.map(({ state }) => state).join() === "live,live,live");

    for (const { child } of workers) child.kill("SIGKILL");
    const none = await until(async () => {
      const answer = await get(server.url, "/healthz");
      return answer.status === 503 && answer;
    });
    assert.equal(JSON.parse(none.text).reason, "no worker can be reached");
    assert.equal((await json(server.url, "/snapshot")).messages.received, 167, "what they told last stays");
    events.close();
    await server.close();
    gathered.close();
  });

  it("says which worker it cannot reach or read, and why, and shows the others", async () => {
    const good = await serve(monitorOf().monitor, { intervalSeconds: 0.1 });
    const guarded = await serve(monitorOf({ worker: "w2" }).monitor, { token: TOKEN });
    const answers = new Map([
      ["/web/events", (response) => response.end("<p>hello")],
      ["/nonsense/events", (response) => response.writeHead(200, { "content-type": "text/event-stream" }).write('id: 1\nevent: snapshot\ndata: {"snapshot":"streamgauge/1","messages":7}\n\n')],
      ["/redirect/events", (response) => response.writeHead(302, { location: `${good.url}events` }).end()],
      ["/broken/events", (response) => response.writeHead(200, { "content-type": "text/event-stream" }).write("id: 1\nevent: snapshot\ndata: {\n\n")],
    ]);
    const other = createServer((request, response) => answers.get(request.url)(response)).listen(0, "127.0.0.1");
    await once(other, "listening");
    const base = `http://127.0.0.1:${other.address().port}`;
    const gathered = gatherUrls([good.url, guarded.url, `${base}/web/`, `${base}/nonsense`, `${base}/redirect`, `${base}/broken`, "http://127.0.0.1:1"]);
    gathering.push(gathered);
    const server = await serve(gathered, { intervalSeconds: 0.1 });
    const reasons = await until(async () => {
      const { messages } = await json(server.url, "/snapshot").catch(() => ({}));
      const { away } = await json(server.url, "/healthz").catch(() => ({ away: [] }));
      return messages?.received === 3 && away.length === 6 && away.every(({ reason }) => reason !== "" && reason !== "no answer yet") && away.map(({ reason }) => reason);
    });
    assert.equal(reasons[0], "the server wants a token");
    assert.equal(reasons[1], "what answers is no streamgauge server");
    assert.match(reasons[2], /^what it sends cannot be added up: .*messages/);
    assert.match(reasons[3], /^the connection failed/);
    assert.equal(reasons[4], "what came is not JSON");
    assert.match(reasons[5], /ECONNREFUSED|the connection failed/);
    gathered.close();
    other.closeAllConnections();
    other.close();
    for (const one of [server, good, guarded]) await one.close();
  });

  it("refuses addresses that are none, or that carry a password", () => {
    for (const url of ["", "localhost:8912x", "ftp://localhost", "http://user:secret@localhost"]) {
      assert.throws(() => gatherUrls([url]), (error) => error.code === "ERR_INVALID_URL" && !error.message.includes("secret"), url);
    }
    assert.throws(() => gatherUrls([]), { code: "ERR_INVALID_URLS" });
    assert.throws(() => gatherUrls("http://localhost"), { code: "ERR_INVALID_URLS" });
    assert.throws(() => gatherUrls(["http://localhost"], { tokn: "x" }), { code: "ERR_UNKNOWN_OPTION" });
  });
});
