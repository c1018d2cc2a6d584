/** What is answered to whom. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { isBytes } from "../checks.js";
import { refusedHost, refusedOrigin, TokenCheck, type Refused } from "./admission.js";
import { Events } from "./events.js";
import { FailureLog } from "./failure-log.js";
import type { ServingOptions } from "./options.js";
import type { PageFile } from "./page.js";
import { HostSilent, ReadingFailed, SharedReading, type Reading } from "./reading.js";
import type { SourceReader } from "./source.js";

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

const ALWAYS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";
const CBOR_TYPE = "application/cbor";
/** Statuses of partitions that are no trouble, or none yet. */
const WELL = ["ok", "warn"];

export class Routes {
  readonly #options: ServingOptions;
  readonly #page: ReadonlyMap<string, PageFile>;
  readonly #token: TokenCheck | undefined;
  readonly #events: Events;
  readonly #reading: SharedReading;
  readonly #data: ReadonlyMap<string, Handler>;
  readonly #warn: (message: string) => void;

  /** @param onCount hears how many read `/events`, whenever it is another number. */
  constructor(source: SourceReader, options: ServingOptions, page: ReadonlyMap<string, PageFile>, warn: (message: string) => void, onCount: (count: number) => void) {
    this.#options = options;
    this.#page = page;
    this.#warn = warn;
    this.#token = options.token === undefined ? undefined : new TokenCheck(options.token);
    this.#events = new Events(options.maxClients, options.slowClientSeconds, onCount);
    this.#reading = new SharedReading(source, options.intervalSeconds, new FailureLog(warn), (reading) => this.#events.publish(reading));
    const stats: Handler = (_, response) => this.#sendStats(response);
    this.#data = new Map<string, Handler>([
      ["/stats", stats],
      ["/stats/", stats],
      ["/snapshot", (request, response) => this.#sendSnapshot(request, response)],
      ["/metrics", (request, response) => this.#sendMetrics(request, response)],
      ["/healthz", (_, response) => this.#sendHealth(response)],
      ["/events", (request, response) => this.#sendEvents(request, response)],
    ]);
  }

  close(): void {
    this.#events.close();
  }

  /** Answers. Never throws, whatever was asked. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    response.on("error", () => {});
    this.#answer(request, response).catch((error: unknown) => {
      if (!(error instanceof ReadingFailed)) this.#warn(`an answer failed: ${error instanceof Error ? error.message : "of something that is no error"}`);
      if (response.headersSent) response.destroy();
      else if (error instanceof HostSilent) send(response, { status: 503, text: error.message, headers: { "retry-after": "1" } });
      else send(response, { status: 500, text: "there is no snapshot: the server's log says why" });
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusedShape(request) ?? refusedHost(request, this.#options.allowedHosts);
    if (refused !== undefined) {
      // What it may still send is not read.
      response.shouldKeepAlive = false;
      send(response, refused);
      return;
    }
    const [path = ""] = (request.url ?? "").split("?", 1);
    const file = this.#page.get(path);
    if (file !== undefined) {
      sendFile(response, file);
      return;
    }
    const handler = this.#data.get(path);
    if (handler === undefined) {
      send(response, { status: 404, text: path === "/" ? `this server has no page; it has ${[...this.#data.keys()].join(" ")}` : "there is nothing here" });
      return;
    }
    const refusedReader = refusedOrigin(request) ?? this.#token?.refused(request);
    if (refusedReader === undefined) await handler(request, response);
    else send(response, refusedReader);
  }

  async #sendStats(response: ServerResponse): Promise<void> {
    if (this.#reading.hasStats) sendData(response, JSON_TYPE, await this.#reading.stats());
    else send(response, { status: 404, text: "what is served here has no asdict(): see /snapshot" });
  }

  async #sendSnapshot(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reading = await this.#reading.current();
    response.setHeader("vary", "accept");
    const type = wantsCbor(request.headers.accept) ? CBOR_TYPE : JSON_TYPE;
    if (type === JSON_TYPE) {
      sendData(response, type, once(reading, type, () => JSON.stringify(reading.snapshot)));
      return;
    }
    // Its wasm module is read by those alone who want bytes.
    const { encode } = await import("../snapshot-node.js");
    sendData(response, type, once(reading, type, () => (isBytes(reading.form) ? reading.form : encode(reading.snapshot))));
  }

  async #sendMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reading = await this.#reading.current();
    // Its wasm module is read by those alone who want the text.
    const { negotiate } = await import("../export-node.js");
    const { contentType, renderBytes } = negotiate(request.headers.accept);
    response.setHeader("vary", "accept");
    sendData(response, contentType, once(reading, contentType, () => renderBytes(reading.form, this.#options.metrics)));
  }

  async #sendHealth(response: ServerResponse): Promise<void> {
    const health = await this.#health();
    const { workers } = this.#reading;
    const away = workers.filter(({ state }) => state !== "live");
    const areAllAway = workers.length > 0 && away.length === workers.length;
    if (health instanceof Error && !areAllAway) throw health;
    const { status, reason } = health instanceof Error || areAllAway ? { status: "unknown", reason: "no worker can be reached" } : health;
    const body = {
      status,
      reason,
      ...(workers.length === 0 ? {} : { away: away.map(({ source, worker, state, reason }) => ({ source, worker, state, reason })) }),
    };
    response.statusCode = WELL.includes(body.status) ? 200 : 503;
    sendData(response, JSON_TYPE, `${JSON.stringify(body)}\n`);
  }

  /** The status and its reason; a process that does not answer has one, too. */
  async #health(): Promise<{ readonly status: string; readonly reason: string } | Error> {
    try {
      return (await this.#reading.current()).snapshot.health;
    } catch (error) {
      if (error instanceof HostSilent) return { status: "unknown", reason: error.message };
      return error as Error;
    }
  }

  async #sendEvents(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#events.isFull) {
      send(response, { status: 503, text: `there are ${this.#options.maxClients} readers already (maxClients)`, headers: { "retry-after": "5" } });
      return;
    }
    if (response.socket === null) {
      // Behind an answer that is not done, on the same connection: nobody would tell that its reader is gone.
      response.shouldKeepAlive = false;
      send(response, { status: 400, text: "/events wants a connection of its own" });
      return;
    }
    headers(response, DATA_POLICY);
    response.setHeader("cache-control", "no-store, no-transform");
    // Proxies that gather answers would keep the events.
    response.setHeader("x-accel-buffering", "no");
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    request.socket.setNoDelay(true);
    // Those that take nothing are dropped by the hub.
    request.socket.setTimeout(0);
    this.#events.add(response, this.#reading);
  }
}

