/** `streamgauge/export`: snapshots as text for Prometheus and its kin, and what every figure is called. */

import { Exposition, wantsOpenMetrics } from "./snapshot-browser.js";
import { textExporter, type NegotiatedText, type RenderBytes, type RenderText } from "./exporters/text.js";

const texts = textExporter(Exposition, wantsOpenMetrics);

/**
 * OpenMetrics 1.0 text of a snapshot, of one worker or merged, or of one of each of several workers:
 * objects, JSON texts or CBOR bytes (`monitor.snapshotBytes()` is the fastest).
 *
 *     response.setHeader("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8");
 *     response.end(openMetricsBytes(monitor.snapshotBytes(), { group: "billing" }));
 *
 * What is not known has no sample.
 *
 * @throws TypeError or RangeError with a `code` for options that Prometheus would not take, for what
 * is no snapshot, and for several snapshots of which two have the same worker, or one has none.
 */
export const openMetrics: RenderText = texts.openMetrics;

/** The same as UTF-8: for what goes to a socket or a file, without a string in between. */
export const openMetricsBytes: RenderBytes = texts.openMetricsBytes;

/** The same as `openMetrics` in Prometheus's classic text, version 0.0.4. */
export const prometheusText: RenderText = texts.prometheusText;

/** The same as UTF-8. */
export const prometheusBytes: RenderBytes = texts.prometheusBytes;

/**
 * The text that a scraper asks for by its `Accept` header: OpenMetrics where it is named and not wanted
 * less, else classic text.
 *
 *     const { contentType, renderBytes } = negotiate(request.headers.accept);
 */
export const negotiate: (accept?: string | readonly string[] | null) => NegotiatedText = texts.negotiate;

export { METRICS, type Metric, type MetricKind } from "./exporters/metrics.js";
export type { NegotiatedText, RenderBytes, RenderText, Snapshots } from "./exporters/text.js";
export type { BucketOptions, TextOptions } from "./exporters/text-options.js";
export type { SnapshotForm, SnapshotRefusal } from "./snapshot-input.js";
export type { Refusal } from "./checks.js";
