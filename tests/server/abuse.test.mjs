// What hosts, sources and clients do wrong must stay with them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after, describe, it } from "node:test";
import { follow } from "streamgauge/live";
import { serve } from "streamgauge/server";
import { get, monitorOf, raw, reader, until } from "./support.mjs";

const servers = [];
after(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

/** An address that answers as the test wants. */
async function answering(answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}/`;
}

describe("a client", () => {
  it("has one place among the readers for a connection, and leaves it when that ends", async () => {
    const server = await serve(monitorOf().monitor, { intervalSeconds: 0.1, maxClients: 4 });
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(4));
    await until(() => server.clients > 0);
    const another = await reader(server.url);
    assert.equal(another.status, 200);
    assert.equal(server.clients, 2, "what waits behind an answer without an end reads nothing");
    another.close();
    socket.destroy();
    await until(() => server.clients === 0);
    await server.close();
  });

  it("may spell the host of the server in any case, with a port and a final point, and in no other way", async () => {
    const server = await serve(monitorOf().monitor, { allowedHosts: ["Gauges.Example."] });
    const statusOf = async (lines, target = "/snapshot", version = "1.1") =>
      Number((await raw(server.url, `GET ${target} HTTP/${version}\r\n${lines}Connection: close\r\n\r\n`)).slice(9, 12));
    for (const host of ["localhost", "LOCALHOST.:1", "127.0.0.1:99999", "[::1]", "[::1]:80", "gauges.example", "gauges.example.:443"]) assert.equal(await statusOf(`Host: ${host}\r\n`), 200, host);
    for (const host of ["localhost.evil.example", "evil.example", "127.0.0.1.evil.example", "0.0.0.0", "[::ffff:8.8.8.8]"]) assert.equal(await statusOf(`Host: ${host}\r\n`), 421, host);
    for (const host of ["", "localhost@evil.example", "evil.example#localhost", "localhost:x", "::1", "localhost, evil.example"]) assert.equal(await statusOf(`Host: ${host}\r\n`), 400, host);
    assert.equal(await statusOf("Host: localhost\r\nHost: evil.example\r\n"), 400);
    assert.equal(await statusOf("", "/snapshot", "1.0"), 400, "none at all");
    assert.equal(await statusOf("Host: localhost\r\n", "http://evil.example/snapshot"), 400);
    assert.equal(await statusOf("Host: localhost\r\n", "//evil.example/snapshot"), 404);
    await server.close();
  });
});

describe("an address that is printed", () => {
  it("can be opened, also where the server listens everywhere", async () => {
    const server = await serve(monitorOf().monitor, { host: "0.0.0.0" });
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.equal((await get(server.url, "/snapshot")).status, 200);
    await server.close();
  });
});

describe("a source", () => {
  it("whose workers() throws neither ends the process nor hides the figures, and is logged once", async () => {
    const program = `
      import { Monitor } from "streamgauge";
      import { serve } from "streamgauge/server";
      const monitor = new Monitor();
      const workers = () => { throw new Error("no list"); };
      const logger = { warn: (text) => process.stderr.write(text + "\\n") };
      const server = await serve({ snapshot: () => monitor.snapshot(), workers }, { intervalSeconds: 0.1, keepAlive: true, logger });
      console.log(server.url);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: new URL("../..", import.meta.url), stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    child.stderr.on("data", (chunk) => {
      log += chunk;
    });
    const [url] = await once(child.stdout, "data");
    const { events, close } = await reader(String(url).trim());
    await until(() => events.filter(({ event }) => event === "delta").length >= 3 || child.exitCode !== null);
    assert.equal(child.exitCode, null);
    close();
    assert.deepEqual(log.trim().split("\n"), ["streamgauge/server: workers() failed: Error: no list"]);
    child.kill();
    await once(child, "exit");
  });

  it("that never answers is a failure, in the log as well", { timeout: 60_000 }, async () => {
    const warnings = [];
    const never = () => new Promise(() => {});
    const server = await serve({ snapshot: never, asdict: never }, { logger: { warn: (text) => warnings.push(text) } });
    const answers = await Promise.all(["/snapshot", "/metrics", "/stats/"].map((path) => get(server.url, path)));
    assert.deepEqual(answers.map(({ status }) => status), [500, 500, 500]);
    await until(() => warnings.length >= 2);
    assert.deepEqual(warnings.sort(), ["streamgauge/server: asdict() failed: no answer within 5 s", "streamgauge/server: the snapshot failed: no answer within 5 s"]);
    await server.close();
  });

  it("is asked for Faust's statistics once, however many want them, and not again at once where it fails", async () => {
    let asked = 0;
    const { monitor } = monitorOf();
    const asdict = () => Promise.reject(new Error(`failure ${(asked += 1)}`));
    const server = await serve({ snapshot: () => monitor.snapshot(), asdict }, { intervalSeconds: 3600 });
    await Promise.all(Array.from({ length: 5 }, () => get(server.url, "/stats/")));
    assert.equal((await get(server.url, "/stats/")).status, 500);
    assert.equal(asked, 1);
    await server.close();
  });
});

describe("a follower", () => {
  it("reads no more of a refusal than it shows, and no event without an end", { timeout: 60_000 }, async () => {
    const endless = (line) => (response) => {
      const chunk = line.repeat(8192);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    };
    for (const [status, line, reason] of [
      [500, "sorry ", /^the server answered 500: sorry sorry/],
      [200, "data:\n", /^an event has more than 100000 characters$/],
    ]) {
      const url = await answering((_, response) => {
        response.writeHead(status, { "content-type": "text/event-stream" });
        endless(line)(response);
      });
      const follower = follow(url, { maxEventLength: 100_000 });
      await until(() => follower.state.phase === "reconnecting");
      assert.match(follower.state.reason, reason);
      follower.close();
    }
  });

  it("shows its token to the address alone, not to where that redirects", async () => {
    const seen = [];
    const target = await answering((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await answering((_, response) => response.writeHead(status, { location: `${target}events` }).end());
      const follower = follow(url, { token: "a-token-of-a-worker" });
      await until(() => follower.state.phase === "reconnecting");
      follower.close();
    }
    assert.deepEqual(seen, []);
  });
});
