/** Messages on their way out of a stream, through the host's hands. */

import type { Guard } from "../attachment.js";
import { wrapMethod } from "../shared/attaching.js";
import type { Flow, Started } from "../shared/flow.js";
import type { Partition, Partitions } from "../shared/partitions.js";
import type { Sensor } from "../../sensor.js";
import type { PlatformaticMessageLike, PlatformaticStreamLike } from "./types.js";

interface Work {
  readonly partition: Partition;
  readonly started: Started;
}

/** A `for await`: the message that it is at, and the work on it unless a handler that was wrapped took it over. */
interface Loop {
  message: PlatformaticMessageLike | undefined;
  work: Work | undefined;
}

export class Streams {
  readonly #guard: Guard;
  readonly #monitor: Sensor;
  readonly #partitions: Partitions;
  readonly #flow: Flow;
  /** What handlers that were wrapped have in their hands now, and nothing else. */
  readonly #works = new Map<PlatformaticMessageLike, Work>();
  readonly #loops = new Set<Loop>();
  /** Those that are open, and how to undo what was done to each. */
  readonly #streams = new Map<PlatformaticStreamLike, () => void>();
  readonly #byConnections = new WeakMap<object, PlatformaticStreamLike>();
  readonly #full = new WeakSet<PlatformaticStreamLike>();
  /** The offset after the markers that the last fetch from a partition ended with. */
  readonly #markers = new Map<Partition, number>();

  constructor(guard: Guard, monitor: Sensor, partitions: Partitions, flow: Flow) {
    this.#guard = guard;
    this.#monitor = monitor;
    this.#partitions = partitions;
    this.#flow = flow;
    guard.onDetach(() => {
      for (const undo of this.#streams.values()) undo();
      this.#streams.clear();
    });
  }

  /** From now on a `for await` over the stream is timed: a message is in when it is read, out when the next one is asked for. */
  watch<Stream extends PlatformaticStreamLike>(stream: Stream): Stream {
    if (this.#guard.detached || this.#streams.has(stream)) return stream;
    if (stream.connections !== undefined) this.#byConnections.set(stream.connections, stream);
    const undone = { onDetach: (undo: () => void): unknown => this.#streams.set(stream, undo) };
    wrapMethod<PlatformaticStreamLike, typeof Symbol.asyncIterator>(undone, stream, Symbol.asyncIterator, (iterate) => {
      const timed = (messages: AsyncIterator<PlatformaticMessageLike>): AsyncIterator<PlatformaticMessageLike> => this.#timed(messages);
      return function (this: PlatformaticStreamLike) {
        return timed(iterate.call(this));
      };
    });
    return stream;
  }

  /** Whether a fetch by these connections is that of a stream which the host closed meanwhile. */
  isClosed(connections: object | undefined): boolean {
    const stream = connections === undefined ? undefined : this.#byConnections.get(connections);
    return stream !== undefined && (stream.closed || stream.destroyed);
  }

  /** Records of a partition came; after them markers up to an offset, where it is given. */
  fetched(partition: Partition, beyondMarkers: number | undefined): void {
    if (beyondMarkers === undefined) this.#markers.delete(partition);
    else this.#markers.set(partition, beyondMarkers);
  }

  /** The client begins where the group stands. */
  rejoined(): void {
    this.#markers.clear();
  }

  /** Markers are passed once nothing waits before them. Told after each fetch: a message that was taken may be told after it. */
  lookAtMarkers(): void {
    const open = [...this.#streams.keys()];
    if (open.length === 0 || open.some(({ readableLength }) => readableLength > 0)) return;
    for (const [partition, next] of this.#markers) this.#monitor.onPosition(partition.tp, next);
  }

  /** Streams that have as much as they can hold, since the last time. */
  lookAtBuffers(topics: Iterable<string>): void {
    let isFull = false;
    for (const stream of this.#streams.keys()) {
      if (stream.destroyed) this.#streams.delete(stream);
      else if (stream.readableLength < stream.readableHighWaterMark) this.#full.delete(stream);
      else if (!this.#full.has(stream)) {
        this.#full.add(stream);
        isFull = true;
      }
    }
    if (isFull) for (const topic of topics) this.#monitor.onTopicBufferFull(topic);
  }

  /** A handler with a monitor around it: a message is in when it is called, out when it is done. */
  processed<Message extends PlatformaticMessageLike, Result>(handler: (message: Message) => Result): (message: Message) => Result {
    const streams = this;
    return function (this: unknown, message: Message): Result {
      const work = streams.#guard.detached ? undefined : streams.#take(message);
      if (work === undefined) return handler.call(this, message);
      let given: Result;
      try {
        given = handler.call(this, message);
      } catch (error) {
        streams.#failed(work, message, error);
        throw error;
      }
      if (given instanceof Promise) {
        given.then(
          () => streams.#over(message),
          (error: unknown) => streams.#failed(work, message, error),
        );
      } else {
        streams.#over(message);
      }
      return given;
    };
  }

  /** Of a `for await` that is at this message already, the handler takes it over. */
  #take(message: PlatformaticMessageLike): Work | undefined {
    let work = this.#works.get(message);
    if (work !== undefined) return work;
    for (const loop of this.#loops) {
      if (loop.message !== message) continue;
      work = loop.work;
      loop.work = undefined;
    }
    work ??= this.#begin(message);
    if (work !== undefined) this.#works.set(message, work);
    return work;
  }

  #begin(message: PlatformaticMessageLike): Work | undefined {
    try {
      const partition = this.#partitions.of(message.topic, message.partition);
      if (partition.retryTo >= 0) this.#partitions.cameAgain(partition, message.offset);
      return { partition, started: this.#flow.started(partition, message) };
    } catch (fault) {
      this.#guard.note(fault);
      return undefined;
    }
  }

  #over(message: PlatformaticMessageLike): void {
    const work = this.#works.get(message);
    if (work === undefined) return;
    this.#works.delete(message);
    this.#flow.ended(work.partition, message, work.started);
  }

  #failed({ partition }: Work, message: PlatformaticMessageLike, error: unknown): void {
    this.#guard.run(() => {
      this.#partitions.failed(partition, message.offset, message.offset);
      this.#monitor.onError("process", error, partition.tp);
    });
    this.#over(message);
  }

  #timed(messages: AsyncIterator<PlatformaticMessageLike>): AsyncIterator<PlatformaticMessageLike> & AsyncIterable<PlatformaticMessageLike> {
    const loop: Loop = { message: undefined, work: undefined };
    const over = (): void => {
      const { message, work } = loop;
      loop.message = undefined;
      loop.work = undefined;
      if (work !== undefined) this.#flow.ended(work.partition, message!, work.started);
    };
    const ended = (): void => {
      over();
      this.#loops.delete(loop);
    };
    const { return: leave, throw: raise } = messages;
    const came = (result: IteratorResult<PlatformaticMessageLike>): IteratorResult<PlatformaticMessageLike> => {
      if (result.done === true) this.#loops.delete(loop);
      else if (!this.#guard.detached) {
        this.#loops.add(loop);
        loop.message = result.value;
        loop.work = this.#begin(result.value);
      }
      return result;
    };
    const failed = (error: unknown): never => {
      this.#loops.delete(loop);
      throw error;
    };
    return {
      // Without `async`: a promise less for every message.
      next: (...args) => {
        over();
        return messages.next(...args).then(came, failed);
      },
      return: async (value) => {
        ended();
        return leave === undefined ? { done: true, value } : leave.call(messages, value);
      },
      throw: async (error) => {
        ended();
        if (raise === undefined) throw error;
        return raise.call(messages, error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
