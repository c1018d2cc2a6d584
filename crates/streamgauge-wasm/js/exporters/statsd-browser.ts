/** `streamgauge/statsd` in browsers and bundlers: the packets, without the sockets that only Node has. */

export type { Dialect } from "./statsd/lines.js";
export type { StatsdPacket } from "./statsd/packets.js";
export { StatsdRenderer, type StatsdDurations, type StatsdRendererOptions } from "./statsd/renderer.js";
