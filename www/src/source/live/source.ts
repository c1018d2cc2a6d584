/** A live server as a source: the event stream of the origin that the page came from. */

import type { AsDict, Snapshot } from "streamgauge";
import { follow, type Follower, type LiveState } from "streamgauge/live";
import type { ConnectionState, Source, SourceEvents } from "../source.js";
import { LiveJournal } from "./journal.js";
import { isOfOne, momentOf, WorkerNumbers } from "./moment.js";

/** A clock that was set back by more begins the page anew. Seconds. */
const SET_BACK = 1;

export class LiveSource implements Source {
  readonly kind = "live";
  readonly #events: SourceEvents;
  readonly #root: URL;
  readonly #token: () => string | undefined;
  readonly #numbers = new WorkerNumbers();
  #journal = new LiveJournal();
  #follower: Follower | undefined;
  #snapshot: Snapshot | undefined;
  /** The Unix time that the page counts from: when the first worker began. */
  #first = 0;
  #asOf: number | null = null;

  /** @param root the address of the server's root. @param token is asked at every connection. */
  constructor(events: SourceEvents, root: URL, token: () => string | undefined) {
    this.#events = events;
    this.#root = root;
    this.#token = token;
  }

  start(): void {
    this.#begin();
    this.#follower = follow(this.#root, { token: this.#token, onChange: (state) => this.#changed(state) });
    this.#tellConnection(this.#follower.state);
  }

  close(): void {
    this.#follower?.close();
  }

  /** Connects at once: with another token, say. */
  reconnect(): void {
    this.#follower?.reconnect();
  }

  /** What the follower knows: the workers behind the origin. */
  get state(): LiveState | undefined {
    return this.#follower?.state;
  }

  async asdict(worker: number): Promise<AsDict> {
    this.#one(worker, "Faust's dictionary");
    const { Sensor0: dict } = (await (await this.#get("stats/")).json()) as { Sensor0: AsDict };
    return dict;
  }

  async snapshot(worker: number | undefined): Promise<Snapshot> {
    if (worker !== undefined) return this.#one(worker, "a snapshot of its own");
    if (this.#snapshot === undefined) throw new Error("no snapshot has come yet");
    return this.#snapshot;
  }

  async metrics(accept: string): Promise<string> {
    return (await this.#get("metrics", { accept })).text();
  }

  /** The one worker that there is. @throws Error where the origin gives the sum of several. */
  #one(worker: number, what: string): Snapshot {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) throw new Error("no snapshot has come yet");
    if (!isOfOne(snapshot) || this.state!.workers.length > 0) {
      const name = this.#numbers.names[worker] ?? `worker ${worker}`;
      throw new Error(`this page's server gives the sum of its workers: ${what} is at the server of ${name}`);
    }
    return snapshot;
  }

  async #get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const token = this.#token();
    const response = await fetch(new URL(path, this.#root), {
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      // A redirect could carry the token elsewhere.
      redirect: "error",
      cache: "no-store",
      credentials: "same-origin",
    });
    if (!response.ok) throw new Error(`the server answered ${response.status}: ${(await response.text()).trim().slice(0, 200)}`);
    return response;
  }

  #begin(): void {
    this.#journal = new LiveJournal();
    this.#events.begin({ partitions: [], producers: [], brokers: 0 });
  }

  #changed(state: LiveState): void {
    const { snapshot } = state;
    if (snapshot !== undefined && snapshot !== this.#snapshot) {
      if (this.#snapshot === undefined) this.#first = snapshot.since;
      else if (snapshot.at < this.#snapshot.at - SET_BACK) {
        this.#first = snapshot.since;
        this.#begin();
      }
      this.#snapshot = snapshot;
      this.#asOf = Date.now();
      const moment = momentOf(state, this.#first, this.#numbers)!;
      this.#tell(this.#journal.moment(moment));
      this.#events.moment(moment);
    }
    this.#tell(this.#journal.state(state));
    this.#tellConnection(state);
  }

  #tell(entries: ReturnType<LiveJournal["state"]>): void {
    if (entries.length > 0) this.#events.log(entries);
  }

  #tellConnection(state: LiveState): void {
    const { phase, reason, workers, receivedAt } = state;
    const away = workers.filter((one) => one.state !== "live").map(({ source }) => source);
    const connection: ConnectionState = {
      phase,
      reason: phase === "live" && away.length > 0 ? awayText(away, workers.length) : reason,
      ageSeconds: receivedAt === undefined ? null : (performance.now() - receivedAt) / 1000,
      asOf: this.#asOf,
    };
    this.#events.connection(connection);
  }
}

const awayText = (away: readonly string[], of: number): string =>
  `${away.length} of ${of} workers ${away.length === 1 ? "is" : "are"} away: ${away.join(", ")}; what was told last still counts`;
