/** `streamgauge/statsd` in Node: a monitor's figures for StatsD and DogStatsD, over UDP. */

export type { SnapshotSource } from "./source.js";
export type { Dialect } from "./statsd/lines.js";
export type { StatsdPacket } from "./statsd/packets.js";
export { StatsdRenderer, type StatsdDurations, type StatsdRendererOptions } from "./statsd/renderer.js";
export { StatsdSender, type Lookup, type StatsdSenderOptions, type StatsdStatistics } from "./statsd/sender.js";
