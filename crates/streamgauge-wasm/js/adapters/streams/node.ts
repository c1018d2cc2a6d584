/** Node's streams, known by their methods alone: nothing of Node is imported, and browser copies of them serve as well. */

import { outOfRange, wrongType } from "../../checks.js";
import { Guard, type Attachment } from "../attachment.js";
import { checkMonitor, methodsOf, wrapMethod, type AnyMonitor } from "../shared/attaching.js";
import { streamNames, type StreamOptions } from "./options.js";
import { Passages } from "./passages.js";

/** A `Readable`, `Writable`, `Transform` or other `Duplex` of `node:stream`. */
export interface NodeStreamLike {
  emit(event: string, ...args: any[]): boolean;
  _destroy(error: Error | null, callback: (error?: Error | null) => void): void;
}

/** What `attachStream` takes beside what all streams do. */
export interface NodeStreamOptions extends StreamOptions {
  /**
   * Which side of the stream is measured: what it does with chunks that are written to it, or what its reader does
   * with those that come out. A `Transform` is measured by what it does, unless told otherwise; a `Duplex` that is
   * none, such as a socket, has to be told.
   */
  readonly side?: "readable" | "writable" | undefined;
}

interface Streamed {
  readonly readableFlowing?: boolean | null;
  readonly readableLength?: number;
  readonly readableHighWaterMark?: number;
  readonly writableNeedDrain?: boolean;
}

/**
 * Tells `monitor` of every chunk of a stream, in place: use the stream as before, also in `pipeline`.
 *
 * `Transform`, `Writable`: a chunk comes in when the stream starts on it (its `_transform` or `_write` is called) and goes out
 * when the stream says that it is done (calls back). `Readable`: it comes in when it is read, by whatever way, and goes out
 * when its reader asks for the next; a reader that flows asks as soon as its listeners return.
 *
 * @throws TypeError, RangeError for a stream or options that do not serve.
 */
export function attachStream(stream: NodeStreamLike, monitor: AnyMonitor, options: NodeStreamOptions): Attachment {
  const names = streamNames(options, ["side"]);
  const side = sideOf(stream, options.side);
  const guard = new Guard(options);
  const passages = new Passages(checkMonitor(monitor), guard, names, side === "readable" ? "fetch" : "process");
  if (side === "readable") attachReadable(stream, guard, passages);
  else attachWritable(stream, guard, passages, side);
  // Called once, whatever ended it: an error, an abort, `destroy()`, or that all is done.
  wrapMethod(guard, methodsOf(stream), "_destroy", (original) =>
    function (this: unknown, error, ...rest) {
      if (error != null && !isLeaving(error)) passages.fail(error);
      passages.endAll();
      return Reflect.apply(original, this, [error, ...rest]);
    },
  );
  return guard;
}

/** What Node destroys a stream with whose reader had enough of it; of an AbortSignal it has a cause. */
function isLeaving(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return code === "ABORT_ERR" && cause === undefined;
}

/** The side to measure: "readable", or the method that takes what is written. */
function sideOf(stream: unknown, wanted: unknown): "readable" | "_transform" | "_write" {
  const methods = (typeof stream === "object" && stream !== null ? stream : {}) as Record<string, unknown>;
  const has = (...names: string[]): boolean => names.every((name) => typeof methods[name] === "function");
  const isReadable = has("emit", "_destroy", "read", "push");
  const isWritable = has("emit", "_destroy", "write", "_write");
  if (!isReadable && !isWritable) throw wrongType("stream", "a stream of Node's: a Readable, Writable, Transform or Duplex", stream);
  if (wanted !== undefined && wanted !== "readable" && wanted !== "writable") throw outOfRange("side", '"readable" or "writable"', wanted);
  if (wanted === "readable" ? !isReadable : wanted === "writable" && !isWritable) {
    throw outOfRange("side", `"${isReadable ? "readable" : "writable"}" for this stream`, wanted);
  }
  if (isWritable && wanted !== "readable") {
    if (has("_transform")) return "_transform";
    if (!isReadable || wanted === "writable") return "_write";
    throw wrongType("side", '"readable" or "writable" for a Duplex that is no Transform', wanted);
  }
  return "readable";
}

/** zlib's `flush()` writes an empty chunk that it marks: none of anybody's. */
function isFlush(chunk: unknown): boolean {
  return ArrayBuffer.isView(chunk) && chunk.byteLength === 0 && Object.getOwnPropertySymbols(chunk).some(({ description }) => description === "kFlushFlag");
}

