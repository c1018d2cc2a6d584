/** Where an exporter gets its snapshots. */

import { wrongType } from "../checks.js";
import type { Snapshot } from "../snapshot-schema.js";

/** A monitor, or a function that gives a snapshot: of a merged cluster, say. */
export type SnapshotSource = { snapshot(): Snapshot } | (() => Snapshot);

/** The function that gives the snapshots of a source. */
export function snapshotsOf(argument: string, source: SnapshotSource): () => Snapshot {
  if (typeof source === "function") return source;
  if (typeof source === "object" && source !== null && typeof source.snapshot === "function") return () => source.snapshot();
  throw wrongType(argument, "a monitor, or a function that gives a snapshot", source);
}
