/** The run's curves, over one time axis. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { byId } from "../dom.js";

export class ChartsView {
  constructor(session: Session, settings: SettingsHub) {
    const root = byId("charts");
    session.on("moment", (moment) => {
      root.dataset["time"] = String(moment.time);
    });
    settings.on("change", () => {});
  }
}
