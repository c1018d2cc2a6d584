/** Play, pause, step, speed, and the time. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { byId } from "../dom.js";

export class TransportView {
  constructor(session: Session, settings: SettingsHub) {
    const root = byId("transport");
    session.on("moment", (moment) => {
      root.dataset["time"] = String(moment.time);
    });
    settings.on("change", () => {});
  }
}
