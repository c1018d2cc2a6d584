/** Puts the page together: one source tells the session, and every view listens to it. */

import { takeFiles } from "./app/drop.js";
import { Keys } from "./app/keys.js";
import { Session } from "./app/session.js";
import { SettingsHub } from "./app/settings.js";
import { openSimulation, type SimulationApp } from "./app/simulation.js";
import { tryScenario } from "./source/simulation/thread.js";
import { ChartsView } from "./view/charts/view.js";
import { ControlsView } from "./view/controls/view.js";
import { FiguresView } from "./view/figures/view.js";
import { byId } from "./view/dom.js";
import { HealthView } from "./view/health/view.js";
import { InspectorView } from "./view/inspector/view.js";
import { whenNear } from "./view/near.js";
import { NoticeView } from "./view/notice.js";
import { startTheme } from "./view/theme.js";
import { TopologyView } from "./view/topology/view.js";
import { ToolsView } from "./view/transport/tools.js";
import { TourButton } from "./view/tour/button.js";
import { TransportView } from "./view/transport/view.js";

startTheme();
const session = new Session();
const settings = new SettingsHub();
let app: SimulationApp | undefined;

new NoticeView(session);
new TopologyView(session);
new FiguresView(session);
new ChartsView(session, settings);
new HealthView(session, settings);
new InspectorView(session);
whenNear(byId("tabs"), session, async () => void new (await import("./view/tabs/view.js")).TabsView(session, settings));
const transport = new TransportView(session, settings);
new TourButton(session, settings);
const controls = new ControlsView(session);
const lookForGroups = session.on("moment", ({ groups = [] }) => {
  if (groups.length < 2) return;
  lookForGroups();
  void import("./view/groups/view.js").then(({ GroupsView }) => new GroupsView(session));
});
const help = async (): Promise<void> => (await import("./view/transport/help.js")).openHelp(keys);
const simulated = (): SimulationApp | undefined => (session.source === app?.source ? app : undefined);
const tools = new ToolsView(session, simulated, () => void help());
const keys = new Keys({
  toggle: () => transport.toggle(),
  step: (seconds) => transport.step(seconds),
  changeSpeed: (direction) => transport.changeSpeed(direction),
  restart: () => transport.restart(),
  replay: () => void (simulated() && controls.replay()),
  choose: (place) => void (simulated() && controls.choose(place)),
  newSeed: () => void (simulated() && controls.newSeed()),
  openFaults: () => controls.openFaults(),
  copyLink: () => void tools.copyLink(),
  help: () => void help(),
});

const simulate = async (): Promise<SimulationApp> => (app = await openSimulation(session, settings, controls));
takeFiles(session, settings, {
  back: async () => void (await simulate()),
  scenario: async (scenario) => {
    const shown = simulated();
    // What is shown ends only for one that can be simulated.
    if (shown === undefined) await tryScenario(scenario);
    await (shown ?? (await simulate())).open(scenario);
  },
});
await simulate();
