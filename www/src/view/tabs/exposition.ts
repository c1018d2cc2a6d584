/** Prometheus's texts, by `streamgauge/export`. The live page has `exposition-live.ts` in its place. */

import { openMetrics, prometheusText } from "streamgauge/export";
import type { Source } from "../../source/source.js";

/** What a scraper gets. @param form which of the two texts */
export async function exposition(source: Source, worker: number | undefined, form: "openMetrics" | "prometheus"): Promise<string> {
  const snapshot = await source.snapshot(worker);
  return form === "openMetrics" ? openMetrics(snapshot) : prometheusText(snapshot);
}
