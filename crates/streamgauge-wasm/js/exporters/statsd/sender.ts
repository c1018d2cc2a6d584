/** Packets to a StatsD server over UDP. */

import { createSocket, type Socket, type SocketOptions } from "node:dgram";
import { isIPv6 } from "node:net";
import { wholeNumber, wrongType } from "../../checks.js";
import { snapshotsOf, type SnapshotSource } from "../source.js";
import type { StatsdPacket } from "./packets.js";
import { StatsdRenderer, type StatsdRendererOptions } from "./renderer.js";

/** How host names are looked up, as `dns.lookup` does; for caches and tests. `family` is 4 or 6. */
export type Lookup = (
  hostname: string,
  family: number,
  callback: (error: Error | null, address: string, family: number) => void,
) => void;

/** Options of `StatsdSender`, with those of `StatsdRenderer`. */
export interface StatsdSenderOptions extends StatsdRendererOptions {
  /** Name or address of the server; IPv6 where it is such an address. Default: `"127.0.0.1"`. */
  readonly host?: string | undefined;
  /** Its port. Default: 8125. */
  readonly port?: number | undefined;
  /** Milliseconds from one sending to the next. Default: 10,000, StatsD's own flush interval. */
  readonly intervalMilliseconds?: number | undefined;
  /** Finds the address of `host`. Default: the system's. */
  readonly lookup?: Lookup | undefined;
}

/** How sending went, since the sender was made. */
export interface StatsdStatistics {
  /** Packets that the system took. UDP does not say whether they came. */
  readonly packets: number;
  /** Lines in them. */
  readonly points: number;
  /** Bytes in them, without headers. */
  readonly bytes: number;
  /** Packets that were refused: nobody listens, no route. */
  readonly droppedPackets: number;
  /** Lines in those, and lines too long for a packet. */
  readonly droppedPoints: number;
  /** Everything that failed: packets, name look-ups, snapshots. */
  readonly errors: number;
  /** The newest of these; undefined where there was none. */
  readonly lastError: unknown;
}

const LEAST_INTERVAL = 10;
const MOST_INTERVAL = 2 ** 31 - 1;

/**
 * Sends a monitor's figures to a StatsD server, at once and then in every interval.
 *
 *     const sender = new StatsdSender(monitor, { host: "statsd.internal" }).start();
 *     // ... at the end of the process ...
 *     await sender.close();
 *
 * Only the constructor throws, for bad options. A server that is down, a name that is not found, a
 * monitor that was freed are counted in `statistics`. Where no socket could be opened nothing is rendered, so that
 * counters go out in full later; what was rendered and refused is lost. Keeps no process alive.
 */
export class StatsdSender {
  readonly #snapshot: () => ReturnType<StatsdRenderer["render"]>;
  readonly #renderer: StatsdRenderer;
  readonly #host: string;
  readonly #port: number;
  readonly #interval: number;
  readonly #lookup: Lookup | undefined;
  readonly #counts = { packets: 0, points: 0, bytes: 0, droppedPackets: 0, droppedPoints: 0, errors: 0 };
  #lastError: unknown;
  #timer: ReturnType<typeof setInterval> | undefined;
  #socket: Socket | undefined;
  /** The server may have another address by now. */
  #isStale = false;
  #sending: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /** @param source a monitor, or a function that gives a snapshot. */
  constructor(source: SnapshotSource, options: StatsdSenderOptions = {}) {
    const { host = "127.0.0.1", port = 8125, intervalMilliseconds = 10_000, lookup, ...rendering } = options;
    if (typeof host !== "string" || host === "") throw wrongType("host", "a name or an address", host);
    if (lookup !== undefined && typeof lookup !== "function") throw wrongType("lookup", "a function like dns.lookup", lookup);
    this.#port = wholeNumber("port", port, 1, 65_535);
    this.#interval = wholeNumber("intervalMilliseconds", intervalMilliseconds, LEAST_INTERVAL, MOST_INTERVAL);
    this.#host = host;
    this.#lookup = lookup;
    const renderer = new StatsdRenderer(rendering);
    const snapshot = snapshotsOf("source", source);
    this.#renderer = renderer;
    this.#snapshot = () => renderer.render(snapshot());
  }

  /** How sending went so far. A copy. */
  get statistics(): StatsdStatistics {
    const { droppedPoints, ...others } = this.#counts;
    return { ...others, droppedPoints: droppedPoints + this.#renderer.tooLong, lastError: this.#lastError };
  }

  /** Sends now, and once in every interval from now on. Does nothing where it was started, or closed. */
  start(): this {
    if (this.#timer !== undefined || this.#closed !== undefined) return this;
    this.#timer = setInterval(() => void this.send(), this.#interval);
    this.#timer.unref();
    void this.send();
    return this;
  }

  /**
   * Sends once, now. Done when the system took the packets, or refused them; never rejects. While an earlier
   * sending is not done, this is that one: a slow name server piles nothing up.
   */
  send(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed;
    this.#sending ??= this.#sendNow().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  /** Sends a last time and closes the socket. Never rejects; a second call gives the same promise. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#sending;
    // Until the last packet is out the process should stay.
    this.#socket?.ref();
    await this.#sendNow(true);
    this.#drop();
  }

  async #sendNow(last = false): Promise<void> {
    try {
      const socket = await this.#connected(last);
      await Promise.all(this.#snapshot().map((packet) => this.#sendPacket(socket, packet)));
    } catch (error) {
      this.#note(error);
    }
  }

  /** A socket that is bound to the server: one that is not hears nothing of a dead one. */
  #connected(last: boolean): Promise<Socket> {
    if (this.#isStale) this.#drop();
    if (this.#socket !== undefined) return Promise.resolve(this.#socket);
    const lookup = this.#lookup === undefined ? {} : { lookup: this.#lookupOf(this.#lookup) };
    const socket = createSocket({ type: isIPv6(this.#host) ? "udp6" : "udp4", ...lookup });
    if (!last) socket.unref();
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        socket.close();
        reject(error);
      };
      socket.once("error", fail);
      const connected = (error?: Error): void => {
        if (error) {
          fail(error);
          return;
        }
        socket.off("error", fail);
        socket.on("error", (error) => this.#failed(error));
        this.#socket = socket;
        resolve(socket);
      };
      // Of a name that is not found the callback is told, other than its types say.
      socket.connect(this.#port, this.#host, connected);
    });
  }

  /** Node asks it for the address that the socket itself gets, too, and hands the family on as a number. */
  #lookupOf(lookup: Lookup): NonNullable<SocketOptions["lookup"]> {
    const only: Lookup = (hostname, family, callback) =>
      hostname === this.#host ? lookup(hostname, family, callback) : callback(null, hostname, family);
    return only as unknown as NonNullable<SocketOptions["lookup"]>;
  }

  #sendPacket(socket: Socket, { bytes, points }: StatsdPacket): Promise<void> {
    return new Promise((resolve) => {
      socket.send(bytes, (error) => {
        if (error) {
          this.#counts.droppedPackets += 1;
          this.#counts.droppedPoints += points;
          this.#failed(error);
        } else {
          this.#counts.packets += 1;
          this.#counts.points += points;
          this.#counts.bytes += bytes.length;
        }
        resolve();
      });
    });
  }

  #note(error: unknown): void {
    this.#counts.errors += 1;
    this.#lastError = error;
  }

  #failed(error: unknown): void {
    this.#note(error);
    this.#isStale = true;
  }

  #drop(): void {
    this.#isStale = false;
    this.#socket?.close();
    this.#socket = undefined;
  }
}
