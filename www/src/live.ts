/** The page as a worker's server brings it: the same views, and that server instead of a simulation. */

import { openLive } from "./app/live.js";
import { Session } from "./app/session.js";
import { SettingsHub } from "./app/settings.js";
import { ChartsView } from "./view/charts/view.js";
import { FiguresView } from "./view/figures/view.js";
import { HealthView } from "./view/health/view.js";
import { InspectorView } from "./view/inspector/view.js";
import { NoticeView } from "./view/notice.js";
import { TabsView } from "./view/tabs/view.js";
import { startTheme } from "./view/theme.js";
import { TopologyView } from "./view/topology/view.js";

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

openLive(session);
