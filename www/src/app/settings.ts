/** Everything about the page that a link holds beside the run: how fast, what is looked at, and how. */

import { Hub } from "./hub.js";

export const TABS = ["partitions", "workers", "latencies", "asdict", "snapshot", "openmetrics", "prometheus", "statsd"] as const;
/** What tab is open. */
export type Tab = (typeof TABS)[number];

export const LAG_UNITS = ["records", "seconds"] as const;

export interface Settings {
  /** Virtual seconds per second, 0.1..1000. */
  speed: number;
  lagUnit: (typeof LAG_UNITS)[number];
  tab: Tab;
  /** The name of the group that is looked at, where there are several; empty for the first. */
  group: string;
}

export const DEFAULTS: Readonly<Settings> = { speed: 1, lagUnit: "records", tab: "partitions", group: "" };
export const LEAST_SPEED = 0.1;
export const MOST_SPEED = 1000;

export class SettingsHub extends Hub<{ change: [name: keyof Settings] }> {
  readonly values: Settings = { ...DEFAULTS };

  set<Name extends keyof Settings>(name: Name, value: Settings[Name]): void {
    if (this.values[name] === value) return;
    this.values[name] = value;
    this.emit("change", name);
  }
}
