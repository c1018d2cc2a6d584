/** What `streamgauge/snapshot` exports. */

export { decode, encode, merge, parse } from "./snapshot-forms.js";
export type { SnapshotForm, SnapshotRefusal } from "./snapshot-input.js";
export type { Refusal } from "./checks.js";
export type * from "./snapshot-schema.js";
/** @internal For `streamgauge/export`, which has no module of its own. */
export { Exposition, wantsOpenMetrics } from "../pkg/snapshot/streamgauge_snapshot.js";
