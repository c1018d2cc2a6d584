/** `streamgauge/server`: the figures of a running process over HTTP. */

import type { AddressInfo } from "node:net";
import { FailureLog } from "./failure-log.js";
import { listen, type Listening } from "./listen.js";
import { checkedOptions, type CheckedOptions, type ServeOptions } from "./options.js";
import { LocalReader, providerOf, type SnapshotProvider, type SnapshotSource } from "./source.js";
import { listenInThread, NoThread } from "./thread/host.js";

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

/**
 * Serves the figures of `source` (a Monitor, or what gives snapshots) over HTTP: `/snapshot`, `/metrics`,
 * `/events`, `/healthz`, `/stats/`, and the live page at `/`. The source is read at most once in an interval, and
 * not at all while nobody asks; nothing that a request does throws into the host. All but that reading is done by a
 * thread of its own, unless `worker` says otherwise.
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
  const provider = providerOf(source);
  const warn = (message: string): void => {
    try {
      checked.logger?.warn(`streamgauge/server: ${message}`);
    } catch {
      // A logger that fails is not the readers' business.
    }
  };
  const server = (checked.worker ? await inThread(provider, checked, warn) : undefined) ?? (await inProcess(provider, checked, warn));
  let closed: Promise<void> | undefined;
  return {
    url: urlOf(server.address),
    get clients() {
      return server.clients;
    },
    close: () => (closed ??= server.close()),
  };
}

interface Serving extends Listening {
  readonly clients: number;
}

/** Undefined where there can be no thread. */
async function inThread(source: SnapshotProvider, { serving }: CheckedOptions, warn: (message: string) => void): Promise<Serving | undefined> {
  try {
    return await listenInThread(source, serving, warn);
  } catch (error) {
    if (!(error instanceof NoThread)) throw error;
    warn(`serves in the process's own thread, which readers can delay (worker: false says so): ${error.message}`);
    return undefined;
  }
}

async function inProcess(source: SnapshotProvider, { serving }: CheckedOptions, warn: (message: string) => void): Promise<Serving> {
  let clients = 0;
  const onCount = (count: number): void => {
    clients = count;
  };
  const { address, close } = await listen(new LocalReader(source, new FailureLog(warn)), serving, { warn, onCount });
  return {
    address,
    get clients() {
      return clients;
    },
    close,
  };
}

/** Where it listens everywhere, this machine's own address: nothing is called "0.0.0.0", and a page of that name is refused. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === "0.0.0.0") return `http://127.0.0.1:${port}/`;
  if (address === "::") return `http://[::1]:${port}/`;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}/`;
}
