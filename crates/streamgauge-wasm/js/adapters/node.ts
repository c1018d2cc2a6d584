/** `streamgauge/node`: the event loop, and the monitors of worker threads and processes gathered into one. */

export { watchEventLoop, type EventLoopFigures, type EventLoopOptions, type EventLoopWatch } from "./node/event-loop.js";
export { gather, reportTo, type Gathering, type GatherOptions, type ReportChannel, type ReportOptions, type Snapshotting, type WorkerLike } from "./node/processes.js";
export type { Attachment, AttachmentOptions } from "./attachment.js";
export type { Refusal } from "../checks.js";
export type { Snapshot } from "../snapshot-schema.js";
