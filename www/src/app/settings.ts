/** Everything about the page that a link holds beside the run: how fast, what is looked at, and how. */

import { Hub } from "./hub.js";

/** What tab is open. */
export type Tab = (typeof TABS)[number];
export const TABS = ["partitions", "workers", "latencies", "asdict", "snapshot", "openmetrics", "prometheus", "statsd"] as const;

export interface Settings {
  /** Virtual seconds per second, 0.1..1000. */
  speed: number;
  lagUnit: "records" | "seconds";
  tab: Tab;
}

export class SettingsHub extends Hub<{ change: [name: keyof Settings] }> {
  readonly values: Settings = { speed: 1, lagUnit: "records", tab: "partitions" };

  set<Name extends keyof Settings>(name: Name, value: Settings[Name]): void {
    if (this.values[name] === value) return;
    this.values[name] = value;
    this.emit("change", name);
  }
}
