/** Replays traces: recorded hook calls, one JSON object a line. */

import { differences, type Difference } from "./compare.js";
import type { Monitor } from "./monitor.js";
import { inTraceWords, optionsOfTrace, type MonitorOptions } from "./options.js";
import type { Stage } from "./snapshot-schema.js";
import type { AssignmentState, EventState, MessageTimes, RebalanceState, WebRequestState } from "./tokens.js";
import { Arguments, parseLine, TRACE_VERSION, TraceError, type Json } from "./trace.js";

/** A difference between what a trace expects and what came. */
export interface TraceDifference extends Difference {
  /** Of the trace, counted from 1. */
  readonly line: number;
}

/** What a replay has seen so far. */
export interface ReplayCounts {
  readonly lines: number;
  readonly calls: number;
  /** How many `after` and `expect` were compared. */
  readonly checks: number;
  readonly differences: number;
}

/** Tokens that were completed are kept, for traces that complete them again: at least so many. */
const COMPLETED_TOKENS_KEPT = 10_000;

/** A message: its times, and its record's timestamp. */
type Message = MessageTimes & { timestamp?: number | undefined };
type Token = Message | EventState | AssignmentState | RebalanceState | WebRequestState | number;

/** The tokens of one worker by their labels in the trace. */
class Tokens {
  readonly #open = new Map<string, Token>();
  // Those completed last, and the lot before them: forgetting a lot at once costs nothing per token.
  #completed = new Map<string, Token>();
  #completedBefore = new Map<string, Token>();

  set(label: string, token: Token): Token {
    this.#completed.delete(label);
    this.#completedBefore.delete(label);
    this.#open.set(label, token);
    return token;
  }

  get(label: string | null): Token | undefined {
    if (label === null) return undefined;
    return this.#open.get(label) ?? this.#completed.get(label) ?? this.#completedBefore.get(label);
  }

  /** Marks a token as one that may be forgotten in time. */
  done(label: string | null): void {
    const token = this.get(label);
    if (label === null || token === undefined) return;
    this.#open.delete(label);
    if (this.#completed.size >= COMPLETED_TOKENS_KEPT) {
      this.#completedBefore = this.#completed;
      this.#completed = new Map();
    }
    this.#completed.set(label, token);
  }
}

interface Worker {
  readonly monitor: Monitor;
  readonly tokens: Tokens;
}

/** Makes one call; gives the token that an `after` is compared with. */
type Call = (worker: Worker, args: Arguments) => Token | undefined;

/** The token under `state`: what it `held` is set on it, or makes it by hand. */
function tokenOf(tokens: Tokens, args: Arguments): Token | undefined {
  const label = stateLabel(args);
  const token = tokens.get(label);
  const held = args.held();
  if (label === null || held === undefined) return token;
  if (held["time"] !== undefined) return tokens.set(label, held["time"]);
  const times = held["time_in"] === undefined ? { timeStart: held["time_start"] } : { timeIn: held["time_in"] };
  if (typeof token === "object") return Object.assign(token, times);
  return tokens.set(label, (held["time_in"] === undefined ? times : { ...times, timeOut: null, timeTotal: null }) as Token);
}

/** The message under `message`, a new one where the label is new; what it `held` is set on it. */
function messageOf(tokens: Tokens, args: Arguments): Message {
  const label = messageLabel(args);
  const message = (tokens.get(label) as Message | undefined) ?? (tokens.set(label, {}) as Message);
  const held = args.held();
  if (held !== undefined) {
    delete message.timeIn;
    delete message.timestamp;
    if (held["time_in"] !== undefined) message.timeIn = held["time_in"];
    if (held["timestamp"] !== undefined) message.timestamp = held["timestamp"];
  }
  return message;
}

/** An end call: the token under `state` goes back, and may be forgotten then. */
function end(tell: (monitor: Monitor, token: Token | undefined, args: Arguments) => void): Call {
  return ({ monitor, tokens }, args) => {
    const label = stateLabel(args);
    const token = tokenOf(tokens, args);
    tell(monitor, token, args);
    tokens.done(label);
    return token;
  };
}

