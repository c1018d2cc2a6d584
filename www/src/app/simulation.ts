/** The simulation as the page's source: what the address asks for, and what the controls do to it. */

import type { Scenario } from "streamgauge/sim";
import { SimulationSource } from "../source/simulation/source.js";
import type { Run } from "../source/simulation/protocol.js";
import type { ControlsView } from "../view/controls/view.js";
import { AddressKeeper } from "./address/keeper.js";
import { DEFAULT_SCENARIO, DEFAULT_SEED, readAddress } from "./address.js";
import type { Session } from "./session.js";
import type { SettingsHub } from "./settings.js";

/** What can be done with the simulation from anywhere on the page. */
export class SimulationApp {
  readonly source: SimulationSource;
  readonly #session: Session;
  readonly #keeper: AddressKeeper;

  constructor(source: SimulationSource, session: Session, keeper: AddressKeeper) {
    this.source = source;
    this.#session = session;
    this.#keeper = keeper;
  }

  /** Begins another scenario, with the same seed. Rejects with a sentence where it makes no sense. */
  async choose(scenario: string | Scenario): Promise<void> {
    await this.source.begin({ scenario, seed: this.source.run.seed, commands: [] });
    this.#session.select(undefined);
  }

  /** Begins a scenario that was given as a file, with its own seed. Rejects likewise. */
  async open(scenario: Scenario): Promise<void> {
    await this.source.begin({ scenario, seed: scenario.seed ?? DEFAULT_SEED, commands: [] });
    this.#session.select(undefined);
  }

  /** Begins the same scenario with other random numbers, and nothing done by hand. */
  async reseed(seed: number): Promise<void> {
    await this.source.begin({ ...this.source.run, seed, commands: [] });
  }

  /** Begins again, and does at the same times what was done by hand. */
  async replay(): Promise<void> {
    await this.source.begin(this.source.run);
  }

  /** An address that shows this moment. */
  link(): Promise<string> {
    return this.#keeper.link();
  }
}

/** Opens what the address asks for; what makes no sense in it is passed over with a notice. */
export async function openSimulation(session: Session, settings: SettingsHub, controls: ControlsView): Promise<SimulationApp> {
  const { place, complaints } = await readAddress(location.search);
  const tell = (message: string): void => session.emit("notice", message);
  if (complaints.length > 0) tell(complaints.join(" "));
  settings.set("lagUnit", place.settings.lagUnit);
  settings.set("tab", place.settings.tab);
  settings.set("group", place.settings.group);
  settings.set("speed", place.settings.speed);
  const simpler = simplerRuns(place.run);
  const source = session.open((events) => {
    return new SimulationSource(
      {
        ...events,
        begin: (layout) => {
          events.begin(layout);
          const { selection } = session;
          const group = layout.group ?? "";
          // A worker's number means another one in another group.
          const isThere = selection?.kind === "worker" ? group === settings.values.group : selection === undefined || layout.partitions.some(({ topic, partition }) => topic === selection.topic && partition === selection.partition);
          settings.set("group", group);
          if (!isThere) session.select(undefined);
        },
        vocabulary: (vocabulary) => controls.vocabulary(vocabulary),
        run: (run) => {
          controls.run(run);
          keeper.change(run);
        },
        refused: function refused(message) {
          tell(`${message}.`);
          const next = simpler.shift();
          if (next !== undefined) source.begin(next).catch((error: Error) => refused(error.message));
        },
      },
      place.run,
      place.time,
      place.settings.group,
    );
  }) as SimulationSource;
  const keeper = new AddressKeeper(session, settings, source, place);
  const app = new SimulationApp(source, session, keeper);
  source.setSpeed(settings.values.speed);
  if (place.selection !== undefined) session.select(place.selection);
  controls.drive(app);
  if (!place.isPaused) source.play();
  return app;
}

/** What is shown instead of a run that makes no sense: without what was done in it, or the default. */
function simplerRuns(run: Run): Run[] {
  const runs: Run[] = [];
  if (run.commands.length > 0) runs.push({ ...run, commands: [] });
  if (run.scenario !== DEFAULT_SCENARIO) runs.push({ scenario: DEFAULT_SCENARIO, seed: DEFAULT_SEED, commands: [] });
  return runs;
}
