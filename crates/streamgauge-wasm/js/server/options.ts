/** What `serve` takes, checked as a whole before anything listens. */

import { outOfRange, record, unknownOption, wholeNumber, wrongType } from "../checks.js";
import { moduleOptions, type TextOptions } from "../exporters/text-options.js";
import type { Logger } from "../options.js";

/** Options of `serve`. */
export interface ServeOptions {
  /** The port to listen on; 0, the default, takes any free one: see `server.url`. */
  readonly port?: number | undefined;
  /** The address to listen on. Default "127.0.0.1": this machine alone. */
  readonly host?: string | undefined;
  /**
   * Whoever reads data must send this in `Authorization: Bearer ...`: 16 to 1,024 letters, digits and `-._~+/=`.
   * Default: none, so that whoever reaches the port may read. The page asks for it.
   */
  readonly token?: string | undefined;
  /** Host names and addresses, without a port, by which the server may be called besides "localhost", loopback addresses and the one it was reached at. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** How many may read `/events` at a time. Default 16. */
  readonly maxClients?: number | undefined;
  /** How often the source is read at most, and how often `/events` tells of it. Default 1; 0.1 to 3,600. Unit: seconds. */
  readonly intervalSeconds?: number | undefined;
  /** How long a reader of `/events` may take nothing before it is dropped. Default 10; 0.1 to 3,600. Unit: seconds. */
  readonly slowClientSeconds?: number | undefined;
  /** What `/metrics` is to look like: prefix, group, client, labels, buckets. Default: as `streamgauge/export` has it. */
  readonly metrics?: TextOptions | undefined;
  /** Whether `/` is the page. Default true. */
  readonly page?: boolean | undefined;
  /**
   * Whether a thread of its own (`node:worker_threads`) serves, so that readers do not delay the process, nor a
   * busy process its readers. Default true; without it, and where no thread can be had, the process's own does.
   */
  readonly worker?: boolean | undefined;
  /** Whether the server alone keeps the process alive. Default false. */
  readonly keepAlive?: boolean | undefined;
  /** Hears of a source that fails, and of a server that anyone can read. `console` is one. Default: nobody. */
  readonly logger?: Logger | undefined;
}

/** What the serving itself is told: plain data, which can go to another thread. */
export interface ServingOptions {
  readonly port: number;
  readonly host: string;
  readonly token: string | undefined;
  readonly allowedHosts: ReadonlySet<string>;
  readonly maxClients: number;
  readonly intervalSeconds: number;
  readonly slowClientSeconds: number;
  readonly metrics: TextOptions | undefined;
  readonly page: boolean;
  readonly keepAlive: boolean;
}

export interface CheckedOptions {
  readonly serving: ServingOptions;
  readonly worker: boolean;
  readonly logger: Logger | undefined;
}

const KNOWN = ["port", "host", "token", "allowedHosts", "maxClients", "intervalSeconds", "slowClientSeconds", "metrics", "page", "worker", "keepAlive", "logger"];
const MOST_CLIENTS = 10_000;

/** @throws TypeError, RangeError with a code for the first option that is wrong. */
export function checkedOptions(given: ServeOptions): CheckedOptions {
  const options = record("options", given);
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name)) throw unknownOption(name, KNOWN, options[name]);
  }
  const { port = 0, host = "127.0.0.1", token, allowedHosts = [], maxClients = 16, intervalSeconds = 1, slowClientSeconds = 10 } = given;
  const { metrics, page = true, worker = true, keepAlive = false, logger } = given;
  if (typeof host !== "string") throw wrongType("host", "a string", host);
  if (host === "") throw outOfRange("host", "an address or a name", host);
  if (logger !== undefined && typeof (logger as Logger | null)?.warn !== "function") throw wrongType("logger", "an object with warn(message)", logger);
  if (metrics !== undefined) moduleOptions(metrics);
  return {
    serving: {
      port: wholeNumber("port", port, 0, 65_535),
      host,
      token: token === undefined ? undefined : checkedToken("token", token),
      allowedHosts: new Set(hostNames(allowedHosts)),
      maxClients: wholeNumber("maxClients", maxClients, 1, MOST_CLIENTS),
      intervalSeconds: seconds("intervalSeconds", intervalSeconds),
      slowClientSeconds: seconds("slowClientSeconds", slowClientSeconds),
      metrics,
      page: flag("page", page),
      keepAlive: flag("keepAlive", keepAlive),
    },
    worker: flag("worker", worker),
    logger,
  };
}

/** RFC 6750's characters; its value is not in the error, which may be logged. */
export function checkedToken(argument: string, token: unknown): string {
  if (typeof token !== "string") throw wrongType(argument, "a string", token);
  if (/^[\w.~+/=-]{16,1024}$/.test(token)) return token;
  throw outOfRange(argument, "16 to 1,024 letters, digits and -._~+/=", `${token.length} characters`);
}

function hostNames(names: unknown): string[] {
  if (!Array.isArray(names)) throw wrongType("allowedHosts", "an array of host names", names);
  return names.map((name: unknown, place) => {
    const argument = `allowedHosts[${place}]`;
    if (typeof name !== "string") throw wrongType(argument, "a string", name);
    const plain = name.toLowerCase().replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
    if (!/^[\w.-]+$|^[\da-f:.]+$/.test(plain)) throw outOfRange(argument, "a host name or an address, without a scheme, port or wildcard", name);
    return plain;
  });
}

function seconds(argument: string, value: unknown): number {
  if (typeof value !== "number") throw wrongType(argument, "a number of seconds", value);
  if (!(value >= 0.1 && value <= 3600)) throw outOfRange(argument, "0.1 to 3600 seconds", value);
  return value;
}

function flag(argument: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw wrongType(argument, "true or false", value);
  return value;
}
