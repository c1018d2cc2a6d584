/** Prometheus's texts, as the page's own server tells them: with its prefix and labels, and no wasm module to load for it. */

import type { Source } from "../../source/source.js";

const ACCEPTED = { openMetrics: "application/openmetrics-text; version=1.0.0", prometheus: "text/plain; version=0.0.4" };

/** What a scraper gets. @param form which of the two texts */
export async function exposition(source: Source, worker: number | undefined, form: keyof typeof ACCEPTED): Promise<string> {
  // Rejects where the server has the sum of several alone.
  if (worker !== undefined) await source.snapshot(worker);
  if (source.metrics === undefined) throw new Error("nobody tells Prometheus's text here");
  return source.metrics(ACCEPTED[form]);
}
