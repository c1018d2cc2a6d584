/** Web Streams, the same in browsers, Node and elsewhere. */

import { wholeNumber, wrongType } from "../../checks.js";
import { Guard, type Attachment } from "../attachment.js";
import { asAttachment, checkMonitor, methodsOf, whenSettled, wrapMethod, type AnyMonitor } from "../shared/attaching.js";
import { streamNames, type StreamOptions } from "./options.js";
import { Passages } from "./passages.js";

/** A `ReadableStream`. */
export interface ReadableStreamLike {
  readonly locked: boolean;
  cancel(reason?: any): Promise<void>;
}

/** A `WritableStream`. */
export interface WritableStreamLike {
  readonly locked: boolean;
  abort(reason?: any): Promise<void>;
}

/** Both ends of a stage: a `TransformStream`, a `DecompressionStream`, a `TextDecoderStream`, or any such pair. */
export interface StagePair {
  readonly readable: ReadableStreamLike;
  readonly writable: WritableStreamLike;
}

/** What `new TransformStream()` takes. */
export interface TransformerLike {
  transform?: ((chunk: any, controller: any) => any) | undefined;
}

/** What `monitorWritable` and `monitorTransform` take beside what all streams do. */
export interface WritableOptions extends StreamOptions {
  /** How many chunks may wait to be written before the writer is held up; 1, as for any `WritableStream`. */
  readonly highWaterMark?: number | undefined;
}

/**
 * Tells `monitor` of every chunk that a transformer works on, in place and before it goes into `new TransformStream(transformer)`.
 * A chunk comes in when `transform` is called, and goes out when that has returned, or its promise has settled.
 *
 * @throws TypeError, RangeError for a transformer or options that do not serve.
 */
export function attachTransformer(transformer: TransformerLike, monitor: AnyMonitor, options: StreamOptions): Attachment {
  const sensor = checkMonitor(monitor);
  const names = streamNames(options);
  if (typeof transformer !== "object" || transformer === null) throw wrongType("transformer", "what new TransformStream() takes", transformer);
  const guard = new Guard(options);
  const passages = new Passages(sensor, guard, names, "process");
  let highWaterMark = 0;
  wrapMethod(guard, methodsOf(transformer), "start", (original) =>
    function (this: unknown, controller) {
      // Nothing waits as yet.
      guard.run(() => (highWaterMark = controller.desiredSize ?? 0));
      return original === undefined ? undefined : Reflect.apply(original, this, [controller]);
    },
  );
  wrapMethod(guard, methodsOf(transformer), "transform", (original) =>
    function (this: unknown, chunk, controller) {
      const work = (): unknown => (original === undefined ? controller.enqueue(chunk) : Reflect.apply(original, this, [chunk, controller]));
      const passage = passages.begin(chunk);
      if (passage === undefined) return work();
      const done = (error?: unknown): void => {
        passages.settle(passage, error);
        guard.run(() => {
          // Of a readable side that keeps nothing, what waits shows below zero.
          const { desiredSize } = controller;
          if (desiredSize !== null && desiredSize <= 0 && desiredSize < highWaterMark) passages.full();
        });
      };
      const failed = (error: unknown): void => done(error ?? "rejected");
      let result: unknown;
      try {
        result = work();
      } catch (error) {
        failed(error);
        throw error;
      }
      return whenSettled(result, () => done(), failed);
    },
  );
  // Called by hosts that know it, at an abort of the one side and at a cancel of the other.
  wrapMethod(guard, methodsOf(transformer), "cancel", (original) =>
    function (this: unknown, reason) {
      if (reason !== undefined) passages.fail(reason);
      passages.endAll();
      return original === undefined ? undefined : Reflect.apply(original, this, [reason]);
    },
  );
  return guard;
}

/**
 * Gives a stream in the place of `readable`, which it locks. A chunk comes in when it has been read, and goes out when the next is
 * asked for. It keeps no chunk: it reads when it is read.
 *
 * @throws TypeError, RangeError for a stream that is locked, or options that do not serve.
 */
