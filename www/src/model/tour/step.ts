/** What a guided tour is made of. */

import type { PresetName } from "streamgauge/sim";
import type { Tab } from "../../app/settings.js";
import type { Layout, LogEntry, Moment, SimulationState } from "../moment.js";

/** The regions of the page that a step may point at, by their ids. */
export type Region = "topology" | "figures" | "charts" | "tabs" | "health";

/** What claims are computed from. */
export interface Reading {
  readonly moment: Moment;
  /** Partitions in the order of the frame's columns. */
  readonly layout: Layout;
  readonly frame: SimulationState | undefined;
  readonly entries: readonly LogEntry[];
}

export interface Step {
  /** Where to look. */
  readonly region: Region;
  /** The tab that is open meanwhile. */
  readonly tab?: Tab;
  readonly title: string;
  readonly text: string;
  /** The virtual time at which it begins. */
  readonly from: number;
  /** Virtual seconds per second. */
  readonly speed: number;
  /** What the figures say of it at this moment, in a sentence; undefined where they say nothing yet. */
  readonly claim: (reading: Reading) => string | undefined;
}

/** One scenario's steps. */
export interface Stop {
  readonly scenario: PresetName;
  readonly title: string;
  readonly steps: readonly Step[];
}

/** A step with its place in the whole tour. */
export interface PlacedStep extends Step {
  readonly stop: Stop;
  /** From 0. */
  readonly place: number;
}

/** All steps of all stops, one after the other. */
export function placed(stops: readonly Stop[]): PlacedStep[] {
  return stops.flatMap((stop) => stop.steps.map((step) => ({ ...step, stop }))).map((step, place) => ({ ...step, place }));
}

/** How long after its beginning a step may be entered without going back in time. */
const GRACE = 120;

/** Whether a run that is at `time` may simply go on for this step, or has to begin anew. */
export function mayGoOn(step: PlacedStep, before: PlacedStep | undefined, time: number): boolean {
  return before !== undefined && before.stop === step.stop && before.place < step.place && time >= step.from && time <= step.from + GRACE;
}
