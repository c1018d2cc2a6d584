/** Recordings as the page's source: a file comes, is is read, and takes the place of what is shown. */

import type { Scenario } from "streamgauge/sim";
import type { Session } from "./session.js";
import type { SettingsHub } from "./settings.js";
import { contentOf } from "../source/recording/content.js";
import { readRecording } from "../source/recording/recording.js";
import { RecordingSource } from "../source/recording/source.js";
import { RecordingPanel } from "../view/scrub/panel.js";
import { ReadingView } from "../view/scrub/reading.js";
import { ScrubView } from "../view/scrub/view.js";

/** What the rest of the page does. */
export interface RecordingHooks {
  /** Shows the simulation again, instead of a recording. */
  readonly back: () => Promise<void>;
  /** Simulates a scenario, instead of what is shown. Rejects with a sentence where it makes no sense. */
  readonly scenario: (scenario: Scenario) => Promise<void>;
}

export class RecordingDesk {
  readonly #session: Session;
  readonly #settings: SettingsHub;
  readonly #scenario: RecordingHooks["scenario"];
  readonly #reading = new ReadingView();
  #underWay: AbortController | undefined;

  constructor(session: Session, settings: SettingsHub, { back, scenario }: RecordingHooks) {
    this.#session = session;
    this.#settings = settings;
    this.#scenario = scenario;
    new ScrubView(session);
    new RecordingPanel(session, () => void back());
    // What is shown decides what stands beside it.
    session.on("begin", () => {
      document.documentElement.dataset["source"] = session.source?.kind ?? "simulation";
    });
  }

  /** Reads a file beside what is shown. Where it is a trace it is shown then; where it is none, what is shown goes on, and a notice says why. */
  async open(file: File): Promise<void> {
    this.#underWay?.abort();
    const mine = (this.#underWay = new AbortController());
    try {
      const content = await contentOf(file);
      if (mine.signal.aborted) return;
      if (content.kind === "scenario") await this.#scenario(content.value as Scenario);
      else await this.#replay(file, mine);
    } catch (error) {
      if (!mine.signal.aborted) this.#session.emit("notice", `${file.name} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      if (this.#underWay === mine) {
        this.#underWay = undefined;
        this.#reading.hide();
      }
    }
  }

  async #replay(file: File, mine: AbortController): Promise<void> {
    this.#reading.show(file, () => mine.abort());
    const recording = await readRecording(file, (progress) => this.#reading.progress(progress), mine.signal);
    const source = this.#session.open((events) => new RecordingSource(events, recording)) as RecordingSource;
    source.setSpeed(this.#settings.values.speed);
  }
}
