/** What all web adapters do: tell of one request until its response is out or its client gone. */

import type { Sensor } from "../../sensor.js";
import type { WebRequestState } from "../../tokens.js";
import { wrongType } from "../../checks.js";
import { Guard, type AttachmentOptions } from "../attachment.js";
import { checkMonitor, checkNames, type AnyMonitor } from "../shared/attaching.js";

/** A `ServerResponse`, of HTTP/1 or HTTP/2. */
export interface ServerResponseLike {
  readonly statusCode: number;
  readonly headersSent: boolean;
  /** Whether `end()` was called. */
  readonly writableEnded?: boolean | undefined;
  once(event: "finish" | "close", listener: () => void): unknown;
}

/** What every web adapter takes. */
export interface HttpOptions extends AttachmentOptions {
  /** Which requests are told of, by Node's or the framework's own request; all. */
  readonly filter?: ((request: never) => boolean) | undefined;
}

/** The kind of error that a response stands for whose client went before its end. */
const LEFT = "ERR_STREAM_PREMATURE_CLOSE";

/** Checked options and their guard. */
export function requests(monitor: AnyMonitor, options: HttpOptions): Requests {
  const sensor = checkMonitor(monitor);
  checkNames(options, ["filter", "onFault"]);
  const { filter } = options;
  if (filter !== undefined && typeof filter !== "function") throw wrongType("filter", "a function of a request", filter);
  return new Requests(sensor, new Guard(options), filter);
}

/** Tells a monitor of web requests. Never throws: what the monitor throws is the guard's. */
export class Requests {
  readonly guard: Guard;
  readonly #monitor: Sensor;
  readonly #filter: HttpOptions["filter"];
  /** Those that are told to their end, also after `detach`. */
  readonly #seen = new WeakSet<object>();

  constructor(monitor: Sensor, guard: Guard, filter: HttpOptions["filter"]) {
    this.#monitor = monitor;
    this.guard = guard;
    this.#filter = filter;
  }

  /** A request came; undefined where nobody wants to hear of it. */
  start(app: unknown, request: unknown): WebRequestState | undefined {
    if (this.guard.detached) return undefined;
    return this.guard.run(() => {
      const filter = this.#filter as ((request: unknown) => boolean) | undefined;
      return filter === undefined || filter(request) ? this.#monitor.onWebRequestStart(app, request) : undefined;
    });
  }

  /** It was answered; `status` is undefined where there was no response, which counts as 500. */
  end(app: unknown, request: unknown, status: number | undefined, state: WebRequestState): void {
    this.guard.run(() => this.#monitor.onWebRequestEnd(app, request, status === undefined ? null : { status }, state));
  }

  /** Tells of a request of Node's until its response is handed to the network, or its client is gone. */
  follow(app: unknown, request: unknown, response: ServerResponseLike): void {
    this.guard.run(() => {
      // A middleware may be passed twice.
      if (this.#seen.has(response)) return;
      const state = this.start(app, request);
      if (state === undefined) return;
      this.#seen.add(response);
      let isOver = false;
      const over = (isWhole: boolean): void => {
        if (isOver) return;
        isOver = true;
        const hasResponse = isWhole || response.headersSent;
        if (!isWhole && hasResponse) this.guard.run(() => this.#monitor.onError("http", LEFT));
        this.end(app, request, hasResponse ? response.statusCode : undefined, state);
      };
      // HTTP/2 says "finish" also of a response whose client left before `end()`, and nothing at all of one to HEAD.
      response.once("finish", () => over(response.writableEnded !== false));
      response.once("close", () => over(false));
      const { stream } = response as { readonly stream?: Pick<ServerResponseLike, "once"> | null };
      if (typeof stream?.once === "function") stream.once("close", () => over(false));
    });
  }
}
