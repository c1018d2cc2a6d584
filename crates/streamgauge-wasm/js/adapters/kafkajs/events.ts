/** What KafkaJS's instrumentation events say. A listener that throws would take the consumer down: none does. */

import { earlier, secondsOf } from "../shared/tokens.js";
import type { Context } from "./context.js";
import type { CommitOffsets, ConsumerEventName, GroupJoin, NetworkRequest, StartBatch } from "./types.js";

export interface EventListeners {
  /** Partitions were assigned that this member had not before. */
  readonly onAssigned: (given: readonly { readonly topic: string; readonly partition: number }[], groupId: string) => void;
}

export function listen(context: Context, { onAssigned }: EventListeners): void {
  const { guard, monitor, consumer, partitions, membership, positions } = context;
  const on = <Payload>(name: ConsumerEventName, listener: (payload: Payload) => void): void => {
    const remove = consumer.on(consumer.events[name], ({ payload }: { readonly payload: Payload }) => {
      guard.run(() => listener(payload));
    });
    guard.onDetach(remove);
  };
  const polls = new Polls(context);
  const commits = new Commits(context);

  on("HEARTBEAT", () => monitor.onHeartbeat());
  on<CommitOffsets>("COMMIT_OFFSETS", (payload) => {
    commits.committed(payload);
    positions.committed(payload);
  });
  on<NetworkRequest>("REQUEST", (payload) => {
    if (payload.apiName === "OffsetCommit") commits.requested(secondsOf(payload.pendingDuration) + secondsOf(payload.duration));
    else if (payload.apiName === "Fetch") polls.bytes += payload.size;
  });
  on<NetworkRequest>("REQUEST_TIMEOUT", ({ apiName }) => {
    const stage = apiName === "Fetch" ? "fetch" : apiName === "OffsetCommit" ? "commit" : "other";
    monitor.onError(stage, "KafkaJSRequestTimeoutError");
  });

  on<{ readonly nodeId: number }>("FETCH_START", ({ nodeId }) => polls.over(nodeId));
  on<{ readonly nodeId: number }>("FETCH", ({ nodeId }) => polls.fetched(nodeId));
  on<StartBatch>("START_BATCH_PROCESS", (batch) => {
    polls.records += batch.batchSize;
    partitions.endSeen(batch.topic, batch.partition, batch.highWatermark);
    if (batch.batchSize === 0) positions.nothingIn(batch);
  });
  guard.onDetach(() => polls.allOver());

  on("REBALANCING", () => membership.rebalancing());
  on<GroupJoin>("GROUP_JOIN", ({ groupId, memberId, memberAssignment, duration }) => {
    const assigned = Object.entries(memberAssignment).map(([topic, partitions]) => ({ topic, partitions }));
    const given = membership.joined(assigned, memberId, secondsOf(duration));
    context.lookAtPaused(false);
    for (const { topic, partition } of given) partitions.of(topic, partition).sought = -1;
    if (given.length > 0) onAssigned(given, groupId);
  });
  on("STOP", () => {
    polls.allOver();
    membership.left();
  });
  on<{ readonly error: unknown }>("CRASH", ({ error }) => monitor.onError("other", error));
}

/**
 * A fetch and what it brought. The event of a fetch does not count its records; those of the batches do,
 * and all of them are there before the same broker is asked again.
 */
class Polls {
  readonly #context: Context;
  readonly #open = new Set<number>();
  records = 0;
  bytes = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  fetched(nodeId: number): void {
    this.over(nodeId);
    this.#open.add(nodeId);
  }

  over(nodeId: number): void {
    if (!this.#open.delete(nodeId)) return;
    const { records, bytes } = this;
    this.records = 0;
    this.bytes = 0;
    this.#context.monitor.onPoll(records, bytes);
  }

  allOver(): void {
    for (const nodeId of [...this.#open]) this.over(nodeId);
  }
}

/** How long commits took. The request's event says it, right before the commit's event says what was committed. */
class Commits {
  readonly #context: Context;
  #states: (number | undefined)[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  requested(seconds: number): void {
    const { monitor, consumer } = this.#context;
    this.#states.push(earlier(monitor.onCommitInitiated(consumer), seconds));
    // A request that no commit's event follows at once was refused, or only set where to start.
    if (this.#states.length === 1) setImmediate(() => (this.#states = []));
  }

  committed({ topics }: CommitOffsets): void {
    const { monitor, consumer, partitions } = this.#context;
    if (this.#states.length > 0) monitor.onCommitCompleted(consumer, this.#states.shift());
    partitions.committed(topics.flatMap(({ topic, partitions }) => partitions.map((one) => ({ topic, ...one }))));
  }
}
