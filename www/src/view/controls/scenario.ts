/** Which scenario, what it teaches, and its seed. */

import type { Preset, Scenario } from "streamgauge/sim";
import { DEFAULT_SCENARIO, seedOf } from "../../app/address.js";
import type { SimulationApp } from "../../app/simulation.js";
import type { Run } from "../../source/simulation/protocol.js";
import { element, setText } from "../dom.js";
import { button, hint, labelled, setOptions } from "./fields.js";

/** Bytes of a scenario's file, at most. */
const LARGEST_FILE = 1_000_000;
/** Seeds by chance stay short in a link. */
const MOST_CHANCE = 1_000_000;
/** Stands for a scenario of the user's own among the presets. */
const OWN = "own";

export class ScenarioFields {
  readonly root = element("section", { className: "controls-group" });
  readonly #select = element("select");
  readonly #lesson = element("p", { className: "controls-lesson" });
  readonly #claim = element("p", { className: "hint" });
  readonly #seed = element("input");
  readonly #seedError = element("p", { className: "controls-error" });
  readonly #file = element("input");
  readonly #byHand = element("div", { className: "controls-by-hand" });
  readonly #byHandText = element("span", { className: "hint" });
  readonly #tell: (message: string) => void;
  #app: SimulationApp | undefined;
  #presets: readonly Preset[] = [];
  #run: Run | undefined;

  /** @param tell says a sentence to the user */
  constructor(tell: (message: string) => void) {
    this.#tell = tell;
    this.root.id = "controls-run";
    this.#lesson.id = "controls-lesson";
    this.#claim.id = "controls-claim";
    this.#seedError.id = "controls-seed-error";
    this.#byHandText.id = "controls-by-hand";
    this.#select.addEventListener("change", () => {
      if (this.#select.value !== OWN) this.#begin(this.#app?.choose(this.#select.value));
    });
    this.root.append(this.#head(), this.#scenarioField(), this.#lesson, this.#claim, this.#seedFields(), this.#byHandFields());
  }

  drive(app: SimulationApp): void {
    this.#app = app;
  }

  vocabulary(presets: readonly Preset[]): void {
    this.#presets = presets;
    this.#show();
  }

  run(run: Run): void {
    this.#run = run;
    this.#show();
  }

  /** Begins a preset by its place, from 0. */
  choose(place: number): void {
    const preset = this.#presets[place];
    if (preset !== undefined) this.#begin(this.#app?.choose(preset.name));
  }

  newSeed(): void {
    const [chance] = crypto.getRandomValues(new Uint32Array(1));
    this.#begin(this.#app?.reseed(chance! % MOST_CHANCE));
  }

  /** Begins again, and does what was done by hand at the same times. */
  replay(): void {
    this.#begin(this.#app?.replay());
  }

  /** The scenario of the run, without what was done by hand. */
  get plan(): Scenario {
    const scenario = this.#run?.scenario ?? DEFAULT_SCENARIO;
    return typeof scenario === "string" ? (this.#presets.find(({ name }) => name === scenario)?.scenario ?? {}) : scenario;
  }

  /** What is refused is told, and shows what is still there. */
  #begin(begun: Promise<void> | undefined): void {
    begun?.catch((error: Error) => {
      this.#tell(`${error.message}.`);
      this.#show();
    });
  }

  #scenarioField(): HTMLElement {
    const field = labelled("controls-scenario", "Scenario", this.#select);
    // The heading above says the same to those who see it.
    field.firstElementChild!.className = "visually-hidden";
    return field;
  }

  #head(): HTMLElement {
    const head = element("div", { className: "controls-head" });
    this.#file.type = "file";
    this.#file.id = "controls-file";
    this.#file.accept = ".json,application/json";
    this.#file.hidden = true;
    this.#file.addEventListener("change", () => {
      const [file] = this.#file.files ?? [];
      if (file !== undefined) void this.#open(file);
      // The same file may be chosen again, mended.
      this.#file.value = "";
    });
    const open = button("controls-open", "From a file …", () => this.#file.click());
    open.className = "quiet";
    open.title = "A scenario of your own, as JSON";
    head.append(element("h2", { text: "Scenario" }), open, this.#file);
    return head;
  }

  async #open(file: File): Promise<void> {
    try {
      if (file.size > LARGEST_FILE) throw new Error(`it must be of at most ${LARGEST_FILE} bytes, and has ${file.size}`);
      const plan: unknown = JSON.parse(await file.text());
      if (typeof plan !== "object" || plan === null || Array.isArray(plan)) throw new Error("it must be a JSON object, as SCENARIOS.md describes");
      await this.#app?.choose(plan);
    } catch (error) {
      this.#tell(`${file.name} is no scenario: ${(error as Error).message}.`);
      this.#show();
    }
  }

  #seedFields(): HTMLElement {
    const form = element("form", { className: "seed" });
    this.#seed.type = "text";
    this.#seed.inputMode = "numeric";
    this.#seed.autocomplete = "off";
    this.#seed.spellcheck = false;
    this.#seed.setAttribute("aria-describedby", "controls-seed-hint controls-seed-error");
    this.#seed.addEventListener("input", () => this.#showSeedError(""));
    this.#seed.addEventListener("change", () => this.#applySeed());
    // Enter is a change, too.
    form.addEventListener("submit", (event) => event.preventDefault());
    const chance = button("controls-new-seed", "New", () => this.newSeed());
    chance.title = "A seed by chance";
    form.append(labelled("controls-seed", "Seed", this.#seed), chance);
    const box = element("div");
    box.append(form, this.#seedError, hint("Same seed, same traffic, to the record.", "controls-seed-hint"));
    return box;
  }

  #applySeed(): void {
    const seed = seedOf(this.#seed.value.trim());
    if (seed === undefined) return this.#showSeedError(`A seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`);
    if (seed !== this.#run?.seed) this.#begin(this.#app?.reseed(seed));
  }

  #showSeedError(message: string): void {
    this.#seed.setAttribute("aria-invalid", String(message !== ""));
    setText(this.#seedError, message);
  }

  #byHandFields(): HTMLElement {
    const replay = button("controls-replay", "Replay", () => this.replay());
    replay.className = "quiet";
    replay.title = "Begin again from 0, and do the same at the same times";
    this.#byHand.hidden = true;
    this.#byHand.append(this.#byHandText, replay);
    return this.#byHand;
  }

  #show(): void {
    const run = this.#run;
    if (run === undefined || this.#presets.length === 0) return;
    const { scenario } = run;
    const options: { value: string; text: string }[] = this.#presets.map(({ name, title }) => ({ value: name, text: title }));
    if (typeof scenario !== "string") options.push({ value: OWN, text: scenario.title || "A scenario of your own" });
    setOptions(this.#select, options);
    this.#select.value = typeof scenario === "string" ? scenario : OWN;
    const { lesson, claim } = this.plan;
    setText(this.#lesson, lesson ?? "");
    setText(this.#claim, claim ?? "");
    this.#lesson.hidden = !lesson;
    this.#claim.hidden = !claim;
    if (this.#seed.value !== String(run.seed)) this.#seed.value = String(run.seed);
    this.#showSeedError("");
    const count = run.commands.length;
    setText(this.#byHandText, count === 1 ? "1 thing done by hand" : `${count} things done by hand`);
    this.#byHand.hidden = count === 0;
  }
}
