/** What `streamgauge/snapshot` exports. */

export { decode, encode, merge, parse, type SnapshotForm, type SnapshotRefusal } from "./snapshot-forms.js";
export type { Refusal } from "./checks.js";
export type * from "./snapshot-schema.js";