/** A start call: its token is kept under `state`. */
function start(tell: (monitor: Monitor, args: Arguments) => Token): Call {
  return ({ monitor, tokens }, args) => {
    const label = `state ${args.string("state")}`;
    return tokens.set(label, tell(monitor, args));
  };
}

/** A call without a token. */
function plain(tell: (monitor: Monitor, args: Arguments) => void): Call {
  return ({ monitor }, args) => {
    tell(monitor, args);
    return undefined;
  };
}

/** Messages and states are labelled apart: the same label may name one of each. */
const messageLabel = (args: Arguments): string => `message ${args.string("message")}`;

/** The label of a token, null where the call has none. */
function stateLabel(args: Arguments): string | null {
  const label = args.label("state");
  return label === null ? null : `state ${label}`;
}

const CALLS = new Map<string, Call>(
  Object.entries({
    on_message_in: ({ monitor, tokens }, args) => {
      const message = messageOf(tokens, args);
      const timestamp = args.optionalNumber("timestamp");
      if (timestamp !== undefined) message.timestamp = timestamp;
      monitor.onMessageIn(args.topicPartition("tp"), args.number("offset"), message);
      // It is in flight again, if it was out.
      return tokens.set(messageLabel(args), message);
    },
    on_message_out: ({ monitor, tokens }, args) => {
      const message = messageOf(tokens, args);
      monitor.onMessageOut(args.topicPartition("tp"), args.number("offset"), message);
      tokens.done(messageLabel(args));
      return message;
    },
    on_stream_event_in: start((monitor, args) =>
      monitor.onStreamEventIn(args.topicPartition("tp"), args.number("offset"), { label: args.string("stream"), task: args.label("task") }),
    ),
    on_stream_event_out: end((monitor, token, args) => {
      const stream = { label: args.string("stream"), task: args.label("task") };
      monitor.onStreamEventOut(args.topicPartition("tp"), args.number("offset"), stream, undefined, token as EventState);
    }),
    on_topic_buffer_full: plain((monitor, args) => monitor.onTopicBufferFull(args.string("topic"))),
    on_table_get: plain((monitor, args) => monitor.onTableGet(args.string("table"), args.any("key"))),
    on_table_set: plain((monitor, args) => monitor.onTableSet(args.string("table"), args.any("key"), args.any("value"))),
    on_table_del: plain((monitor, args) => monitor.onTableDel(args.string("table"), args.any("key"))),
    on_commit_initiated: start((monitor) => monitor.onCommitInitiated()),
    on_commit_completed: end((monitor, token) => monitor.onCommitCompleted(undefined, token as number)),
    on_send_initiated: start((monitor, args) =>
      monitor.onSendInitiated(undefined, args.string("topic"), undefined, args.number("keysize"), args.number("valsize")),
    ),
    on_send_completed: end((monitor, token) => monitor.onSendCompleted(undefined, token as number)),
    on_send_error: end((monitor, token, args) => {
      monitor.onSendError(undefined, args.isGiven("kind") ? args.string("kind") : undefined, token as number);
    }),
    count: plain((monitor, args) => monitor.count(args.string("name"), args.number("count"))),
    on_tp_commit: plain((monitor, args) => monitor.onTpCommit(args.offsets("offsets"))),
    track_tp_end_offset: plain((monitor, args) => monitor.trackTpEndOffset(args.topicPartition("tp"), args.number("offset"))),
    on_assignment_start: start((monitor) => monitor.onAssignmentStart()),
    on_assignment_completed: end((monitor, token) => monitor.onAssignmentCompleted(undefined, token as AssignmentState)),
    on_assignment_error: end((monitor, token) => monitor.onAssignmentError(undefined, token as AssignmentState)),
    on_rebalance_start: start((monitor, args) => {
      args.any("rebalances");
      return monitor.onRebalanceStart({ rebalancingCount: args.optionalNumber("rebalances") });
    }),
    on_rebalance_return: ({ monitor, tokens }, args) => {
      // Its end is still to come: the token stays open.
      const token = tokenOf(tokens, args);
      monitor.onRebalanceReturn(undefined, token as RebalanceState);
      return token;
    },
    on_rebalance_end: end((monitor, token) => monitor.onRebalanceEnd(undefined, token as RebalanceState)),
    on_web_request_start: start((monitor) => monitor.onWebRequestStart()),
    on_web_request_end: end((monitor, token, args) => {
      const status = args.any("status") === null ? undefined : args.number("status");
      monitor.onWebRequestEnd(undefined, undefined, status === undefined ? undefined : { status }, token as WebRequestState);
    }),
    on_partitions_assigned: plain((monitor, args) => monitor.onPartitionsAssigned(args.topicPartitions("tps"))),
    on_partitions_revoked: plain((monitor, args) => monitor.onPartitionsRevoked(args.topicPartitions("tps"))),
    on_partitions_lost: plain((monitor, args) => monitor.onPartitionsLost(args.topicPartitions("tps"))),
    on_error: plain((monitor, args) => {
      // The monitor refuses what is no stage.
      monitor.onError(args.string("stage") as Stage, args.string("kind"), args.optionalTopicPartition("tp"));
    }),
    on_retry: plain((monitor, args) => monitor.onRetry(args.optionalTopicPartition("tp"))),
    on_dead_letter: plain((monitor, args) => monitor.onDeadLetter(args.optionalTopicPartition("tp"))),
    on_position: plain((monitor, args) => monitor.onPosition(args.topicPartition("tp"), args.number("offset"))),
    on_heartbeat: plain((monitor) => monitor.onHeartbeat()),
    on_pause: plain((monitor, args) => monitor.onPause(args.topicPartitions("tps"))),
    on_resume: plain((monitor, args) => monitor.onResume(args.topicPartitions("tps"))),
    on_poll: plain((monitor, args) => monitor.onPoll(args.number("records"), args.optionalNumber("bytes"))),
    sample: plain((monitor) => monitor.sample()),
    // See `READINGS`.
    asdict: plain(() => {}),
    snapshot: plain(() => {}),
  } satisfies Record<string, Call>),
);

