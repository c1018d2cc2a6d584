/** Tables, asdict(), snapshot() and what exporters say. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { byId } from "../dom.js";

export class TabsView {
  constructor(session: Session, settings: SettingsHub) {
    const root = byId("tabs");
    session.on("moment", (moment) => {
      root.dataset["time"] = String(moment.time);
    });
    settings.on("change", () => {});
  }
}
