/** Producers, partitions, workers, and the records between them. */

import type { Session } from "../../app/session.js";

import { byId } from "../dom.js";

export class TopologyView {
  constructor(session: Session) {
    const root = byId("topology");
    session.on("moment", (moment) => {
      root.dataset["time"] = String(moment.time);
    });

  }
}
