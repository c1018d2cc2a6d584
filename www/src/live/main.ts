/** Puts the live page together: what the server tells, as text. */

import { follow, type LiveState } from "streamgauge/live";
import { byId, setText } from "../view/dom.js";
import { startTheme } from "../view/theme.js";
import { figureStrip } from "./figures.js";
import { age, banner } from "./model.js";
import { LiveTables } from "./tables.js";
import { TokenForm } from "./token.js";

/** Milliseconds between two looks at how old the figures are. */
const AGE_EVERY = 1000;

startTheme();

const strip = figureStrip();
const tables = new LiveTables();
const token = new TokenForm(() => follower.reconnect());
const bannerLine = byId("banner");
const content = byId("content");
const health = byId("health");

const follower = follow(new URL(".", location.href), { token: () => token.value, onChange: show });
show(follower.state);
setInterval(() => showAge(follower.state), AGE_EVERY);

function show(state: LiveState): void {
  const { phase, snapshot, workers } = state;
  if (phase === "unauthorized") token.ask();
  else if (phase === "live" || phase === "failing") token.accepted();
  content.hidden = snapshot === undefined;
  showAge(state);
  if (snapshot === undefined) return;
  const { status, reason } = snapshot.health;
  setText(health, status);
  health.className = `pill is-${status}`;
  // The worst partition's reason: where none does badly it would be of any.
  setText(byId("health-reason"), status === "ok" ? "no partition is in trouble" : reason);
  setText(byId("who"), who(state));
  strip.show(snapshot);
  tables.show(snapshot, workers);
}

/** Old figures look old. */
function showAge(state: LiveState): void {
  const text = banner(state, performance.now());
  bannerLine.hidden = text === undefined;
  setText(bannerLine, text ?? "");
  const isOld = state.phase !== "live";
  content.classList.toggle("old", isOld && state.snapshot !== undefined);
  document.title = isOld && state.snapshot !== undefined ? "(stale) streamgauge" : "streamgauge";
}

function who({ snapshot, workers }: LiveState): string {
  const { worker, merged, at, since } = snapshot!;
  const up = `up ${age(at - since)}`;
  if (workers.length > 0) return `${workers.filter(({ state }) => state === "live").length} of ${workers.length} workers live, ${up}`;
  if (merged.length > 0) return `${merged.length} ${merged.length === 1 ? "life" : "lives"} of workers, ${up}`;
  return worker === "" ? up : `${worker}, ${up}`;
}
