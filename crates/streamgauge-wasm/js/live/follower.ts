/** Follows the event stream of a `streamgauge/server`, and always has its newest snapshot. */

import { unknownOption, wrongType, outOfRange } from "../checks.js";
import type { Snapshot } from "../snapshot-schema.js";
import { applied, type Delta, type Plain } from "./delta.js";
import { EventStreamParser, type ServerEvent } from "./event-stream.js";
import type { WorkerState } from "./worker-state.js";

/** How it goes: `unauthorized` where the server wants another token. */
export type LivePhase = "connecting" | "live" | "failing" | "stale" | "reconnecting" | "unauthorized" | "closed";

/** What a follower knows. Every change makes a new one. */
export interface LiveState {
  /**
   * `connecting` before the first answer; `live` while snapshots come; `failing` while the server says that it
   * gets none; `stale` while the connection stands but is silent; `reconnecting` when it ended; `unauthorized`
   * where the token is missing or wrong; `closed` after `close()`.
   */
  readonly phase: LivePhase;
  /** Why it is in this phase, in a sentence without an end; empty while live. */
  readonly reason: string;
  /** The newest snapshot, which stays when the connection is lost; undefined before the first. */
  readonly snapshot: Snapshot | undefined;
  /** The workers that the server gathers from, where it does. */
  readonly workers: readonly WorkerState[];
  /** `performance.now()` when the newest snapshot came; undefined before the first. */
  readonly receivedAt: number | undefined;
}

/** What `follow` takes. */
export interface FollowOptions {
  /** The bearer token, or what gives it: asked at every connection. It goes into the Authorization header only. */
  readonly token?: string | (() => string | undefined) | undefined;
  /** Hears of every new state. What it throws is passed over. */
  readonly onChange?: ((state: LiveState) => void) | undefined;
  /** After so many seconds without a byte the connection is called stale, after twice as many it is made anew. Default 12; servers are never silent for more than 5. */
  readonly staleAfterSeconds?: number | undefined;
  /** How many characters one event may have. Default 64 million. */
  readonly maxEventLength?: number | undefined;
}

const KNOWN = ["token", "onChange", "staleAfterSeconds", "maxEventLength"];
const DEFAULT_STALE_SECONDS = 12;
const DEFAULT_EVENT_LENGTH = 64_000_000;
/** Waits between attempts double from the first to the last. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** Characters of a refusal that are read. */
const LONGEST_REFUSAL = 1000;

/** Ends a connection with a reason. */
class Ended extends Error {
  constructor(
    message: string,
    readonly retryAfterMilliseconds?: number,
  ) {
    super(message);
  }
}

/** Follows `url`, the address of a server's root; see `Follower`. @throws TypeError, RangeError for a bad url or option. */
export function follow(url: string | URL, options: FollowOptions = {}): Follower {
  return new Follower(url, options);
}

/**
 * One server's newest snapshot, kept so by its event stream: connects, applies the deltas, connects again when
 * the stream ends, and says when what it has is old. It never throws and ends with `close()` alone.
 */
export class Follower {
  readonly #url: URL;
  readonly #token: () => string | undefined;
  readonly #onChange: ((state: LiveState) => void) | undefined;
  readonly #staleAfter: number;
  readonly #maxEventLength: number;
  #state: LiveState = { phase: "connecting", reason: "", snapshot: undefined, workers: [], receivedAt: undefined };
  #connection: AbortController | undefined;
  #attempts = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;
  #lastId: number | undefined;
  #retryMilliseconds: number | undefined;

  /** See `follow`. */
  constructor(url: string | URL, options: FollowOptions = {}) {
    const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
    if (unknown !== undefined) throw unknownOption(unknown, KNOWN, (options as Record<string, unknown>)[unknown]);
    this.#url = eventsOf(url);
    const { token, onChange, staleAfterSeconds = DEFAULT_STALE_SECONDS, maxEventLength = DEFAULT_EVENT_LENGTH } = options;
    this.#token = typeof token === "function" ? token : () => token;
    this.#onChange = onChange;
    this.#staleAfter = positive("staleAfterSeconds", staleAfterSeconds) * 1000;
    this.#maxEventLength = positive("maxEventLength", maxEventLength);
    void this.#connect();
  }

  /** What is known now. */
  get state(): LiveState {
    return this.#state;
  }

