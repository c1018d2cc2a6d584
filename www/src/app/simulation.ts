/** The simulation as the page's source: what the address asks for, and what the controls do to it. */

import type { Scenario } from "streamgauge/sim";
import type { Session } from "./session.js";
import type { SettingsHub } from "./settings.js";
import type { Run } from "../source/simulation/protocol.js";
import { SimulationSource } from "../source/simulation/source.js";
import type { ControlsView } from "../view/controls/view.js";


export function openSimulation(session: Session, settings: SettingsHub, controls: ControlsView): SimulationSource {
  const address = new URLSearchParams(location.search);
  const run: Run = { scenario: address.get("scenario") ?? "steady-state", seed: Number(address.get("seed") ?? 1), commands: [] };
  const source = session.open((events) => {
    return new SimulationSource(
      {
        ...events,
        vocabulary: (vocabulary) => controls.vocabulary(vocabulary),
        scenario: (scenario) => controls.scenario(scenario),
        run: (run) => controls.run(run),
      },
      run,
      Number(address.get("time") ?? 0),
    );
  }) as SimulationSource;
  source.setSpeed(settings.values.speed);
  controls.drive(source);
  if (!address.has("paused")) source.play();
  return source;
}

/** Simulates a scenario that was given as a file, from its beginning; what is wrong with it is told as a notice. */
export function openScenario(session: Session, settings: SettingsHub, controls: ControlsView, given: object): void {
  const source = session.source instanceof SimulationSource ? session.source : openSimulation(session, settings, controls);
  const scenario = given as Scenario;
  source.restart({ scenario, seed: scenario.seed ?? 1, commands: [] });
}
