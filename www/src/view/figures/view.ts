/** The figures of the moment, in a strip. */

import type { Session } from "../../app/session.js";

import { byId } from "../dom.js";

export class FiguresView {
  constructor(session: Session) {
    const root = byId("figures");
    session.on("moment", (moment) => {
      root.dataset["time"] = String(moment.time);
    });

  }
}
