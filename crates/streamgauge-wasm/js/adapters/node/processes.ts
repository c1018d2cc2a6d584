/** The monitors of worker threads and processes, gathered into one by those who started them. */

import { parentPort } from "node:worker_threads";
import { describe, unknownOption, wrongType } from "../../checks.js";
import { asOneLife } from "../../ended-lives.js";
import { decode, merge } from "../../snapshot-node.js";
import type { Rate, Snapshot } from "../../snapshot-schema.js";
import { Guard, type Attachment, type AttachmentOptions } from "../attachment.js";
import { asAttachment } from "../shared/attaching.js";
import { seconds } from "./event-loop.js";

/** Whose snapshots are taken: a `Monitor`. */
export interface Snapshotting {
  snapshotBytes(): Uint8Array;
}

/** Where a worker's messages go: its `parentPort` or another `MessagePort`, or the `process` of one that was forked. */
export type ReportChannel = { postMessage(message: any): void } | { send?: ((message: any) => any) | undefined };

/** What `reportTo` takes. */
export interface ReportOptions extends AttachmentOptions {
  /** How often a snapshot is sent, seconds; 1. */
  readonly intervalSeconds?: number | undefined;
}

/** A `Worker` of `node:worker_threads` or `node:cluster`, or a `ChildProcess` with a channel. */
export interface WorkerLike {
  on(event: "message" | "exit", listener: (...args: any[]) => void): unknown;
  removeListener(event: "message" | "exit", listener: (...args: any[]) => void): unknown;
}

/** What `gather` takes. */
export interface GatherOptions extends AttachmentOptions {
  /** The monitor of who gathers, where it has one of its own. */
  readonly monitor?: Snapshotting | undefined;
}

/** What `gather` gives. `detach` stops listening to all; what was heard stays. */
export interface Gathering extends Attachment {
  /** Listens to a worker until its exit. Its monitor's `worker` name is its own; a successor may have it as well. */
  add(worker: WorkerLike): void;
  /**
   * All snapshots as one: the newest of every worker, and of those that ended the counts, but none of the gauges. Null before the first came.
   * @throws what `merge` of `streamgauge/snapshot` throws, where two workers have the same name and time of birth.
   */
  snapshot(): Snapshot | null;
  /** Workers that are being listened to. */
  readonly workers: number;
}

/** Marks our messages among the host's. Text, for a forked process speaks JSON unless told otherwise. */
const MARK = "streamgauge/report";
interface Report {
  readonly type: typeof MARK;
  readonly snapshot: string;
}

/**
 * Sends a worker's snapshots to whoever started it, at an interval and once more at the end. What happened after the last one is lost
 * with a worker that is killed.
 *
 * @throws TypeError where there is nobody to send to.
 */
export function reportTo(channel: ReportChannel | null | undefined, monitor: Snapshotting, options: ReportOptions = {}): Attachment {
  const known = ["intervalSeconds", "onFault"];
  for (const [name, value] of Object.entries(options)) if (!known.includes(name)) throw unknownOption(name, known, value);
  const interval = seconds("intervalSeconds", options.intervalSeconds ?? 1);
  const guard = new Guard(options);
  const send = sender(channel ?? parentPort ?? process, guard);
  const report = (): void => {
    guard.run(() => send({ type: MARK, snapshot: Buffer.from(monitor.snapshotBytes()).toString("base64") }));
  };
  const timer = setInterval(report, interval * 1000);
  timer.unref();
  process.once("exit", report);
  guard.onDetach(() => {
    clearInterval(timer);
    process.removeListener("exit", report);
    report();
  });
  return guard;
}

function sender(channel: ReportChannel, guard: Guard): (report: Report) => void {
  const { postMessage, send } = channel as { postMessage?: unknown; send?: unknown };
  if (typeof postMessage === "function") return (report) => (channel as { postMessage(message: Report): void }).postMessage(report);
  if (typeof send === "function") {
    return (report) => {
      // One whose starter is gone has a channel that is closed; where it is not known as yet, the callback keeps the error from the process.
      if ((channel as { connected?: boolean }).connected === false) return;
      (channel as { send(message: Report, sent: (error: unknown) => void): void }).send(report, (error) => {
        if (error != null) guard.note(error);
      });
    };
  }
  throw wrongType("channel", "a MessagePort, or the process of one that was forked", channel);
}

