/** `eachMessage` and `eachBatch` with a monitor around them. */

import type { BatchFlow, Started } from "../shared/flow.js";
import type { Partition } from "../shared/partitions.js";
import { isOfGroup, tellFailure, watchedCommit, type Context } from "./context.js";
import type { EachBatchPayload, EachMessagePayload, Handler, Message, RunConfig } from "./types.js";

/** The configuration of `run` with its handlers wrapped. */
export function wrapHandlers<Config extends RunConfig | null | undefined>(context: Context, config: Config): Config {
  if (typeof config !== "object" || config === null) return config;
  const { eachMessage, eachBatch, eachBatchAutoResolve = true } = config;
  return {
    ...config,
    ...(typeof eachMessage === "function" ? { eachMessage: wrapEachMessage(context, eachMessage) } : {}),
    ...(typeof eachBatch === "function" ? { eachBatch: wrapEachBatch(context, eachBatch, Boolean(eachBatchAutoResolve)) } : {}),
  };
}

/** In when the handler is called, out when it is done. Without `async`: one promise less for every message. */
function wrapEachMessage(context: Context, handler: Handler<EachMessagePayload>): Handler<EachMessagePayload> {
  const { guard, partitions } = context;
  const turns = new Map<Partition, Turn>();
  let last: Turn | undefined;
  const turnOf = (partition: Partition): Turn => {
    if (last?.partition === partition && !last.isTaken) return last;
    let turn = turns.get(partition);
    // KafkaJS handles a partition's messages one after the other; who does not is served as well.
    if (turn === undefined || turn.isTaken) turns.set(partition, (turn = new Turn(context, partition)));
    last = turn;
    return turn;
  };
  return function eachMessage(this: unknown, payload) {
    if (guard.detached) return handler.call(this, payload);
    const { message } = payload;
    let turn: Turn;
    try {
      const partition = partitions.of(payload.topic, payload.partition);
      watchPause(context, payload);
      if (partition.retryTo >= 0) partitions.cameAgain(partition, message.offset);
      // KafkaJS hands over no message while it has still to obey a seek.
      partition.sought = -1;
      turn = turnOf(partition);
    } catch (fault) {
      guard.note(fault);
      return handler.call(this, payload);
    }
    turn.begin(message);
    let given: Promise<void> | void;
    try {
      given = handler.call(this, payload);
    } catch (error) {
      turn.threw(error);
      throw error;
    }
    // Hears of its end before KafkaJS does, who gets the very promise.
    const promise = given instanceof Promise ? given : Promise.resolve(given);
    promise.then(turn.ended, turn.threw);
    return promise;
  };
}

/** A partition's message in its handler. One object for all that come after each other: a message takes no closure. */
class Turn {
  readonly #context: Context;
  readonly partition: Partition;
  #message: Message | undefined;
  #started: Started;

  constructor(context: Context, partition: Partition) {
    this.#context = context;
    this.partition = partition;
  }

  get isTaken(): boolean {
    return this.#message !== undefined;
  }

  begin(message: Message): void {
    this.#started = this.#context.flow.started(this.partition, message);
    this.#message = message;
  }

  /** It is over. */
  readonly ended = (): void => {
    const message = this.#message!;
    // Holds no message of the host's.
    this.#message = undefined;
    this.#context.flow.ended(this.partition, message, this.#started);
  };

