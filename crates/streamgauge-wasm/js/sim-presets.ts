/** Eight scenarios that each teach one thing. */

import { Simulation as Core } from "../pkg/sim/streamgauge_sim.js";
import type { Scenario } from "./sim-scenario.js";

/** A scenario with a name. */
export interface Preset {
  /** `"hot-key"`. */
  readonly name: PresetName;
  readonly title: string;
  /** What it teaches, in a paragraph. */
  readonly lesson: string;
  /** What its figures show; the package's tests hold it to that. */
  readonly claim: string;
  readonly scenario: Scenario;
}

export type PresetName =
  | "steady-state"
  | "hot-key"
  | "slow-consumer"
  | "burst"
  | "rebalance-storm"
  | "poison-message"
  | "broker-stall"
  | "crash";

/** The presets, in the order of a tour; a copy. */
export function presets(): Preset[] {
  const texts = Core.presets();
  const all: Preset[] = [];
  for (let place = 0; place < texts.length; place += 2) {
    const scenario = JSON.parse(texts[place + 1]!) as Scenario & { title: string; lesson: string; claim: string };
    const { title, lesson, claim } = scenario;
    all.push({ name: texts[place] as PresetName, title, lesson, claim, scenario });
  }
  return all;
}