function attachWritable(stream: NodeStreamLike, guard: Guard, passages: Passages, method: string): void {
  let isFlushing = false;
  wrapMethod(guard, methodsOf(stream), method, (original) =>
    function (this: unknown, chunk, encoding, callback) {
      const passage = isFlushing || isFlush(chunk) ? undefined : passages.begin(chunk);
      if (passage === undefined) return Reflect.apply(original, this, [chunk, encoding, callback]);
      const done = function (this: unknown, ...result: unknown[]): unknown {
        passages.settle(passage, result[0]);
        return Reflect.apply(callback, this, result);
      };
      try {
        return Reflect.apply(original, this, [chunk, encoding, done]);
      } catch (error) {
        passages.settle(passage, error);
        throw error;
      }
    },
  );
  if (typeof (stream as { _flush?: unknown })._flush === "function") {
    // zlib's calls its own _transform, with no chunk of anybody's.
    wrapMethod(guard, methodsOf(stream), "_flush", (original) =>
      function (this: unknown, ...args) {
        isFlushing = true;
        try {
          return Reflect.apply(original, this, args);
        } finally {
          isFlushing = false;
        }
      },
    );
  }
  if (method === "_write" && typeof (stream as { _writev?: unknown })._writev === "function") attachManyAtOnce(stream, guard, passages);
  wrapMethod(guard, methodsOf(stream), "write", (original) =>
    function (this: unknown, ...args) {
      const state = stream as Streamed;
      const wasFull = state.writableNeedDrain === true;
      const result: unknown = Reflect.apply(original, this, args);
      // One that was ended or destroyed says false as well.
      if (result === false && !wasFull && state.writableNeedDrain !== false) passages.full();
      return result;
    },
  );
}

/** `_writev` takes all chunks that waited. */
function attachManyAtOnce(stream: NodeStreamLike, guard: Guard, passages: Passages): void {
  wrapMethod(guard, methodsOf(stream), "_writev", (original) =>
    function (this: unknown, chunks: readonly { readonly chunk: unknown }[], callback) {
      if (guard.detached) return Reflect.apply(original, this, [chunks, callback]);
      const under = chunks.map(({ chunk }) => passages.begin(chunk));
      const settle = (error: unknown): void => {
        for (const passage of under) if (passage !== undefined) passages.settle(passage, error);
      };
      const done = function (this: unknown, ...result: unknown[]): unknown {
        settle(result[0]);
        return Reflect.apply(callback, this, result);
      };
      try {
        return Reflect.apply(original, this, [chunks, done]);
      } catch (error) {
        settle(error);
        throw error;
      }
    },
  );
}

function attachReadable(stream: NodeStreamLike, guard: Guard, passages: Passages): void {
  const state = stream as Streamed;
  /** Whether the reader is inside `read`, or was told that there is nothing yet. */
  let isAsking = false;

  // Every chunk that is read, whatever the way, is emitted as well: the one place that all ways share.
  wrapMethod(guard, methodsOf(stream), "emit", (original) =>
    function (this: unknown, ...args) {
      const [event, chunk] = args;
      if (event === "end" || event === "close") passages.endAll();
      if (event !== "data") return Reflect.apply(original, this, args);
      passages.endAll();
      passages.begin(chunk);
      try {
        return Reflect.apply(original, this, args);
      } finally {
        // Listeners that did not pause the stream have asked for the next.
        if (state.readableFlowing === true) passages.endAll();
      }
    },
  );
  wrapMethod(guard, methodsOf(stream), "read", (original) =>
    function (this: unknown, ...args) {
      // `read(0)` takes nothing: with it Node fills the buffer.
      if (args[0] === 0) return Reflect.apply(original, this, args);
      passages.endAll();
      isAsking = true;
      const chunk: unknown = Reflect.apply(original, this, args);
      isAsking = chunk === null;
      return chunk;
    },
  );
  const isFull = (): boolean => (state.readableLength ?? 0) >= (state.readableHighWaterMark ?? Infinity);
  wrapMethod(guard, methodsOf(stream), "push", (original) =>
    function (this: unknown, ...args) {
      const wasFull = isFull();
      const result: unknown = Reflect.apply(original, this, args);
      if (!wasFull && !isAsking && state.readableFlowing !== true && isFull()) passages.full();
      return result;
    },
  );
}
