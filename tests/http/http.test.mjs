// The four servers, each with the same routes, asked over real sockets.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, request } from "node:http";
import { connect as connectHttp2, constants, createServer as createHttp2Server } from "node:http2";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { serve } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { Monitor } from "streamgauge";
import { attachHttpServer, expressMiddleware, fastifyPlugin, honoMiddleware } from "streamgauge/http";

/** What is done in all servers. `work.wait` is what `/slow` waits for, `work.reached` says that it is being handled. */
function makeWork() {
  const work = {};
  work.reached = new Promise((resolve) => (work.reach = resolve));
  work.wait = new Promise((resolve) => (work.answer = resolve));
  return work;
}

const listen = async (server) => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
};
const closeServer = (server) => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
};

const servers = {
  async "node:http"(monitor, work) {
    const server = createServer(async (request, response) => {
      if (request.url === "/ok") response.end("ok");
      else if (request.url === "/missing") response.writeHead(404).end();
      else if (request.url === "/throws") {
        // What a plain server does with an error of its handler is its own affair.
        response.statusCode = 500;
        response.end();
      } else if (request.url === "/slow") {
        work.reach();
        await work.wait;
        response.end("late");
      } else {
        response.write("first");
        work.reach();
        await work.wait;
        response.end("last");
      }
    });
    const attachment = attachHttpServer(server, monitor);
    await listen(server);
    return { attachment, port: server.address().port, close: () => closeServer(server) };
  },

  async "Express 5"(monitor, work) {
    const app = express().disable("x-powered-by");
    const attachment = expressMiddleware(monitor);
    app.use(attachment);
    app.get("/ok", (_, response) => response.send("ok"));
    app.get("/throws", async () => {
      throw new Error("handler");
    });
    app.get("/slow", async (_, response) => {
      work.reach();
      await work.wait;
      response.send("late");
    });
    app.get("/stream", async (_, response) => {
      response.write("first");
      work.reach();
      await work.wait;
      response.end("last");
    });
    // Its own handler writes the error to the console.
    app.use((_error, _request, response, _next) => response.sendStatus(500));
    const server = createServer(app);
    await listen(server);
    return { attachment, port: server.address().port, close: () => closeServer(server) };
  },

  async "Fastify 5"(monitor, work) {
    const app = fastify({ forceCloseConnections: true });
    const attachment = fastifyPlugin(monitor);
    await app.register(attachment);
    app.get("/ok", async () => "ok");
    app.get("/throws", async () => {
      throw new Error("handler");
    });
    app.get("/slow", async () => {
      work.reach();
      await work.wait;
      return "late";
    });
    app.get("/stream", (_, reply) => {
      reply.hijack();
      reply.raw.write("first");
      work.reach();
      void work.wait.then(() => reply.raw.end("last"));
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    return { attachment, port: app.server.address().port, close: () => app.close() };
  },

  async "Hono 4"(monitor, work) {
    const app = new Hono();
    const attachment = honoMiddleware(monitor);
    app.use(attachment);
    app.get("/ok", (context) => context.text("ok"));
    app.get("/throws", () => {
      throw new Error("handler");
    });
    app.onError((_, context) => context.text("no", 500));
    app.get("/slow", async (context) => {
      work.reach();
      await work.wait;
      return context.text("late");
    });
    app.get("/stream", (context) =>
      streamSSE(context, async (stream) => {
        await stream.write("first");
        work.reach();
        await work.wait;
        await stream.write("last");
      }),
    );
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
    await once(server, "listening");
    return { attachment, port: server.address().port, close: () => closeServer(server) };
  },
};

const ask = (port, path) => fetch(`http://127.0.0.1:${port}${path}`).then(async (response) => [response.status, await response.text()]);

/** Waits until what the server does after the client left has been heard. */
async function until(condition) {
  const given = Date.now();
  while (!condition()) {
    if (Date.now() - given > 10_000) throw new Error("it did not happen in 10 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

for (const [name, start] of Object.entries(servers)) {
  describe(name, { timeout: 60_000 }, () => {
    async function serving(use) {
      let now = 100;
      const monitor = new Monitor({ time: () => now });
      const work = makeWork();
      const server = await start(monitor, work);
      try {
        await use({ monitor, work, advance: (seconds) => (now += seconds), ...server });
        assert.deepEqual([server.attachment.faults, server.attachment.lastFault], [0, undefined]);
        assert.deepEqual(Object.entries(monitor.anomalies).filter(([, count]) => count > 0), []);
      } finally {
        work.answer();
        await server.close();
      }
    }
    const codes = (monitor) => monitor.asdict().http_response_codes;
    const total = (monitor) => Object.values(codes(monitor)).reduce((sum, count) => sum + count, 0);

    it("counts each status, of handlers that throw as well", async () => {
      await serving(async ({ monitor, port }) => {
        assert.deepEqual(await ask(port, "/ok"), [200, "ok"]);
        assert.equal((await ask(port, "/ok"))[0], 200);
        assert.equal((await ask(port, "/throws"))[0], 500);
        const missing = name === "node:http" ? "/missing" : "/none";
        assert.equal((await ask(port, missing))[0], 404);
        await until(() => total(monitor) === 4);
        assert.deepEqual(codes(monitor), { 200: 2, 404: 1, 500: 1 });
        assert.deepEqual(monitor.snapshot().errors.byStage, { http: { 500: 1 } });
      });
    });

    it("measures from the head of the request to the end of the response", async () => {
      await serving(async ({ monitor, work, port, advance }) => {
        const answer = ask(port, "/slow");
        await work.reached;
        assert.deepEqual(codes(monitor), {});
        advance(1.5);
        work.answer();
        assert.deepEqual(await answer, [200, "late"]);
        await until(() => total(monitor) === 1);
        assert.deepEqual(monitor.asdict().http_response_latency, [1.5]);
      });
    });

    it("waits for the end of a response that streams", async () => {
      await serving(async ({ monitor, work, port, advance }) => {
        const answer = await fetch(`http://127.0.0.1:${port}/stream`);
        assert.equal(answer.status, 200);
        await work.reached;
        assert.deepEqual(codes(monitor), {});
        advance(2);
        work.answer();
        assert.equal(await answer.text(), "firstlast");
        await until(() => total(monitor) === 1);
        assert.deepEqual([codes(monitor), monitor.asdict().http_response_latency], [{ 200: 1 }, [2]]);
      });
    });

    it("counts a request whose client left before the response as 500", async () => {
      await serving(async ({ monitor, work, port, advance }) => {
        const sent = get({ port, host: "127.0.0.1", path: "/slow" }).on("error", () => {});
        await work.reached;
        advance(0.5);
        sent.destroy();
        await until(() => total(monitor) === 1);
        work.answer();
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual([codes(monitor), monitor.asdict().http_response_latency], [{ 500: 1 }, [0.5]]);
      });
    });

    it("counts the status that was sent, and an error, where the client left midway", async () => {
      await serving(async ({ monitor, work, port }) => {
        const sent = get({ port, host: "127.0.0.1", path: "/stream" }).on("error", () => {});
        const [response] = await once(sent, "response");
        response.on("error", () => {});
        await once(response, "data");
        sent.destroy();
        await until(() => total(monitor) === 1);
        work.answer();
        assert.deepEqual(codes(monitor), { 200: 1 });
        assert.deepEqual(monitor.snapshot().errors.byStage, { http: { ERR_STREAM_PREMATURE_CLOSE: 1 } });
      });
    });

    it("says nothing once detached, and serves on", async () => {
      await serving(async ({ monitor, attachment, port }) => {
        attachment.detach();
        assert.deepEqual(await ask(port, "/ok"), [200, "ok"]);
        assert.deepEqual(codes(monitor), {});
      });
    });
  });
}

describe("the web adapters", () => {
  const failing = new Proxy({}, { get: () => () => { throw new Error("monitor"); } });

  it("keep what the monitor throws from the host", async () => {
    for (const start of Object.values(servers)) {
      const server = await start(failing, makeWork());
      try {
        assert.deepEqual(await ask(server.port, "/ok"), [200, "ok"]);
        assert.deepEqual([server.attachment.faults, server.attachment.lastFault.message], [1, "monitor"]);
      } finally {
        await server.close();
      }
    }
  });

  it("leave a server's listeners as they were", () => {
    const handler = () => {};
    const server = createServer(handler);
    const attachment = attachHttpServer(server, new Monitor());
    assert.equal(server.listenerCount("request"), 2);
    attachment.detach();
    assert.deepEqual(server.listeners("request"), [handler]);
  });

  it("pass over what the filter does not want, and a status that no response can have", async () => {
    const monitor = new Monitor();
    const server = createServer((request, response) => response.writeHead(request.url === "/odd" ? 799 : 204).end());
    const attachment = attachHttpServer(server, monitor, { filter: ({ url }) => url !== "/healthz" });
    await listen(server);
    try {
      const { port } = server.address();
      for (const path of ["/healthz", "/", "/odd"]) {
        await new Promise((resolve) => request({ port, host: "127.0.0.1", path }, (response) => response.resume().on("end", resolve)).end());
      }
      await until(() => attachment.faults === 1);
      assert.deepEqual(monitor.asdict().http_response_codes, { 204: 1 });
      assert.equal(attachment.lastFault.code, "ERR_INVALID_RESPONSE_STATUS");
    } finally {
      await closeServer(server);
    }
  });

  it("count a request once that passes a middleware twice", async () => {
    const monitor = new Monitor();
    const app = express();
    const middleware = expressMiddleware(monitor);
    app.use(middleware, middleware);
    app.get("/", (_, response) => response.send("ok"));
    const server = createServer(app);
    await listen(server);
    try {
      await ask(server.address().port, "/");
      await until(() => monitor.asdict().http_response_latency.length > 0);
      assert.deepEqual(monitor.asdict().http_response_codes, { 200: 1 });
    } finally {
      await closeServer(server);
    }
  });

  it("count in Fastify what is injected, and in Hono what no Node server serves", async () => {
    const monitor = new Monitor();
    const app = fastify();
    await app.register(fastifyPlugin(monitor));
    app.get("/", async () => "ok");
    assert.equal((await app.inject("/")).statusCode, 200);
    const hono = new Hono();
    hono.use(honoMiddleware(monitor));
    hono.get("/created", (context) => context.text("ok", 201));
    hono.get("/throws", () => {
      throw new Error("handler");
    });
    hono.onError((_, context) => context.text("no", 503));
    assert.equal((await hono.request("/created")).status, 201);
    assert.equal((await hono.request("/throws")).status, 503);
    await until(() => monitor.asdict().http_response_latency.length === 3);
    assert.deepEqual(monitor.asdict().http_response_codes, { 200: 1, 201: 1, 503: 1 });
  });

  it("count a request of HTTP/2 whose client left before the response as 500", async () => {
    for (const method of ["GET", "HEAD"]) {
      const monitor = new Monitor();
      const server = createHttp2Server((incoming, response) => incoming.url === "/ok" ? response.end("ok") : reach());
      let reach;
      const reached = new Promise((resolve) => (reach = resolve));
      const attachment = attachHttpServer(server, monitor);
      await listen(server);
      const client = connectHttp2(`http://127.0.0.1:${server.address().port}`);
      try {
        await once(client.request({ ":path": "/ok", ":method": method }).resume(), "close");
        const leaving = client.request({ ":path": "/slow", ":method": method }).on("error", () => {});
        await reached;
        leaving.close(constants.NGHTTP2_CANCEL);
        await until(() => monitor.asdict().http_response_latency.length === 2);
        assert.deepEqual([monitor.asdict().http_response_codes, attachment.faults], [{ 200: 1, 500: 1 }, 0], method);
      } finally {
        client.destroy();
        server.close();
      }
    }
  });

  it("refuse what is no server, and options that do not serve", () => {
    const refused = (code) => (error) => error instanceof TypeError && error.code === code;
    assert.throws(() => attachHttpServer({}, new Monitor()), refused("ERR_INVALID_SERVER"));
    assert.throws(() => attachHttpServer(createServer(), undefined), refused("ERR_INVALID_MONITOR"));
    for (const make of [expressMiddleware, fastifyPlugin, honoMiddleware]) {
      assert.throws(() => make(new Monitor(), { filter: "/healthz" }), refused("ERR_INVALID_FILTER"));
    }
  });

  it("hear of a connection that says nothing only when it asks", async () => {
    const monitor = new Monitor();
    const server = createServer((_, response) => response.end());
    attachHttpServer(server, monitor);
    await listen(server);
    try {
      const socket = connect(server.address().port, "127.0.0.1");
      await once(socket, "connect");
      socket.destroy();
      await ask(server.address().port, "/");
      await until(() => monitor.asdict().http_response_latency.length === 1);
    } finally {
      await closeServer(server);
    }
  });
});
