/** What is simulated, and what is done to it. */

import type { Scenario } from "streamgauge/sim";
import type { Session } from "../../app/session.js";
import type { Run, Vocabulary } from "../../source/simulation/protocol.js";
import type { SimulationSource } from "../../source/simulation/source.js";
import { byId } from "../dom.js";

export class ControlsView {
  readonly #root = byId("controls");

  constructor(session: Session) {
    session.on("begin", () => this.#root.replaceChildren());
  }

  drive(source: SimulationSource): void {
    this.#root.dataset["kind"] = source.kind;
  }

  vocabulary(vocabulary: Vocabulary): void {
    this.#root.dataset["presets"] = String(vocabulary.presets.length);
  }

  scenario(scenario: Scenario): void {
    this.#root.dataset["title"] = scenario.title ?? "";
  }

  run(run: Run): void {
    this.#root.dataset["seed"] = String(run.seed);
  }
}
