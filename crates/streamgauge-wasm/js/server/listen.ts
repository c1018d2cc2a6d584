/** Listens and answers, in whatever thread it is called in. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "./admission.js";
import type { ServingOptions } from "./options.js";
import { pageFiles, type PageFile } from "./page.js";
import { Routes } from "./routes.js";
import type { SourceReader } from "./source.js";

/** What listens. */
export interface Listening {
  readonly address: AddressInfo;
  /** Ends it, and every connection. Resolves when all are gone, within a second. */
  close(): Promise<void>;
}

/** Who hears what happens. */
export interface Listeners {
  /** Something that whoever runs the server should know. */
  readonly warn: (message: string) => void;
  /** How many read `/events`, whenever it is another number. */
  readonly onCount: (count: number) => void;
}

/** What a request may take. A header that drips in, or a reader that takes nothing, ends after these. Milliseconds. */
const LIMITS = { headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 8192 };
const IDLE_CONNECTION = 30_000;
const MOST_HEADERS = 64;
/** Connections besides those of `/events`. */
const MORE_CONNECTIONS = 64;
/** What `close` gives answers that are under way. Milliseconds. */
const CLOSING = 500;

/** @throws what Node says of a port that cannot be had, and what is refused of `metrics`. */
export async function listen(source: SourceReader, options: ServingOptions, { warn, onCount }: Listeners): Promise<Listening> {
  if (options.metrics !== undefined) (await import("../export-node.js")).prometheusText([], options.metrics);
  const routes = new Routes(source, options, options.page ? await filesOrNone(warn) : new Map(), warn, onCount);
  const server = createServer(LIMITS, (request, response) => routes.answer(request, response));
  server.maxHeadersCount = MOST_HEADERS;
  server.maxConnections = options.maxClients + MORE_CONNECTIONS;
  server.setTimeout(IDLE_CONNECTION);
  if (!options.keepAlive) server.on("connection", (socket) => socket.unref());
  server.listen(options.port, options.host);
  await once(server, "listening");
  server.on("error", (error) => warn(error.message));
  if (!options.keepAlive) server.unref();
  const address = server.address() as AddressInfo;
  if (options.token === undefined && !isLoopback(address.address)) {
    warn(`listens on ${address.address} without a token: whoever reaches port ${address.port} can read all figures and names`);
  }
  return { address, close: () => closeAll(server, routes) };
}

/** A program that was bundled has them not. */
async function filesOrNone(warn: (message: string) => void): Promise<ReadonlyMap<string, PageFile>> {
  try {
    return await pageFiles();
  } catch (error) {
    warn(`the page is not served: ${(error as Error).message}`);
    return new Map();
  }
}

async function closeAll(server: Server, routes: Routes): Promise<void> {
  routes.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const rest = setTimeout(() => server.closeAllConnections(), CLOSING);
  await closed;
  clearTimeout(rest);
}
