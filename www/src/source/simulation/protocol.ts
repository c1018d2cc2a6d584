/** What the page and its simulating Web Worker say to each other. */

import type { AsDict, Snapshot } from "streamgauge";
import type { Command, ParticleStage, Preset, Scenario, SimulationState, TimedCommand, WorkerState } from "streamgauge/sim";
import type { Layout, LogEntry, Moment } from "../../model/moment.js";

/** What is simulated: the same run gives the same figures. */
export interface Run {
  /** A preset's name, or a scenario. */
  readonly scenario: string | Scenario;
  readonly seed: number;
  /** What the user did, and when: on whole milliseconds. */
  readonly commands: readonly TimedCommand[];
}

/** Those with an `id` get an `answer` or are `refused`. They are obeyed one after the other. */
export type Request =
  /** Starts over, and lets virtual time pass up to `until` at once. One that is refused leaves everything as it was. */
  | { readonly type: "start"; readonly id: number; readonly run: Run; readonly until: number; readonly group: string }
  /** An animation frame: this much virtual time should pass, in at most `budget` milliseconds. */
  | { readonly type: "advance"; readonly seconds: number; readonly budget: number }
  /** Exactly these seconds pass, however long it takes. */
  | { readonly type: "step"; readonly seconds: number }
  /** What passes at once stops where it is. Obeyed at once, too. */
  | { readonly type: "halt" }
  /** Another group is looked at, from now on: a frame comes. */
  | { readonly type: "group"; readonly name: string }
  /** A moment, now. */
  | { readonly type: "moment" }
  /** Virtual seconds between two moments. */
  | { readonly type: "interval"; readonly seconds: number }
  | { readonly type: "command"; readonly id: number; readonly command: Command }
  | { readonly type: "asdict"; readonly id: number; readonly worker: number }
  | { readonly type: "snapshot"; readonly id: number; readonly worker: number | undefined }
  /** The whole run up to now, as a trace. Time may pass meanwhile. */
  | { readonly type: "trace"; readonly id: number };

/** What never changes, and is told once. */
export interface Vocabulary {
  readonly presets: readonly Preset[];
  /** In the order of the numbers in a state's columns. */
  readonly workerStates: readonly WorkerState[];
  readonly particleStages: readonly ParticleStage[];
}

export type Reply =
  | { readonly type: "ready"; readonly vocabulary: Vocabulary }
  | { readonly type: "began"; readonly layout: Layout; readonly run: Run }
  /** After `start`, `advance`, `step`, `group` and `command`: once for each. */
  | { readonly type: "frame"; readonly state: SimulationState }
  | { readonly type: "moment"; readonly moment: Moment }
  | { readonly type: "log"; readonly entries: readonly LogEntry[] }
  /** How far the time is that passes at once, and where it goes. */
  | { readonly type: "forward"; readonly time: number; readonly until: number }
  /** How much of a trace is made, 0..1. */
  | { readonly type: "tracing"; readonly id: number; readonly share: number }
  | { readonly type: "answer"; readonly id: number; readonly value: Answer }
  /** What was asked for by this number was refused. */
  | { readonly type: "refused"; readonly id: number; readonly message: string; readonly owedFrame: boolean }
  /** Nothing more is to be expected: the program failed, or could not be loaded. */
  | { readonly type: "broken"; readonly message: string };

/** When a command took effect; or what was asked for; or a trace's parts. */
export type Answer = number | AsDict | Snapshot | Blob;