/** What is known of a worker. */
interface Member {
  last: Snapshot | undefined;
  isAlive: boolean;
  /** Stops hearing it. */
  leave(): void;
}

/** So many that ended are kept apart, for their last report may still come; those before are one life. */
const ENDED_APART = 32;

/** Gathers what the workers report that are added. In a cluster: `cluster.on("fork", (worker) => gathering.add(worker))`. */
export function gather(options: GatherOptions = {}): Gathering {
  const known = ["monitor", "onFault"];
  for (const [name, value] of Object.entries(options)) if (!known.includes(name)) throw unknownOption(name, known, value);
  const guard = new Guard(options);
  const added = new WeakSet<WorkerLike>();
  const members = new Set<Member>();
  /** In the order of their ends. */
  const ended: Member[] = [];
  let earlier: Snapshot | undefined;
  const foldOldest = (): void => {
    const oldest = ended.shift()!;
    oldest.leave();
    members.delete(oldest);
    if (oldest.last !== undefined) earlier = asOneLife(earlier === undefined ? [oldest.last] : [earlier, oldest.last], merge);
  };

  const gathering = {
    add(worker: WorkerLike): void {
      if (typeof (worker as WorkerLike | null)?.on !== "function") throw wrongType("worker", "a Worker or a ChildProcess", worker);
      if (added.has(worker) || guard.detached) return;
      added.add(worker);
      const member: Member = {
        last: undefined,
        isAlive: true,
        leave: () => {
          worker.removeListener("message", hear);
          worker.removeListener("exit", bury);
        },
      };
      members.add(member);
      const hear = (message: unknown): void => {
        guard.run(() => {
          if (!isReport(message)) return;
          const last = decode(Buffer.from(message.snapshot, "base64"));
          member.last = member.isAlive ? last : withoutGauges(last);
        });
      };
      // A process's last message may come after its exit, so that goes on being heard.
      const bury = (): void => {
        if (!member.isAlive) return;
        member.isAlive = false;
        if (member.last !== undefined) member.last = withoutGauges(member.last);
        ended.push(member);
        if (ended.length > ENDED_APART) guard.run(foldOldest);
      };
      worker.on("message", hear);
      worker.on("exit", bury);
    },
    snapshot(): Snapshot | null {
      const own = options.monitor === undefined ? [] : [decode(options.monitor.snapshotBytes())];
      const all = [...own, ...(earlier === undefined ? [] : [earlier]), ...[...members].flatMap(({ last }) => last ?? [])];
      return all.length === 0 ? null : merge(all);
    },
  };
  guard.onDetach(() => members.forEach((member) => member.leave()));
  Object.defineProperty(gathering, "workers", { get: () => [...members].filter(({ isAlive }) => isAlive).length });
  return asAttachment(gathering, guard) as unknown as Gathering;
}

function isReport(message: unknown): message is Report {
  const { type, snapshot } = (message ?? {}) as Partial<Report>;
  if (type !== MARK) return false;
  if (typeof snapshot === "string") return true;
  throw new TypeError(`a report's snapshot must be text, got ${describe(snapshot)}`);
}

const NO_RATE: Rate = { now: null, oneMinute: null, fiveMinutes: null, fifteenMinutes: null };

/** What was true of a worker at its end is not true any more; what it counted stays. Merging computes the rest again. */
function withoutGauges(last: Snapshot): Snapshot {
  const { messages, events, rates, rebalances, consumer } = last;
  return {
    ...last,
    messages: { ...messages, active: 0, oldestSeconds: null, stuck: 0 },
    events: { ...events, active: 0 },
    rates: Object.fromEntries(Object.keys(rates).map((name) => [name, name === "intervalSeconds" ? null : NO_RATE])) as unknown as Snapshot["rates"],
    rebalances: { ...rebalances, inProgress: 0, recent: 0, storm: false, lastAgeSeconds: null },
    consumer: { ...consumer, pausedPartitions: 0, heartbeatAgeSeconds: null },
    partitions: [],
  };
}
