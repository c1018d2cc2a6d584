/** The simulation as the page's source: what the address asks for, and what the controls do to it. */

import type { Session } from "./session.js";
import type { SettingsHub } from "./settings.js";
import { SimulationSource } from "../source/simulation/source.js";
import type { ControlsView } from "../view/controls/view.js";

const FIRST = { scenario: "steady-state", seed: 1, commands: [] };

export function openSimulation(session: Session, settings: SettingsHub, controls: ControlsView): SimulationSource {
  const source = session.open((events) => {
    return new SimulationSource(
      {
        ...events,
        vocabulary: (vocabulary) => controls.vocabulary(vocabulary),
        scenario: (scenario) => controls.scenario(scenario),
        run: (run) => controls.run(run),
      },
      FIRST,
    );
  }) as SimulationSource;
  source.setSpeed(settings.values.speed);
  controls.drive(source);
  return source;
}
