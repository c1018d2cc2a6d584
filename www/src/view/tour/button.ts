/** The button that begins the guided tour, which is loaded then. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { byId } from "../dom.js";

export class TourButton {
  constructor(session: Session, settings: SettingsHub) {
    const button = byId<HTMLButtonElement>("tools-tour");
    // The tour's scenarios are simulated.
    session.on("begin", () => {
      button.hidden = session.source?.kind !== "simulation";
    });
    button.addEventListener("click", () => {
      import("./tour.js").then(
        ({ openTour }) => openTour(session, settings, button),
        () => session.emit("notice", "The tour could not be loaded."),
      );
    });
  }
}
