/** Sentences for the user: what failed, and what was done. */

import type { Session } from "../app/session.js";
import { byId, setText } from "./dom.js";

export class NoticeView {
  constructor(session: Session) {
    const box = byId("notice");
    const text = byId("notice-text");
    session.on("notice", (message) => {
      setText(text, message);
      box.hidden = false;
    });
    byId("notice-close").addEventListener("click", () => {
      box.hidden = true;
    });
  }
}
