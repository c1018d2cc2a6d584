/** `streamgauge/http`: the two web-request hooks, fed by Node's server and by Express, Fastify and Hono. */

import { wrongType } from "../checks.js";
import type { Attachment } from "./attachment.js";
import { asAttachment, type AnyMonitor } from "./shared/attaching.js";
import { requests, type HttpOptions, type ServerResponseLike } from "./http/responses.js";

export type { HttpOptions, ServerResponseLike } from "./http/responses.js";
export type { Attachment, AttachmentOptions } from "./attachment.js";
export type { Refusal } from "../checks.js";

/** A server of `node:http`, `node:https` or `node:http2`. */
export interface HttpServerLike {
  prependListener(event: "request", listener: (request: any, response: any) => void): unknown;
  removeListener(event: "request", listener: (request: any, response: any) => void): unknown;
}

/** A middleware of Express, Connect and their like. */
export type ExpressMiddleware = (request: any, response: any, next: (error?: any) => void) => void;

/** A plugin of Fastify, for `fastify.register`. */
export type FastifyPlugin = (fastify: FastifyLike, options: unknown, done: (error?: Error) => void) => void;

/** Of a `FastifyInstance` what the plugin needs. */
export interface FastifyLike {
  addHook(name: "onRequest", hook: (request: any, reply: any, done: () => void) => void): unknown;
}

/** A middleware of Hono, for `app.use`. */
export type HonoMiddleware = (context: any, next: () => Promise<void>) => Promise<void>;

/** Of Hono's context what the middleware needs. */
interface HonoContext {
  readonly env?: { readonly outgoing?: ServerResponseLike } | null;
  readonly req: unknown;
  readonly res: { readonly status: number };
}

/**
 * Tells `monitor` of every request of a server: from when its head was read until its response was handed to the network. Works under
 * every framework that is served by `node:http`; use it, or a framework's middleware, not both.
 *
 * @throws TypeError for what is no server, and options that do not serve.
 */
export function attachHttpServer(server: HttpServerLike, monitor: AnyMonitor, options: HttpOptions = {}): Attachment {
  if (typeof (server as Partial<HttpServerLike> | null)?.prependListener !== "function") throw wrongType("server", "a server of node:http", server);
  const told = requests(monitor, options);
  const listener = (request: unknown, response: ServerResponseLike): void => told.follow(server, request, response);
  server.prependListener("request", listener);
  told.guard.onDetach(() => server.removeListener("request", listener));
  return told.guard;
}

/** A middleware for `app.use()` of Express, before the routes. Once detached it passes on only. */
export function expressMiddleware(monitor: AnyMonitor, options: HttpOptions = {}): ExpressMiddleware & Attachment {
  const told = requests(monitor, options);
  const middleware: ExpressMiddleware = (request, response, next) => {
    told.follow(request.app, request, response);
    next();
  };
  return asAttachment(middleware, told.guard);
}

/** A plugin for `fastify.register()`. It counts for the whole instance that it is registered in. Once detached its hook passes on only. */
export function fastifyPlugin(monitor: AnyMonitor, options: HttpOptions = {}): FastifyPlugin & Attachment {
  const told = requests(monitor, options);
  const plugin: FastifyPlugin = (fastify, _, done) => {
    fastify.addHook("onRequest", (request, reply, passOn) => {
      told.follow(fastify, request, reply.raw);
      passOn();
    });
    done();
  };
  const marks = {
    // A plugin has a scope of its own unless it says that it wants none.
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "streamgauge",
    [Symbol.for("plugin-meta")]: { name: "streamgauge" },
  };
  return asAttachment(Object.assign(plugin, marks), told.guard);
}

/**
 * A middleware for `app.use()` of Hono, before the routes. Served by `@hono/node-server` a request lasts until its response was handed to
 * the network; elsewhere nobody tells of that, and it lasts until its handler gave the response, whose body may still be streaming.
 */
export function honoMiddleware(monitor: AnyMonitor, options: HttpOptions = {}): HonoMiddleware & Attachment {
  const told = requests(monitor, options);
  const middleware = async (context: HonoContext, next: () => Promise<void>): Promise<void> => {
    const outgoing = context.env?.outgoing;
    if (typeof outgoing?.once === "function") {
      told.follow(context, context.req, outgoing);
      return next();
    }
    const state = told.start(context, context.req);
    let status: number | undefined;
    try {
      await next();
      // Reading it from a context that has no response would make one; after `next` there is one.
      status = context.res.status;
    } finally {
      if (state !== undefined) told.end(context, context.req, status, state);
    }
  };
  return asAttachment(middleware, told.guard);
}