export function monitorReadable<R extends ReadableStreamLike>(readable: R, monitor: AnyMonitor, options: StreamOptions): Attachment & { readonly readable: R } {
  const sensor = checkMonitor(monitor);
  const names = streamNames(options);
  const reader = lockable<ReadableStream>("readable", readable, "getReader", "a ReadableStream").getReader();
  const guard = new Guard(options);
  const passages = new Passages(sensor, guard, names, "fetch");
  const fail = (error: unknown): void => {
    passages.fail(error);
    passages.endAll();
  };
  const source: UnderlyingDefaultSource = {
    start(controller) {
      // Also one that comes while nobody reads.
      reader.closed.catch((error: unknown) => {
        fail(error);
        controller.error(error);
      });
    },
    async pull(controller) {
      passages.endAll();
      const { done, value } = await reader.read();
      if (done) return controller.close();
      passages.begin(value);
      controller.enqueue(value);
    },
    cancel(reason) {
      if (reason !== undefined) passages.fail(reason);
      passages.endAll();
      return reader.cancel(reason);
    },
  };
  const monitored = new ReadableStream(source, { highWaterMark: 0 });
  return asAttachment({ readable: monitored as unknown as R }, guard);
}

/**
 * Gives a stream in the place of `writable`, which it locks. A chunk comes in when it is handed on to `writable`, one at a time,
 * and goes out when that has written it.
 *
 * @throws TypeError, RangeError for a stream that is locked, or options that do not serve.
 */
export function monitorWritable<W extends WritableStreamLike>(writable: W, monitor: AnyMonitor, options: WritableOptions): Attachment & { readonly writable: W } {
  const sensor = checkMonitor(monitor);
  const names = streamNames(options, ["highWaterMark"]);
  const highWaterMark = wholeNumber("highWaterMark", options.highWaterMark ?? 1, 1, Number.MAX_SAFE_INTEGER);
  const writer = lockable<WritableStream>("writable", writable, "getWriter", "a WritableStream").getWriter();
  const guard = new Guard(options);
  const passages = new Passages(sensor, guard, names, "process");
  let waiting = 0;
  let aborted: Promise<void> | undefined;
  let hasFailed = false;
  /** What ends the stream comes up in more than one place. */
  const fail = (error: unknown): void => {
    if (!hasFailed) passages.fail(error);
    hasFailed = true;
    passages.endAll();
  };
  const abort = (reason: unknown): Promise<void> => {
    fail(reason ?? "aborted");
    aborted ??= writer.abort(reason);
    return aborted;
  };
  const sink: UnderlyingSink = {
    start(controller) {
      writer.closed.catch((error: unknown) => {
        fail(error ?? "failed");
        controller.error(error);
      });
      // `abort` below waits for the chunk that is being written; the stream behind must hear of it now.
      controller.signal.addEventListener("abort", () => void abort(controller.signal.reason).catch(() => {}));
    },
    async write(chunk) {
      const passage = passages.begin(chunk);
      try {
        await writer.write(chunk);
        if (passage !== undefined) passages.end(passage);
      } catch (error) {
        fail(error ?? "failed");
        throw error;
      } finally {
        waiting -= 1;
      }
    },
    close: () => writer.close(),
    abort,
  };
  const size = (): number => {
    waiting += 1;
    if (waiting === highWaterMark) passages.full();
    return 1;
  };
  const monitored = new WritableStream(sink, { highWaterMark, size });
  return asAttachment({ writable: monitored as unknown as W }, guard);
}

/**
 * Gives a pair in the place of a stage's, for `pipeThrough`: its `writable` is `monitorWritable`'s, its `readable` the stage's own. A
 * chunk goes out when the stage has taken it in, which for a `TransformStream` means that its reader has room: where you have the
 * transformer, `attachTransformer` measures its work alone.
 *
 * @throws TypeError, RangeError for a pair that is locked, or options that do not serve.
 */
export function monitorTransform<P extends StagePair>(
  stage: P,
  monitor: AnyMonitor,
  options: WritableOptions,
): Attachment & { readonly readable: P["readable"]; readonly writable: P["writable"] } {
  if (typeof stage !== "object" || stage === null) throw wrongType("stage", "an object with readable and writable", stage);
  lockable("stage.readable", stage.readable, "getReader", "a ReadableStream");
  const monitored: Attachment & { readonly writable: P["writable"] } = monitorWritable(stage.writable, monitor, options);
  return Object.defineProperty(monitored, "readable", { value: stage.readable, enumerable: true }) as typeof monitored & {
    readonly readable: P["readable"];
  };
}

function lockable<T>(argument: string, stream: unknown, method: string, expected: string): T {
  const isStream = typeof (stream as Record<string, unknown> | null | undefined)?.[method] === "function";
  if (!isStream || (stream as ReadableStreamLike).locked) throw wrongType(argument, `${expected} that is not locked`, stream);
  return stream as T;
}