/** The calls that read the monitor, for an `expect`. */
const READINGS = new Map<string, (monitor: Monitor) => unknown>([
  ["asdict", (monitor) => monitor.asdict()],
  ["snapshot", (monitor) => monitor.snapshot()],
]);

/** `timeIn` -> `time_in`: a token under Faust's names. */
function inFaustsNames(token: Token | undefined): Json | undefined {
  if (typeof token !== "object") return token;
  const entries = Object.entries(token as Record<string, Json>).filter(([key]) => key !== "timestamp");
  return Object.fromEntries(entries.map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));
}

/**
 * Replays one trace, fed line by line, into monitors of its own, and compares every `after` and
 * `expect` exactly. Memory does not grow with the trace, but for messages that never come out.
 */
export class TraceReplay {
  readonly #make: (options: MonitorOptions) => Monitor;
  readonly #onDifference: (difference: TraceDifference) => void;
  readonly #workers = new Map<string, Worker>();
  #options: MonitorOptions | undefined;
  /** What the clock read when the monitors were made. */
  #madeAt = 0;
  #now = 0;
  #lines = 0;
  #calls = 0;
  #checks = 0;
  #differences = 0;

  constructor(make: (options: MonitorOptions) => Monitor, onDifference: (difference: TraceDifference) => void) {
    this.#make = make;
    this.#onDifference = onDifference;
  }

