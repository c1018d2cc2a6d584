/** `eachMessage` and `eachBatch` with a monitor around them. */

import type { EventState } from "../../tokens.js";
import type { Partition } from "../shared/partitions.js";
import { beganWith } from "../shared/tokens.js";
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

/** How far the hooks of a message came: each that was called has its end called. */
const NOWHERE = 0;
const MESSAGE_IN = 1;
const EVENT_IN = 2;

/** In when the handler is called, out when it is done. */
function wrapEachMessage(context: Context, handler: Handler<EachMessagePayload>): Handler<EachMessagePayload> {
  const { guard, monitor, partitions } = context;
  return async function eachMessage(this: unknown, payload) {
    if (guard.detached) return handler.call(this, payload);
    let partition: Partition | undefined;
    let state: EventState | undefined;
    let reached = NOWHERE;
    const { message } = payload;
    try {
      partition = partitions.of(payload.topic, payload.partition);
      watchPause(context, payload);
      if (partition.retryTo >= 0) partitions.cameAgain(partition, message.offset);
      monitor.onMessageIn(partition.tp, message.offset, message);
      reached = MESSAGE_IN;
      state = monitor.onStreamEventIn(partition.tp, message.offset, partition.stream, message);
      reached = EVENT_IN;
    } catch (fault) {
      guard.note(fault);
    }
    try {
      return await handler.call(this, payload);
    } catch (error) {
      guard.run(() => {
        if (partition === undefined) return;
        if (!isOfGroup(error)) partitions.failed(partition, message.offset, message.offset);
        tellFailure(context, error, partition.tp);
      });
      throw error;
    } finally {
      if (reached !== NOWHERE) {
        const { tp, stream } = partition!;
        try {
          if (reached === EVENT_IN) monitor.onStreamEventOut(tp, message.offset, stream, message, state);
        } catch (fault) {
          guard.note(fault);
        }
        try {
          monitor.onMessageOut(tp, message.offset, message);
        } catch (fault) {
          guard.note(fault);
        }
      }
    }
  };
}

function wrapEachBatch(context: Context, handler: Handler<EachBatchPayload>, resolvesAtEnd: boolean): Handler<EachBatchPayload> {
  const { guard } = context;
  return async function eachBatch(this: unknown, payload) {
    if (guard.detached) return handler.call(this, payload);
    const work = guard.run(() => startBatch(context, payload));
    try {
      const given = await handler.call(this, payload);
      if (work !== undefined) guard.run(() => (resolvesAtEnd ? work.finish() : work.release()));
      return given;
    } catch (error) {
      if (work !== undefined) guard.run(() => work.fail(error));
      throw error;
    }
  };
}

function startBatch(context: Context, payload: EachBatchPayload): BatchWork {
  const { batch } = payload;
  const work = new BatchWork(context, context.partitions.of(batch.topic, batch.partition), batch.messages);
  watchPause(context, payload);
  const { resolveOffset, commitOffsetsIfNecessary } = payload;
  payload.resolveOffset = (offset) => {
    resolveOffset(offset);
    context.guard.run(() => work.resolve(offset));
  };
  payload.commitOffsetsIfNecessary = (offsets) => watchedCommit(context, () => commitOffsetsIfNecessary(offsets));
  return work;
}

/** The `pause` that handlers are given, and the resume that it gives, are heard as the consumer's own. */
function watchPause(context: Context, payload: EachMessagePayload | EachBatchPayload): void {
  const { pause } = payload;
  payload.pause = () => {
    const resume = pause();
    context.lookAtPaused(true);
    return () => {
      resume();
      context.lookAtPaused(true);
    };
  };
}

/**
 * A batch in its handler. All of its messages are in from the start; one is out when the handler
 * resolves its offset, or is done. The event of a message lasts from when the one before was resolved; the
 * events of messages that are resolved together last equally long.
 */
class BatchWork {
  readonly #context: Context;
  readonly #partition: Partition;
  /** A copy: the handler may empty the batch's own. */
  readonly #messages: readonly Message[];
  /** The first that is not resolved. */
  #next = 0;
  #state: EventState | undefined;
  #hasBegun = false;

  constructor(context: Context, partition: Partition, messages: readonly Message[]) {
    this.#context = context;
    this.#partition = partition;
    this.#messages = messages.slice();
    const { guard, monitor, partitions } = context;
    const { tp } = partition;
    for (const message of this.#messages) {
      try {
        if (partition.retryTo >= 0) partitions.cameAgain(partition, message.offset);
        monitor.onMessageIn(tp, message.offset, message);
      } catch (fault) {
        guard.note(fault);
      }
    }
    guard.run(() => this.#begin());
  }

  /** The handler turns to the next message. */
  #begin(): void {
    const message = this.#messages[this.#next];
    if (message === undefined) return;
    const { tp, stream } = this.#partition;
    this.#state = undefined;
    this.#state = this.#context.monitor.onStreamEventIn(tp, message.offset, stream, message);
    this.#hasBegun = true;
  }

  /** All messages up to this offset are done. */
  resolve(offset: string): void {
    const messages = this.#messages;
    const first = messages[this.#next];
    if (first === undefined) return;
    let end = this.#next + 1;
    if (first.offset !== offset) {
      const upTo = Number(offset);
      for (end = this.#next; end < messages.length && Number(messages[end]!.offset) <= upTo; ) end += 1;
    }
    if (end === this.#next) return;
    this.#process(end);
    this.#begin();
  }

  /** The handler is done, and KafkaJS resolves what it left. */
  finish(): void {
    this.#process(this.#messages.length);
  }

  /** The handler failed; what it left will come again. */
  fail(error: unknown): void {
    const first = this.#messages[this.#next];
    const last = this.#messages[this.#messages.length - 1];
    this.release();
    if (first !== undefined && !isOfGroup(error)) this.#context.partitions.failed(this.#partition, first.offset, last!.offset);
    tellFailure(this.#context, error, this.#partition.tp);
  }

  /** The messages before `end` were processed. */
  #process(end: number): void {
    const { monitor } = this.#context;
    const { tp, stream } = this.#partition;
    const first = this.#state;
    for (let at = this.#next; at < end; at += 1) {
      const message = this.#messages[at]!;
      this.#next = at + 1;
      try {
        let state = first;
        if (!this.#hasBegun) {
          state = monitor.onStreamEventIn(tp, message.offset, stream, message);
          beganWith(state, first);
        }
        this.#hasBegun = false;
        monitor.onStreamEventOut(tp, message.offset, stream, message, state);
        monitor.onMessageOut(tp, message.offset, message);
      } catch (fault) {
        this.#context.guard.note(fault);
      }
    }
  }

  /** The messages that are left will come again: they go out unprocessed; the one that was being worked on has its time. */
  release(): void {
    const { guard, monitor } = this.#context;
    const { tp, stream } = this.#partition;
    for (const message of this.#messages.slice(this.#next)) {
      guard.run(() => {
        if (this.#hasBegun) {
          this.#hasBegun = false;
          monitor.onStreamEventOut(tp, message.offset, stream, message, this.#state);
        }
        monitor.onMessageOut(tp, message.offset, message);
      });
    }
    this.#next = this.#messages.length;
  }
}
