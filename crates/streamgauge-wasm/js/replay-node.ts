/** `streamgauge/replay`: traces replayed into monitors of this package. */

import { Monitor } from "./entry-node.js";
import { TraceReplay, type TraceDifference } from "./replay.js";

/** Replays one trace, fed line by line. */
export class Replay extends TraceReplay {
  constructor(onDifference: (difference: TraceDifference) => void = () => {}) {
    super((options) => new Monitor(options), onDifference);
  }
}

export { TraceError, TRACE_VERSION } from "./trace.js";
export type { ReplayCounts, TraceDifference } from "./replay.js";
export type { Json } from "./trace.js";
