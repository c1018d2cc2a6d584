/** The server that the page came from as its source. */

import type { Session } from "./session.js";
import { LiveSource } from "../source/live/source.js";
import { ConnectionView } from "../view/connection/view.js";
import { ProcessView } from "../view/connection/process.js";
import { TokenForm } from "../view/token/view.js";

export function openLive(session: Session): LiveSource {
  const token = new TokenForm(() => source.reconnect());
  new ConnectionView(session);
  new ProcessView(session);
  session.on("connection", ({ phase, asOf }) => {
    if (phase === "unauthorized") token.ask(asOf !== null);
    else if (phase === "live" || phase === "failing") token.accepted();
  });
  const source: LiveSource = session.open((events) => new LiveSource(events, new URL(".", location.href), () => token.value)) as LiveSource;
  return source;
}
