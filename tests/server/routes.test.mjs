// What each route answers, and to whom it refuses to.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { serve } from "streamgauge/server";
import { decode, merge, parse } from "streamgauge/snapshot";
import { counting, get, monitorOf, raw, until } from "./support.mjs";

const TOKEN = "correct-horse-battery-staple";
const DATA_ROUTES = ["/stats/", "/stats", "/snapshot", "/metrics", "/healthz", "/events"];

describe("the live server", () => {
  const { monitor } = monitorOf();
  let server;
  before(async () => {
    server = await serve(monitor);
  });
  after(() => server.close());

  it("gives Faust's statistics, with and without the slash", async () => {
    for (const path of ["/stats/", "/stats"]) {
      const { status, headers, text } = await get(server.url, path);
      assert.equal(status, 200);
      assert.equal(headers["content-type"], "application/json; charset=utf-8");
      assert.deepEqual(JSON.parse(text), { Sensor0: JSON.parse(JSON.stringify(monitor.asdict())) });
      assert.equal(JSON.parse(text).Sensor0.messages_received_total, 3);
    }
  });

  it("gives the snapshot as JSON, or as CBOR to those who ask for it", async () => {
    const json = await get(server.url, "/snapshot");
    assert.equal(json.headers["content-type"], "application/json; charset=utf-8");
    const snapshot = parse(json.text);
    assert.equal(snapshot.messages.received, 3);
    assert.equal(snapshot.messages.time.life.sum, 0.75);
    assert.equal(snapshot.partitions[0].lag, 7);
    for (const accept of ["application/cbor", "text/html, application/json;q=0.5, Application/CBOR;q=0.5"]) {
      const cbor = await get(server.url, "/snapshot", { headers: { accept } });
      assert.equal(cbor.headers["content-type"], "application/cbor");
      assert.equal(cbor.headers.vary, "accept");
      assert.deepEqual(decode(cbor.bytes).messages, snapshot.messages);
    }
    for (const accept of ["*/*", "application/json, application/cbor;q=0.9", "application/cbor;q=0", "text/html"]) {
      assert.match((await get(server.url, "/snapshot", { headers: { accept } })).headers["content-type"], /json/);
    }
  });

  it("gives metrics as classic text, or as OpenMetrics to those who ask for it", async () => {
    const classic = await get(server.url, "/metrics");
    assert.equal(classic.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert.match(classic.text, /^streamgauge_messages_received_total\{worker="w1"\} 3$/m);
    assert.match(classic.text, /^# TYPE streamgauge_messages_received_total counter$/m);
    const open = await get(server.url, "/metrics", { headers: { accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.5" } });
    assert.equal(open.headers["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert.equal(open.headers.vary, "accept");
    assert.match(open.text, /^# TYPE streamgauge_messages_received counter$/m);
    assert.match(open.text, /\n# EOF\n$/);
    const labelled = await serve(monitor, { metrics: { prefix: "app_", group: "billing" } });
    assert.match((await get(labelled.url, "/metrics")).text, /^app_messages_received_total\{.*group="billing".*\} 3$/m);
    await labelled.close();
    await assert.rejects(serve(monitor, { metrics: { prefix: "1" } }), { code: "ERR_INVALID_PREFIX" });
    await assert.rejects(serve(monitor, { metrics: { grup: "1" } }), { code: "ERR_UNKNOWN_OPTION" });
  });

  it("answers HEAD like GET, without a body", async () => {
    for (const path of ["/", "/stats/", "/snapshot", "/metrics", "/healthz", "/nothing"]) {
      const [whole, head] = [await get(server.url, path), await get(server.url, path, { method: "HEAD" })];
      assert.equal(head.status, whole.status, path);
      assert.equal(head.text, "");
      for (const headers of [whole.headers, head.headers]) delete headers.date;
      assert.deepEqual(head.headers, whole.headers);
    }
    const { status, headers } = await get(server.url, "/events", { method: "HEAD" });
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "text/event-stream; charset=utf-8");
    assert.equal(server.clients, 0);
  });

  it("serves the page and its files, and nothing else of the disk", async () => {
    const page = await get(server.url, "/");
    assert.equal(page.status, 200);
    assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
    assert.equal(page.headers["cache-control"], "no-cache");
    assert.match(page.headers["content-security-policy"], /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'$/);
    assert.doesNotMatch(page.headers["content-security-policy"], /unsafe|\*|https?:/);
    const files = [...page.text.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file]) => file);
    assert.ok(files.length >= 3, files.join());
    for (const file of files) {
      const { status, headers } = await get(server.url, `/${file}`);
      assert.equal(status, 200, file);
      assert.equal(headers["cache-control"], file.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      assert.notEqual(headers["content-type"], undefined);
    }
    const outside = ["/../package.json", "/assets/../../server.cjs", "/assets/%2e%2e/%2e%2e/cli.mjs", "/live.html", "/assets/", "/assets", "//etc/passwd", "/%2fetc%2fpasswd", "/..\\package.json", "/__proto__", "/constructor"];
    for (const path of outside) {
      const answer = await raw(server.url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 404 /, path);
    }
  });

  it("allows no other site anything", async () => {
    for (const path of ["/", ...DATA_ROUTES, "/nothing"]) {
      const { headers } = await get(server.url, path, { method: "HEAD" });
      assert.equal(headers["x-content-type-options"], "nosniff", path);
      assert.equal(headers["x-frame-options"], "DENY");
      assert.equal(headers["referrer-policy"], "no-referrer");
      assert.equal(headers["cross-origin-resource-policy"], "same-origin");
      assert.match(headers["content-security-policy"], /^default-src 'none'/);
      assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith("access-control")), []);
      if (path !== "/") assert.match(headers["cache-control"], /^no-store/, path);
    }
    const { host } = new URL(server.url);
    for (const path of DATA_ROUTES) {
      for (const origin of ["http://evil.example", "null", `http://${host}.evil.example`, "http://localhost:1", `http://u@${host}`, ""]) {
        const { status, headers } = await get(server.url, path, { headers: { origin } });
        assert.equal(status, 403, `${path} from ${origin}`);
        assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith("access-control")), []);
      }
      for (const site of ["cross-site", "same-site"]) {
        assert.equal((await get(server.url, path, { headers: { "sec-fetch-site": site, "sec-fetch-mode": "no-cors" } })).status, 403);
      }
    }
    assert.equal((await get(server.url, "/snapshot", { headers: { origin: `http://${host}`, "sec-fetch-site": "same-origin" } })).status, 200);
    assert.equal((await get(server.url, "/snapshot", { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" } })).status, 200);
  });

  it("answers to its own names only, whatever the path", async () => {
    const { port } = new URL(server.url);
    for (const host of [`localhost:${port}`, "localhost", "LOCALHOST", "localhost.", "127.0.0.1", `127.0.0.1:${port}`, "127.8.9.1:80", "[::1]", `[::1]:${port}`]) {
      assert.equal((await get(server.url, "/snapshot", { headers: { host } })).status, 200, host);
    }
    for (const path of ["/", ...DATA_ROUTES]) {
      for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "0.0.0.0", "[::2]"]) {
        assert.equal((await get(server.url, path, { headers: { host } })).status, 421, host);
      }
    }
    for (const host of ["a b", "localhost:x", "localhost/", "evil.example@localhost", "[::1"]) {
      assert.equal((await get(server.url, "/snapshot", { headers: { host } })).status, 400, host);
    }
    assert.match(await raw(server.url, "GET /snapshot HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 400 /);
    assert.match(await raw(server.url, "GET /snapshot HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 400 /);
    assert.match(await raw(server.url, "GET /snapshot HTTP/1.1\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 400 /);
    assert.match(await raw(server.url, "GET /snapshot HTTP/1.0\r\n\r\n"), /^HTTP\/1\.1 400 /);
    assert.match(await raw(server.url, "GET http://evil.example/snapshot HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), /^HTTP\/1\.1 400 /);
    const { monitor: other } = monitorOf();
    const named = await serve(other, { allowedHosts: ["Figures.example", "[fe80::1]"] });
    assert.equal((await get(named.url, "/snapshot", { headers: { host: "figures.EXAMPLE:443", origin: "https://figures.example:443" } })).status, 200);
    assert.equal((await get(named.url, "/snapshot", { headers: { host: "[FE80::1]:80" } })).status, 200);
    assert.equal((await get(named.url, "/snapshot", { headers: { host: "more.figures.example" } })).status, 421);
    await named.close();
  });

  it("takes GET and HEAD alone, without a body", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"]) {
      const { status, headers } = await get(server.url, "/snapshot", { method });
      assert.equal(status, 405, method);
      assert.equal(headers.allow, "GET, HEAD");
    }
    assert.equal((await get(server.url, "/snapshot", { headers: { "content-length": 3 }, body: "abc" })).status, 413);
    assert.equal((await get(server.url, "/snapshot", { headers: { "transfer-encoding": "chunked" }, body: "abc" })).status, 413);
    assert.equal((await get(server.url, "/snapshot", { headers: { "content-length": 0 } })).status, 200);
  });

  it("ends what is no request, or too large a one", async () => {
    assert.match(await raw(server.url, "nonsense\r\n\r\n"), /^HTTP\/1\.1 400 /);
    assert.match(await raw(server.url, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(9000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
    assert.match(await raw(server.url, `GET /${"x".repeat(9000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`), /^HTTP\/1\.1 431 /);
  });

  it("ends a request that drips in", async () => {
    assert.match(await raw(server.url, "GET / HTTP/1.1\r\nHost: loc"), /^HTTP\/1\.1 408 /);
  });

  it("knows no other path", async () => {
    const { status, text } = await get(server.url, "/nothing?token=x");
    assert.equal(status, 404);
    assert.equal(text, "there is nothing here\n");
    assert.equal((await get(server.url, "/snapshot?a=b")).status, 200);
  });
});

describe("health", () => {
  it("is 200 while partitions keep up or only slow down, and 503 with the reason else", async () => {
    const { monitor } = monitorOf();
    const snapshot = monitor.snapshot();
    let health = {};
    const server = await serve(() => ({ ...snapshot, health: { ...snapshot.health, ...health } }), { intervalSeconds: 0.1 });
    for (const [status, expected] of [["ok", 200], ["warn", 200], ["stop", 503], ["stall", 503], ["rewind", 503]]) {
      health = { status, reason: `because of ${status}` };
      const answer = await until(async () => {
        const one = await get(server.url, "/healthz");
        return one.text.includes(status) && one;
      });
      assert.equal(answer.status, expected);
      assert.deepEqual(JSON.parse(answer.text), { status, reason: `because of ${status}` });
      assert.equal((await get(server.url, "/healthz", { method: "HEAD" })).status, expected);
    }
    await server.close();
  });
});

describe("a token", () => {
  let server;
  before(async () => {
    server = await serve(monitorOf().monitor, { token: TOKEN });
  });
  after(() => server.close());

  it("is wanted for all data, in the Authorization header alone", async () => {
    for (const path of DATA_ROUTES) {
      const none = await get(server.url, path);
      assert.equal(none.status, 401, path);
      assert.equal(none.headers["www-authenticate"], 'Bearer realm="streamgauge"');
      for (const authorization of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, "Bearer", "Bearer ", `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN} ${TOKEN}`]) {
        assert.equal((await get(server.url, path, { headers: { authorization } })).status, 401, authorization);
      }
      assert.equal((await get(server.url, `${path}?token=${TOKEN}&access_token=${TOKEN}`)).status, 401);
      assert.equal((await get(server.url, path, { headers: { cookie: `token=${TOKEN}` } })).status, 401);
    }
    for (const path of DATA_ROUTES) {
      assert.equal((await get(server.url, path, { headers: { authorization: `bearer ${TOKEN}` }, method: "HEAD" })).status, 200, path);
    }
  });

  it("is not wanted for the page, which asks for it", async () => {
    assert.equal((await get(server.url, "/")).status, 200);
  });

  it("must be hard to guess, and does not stand in the error", async () => {
    for (const token of ["", "short", "with spaces in between", "x".repeat(1025), "ümlaut-and-more-letters"]) {
      await assert.rejects(serve(() => ({}), { token }), (error) => error.code === "ERR_INVALID_TOKEN" && error instanceof RangeError && (token === "" || !error.message.includes(token)));
    }
    await assert.rejects(serve(() => ({}), { token: 7 }), { code: "ERR_INVALID_TOKEN", name: "TypeError" });
  });
});

describe("listening", () => {
  it("is on loopback, unless it is told otherwise, and then warns when anyone may read", async () => {
    const warnings = [];
    const logger = { warn: (message) => warnings.push(message) };
    const { monitor } = monitorOf();
    const local = await serve(monitor, { logger });
    assert.match(local.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    await local.close();
    const guarded = await serve(monitor, { host: "0.0.0.0", token: TOKEN, logger });
    await guarded.close();
    assert.deepEqual(warnings, []);
    const open = await serve(monitor, { host: "0.0.0.0", logger });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /^streamgauge\/server: listens on 0\.0\.0\.0 without a token: whoever reaches port \d+ can read/);
    await open.close();
  });

  it("gives Node's error where the port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    await assert.rejects(serve(() => ({}), { port: taken.address().port }), { code: "EADDRINUSE" });
    taken.close();
  });

  it("ends with close(), a second time as well", async () => {
    const server = await serve(monitorOf().monitor);
    const [one, two] = [server.close(), server.close()];
    assert.equal(one, two);
    await one;
    await assert.rejects(get(server.url, "/healthz"), { code: "ECONNREFUSED" });
  });

  it("refuses options that make no sense, by name", async () => {
    const { monitor } = monitorOf();
    const wrong = [
      [{ prot: 1 }, "ERR_UNKNOWN_OPTION"],
      [{ port: 70000 }, "ERR_INVALID_PORT"],
      [{ port: "80" }, "ERR_INVALID_PORT"],
      [{ host: "" }, "ERR_INVALID_HOST"],
      [{ maxClients: 0 }, "ERR_INVALID_MAX_CLIENTS"],
      [{ intervalSeconds: 0 }, "ERR_INVALID_INTERVAL_SECONDS"],
      [{ slowClientSeconds: Number.NaN }, "ERR_INVALID_SLOW_CLIENT_SECONDS"],
      [{ page: 1 }, "ERR_INVALID_PAGE"],
      [{ keepAlive: "yes" }, "ERR_INVALID_KEEP_ALIVE"],
      [{ logger: {} }, "ERR_INVALID_LOGGER"],
      [{ allowedHosts: "example.com" }, "ERR_INVALID_ALLOWED_HOSTS"],
      [{ allowedHosts: ["http://example.com"] }, "ERR_INVALID_ALLOWED_HOSTS"],
      [{ allowedHosts: ["*"] }, "ERR_INVALID_ALLOWED_HOSTS"],
    ];
    for (const [options, code] of wrong) await assert.rejects(serve(monitor, options), { code }, JSON.stringify(options));
    for (const source of [undefined, null, 7, "x", {}, []]) await assert.rejects(serve(source), { code: "ERR_INVALID_SOURCE" });
  });
});

describe("the source", () => {
  it("is read once in an interval, however many ask, and not at all while nobody does", async () => {
    const source = counting(monitorOf().monitor);
    const server = await serve(source, { intervalSeconds: 3600 });
    assert.equal(source.reads, 0);
    await get(server.url, "/");
    await get(server.url, "/stats/");
    assert.equal(source.reads, 0);
    const paths = Array.from({ length: 40 }, (_, place) => ["/snapshot", "/healthz", "/metrics"][place % 3]);
    const answers = await Promise.all(paths.map((path, place) => get(server.url, path, { headers: place % 2 ? { accept: "application/cbor" } : {} })));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(source.reads, 1);
    await server.close();
  });

  it("is a monitor, an object, or a function; what it gives an object, a text or bytes, now or later", async () => {
    const { monitor } = monitorOf();
    const sources = [
      monitor,
      () => monitor.snapshot(),
      () => monitor.snapshotBytes(),
      () => JSON.stringify(monitor.snapshot()),
      async () => monitor.snapshotBytes(),
      { snapshot: async () => merge([monitor.snapshot()]) },
    ];
    for (const source of sources) {
      const server = await serve(source);
      assert.equal(parse((await get(server.url, "/snapshot")).text).messages.received, 3);
      assert.equal((await get(server.url, "/stats/")).status, source === monitor ? 200 : 404);
      await server.close();
    }
  });

  it("may fail in every way, which is a 500 without its secrets, and is logged once", async () => {
    const failures = [
      () => {
        throw new Error("secret");
      },
      () => Promise.reject(new Error("secret")),
      () => {
        throw null;
      },
      () => undefined,
      () => "secret",
      () => new Uint8Array([1, 2, 3]),
      () => ({ secret: 1 }),
      () => ({ snapshot: "streamgauge/1", secret: 1n }),
    ];
    for (const failure of failures) {
      const warnings = [];
      const throws = failures.indexOf(failure) < 3;
      const source = { snapshot: failure, asdict: throws ? failure : () => ({ big: 1n }) };
      const server = await serve(source, { logger: { warn: (message) => warnings.push(message) }, intervalSeconds: 3600 });
      for (const path of ["/snapshot", "/snapshot", "/stats/"]) {
        const { status, headers, text } = await get(server.url, path);
        assert.equal(status, 500, `${failure} ${path}`);
        assert.equal(headers["content-type"], "text/plain; charset=utf-8");
        assert.equal(text, "there is no snapshot: the server's log says why\n");
      }
      // They come by another way than the answers.
      await until(() => warnings.some((one) => one.includes("asdict")) && warnings.some((one) => !one.includes("asdict")));
      const [ofSnapshots, ofStats] = [warnings.filter((one) => !one.includes("asdict")), warnings.filter((one) => one.includes("asdict"))];
      assert.equal(ofStats.length, 1);
      assert.equal(ofSnapshots.length, 1, warnings.join("\n"));
      await server.close();
    }
  });

  it("that failed is asked again, and may have recovered", async () => {
    const { monitor } = monitorOf();
    let works = false;
    const server = await serve(() => (works ? monitor.snapshot() : null), { intervalSeconds: 0.1 });
    assert.equal((await get(server.url, "/snapshot")).status, 500);
    works = true;
    await until(async () => (await get(server.url, "/snapshot")).status === 200);
    await server.close();
  });

  it("cannot be hurt by a logger that throws", async () => {
    const logger = {
      warn() {
        throw new Error("log");
      },
    };
    const server = await serve(() => undefined, { logger });
    assert.equal((await get(server.url, "/snapshot")).status, 500);
    await server.close();
  });
});
