/** The colours of the picture, of the theme of the moment. */

import { AGE_MARKS, AGE_STEPS } from "../../model/ages.js";
import { WORKER_COLOURS } from "../dom.js";
import { colour } from "../theme.js";

export interface WorkerColours {
  readonly full: string;
  /** A lane's filling, and a curve. */
  readonly filling: string;
  readonly curve: string;
  readonly faint: string;
}

export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly edge: string;
  readonly surface: string;
  readonly sunken: string;
  readonly shade: string;
  readonly water: string;
  readonly alarm: string;
  readonly onWater: string;
  readonly workers: readonly WorkerColours[];
  /** What nobody owns. */
  readonly nobody: WorkerColours;
  readonly ages: readonly string[];
}

export function paletteOfTheme(): Palette {
  const ofWorker = (name: string): WorkerColours => ({
    full: colour(name),
    filling: colour(name, 0.36),
    curve: colour(name, 0.55),
    faint: colour(name, 0.16),
  });
  const names = Array.from({ length: WORKER_COLOURS }, (_, place) => `worker-${place + 1}`);
  return {
    ink: colour("ink"),
    muted: colour("muted"),
    line: colour("line"),
    edge: colour("edge"),
    surface: colour("surface"),
    sunken: colour("sunken"),
    shade: colour("shade"),
    water: colour("water"),
    alarm: colour("alarm"),
    onWater: colour("on-water"),
    workers: names.map(ofWorker),
    nobody: ofWorker("edge"),
    ages: Array.from({ length: AGE_STEPS }, (_, step) => ageColour(step)),
  };
}

export const workerColours = (palette: Palette, id: number): WorkerColours => palette.workers[id % palette.workers.length]!;

function ageColour(step: number): string {
  const at = (step / (AGE_STEPS - 1)) * (AGE_MARKS.length - 1);
  const mark = Math.min(Math.floor(at), AGE_MARKS.length - 2);
  const from = channels(colour(`age-${mark + 1}`));
  const to = channels(colour(`age-${mark + 2}`));
  return `rgb(${from.map((channel, place) => Math.round(channel + (to[place]! - channel) * (at - mark))).join(", ")})`;
}

const channels = (rgb: string): number[] => (rgb.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