  /** The monitors by worker; a trace that names no worker has one, under "". */
  get monitors(): ReadonlyMap<string, Monitor> {
    return new Map([...this.#workers].map(([name, worker]) => [name, worker.monitor]));
  }

  /** What was seen so far. */
  get counts(): ReplayCounts {
    return { lines: this.#lines, calls: this.#calls, checks: this.#checks, differences: this.#differences };
  }

  /** Replays the next line. @throws TraceError where it cannot be. */
  line(text: string): void {
    const line = (this.#lines += 1);
    if (text.trim() === "") return;
    const fields = parseLine(line, text);
    if (this.#options === undefined) this.#header(line, fields);
    else this.#call(line, fields);
  }

  /** Says that there is no further line. @throws TraceError where there was none at all. */
  end(): void {
    if (this.#options === undefined) throw new TraceError(Math.max(this.#lines, 1), `no header: expected {"trace": "${TRACE_VERSION}", ...}`);
    if (this.#workers.size === 0) this.#worker("", this.#lines);
  }

  #header(line: number, fields: { readonly [key: string]: Json }): void {
    const args = new Arguments(line, fields);
    if (!args.has("trace")) throw args.error(`no header: expected {"trace": "${TRACE_VERSION}", ...}`);
    const version = args.any("trace");
    if (version !== TRACE_VERSION) throw args.error(`unknown version ${JSON.stringify(version)}: expected "${TRACE_VERSION}"`);
    try {
      const options = optionsOfTrace(args.has("options") ? args.any("options") : {});
      const epoch = args.optionalNumber("epoch");
      // Where a trace says nothing it is 0: this process's own would make each replay another.
      const worker = args.isGiven("worker") ? { worker: args.text("worker") } : {};
      if (args.isGiven("at")) this.#madeAt = this.#now = args.reading("at");
      // A replay is the same each time, so no name of chance.
      this.#options = { worker: "", epoch: 0, ...options, ...worker, ...(epoch === undefined ? {} : { epoch }), time: () => this.#now };
      this.#make(this.#options).free();
    } catch (cause) {
      throw cause instanceof TraceError ? cause : new TraceError(line, inTraceWords((cause as Error).message), { cause });
    }
  }

  #call(line: number, fields: { readonly [key: string]: Json }): void {
    const args = new Arguments(line, fields);
    if (args.has("trace") && !args.has("call")) throw args.error("a second header: a file holds one trace");
    const name = args.string("call");
    if (name === "begin") return this.#begin(line, args);
    const call = CALLS.get(name);
    if (call === undefined) throw args.error(`unknown call ${JSON.stringify(name)}`);
    const at = args.reading("at");
    const worker = this.#worker(args.has("worker") ? args.text("worker") : "", line);
    this.#now = at;
    let token: Token | undefined;
    try {
      token = call(worker, args);
    } catch (cause) {
      throw cause instanceof TraceError ? cause : new TraceError(line, `${name}: ${(cause as Error).message}`, { cause });
    }
    this.#calls += 1;
    if (args.has("after")) this.#compare(line, "after", args.any("after"), inFaustsNames(token) ?? null);
    const read = READINGS.get(name);
    // A snapshot is numbered: it is taken whether anything is expected of it or not.
    const actual = read?.(worker.monitor) as Json;
    if (read !== undefined && args.has("expect")) this.#compare(line, "expect", args.any("expect"), actual);
  }

  /** A monitor is made later than the trace's first. */
  #begin(line: number, args: Arguments): void {
    const worker = args.has("worker") ? args.text("worker") : "";
    if (this.#workers.has(worker)) throw args.error(`worker ${JSON.stringify(worker)} has begun already`);
    const at = args.reading("at");
    this.#worker(worker, line, args.isGiven("name") ? args.text("name") : worker, at);
    this.#now = at;
    this.#calls += 1;
  }

  #compare(line: number, path: string, expected: Json, actual: Json | undefined): void {
    this.#checks += 1;
    for (const difference of differences(expected, actual, path)) {
      this.#differences += 1;
      this.#onDifference({ line, ...difference });
    }
  }

  /** @param calledSo its name in snapshots: as its calls are, unless it began by another. */
  #worker(name: string, line: number, calledSo = name, madeAt = this.#madeAt): Worker {
    let worker = this.#workers.get(name);
    if (worker === undefined) {
      if (this.#options === undefined) throw new TraceError(line, "no header");
      const now = this.#now;
      this.#now = madeAt;
      worker = { monitor: this.#make(calledSo === "" ? this.#options : { ...this.#options, worker: calledSo }), tokens: new Tokens() };
      this.#now = now;
      this.#workers.set(name, worker);
    }
    return worker;
  }
}