  /** Connects at once, instead of after the wait that it may be in: with a new token, say. Does nothing once closed. */
  reconnect(): void {
    if (this.#state.phase === "closed") return;
    this.#hangUp();
    this.#attempts = 0;
    // With what is given now it may be let in: until it is refused anew, a failure is one that passes.
    if (this.#state.phase === "unauthorized") this.#change({ phase: "connecting", reason: "" });
    void this.#connect();
  }

  /** Ends the connection for good. A second call does nothing. */
  close(): void {
    if (this.#state.phase === "closed") return;
    this.#hangUp();
    this.#change({ phase: "closed", reason: "closed" });
  }

  #hangUp(): void {
    clearTimeout(this.#waiting);
    clearTimeout(this.#watch);
    this.#connection?.abort();
    this.#connection = undefined;
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#lastId = undefined;
    this.#heardAt = performance.now();
    this.#watchOver(connection);
    let reason = "the server ended the connection";
    let wait: number | undefined;
    try {
      await this.#read(connection);
    } catch (error) {
      reason = error instanceof Ended ? error.message : plainReason(error);
      if (error instanceof Ended) wait = error.retryAfterMilliseconds;
    }
    // Another connection took over, or `close` was called: what happens to this one is nobody's business.
    if (this.#connection !== connection) return;
    this.#hangUp();
    if (this.#state.phase === "unauthorized") return;
    this.#change({ phase: "reconnecting", reason });
    this.#waiting = setTimeout(() => void this.#connect(), this.#nextWait(wait));
  }

  /** Milliseconds: longer from time to time, and never the same for two that lost the same server. */
  #nextWait(asked: number | undefined): number {
    const first = Math.max(FIRST_WAIT, this.#retryMilliseconds ?? 0);
    const wait = Math.min(first * 2 ** this.#attempts, LONGEST_WAIT);
    this.#attempts = Math.min(this.#attempts + 1, 10);
    return Math.max(wait * (0.75 + Math.random() / 2), Math.min(asked ?? 0, 60_000));
  }

  async #read(connection: AbortController): Promise<void> {
    const token = this.#token();
    const response = await fetch(this.#url, {
      headers: { accept: "text/event-stream", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      // A redirect could carry the token elsewhere.
      redirect: "error",
      cache: "no-store",
      credentials: "same-origin",
      signal: connection.signal,
    });
    if (this.#connection !== connection) return;
    if (response.status === 401) {
      response.body?.cancel().catch(() => {});
      this.#change({ phase: "unauthorized", reason: token === undefined ? "the server wants a token" : "the server refused the token" });
      return;
    }
    if (!response.ok || response.body === null) {
      const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
      const text = (await beginningOf(response)).trim().slice(0, 200);
      throw new Ended(`the server answered ${response.status}${text === "" ? "" : `: ${text}`}`, retryAfter >= 0 ? retryAfter * 1000 : undefined);
    }
    if (!/^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "")) throw new Ended("what answers is no streamgauge server");
    const parser = new EventStreamParser((event) => this.#event(event), this.#maxEventLength);
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (this.#connection !== connection || done) return;
        this.#heard();
        parser.push(decoder.decode(value, { stream: true }));
        this.#retryMilliseconds = parser.retryMilliseconds;
      }
    } finally {
      // A stream that broke in itself refuses to be cancelled, too.
      reader.cancel().catch(() => {});
    }
  }

  #event({ type, data, id }: ServerEvent): void {
    switch (type) {
      case "snapshot":
        this.#take(JSON.parse(data) as Plain, Number(id));
        return;
      case "delta": {
        // What was left out in between comes as a whole snapshot; anything else is a mistake.
        if (this.#lastId === undefined || Number(id) !== this.#lastId + 1) throw new Ended("a delta is missing");
        this.#take(applied(this.#state.snapshot as unknown as Plain, JSON.parse(data) as Delta), Number(id));
        return;
      }
      case "workers":
        this.#change({ workers: JSON.parse(data) as readonly WorkerState[] });
        return;
      case "failure":
        this.#change({ phase: "failing", reason: String(JSON.parse(data)) });
    }
  }

  #take(value: Plain, id: number): void {
    const snapshot = value as unknown as Snapshot;
    if (snapshot?.snapshot !== "streamgauge/1") throw new Ended("what came is no snapshot of this version");
    this.#lastId = id;
    this.#attempts = 0;
    this.#change({ phase: "live", reason: "", snapshot, receivedAt: performance.now() });
  }

  #heard(): void {
    this.#heardAt = performance.now();
    if (this.#state.phase === "stale") this.#change({ phase: this.#state.snapshot === undefined ? "connecting" : "live", reason: "" });
  }

  /** Says when it is silent, and gives up on a connection that stays so. */
  #watchOver(connection: AbortController): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      if (this.#connection !== connection) return;
      const silent = performance.now() - this.#heardAt;
      const reason = "the server is silent";
      if (silent >= 2 * this.#staleAfter) {
        this.#change({ phase: "reconnecting", reason });
        this.reconnect();
        return;
      }
      if (silent >= this.#staleAfter && ["live", "failing", "connecting"].includes(this.#state.phase)) this.#change({ phase: "stale", reason });
      this.#watchOver(connection);
    }, this.#staleAfter / 4);
  }

  #change(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    try {
      this.#onChange?.(this.#state);
    } catch {
      // Whoever listens must not end what is listened to.
    }
  }
}

/** What a refusal says first: all of it need not have an end. */
async function beginningOf({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader !== undefined && text.length < LONGEST_REFUSAL) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  reader?.cancel().catch(() => {});
  return text;
}

/** `http://host/base` -> `http://host/base/events`. */
function eventsOf(url: string | URL): URL {
  const expected = "an http or https URL without a user or password";
  if (typeof url !== "string" && !(url instanceof URL)) throw wrongType("url", expected, url);
  let made: URL;
  try {
    made = new URL(url);
  } catch {
    throw outOfRange("url", expected, url);
  }
  if (!/^https?:$/.test(made.protocol) || made.username !== "" || made.password !== "") throw outOfRange("url", expected, made.protocol);
  made.pathname = `${made.pathname.replace(/\/$/, "")}/events`;
  made.search = "";
  made.hash = "";
  return made;
}

function positive(argument: string, value: unknown): number {
  if (typeof value !== "number") throw wrongType(argument, "a number over 0", value);
  if (!(value > 0) || !Number.isFinite(value)) throw outOfRange(argument, "a finite number over 0", value);
  return value;
}

/** Node hides why under `cause`; browsers say nothing of it. */
function plainReason(error: unknown): string {
  if (error instanceof SyntaxError) return "what came is not JSON";
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  if (code === "ECONNREFUSED") return "nothing listens there (ECONNREFUSED)";
  if (code !== undefined) return `the connection failed (${code})`;
  return (error as { code?: string }).code === "ERR_INVALID_DELTA" || error instanceof RangeError ? (error as Error).message : "the connection failed";
}
