/** What a recorder is, and what makes one. */

import type { Monitor } from "./monitor.js";
import type { MonitorOptions } from "./options.js";

/** What `new Recorder()` takes beside a monitor's options. */
export interface RecorderOptions extends MonitorOptions {
  /** The longest trace, in bytes of UTF-8; it ends before the line that would pass it. Default 16 MiB. */
  maxBytes?: number | undefined;
  /**
   * Takes each line, its line end included, in place of `trace()`: `(line) => file.write(line)`. Where
   * it throws, or gives a promise that is rejected, the recording stops, and nothing else.
   */
  write?: ((line: string) => unknown) | undefined;
}

/**
 * A monitor that writes every call as a line of a trace, for bug reports, replays and benchmarks: a
 * replay of what it wrote has the same `asdict()` and `snapshot()`.
 *
 *     const recorder = new Recorder({ maxBytes: 1e6 });
 *     recorder.onMessageIn(tp, message.offset, message);
 *     // ... as with any monitor ...
 *     recorder.trace(); // '{"trace":"streamgauge/1", ...}\n{"at":12.5,"call":"on_message_in", ...}\n'
 *
 * A trace holds names, offsets, sizes and times; no message, key or value, and no error's text.
 * Recording never throws: where it cannot go on it stops, the logger hears of it, and the monitor
 * goes on. A hook that refuses its arguments leaves no line, but that of the clock where it read it
 * before: `on_commit_initiated`, which stands for any bare reading. Costs some microseconds a call.
 *
 * There is no `Recorder.restore()`: a trace could not hold what it goes on from.
 */
export interface Recorder extends Monitor {
  /** The monitor, which is this recorder. */
  readonly monitor: Monitor;
  /** The trace so far; empty where there is a `write`. */
  trace(): string;
  /** Whether the trace ended because its next line would have passed `maxBytes`. */
  readonly full: boolean;
  /** Whether calls are still written: false once it is full, or `write` failed. */
  readonly recording: boolean;
}

/** What makes recorders. */
export interface RecorderConstructor {
  /** @param options a monitor's, `maxBytes` and `write`. */
  new (options?: RecorderOptions): Recorder;
}
