/** Puts the page together: one source tells the session, and every view listens to it. */

import { Session } from "./app/session.js";
import { SettingsHub } from "./app/settings.js";
import { openSimulation } from "./app/simulation.js";
import { ChartsView } from "./view/charts/view.js";
import { ControlsView } from "./view/controls/view.js";
import { FiguresView } from "./view/figures/view.js";
import { HealthView } from "./view/health/view.js";
import { InspectorView } from "./view/inspector/view.js";
import { NoticeView } from "./view/notice.js";
import { TabsView } from "./view/tabs/view.js";
import { startTheme } from "./view/theme.js";
import { TopologyView } from "./view/topology/view.js";
import { TourButton } from "./view/tour/button.js";
import { TransportView } from "./view/transport/view.js";

startTheme();
const session = new Session();
const settings = new SettingsHub();

new NoticeView(session);
new TopologyView(session);
new FiguresView(session);
new ChartsView(session, settings);
new HealthView(session, settings);
new InspectorView(session);
new TabsView(session, settings);
new TransportView(session, settings);
new TourButton(session, settings);
const controls = new ControlsView(session);

openSimulation(session, settings, controls);
