/** A consumer of @platformatic/kafka, told to a monitor. */

import { Guard, type Attachment, type AttachmentOptions } from "../attachment.js";
import { checkHost, checkMonitor, checkNames, claim, optionalText, wrapMethod, type AnyMonitor } from "../shared/attaching.js";
import { flowOf } from "../shared/flow.js";
import { Membership } from "../shared/membership.js";
import { Partitions, type StreamNames } from "../shared/partitions.js";
import { listen } from "./events.js";
import { Streams } from "./streams.js";
import type { PlatformaticConsumerLike, PlatformaticMessageLike, PlatformaticStreamLike } from "./types.js";

export interface ConsumerOptions extends AttachmentOptions, StreamNames {}

export interface ConsumerAttachment extends Attachment {
  /**
   * Times `for await` over a stream that was there before the adapter; those that `consume()` gives later are timed
   * without it. A message is in when it is read, and out when the next one is asked for or the loop ends. Gives the stream.
   */
  watch<Stream extends PlatformaticStreamLike>(stream: Stream): Stream;
  /**
   * A handler that is timed, for messages that come by another way (`stream.on("data", ...)`, `stream.forEach(...)`, a
   * pipeline), or of which several are worked on at once: in when it is called, out when it returned or its promise is
   * settled. What it throws is counted, and thrown on as it is. Within a timed `for await` it takes the message over.
   */
  processed<Message extends PlatformaticMessageLike, Result>(handler: (message: Message) => Result): (message: Message) => Result;
}

/**
 * Tells `monitor` what the consumer does, until `detach()`.
 *
 *     attachConsumer(consumer, monitor);
 *     const stream = await consumer.consume({ topics: ["orders"] });
 *     for await (const message of stream) { ... }
 *
 * Commits, fetches, joins and what the client learns of offsets come from its diagnostics channels, of
 * this consumer alone. Results and errors are the same as without it, and nothing in here throws into the consumer.
 *
 * Throws a `TypeError` or `RangeError` with a `code` for what is no consumer, monitor or option, and for a consumer
 * that is attached already.
 */
export function attachConsumer(consumer: PlatformaticConsumerLike, monitor: AnyMonitor, options: ConsumerOptions = {}): ConsumerAttachment {
  checkHost("consumer", consumer, "a consumer of @platformatic/kafka", ["consume", "on", "off"]);
  const sensor = checkMonitor(monitor);
  checkNames(options, ["onFault", "streamName", "taskName"]);
  const { streamName, taskName } = options;
  optionalText("streamName", streamName);
  optionalText("taskName", taskName);
  const guard = new Guard(options);
  claim(guard, "consumer", consumer);
  const partitions = new Partitions(sensor, { streamName, taskName });
  const streams = new Streams(guard, sensor, partitions, flowOf(guard, sensor));
  listen({ guard, monitor: sensor, consumer, partitions, streams, membership: new Membership(sensor) });
  wrapMethod(guard, consumer, "consume", (consume) => function (this: unknown, consumed: unknown, callback?: (error: unknown, stream?: unknown) => void) {
    const call = (...args: unknown[]): unknown => consume.call(this as PlatformaticConsumerLike, ...args);
    const watched = (stream: unknown): unknown => guard.run(() => streams.watch(stream as PlatformaticStreamLike)) ?? stream;
    if (guard.detached) return callback === undefined ? call(consumed) : call(consumed, callback);
    if (typeof callback !== "function") return (call(consumed, callback) as Promise<unknown>).then(watched);
    return call(consumed, (error: unknown, stream: unknown) => {
      if (error == null) watched(stream);
      callback(error, stream);
    });
  });
  // The guard's own, with what only this adapter has.
  return Object.assign(guard, {
    watch: <Stream extends PlatformaticStreamLike>(stream: Stream) => streams.watch(stream),
    processed: <Message extends PlatformaticMessageLike, Result>(handler: (message: Message) => Result) => streams.processed(handler),
  });
}
