/** What @platformatic/kafka says of itself: in its diagnostics channels, and by its consumers' events. */

import type { Sensor } from "../../sensor.js";
import type { Guard } from "../attachment.js";
import type { Membership } from "../shared/membership.js";
import type { CommittedOffset, Partitions } from "../shared/partitions.js";
import type { Streams } from "./streams.js";
import { trace } from "./tracing.js";
import type { Commit, Fetch, FetchResponse, PlatformaticConsumerLike, RecordBatch, Traced } from "./types.js";

interface Context {
  readonly guard: Guard;
  readonly monitor: Sensor;
  readonly consumer: PlatformaticConsumerLike;
  readonly partitions: Partitions;
  readonly streams: Streams;
  readonly membership: Membership;
}

/** In a batch's attributes: what it holds are markers of transactions. */
const IS_CONTROL = 0x20;

const isMarker = ({ attributes }: RecordBatch): boolean => (attributes & IS_CONTROL) !== 0;
/** The offset after a batch. */
const beyond = ({ firstOffset, lastOffsetDelta }: RecordBatch): number => Number(firstOffset) + lastOffsetDelta + 1;

export function listen(context: Context): void {
  listenToCommits(context);
  listenToFetches(context);
  listenToOffsets(context);
  listenToGroup(context);
}

function listenToCommits({ guard, monitor, consumer, partitions }: Context): void {
  trace<Traced<Commit>, number | undefined>(guard, consumer, "consumer:commits", {
    started: () => monitor.onCommitInitiated(consumer),
    done: (state, { options }) => {
      monitor.onCommitCompleted(consumer, state);
      partitions.committed(options.offsets);
    },
    failed: (_, error) => {
      if (!isOfGroup(error)) monitor.onError("commit", error);
    },
  });
}

function listenToFetches({ guard, monitor, consumer, partitions, streams }: Context): void {
  const nameOf = topicNames(consumer);
  trace<Traced<Fetch, FetchResponse>, void>(guard, consumer, "consumer:fetches", {
    started: () => {},
    done: (_, { result }) => {
      let records = 0;
      for (const { topicId, partitions: all } of result?.responses ?? []) {
        const topic = nameOf(topicId);
        for (const { partitionIndex, highWatermark, records: batches } of all) {
          for (const batch of batches ?? []) if (!isMarker(batch)) records += batch.records.length;
          if (topic === undefined) continue;
          partitions.endSeen(topic, partitionIndex, highWatermark);
          const last = batches?.at(-1);
          if (last !== undefined) streams.fetched(partitions.of(topic, partitionIndex), isMarker(last) ? beyond(last) : undefined);
        }
      }
      monitor.onPoll(records);
      // The messages are in the stream's buffer once the client had its answer.
      queueMicrotask(() =>
        guard.run(() => {
          if (guard.detached) return;
          streams.lookAtBuffers(consumer.topics.current);
          streams.lookAtMarkers();
        }),
      );
    },
    failed: (_, error, { options }) => {
      if (!isClosed(error) && !streams.isClosed(options.connectionPool)) monitor.onError("fetch", error);
    },
  });
}

/** Fetches name topics by their ids, which the client's metadata has. */
function topicNames(consumer: PlatformaticConsumerLike): (id: string) => string | undefined {
  let metadata: PlatformaticConsumerLike["currentMetadata"];
  let names = new Map<string, string>();
  return (id) => {
    const now = consumer.currentMetadata;
    if (now !== undefined && (now !== metadata || !names.has(id))) {
      metadata = now;
      names = new Map(Array.from(now.topics, ([name, topic]) => [topic.id, name]));
    }
    return names.get(id);
  };
}

/** What the client asks for itself, or by `startLagMonitoring`: where partitions end, and where the group stands. */
function listenToOffsets({ guard, consumer, partitions, membership }: Context): void {
  const owned = function* (result: ReadonlyMap<string, unknown> | undefined): Generator<CommittedOffset> {
    for (const { topic, partition } of membership.owned) {
      const offsets = result?.get(topic);
      // With timestamps it is a map; what was not asked for is a hole.
      const offset: unknown = Array.isArray(offsets) ? offsets[partition] : undefined;
      if (typeof offset === "bigint" && offset >= 0n) yield { topic, partition, offset };
    }
  };
  type Offsets = Traced<{ readonly timestamp?: bigint }, ReadonlyMap<string, unknown>>;
  trace<Offsets, number>(guard, consumer, "consumer:offsets", {
    started: () => partitions.commits,
    done: (asked, { operation, options, result }) => {
      if (operation === "listCommittedOffsets") partitions.committedAsOf(asked, owned(result));
      else if ((options.timestamp ?? LATEST) === LATEST) {
        for (const { topic, partition, offset } of owned(result)) partitions.endAnswered(topic, Number(partition), offset);
      }
    },
  });
}

const LATEST = -1n;

function listenToGroup({ guard, monitor, consumer, membership, streams }: Context): void {
  const on = (name: string, listener: (payload: { readonly error?: unknown } | undefined) => void): void => {
    const guarded = (payload?: { readonly error?: unknown }): void => void guard.run(() => listener(payload));
    consumer.on(name, guarded);
    guard.onDetach(() => consumer.off(name, guarded));
  };
  // It was in the group before: what it has is its own without a rebalance.
  if (consumer.assignments !== null) guard.run(() => membership.has(consumer.assignments ?? []));
  trace<Traced, boolean>(guard, consumer, "consumer:group", {
    started: ({ operation }) => {
      const isJoin = operation === "joinGroup";
      if (isJoin) membership.rebalancing();
      return isJoin;
    },
    failed: (isJoin, error) => {
      if (!isJoin || isClosed(error)) return;
      membership.joinFailed(error);
      monitor.onError("other", error);
    },
  });
  let seen = consumer.assignments;
  on("consumer:group:rebalance", () => membership.rebalancing());
  on("consumer:group:join", () => {
    seen = consumer.assignments;
    streams.rejoined();
    membership.joined(seen ?? [], consumer.memberId, 0);
  });
  on("consumer:group:leave", () => {
    seen = null;
    membership.left();
  });
  on("consumer:heartbeat:end", () => {
    monitor.onHeartbeat();
    // The newer group protocol assigns by heartbeats.
    if (consumer.assignments === seen || consumer.assignments === null) return;
    seen = consumer.assignments;
    membership.joined(seen, consumer.memberId, 0);
  });
  on("consumer:heartbeat:error", (payload) => monitor.onError("other", payload?.error));
}

interface ClientError {
  readonly closed?: unknown;
  readonly needsRejoin?: unknown;
  readonly errors?: unknown;
  readonly cause?: unknown;
}

/** Whether the error, or one of those that it is made of, is such. */
function some(error: unknown, isSuch: (error: ClientError) => boolean, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 8) return false;
  const { errors, cause } = error as ClientError;
  return isSuch(error as ClientError) || [...(Array.isArray(errors) ? errors : []), cause].some((one) => some(one, isSuch, depth + 1));
}

/** The client was closed meanwhile: the host's own doing. */
const isClosed = (error: unknown): boolean => some(error, ({ closed }) => closed === true);
/** The group rebalances: nobody's failure. */
const isOfGroup = (error: unknown): boolean => some(error, ({ needsRejoin }) => needsRejoin === true);
