/** How the partitions are doing, and what happened. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { byId } from "../dom.js";
import { HealthCard } from "./card.js";
import { LogList } from "./log.js";

export class HealthView {
  constructor(session: Session, settings: SettingsHub) {
    const root = byId("health");
    const card = new HealthCard(root, session, settings);
    const log = new LogList(root, session);
    session.on("begin", () => log.clear());
    session.on("log", (entries) => log.add(entries));
    session.on("selection", () => card.select());
    session.on("moment", (moment) => {
      card.show(moment);
      log.compare(moment);
      root.dataset["time"] = String(moment.time);
    });
  }
}
