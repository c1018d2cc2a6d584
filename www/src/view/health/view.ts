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
    // A recording is moved through, to and fro: what changed in it is told once, in its order.
    session.on("history", (moments) => {
      for (const moment of moments) log.compare(moment);
    });
    session.on("moment", (moment) => {
      card.show(moment);
      if (session.source?.kind !== "recording") log.compare(moment);
      root.dataset["time"] = String(moment.time);
    });
  }
}
