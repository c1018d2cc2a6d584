/** How the partitions are doing, and what happened. */

import type { Session } from "../../app/session.js";

import { byId } from "../dom.js";

export class HealthView {
  constructor(session: Session) {
    const root = byId("health");
    session.on("moment", (moment) => {
      root.dataset["time"] = String(moment.time);
    });

  }
}
