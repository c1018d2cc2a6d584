/** What `streamgauge/live` exports: the reader of a live server's event stream, in Node and in browsers. */

export { follow, Follower, type FollowOptions, type LivePhase, type LiveState } from "./follower.js";
export { applied, difference, type Delta, type Plain } from "./delta.js";
export type { WorkerState } from "./worker-state.js";
export type { Refusal } from "../checks.js";
export type * from "../snapshot-schema.js";
