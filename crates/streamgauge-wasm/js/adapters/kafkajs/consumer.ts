/** A KafkaJS consumer, told to a monitor. */

import { outOfRange, wrongType } from "../../checks.js";
import { Guard, type Attachment, type AttachmentOptions } from "../attachment.js";
import { checkHost, checkMonitor, checkNames, claim, optionalText, wrapMethod, type AnyMonitor } from "../shared/attaching.js";
import { flowOf } from "../shared/flow.js";
import { Membership } from "../shared/membership.js";
import { Partitions, type StreamNames } from "../shared/partitions.js";
import { askAdmin } from "./answers.js";
import { Pauses, watchedCommit, type Context } from "./context.js";
import { listen } from "./events.js";
import { wrapHandlers } from "./handlers.js";
import { pausedWatch } from "./paused.js";
import { Positions } from "./positions.js";
import type { KafkaAdminLike, KafkaConsumerLike } from "./types.js";

export interface ConsumerOptions extends AttachmentOptions, StreamNames {
  /**
   * A connected admin client, which stays yours to disconnect. It is asked for the end offsets of partitions that
   * nothing was fetched from meanwhile (idle, paused, stalled), and for the committed offsets of newly assigned ones.
   * Without it, a partition's end offset is as old as the last batch from it.
   */
  readonly admin?: KafkaAdminLike | undefined;
  /** Seconds between two such questions; 10 where it is not given. */
  readonly endOffsetInterval?: number | undefined;
}

const OPTIONS = ["admin", "endOffsetInterval", "onFault", "streamName", "taskName"];
const METHODS = ["run", "commitOffsets", "pause", "paused", "resume", "seek", "on"];

/**
 * Tells `monitor` what the consumer does, until `detach()`. Call it before `consumer.run()`.
 *
 *     attachConsumer(consumer, monitor);
 *     await consumer.run({ eachMessage: async ({ message }) => { ... } });
 *
 * The consumer behaves as without it: results and errors are the same, and nothing in here throws
 * into it.
 *
 * Throws a `TypeError` or `RangeError` with a `code` for what is no consumer, monitor or option, for a
 * consumer that is attached already, and for one that runs: its handlers cannot be wrapped any more.
 */
export function attachConsumer(consumer: KafkaConsumerLike, monitor: AnyMonitor, options: ConsumerOptions = {}): Attachment {
  checkHost("consumer", consumer, "a KafkaJS consumer", METHODS);
  const sensor = checkMonitor(monitor);
  checkNames(options, OPTIONS);
  const { admin, endOffsetInterval = 10, streamName, taskName } = options;
  optionalText("streamName", streamName);
  optionalText("taskName", taskName);
  if (admin !== undefined) checkHost("admin", admin, "a KafkaJS admin client", ["fetchTopicOffsets", "fetchOffsets"]);
  if (typeof endOffsetInterval !== "number") throw wrongType("endOffsetInterval", "a number of seconds", endOffsetInterval);
  // A longer one would overflow the timer, and fire at once.
  if (!(endOffsetInterval > 0 && endOffsetInterval <= 86_400)) {
    throw outOfRange("endOffsetInterval", "over 0 and at most 86400, in seconds", endOffsetInterval);
  }
  if (isRunning(consumer)) throw outOfRange("consumer", "one that does not run yet (attach before consumer.run())", consumer);

  const guard = new Guard(options);
  claim(guard, "consumer", consumer);
  const partitions = new Partitions(sensor, { streamName, taskName });
  const membership = new Membership(sensor);
  const lookAtPaused = pausedWatch(guard, sensor, consumer, partitions);
  const context: Context = {
    guard,
    monitor: sensor,
    consumer,
    partitions,
    membership,
    positions: new Positions(sensor, partitions, membership),
    flow: flowOf(guard, sensor),
    told: new WeakSet(),
    lookAtPaused,
    pauses: new Pauses(() => lookAtPaused(true)),
  };
  const answers = admin === undefined ? undefined : askAdmin(context, admin, endOffsetInterval);
  listen(context, { onAssigned: (given, groupId) => answers?.assigned(given, groupId) });
  wrapMethod(guard, consumer, "run", (run) => function (this: unknown, config: never) {
    return run.call(this as KafkaConsumerLike, guard.detached ? config : wrapHandlers(context, config));
  });
  wrapMethod(guard, consumer, "commitOffsets", (commitOffsets) => function (this: unknown, offsets: never) {
    const commit = (): Promise<void> => commitOffsets.call(this as KafkaConsumerLike, offsets);
    return guard.detached ? commit() : watchedCommit(context, commit);
  });
  wrapMethod(guard, consumer, "seek", (seek) => function (this: unknown, to: never) {
    const given = seek.call(this as KafkaConsumerLike, to);
    if (!guard.detached) guard.run(() => context.positions.sought(to));
    return given;
  });
  for (const name of ["pause", "resume"] as const) {
    wrapMethod(guard, consumer, name, (method) => function (this: unknown, topics: never) {
      method.call(this as KafkaConsumerLike, topics);
      context.lookAtPaused(true);
    });
  }
  return guard;
}

/** KafkaJS refuses to resume while it does not run; to resume nothing changes nothing. */
function isRunning(consumer: KafkaConsumerLike): boolean {
  try {
    consumer.resume([]);
    return true;
  } catch {
    return false;
  }
}
