/** `streamgauge/server`: the figures of a running process over HTTP. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "./admission.js";
import { checkedOptions, type ServeOptions } from "./options.js";
import { pageFiles, type PageFile } from "./page.js";
import { Routes } from "./routes.js";
import type { SnapshotSource } from "./source.js";

export type { ServeOptions } from "./options.js";
export type { SnapshotForm } from "../snapshot-input.js";
export type { BucketOptions, TextOptions } from "../exporters/text-options.js";
export type { SnapshotProvider, SnapshotSource } from "./source.js";
export { gatherUrls, type GatherUrlsOptions, type GatheredUrls } from "./gather-urls.js";
export type { WorkerState } from "../live/worker-state.js";
export type { Logger } from "../options.js";
export type { Refusal } from "../checks.js";
export type { AsDict } from "../schema.js";
export type * from "../snapshot-schema.js";

/** A server that listens. */
export interface LiveServer {
  /** Its address, with the port that it has: `http://127.0.0.1:8912/`; loopback's where it listens on all. */
  readonly url: string;
  /** How many read `/events` now. */
  readonly clients: number;
  /** Ends it, and every connection. Resolves when all are gone, within a second; a second call gives the same promise. */
  close(): Promise<void>;
}

/** What a request may take. A header that drips in, or a reader that takes nothing, ends after these. Milliseconds. */
const LIMITS = { headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 5000, connectionsCheckingInterval: 1000, maxHeaderSize: 8192 };
const IDLE_CONNECTION = 30_000;
const MOST_HEADERS = 64;
/** Connections besides those of `/events`. */
const MORE_CONNECTIONS = 64;
/** What `close` gives answers that are under way. Milliseconds. */
const CLOSING = 500;

/**
 * Serves the figures of `source` (a Monitor, or what gives snapshots) over HTTP: `/snapshot`, `/metrics`,
 * `/events`, `/healthz`, `/stats/`, and the live page at `/`. The source is read at most once in an interval, and
 * not at all while nobody asks; nothing that a request does throws into the host.
 *
 *     const server = await serve(monitor, { port: 8912 });
 *     console.log(server.url);
 *
 * It listens on this machine alone unless `host` says otherwise, and does not keep the process alive unless
 * `keepAlive` says so.
 *
 * @throws TypeError, RangeError with a code for a bad source or option; and what Node says of a port that cannot
 * be had (`EADDRINUSE`, `EACCES`).
 */
export async function serve(source: SnapshotSource, options: ServeOptions = {}): Promise<LiveServer> {
  const checked = checkedOptions(options);
  const warn = (message: string): void => {
    try {
      checked.logger?.warn(`streamgauge/server: ${message}`);
    } catch {
      // A logger that fails is not the readers' business.
    }
  };
  if (checked.metrics !== undefined) (await import("../export-node.js")).prometheusText([], checked.metrics);
  const routes = new Routes(source, checked, checked.page ? await filesOrNone(warn) : new Map(), warn);
  const server = createServer(LIMITS, (request, response) => routes.answer(request, response));
  server.maxHeadersCount = MOST_HEADERS;
  server.maxConnections = checked.maxClients + MORE_CONNECTIONS;
  server.setTimeout(IDLE_CONNECTION);
  if (!checked.keepAlive) server.on("connection", (socket) => socket.unref());
  server.listen(checked.port, checked.host);
  await once(server, "listening");
  server.on("error", (error) => warn(error.message));
  if (!checked.keepAlive) server.unref();
  const { address, family, port } = server.address() as AddressInfo;
  if (checked.token === undefined && !isLoopback(address)) {
    warn(`listens on ${address} without a token: whoever reaches port ${port} can read all figures and names`);
  }
  let closed: Promise<void> | undefined;
  return {
    url: urlOf(address, family, port),
    get clients() {
      return routes.clients;
    },
    close: () => (closed ??= closeAll(server, routes)),
  };
}

/** Where it listens everywhere, this machine's own address: nothing is called "0.0.0.0", and a page of that name is refused. */
function urlOf(address: string, family: string, port: number): string {
  if (address === "0.0.0.0") return `http://127.0.0.1:${port}/`;
  if (address === "::") return `http://[::1]:${port}/`;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}/`;
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