  readonly threw = (error: unknown): void => {
    const message = this.#message!;
    failed(this.#context, error, this.partition, message, message);
    this.#context.guard.run(() => this.#context.positions.next(this.partition, Number(message.offset)));
    this.ended();
  };
}

function wrapEachBatch(context: Context, handler: Handler<EachBatchPayload>, resolvesAtEnd: boolean): Handler<EachBatchPayload> {
  const { guard } = context;
  return async function eachBatch(this: unknown, payload) {
    if (guard.detached) return handler.call(this, payload);
    const work = guard.run(() => startBatch(context, payload));
    try {
      const given = await handler.call(this, payload);
      if (resolvesAtEnd) work?.finish();
      return given;
    } catch (error) {
      work?.fail(error);
      throw error;
    } finally {
      work?.leave();
    }
  };
}

function startBatch(context: Context, payload: EachBatchPayload): BatchWork {
  const { batch } = payload;
  watchPause(context, payload);
  const partition = context.partitions.of(batch.topic, batch.partition);
  if (partition.sought >= 0 && !payload.isStale()) partition.sought = -1;
  const work = new BatchWork(context, partition, batch);
  const { resolveOffset, commitOffsetsIfNecessary } = payload;
  payload.resolveOffset = (offset) => {
    resolveOffset(offset);
    work.resolve(offset);
  };
  payload.commitOffsetsIfNecessary = (offsets) => watchedCommit(context, () => commitOffsetsIfNecessary(offsets));
  return work;
}

/** The `pause` that handlers are given, and the resume that it gives, are heard as the consumer's own. */
function watchPause(context: Context, payload: EachMessagePayload | EachBatchPayload): void {
  const { pause } = payload;
  payload.pause = context.pauses.watched(pause);
}

/** A handler failed, and these messages will come again. */
function failed(context: Context, error: unknown, partition: Partition, first: Message, last: Message): void {
  context.guard.run(() => {
    if (!isOfGroup(error)) context.partitions.failed(partition, first.offset, last.offset);
    tellFailure(context, error, partition.tp);
  });
}

/**
 * A batch in its handler. All of its messages are in from the start; one is out when the handler
 * resolves its offset, or is done. The event of a message lasts from when the one before was resolved; the
 * events of messages that are resolved together last equally long.
 */
class BatchWork {
  readonly #context: Context;
  readonly #partition: Partition;
  readonly #batch: EachBatchPayload["batch"];
  /** A copy: the handler may empty the batch's own. */
  readonly #messages: readonly Message[];
  readonly #flow: BatchFlow;
  /** The first that is not resolved. */
  #next = 0;
  /** The offset that was resolved last, which KafkaJS goes by; -1 where none was. */
  #resolved = -1;

  constructor(context: Context, partition: Partition, batch: EachBatchPayload["batch"]) {
    const { messages } = batch;
    this.#context = context;
    this.#partition = partition;
    this.#batch = batch;
    this.#messages = messages.slice();
    for (let place = 0; partition.retryTo >= 0 && place < messages.length; place += 1) {
      const { offset } = messages[place]!;
      context.guard.run(() => context.partitions.cameAgain(partition, offset));
    }
    this.#flow = context.flow.batch(partition, this.#messages);
  }

  /** All messages up to this offset are done. */
  resolve(offset: string): void {
    const messages = this.#messages;
    this.#resolved = Number(offset);
    const first = messages[this.#next];
    if (first === undefined) return;
    let end = this.#next + 1;
    if (first.offset !== offset) {
      const upTo = Number(offset);
      for (end = this.#next; end < messages.length && Number(messages[end]!.offset) <= upTo; ) end += 1;
    }
    this.#done(end);
  }

  /** The handler is done, and KafkaJS resolves what it left. */
  finish(): void {
    this.#resolved = Number(this.#messages.at(-1)?.offset ?? -1);
    this.#done(this.#messages.length);
  }

  /** The handler failed. */
  fail(error: unknown): void {
    const first = this.#messages[this.#next];
    const last = this.#messages[this.#messages.length - 1];
    if (first !== undefined && last !== undefined) failed(this.#context, error, this.#partition, first, last);
    else this.#context.guard.run(() => tellFailure(this.#context, error, this.#partition.tp));
  }

  /** What was not resolved by the end goes out unprocessed: it will come again. */
  leave(): void {
    if (this.#next < this.#messages.length) this.#flow.released(this.#next);
    this.#next = this.#messages.length;
    this.#context.guard.run(() => this.#tellPosition());
  }

  /** That after the last message read is known. KafkaJS begins where that was resolved, and passes markers with it. */
  #tellPosition(): void {
    const messages = this.#messages;
    if (messages.length === 0) return;
    const last = Number(messages[messages.length - 1]!.offset);
    const resolved = this.#resolved;
    let next = resolved < 0 ? Number(messages[0]!.offset) : resolved + 1;
    if (resolved === last) next = Number(this.#batch.lastOffset()) + 1;
    if (next !== last + 1 || this.#partition.sought >= 0) this.#context.positions.next(this.#partition, next);
  }

  #done(end: number): void {
    if (end === this.#next) return;
    this.#flow.done(this.#next, end);
    this.#next = end;
  }
}
