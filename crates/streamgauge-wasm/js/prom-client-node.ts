/** `streamgauge/prom-client`: a monitor's figures in an existing prom-client registry. */

import type { Attachment } from "./adapters/attachment.js";
import { prometheusText } from "./export-node.js";
import { attachThrough, type PromClientOptions, type RegistryLike, type SnapshotSource } from "./exporters/prom-client.js";

/**
 * Puts the figures of `source` among the registry's own: `registry.metrics()` has them from now on,
 * with the types, names and labels of `streamgauge/export`, read once for each call.
 *
 *     attachPromClient(register, () => monitor.snapshotBytes(), { group: "billing" });
 *
 * A source that throws, or whose promise fails, is a fault of the attachment; the registry then has the
 * names without samples. `detach()` takes the names out of the registry.
 *
 * Costs more than prom-client's own metrics cost, and several times what `prometheusText` does: where there
 * are no metrics but ours, that is the better one.
 *
 * @throws RangeError with the code `ERR_METRIC_NAME_TAKEN` for a name that the registry has already, and
 * what `prometheusText` throws for options. Nothing is registered then.
 */
export function attachPromClient(registry: RegistryLike, source: SnapshotSource, options?: PromClientOptions): Attachment {
  return attachThrough(prometheusText, registry, source, options);
}

export type { Attachment, AttachmentOptions } from "./adapters/attachment.js";
export type { PromClientOptions, RegistryLike, SnapshotSource } from "./exporters/prom-client.js";
export type { Snapshots } from "./exporters/text.js";
export type { BucketOptions } from "./exporters/text-options.js";
export type { SnapshotForm } from "./snapshot-input.js";
