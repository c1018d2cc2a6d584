/** `streamgauge/replay`: monitors that write traces, and traces replayed into monitors. */

import { Monitor } from "./entry-node.js";
import { recorderOn } from "./recorder.js";
import type { Recorder as RecorderType } from "./recorder-types.js";
import { TraceReplay, type TraceDifference } from "./replay.js";

/** Replays one trace, fed line by line. */
export class Replay extends TraceReplay {
  constructor(onDifference: (difference: TraceDifference) => void = () => {}) {
    super((options) => new Monitor(options), onDifference);
  }
}

/** Makes monitors that write down what they are told. */
export const Recorder = recorderOn(Monitor);
/** A monitor that writes down what it is told. */
export type Recorder = RecorderType;

export { TraceError, TRACE_VERSION } from "./trace.js";
export type { RecorderConstructor, RecorderOptions } from "./recorder-types.js";
export type { ReplayCounts, TraceDifference } from "./replay.js";
export type { Json } from "./trace.js";