/** What is no plain request for a path. */
function refusedShape({ method, url, headers: { "content-length": length, "transfer-encoding": encoding } }: IncomingMessage): Refused | undefined {
  if (method !== "GET" && method !== "HEAD") return { status: 405, text: "only GET and HEAD are answered", headers: { allow: "GET, HEAD" } };
  if (encoding !== undefined || (length !== undefined && length !== "0")) return { status: 413, text: "a request has no body here" };
  return url?.startsWith("/") ? undefined : { status: 400, text: "the path must start with /" };
}

function once<T extends string | Uint8Array>({ rendered }: Pick<Reading, "rendered">, kind: string, make: () => T): T {
  const known = rendered.get(kind) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  rendered.set(kind, made);
  return made;
}

/** Whether CBOR is named, and JSON is not wanted more. */
function wantsCbor(accept = ""): boolean {
  const quality = (type: string): number | undefined => {
    const named = accept.toLowerCase().split(",").find((one) => one.split(";")[0]!.trim() === type);
    return named === undefined ? undefined : Number(/;\s*q=([\d.]+)/.exec(named)?.[1] ?? 1);
  };
  const cbor = quality(CBOR_TYPE) ?? 0;
  return cbor > 0 && cbor >= (quality("application/json") ?? 0);
}

function headers(response: ServerResponse, policy: string): void {
  for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
  response.setHeader("content-security-policy", policy);
}

function sendData(response: ServerResponse, type: string, body: string | Uint8Array): void {
  headers(response, DATA_POLICY);
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.setHeader("cache-control", "no-store");
  response.setHeader("content-length", bytes.byteLength);
  response.setHeader("content-type", type);
  response.end(bytes);
}

function send(response: ServerResponse, { status, text, headers: more = {} }: Refused): void {
  for (const [name, value] of Object.entries(more)) response.setHeader(name, value);
  response.statusCode = status;
  sendData(response, TEXT, `${text}\n`);
}

function sendFile(response: ServerResponse, { type, isHashed, body }: PageFile): void {
  headers(response, PAGE_POLICY);
  response.setHeader("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
  response.setHeader("content-length", body.byteLength);
  response.setHeader("content-type", type);
  response.end(body);
}
