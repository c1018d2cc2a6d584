/** What the page's address says: `?seed=7&workers=3&topics=orders,payments`. */

import type { SimulationOptions } from "streamgauge/sim";

/** The seed where the address has none. */
export const DEFAULT_SEED = 1;

/** The options in an address. What makes no sense is left to the default. */
export function optionsOf(search: string): SimulationOptions {
  const parameters = new URLSearchParams(search);
  const options: SimulationOptions = { seed: seedOf(parameters.get("seed") ?? "") ?? DEFAULT_SEED };
  const workers = Number(parameters.get("workers") ?? Number.NaN);
  if (Number.isInteger(workers) && workers >= 1 && workers <= 16) options.workers = workers;
  const partitions = Number(parameters.get("partitions") ?? Number.NaN);
  if (Number.isInteger(partitions) && partitions >= 1 && partitions <= 32) options.partitions = partitions;
  const topics = [...new Set(parameters.get("topics")?.split(",") ?? [])].filter((topic) => topic !== "" && topic.length <= 249);
  if (topics.length > 0 && topics.length <= 8) options.topics = topics;
  return options;
}

/** A seed from its text; `undefined` where it is none. */
export function seedOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^\d{1,16}$/.test(trimmed)) return undefined;
  const seed = Number(trimmed);
  return Number.isSafeInteger(seed) ? seed : undefined;
}

/** The same address with this seed. */
export function withSeed(href: string, seed: number): string {
  const url = new URL(href);
  url.searchParams.set("seed", String(seed));
  return url.href;
}
