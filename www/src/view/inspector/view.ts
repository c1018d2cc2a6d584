/** What is selected: a partition or a worker, in full. */

import type { Session } from "../../app/session.js";

import { byId } from "../dom.js";

export class InspectorView {
  constructor(session: Session) {
    const root = byId("inspector");
    session.on("moment", (moment) => {
      root.dataset["time"] = String(moment.time);
    });

  }
}
