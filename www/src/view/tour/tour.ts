/** The guided tour: a dialog beside the page, which stays usable, and an outline around what it talks of. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { mayGoOn, type PlacedStep } from "../../model/tour/step.js";
import { STEPS } from "../../model/tour/stops.js";
import { SimulationSource } from "../../source/simulation/source.js";
import { byId } from "../dom.js";
import { TourDialog } from "./dialog.js";

let current: Tour | undefined;

/** Begins it, or moves to it where it is open. */
export function openTour(session: Session, settings: SettingsHub, opener: HTMLElement): void {
  if (!(session.source instanceof SimulationSource)) return;
  current ??= new Tour(session, settings, opener, () => {
    current = undefined;
  });
  current.focus();
}

class Tour {
  readonly #session: Session;
  readonly #settings: SettingsHub;
  readonly #opener: HTMLElement;
  readonly #onClosed: () => void;
  readonly #dialog: TourDialog;
  readonly #ends: (() => void)[];
  #step: PlacedStep | undefined;
  #region: HTMLElement | undefined;
  /** Until the run that was asked for begins, what is told is of the one before. */
  #isBeginning = false;

  constructor(session: Session, settings: SettingsHub, opener: HTMLElement, onClosed: () => void) {
    this.#session = session;
    this.#settings = settings;
    this.#opener = opener;
    this.#onClosed = onClosed;
    this.#dialog = new TourDialog({ go: (place) => this.#go(place), close: () => this.#close() });
    this.#ends = [
      session.on("moment", () => this.#claim()),
      session.on("begin", () => this.#begun()),
    ];
    document.documentElement.classList.add("tour-open");
    this.#go(0);
  }

  focus(): void {
    this.#dialog.focus();
  }

  #go(place: number): void {
    const step = STEPS[place];
    const { source } = this.#session;
    if (step === undefined || !(source instanceof SimulationSource)) return this.#close();
    const before = this.#isShown(source) && !this.#isBeginning ? this.#step : undefined;
    this.#step = step;
    if (!mayGoOn(step, before, this.#session.progress.time)) this.#begin(source, step);
    this.#settings.set("speed", step.speed);
    source.setSpeed(step.speed);
    source.play();
    if (step.tab !== undefined) this.#settings.set("tab", step.tab);
    this.#outline(byId(step.region));
    this.#dialog.show(step);
    this.#claim();
  }

  /** The step's scenario at the step's time. */
  #begin(source: SimulationSource, step: PlacedStep): void {
    this.#isBeginning = true;
    source.begin({ scenario: step.stop.scenario, seed: 1, commands: [] }, step.from).catch((error: Error) => {
      // Who went on meanwhile has asked for another run.
      if (this.#step === step) this.#session.emit("notice", `${error.message}.`);
    });
  }

  #begun(): void {
    const { source } = this.#session;
    if (!(source instanceof SimulationSource)) return this.#close();
    if (this.#isShown(source)) this.#isBeginning = false;
  }

  /** Whether the scenario that runs is the one that the tour began. */
  #isShown({ run }: SimulationSource): boolean {
    return run.scenario === this.#step?.stop.scenario;
  }

  #claim(): void {
    const { source, moment, layout, frame, entries } = this.#session;
    const step = this.#step;
    if (step === undefined || !(source instanceof SimulationSource)) return;
    if (this.#isBeginning || moment === undefined) return this.#dialog.claim("…");
    if (!this.#isShown(source)) return this.#dialog.claim("Another scenario runs now. Next and Back go on with the tour.");
    if (moment.time < step.from) return this.#dialog.claim("…");
    this.#dialog.claim(step.claim({ moment, layout, frame, entries }) ?? "…");
  }

  #outline(region: HTMLElement): void {
    this.#region?.classList.remove("tour-target");
    this.#region = region;
    region.classList.add("tour-target");
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    region.scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
  }

  #close(): void {
    if (this.#step === undefined) return;
    this.#step = undefined;
    for (const end of this.#ends) end();
    this.#region?.classList.remove("tour-target");
    document.documentElement.classList.remove("tour-open");
    this.#dialog.remove();
    this.#opener.focus();
    this.#onClosed();
  }
}
