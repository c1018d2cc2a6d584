/** Play, pause, step, speed, and the time. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { byId, element } from "../dom.js";

export class TransportView {
  constructor(session: Session, settings: SettingsHub) {
    const root = byId("transport");
    const play = element("button", { text: "Pause" });
    play.id = "transport-play";
    const step = element("button", { text: "+1 s" });
    step.id = "transport-step";
    root.append(play, step);
    play.addEventListener("click", () => {
      if (session.progress.isPlaying) session.source?.player?.pause();
      else session.source?.player?.play();
    });
    step.addEventListener("click", () => session.source?.player?.step(1));
    session.on("progress", ({ isPlaying }) => {
      play.textContent = isPlaying ? "Pause" : "Play";
    });
    settings.on("change", (name) => {
      if (name === "speed") session.source?.player?.setSpeed(settings.values.speed);
    });
    session.on("moment", (moment) => {
      root.dataset["time"] = String(moment.time);
    });
  }
}
