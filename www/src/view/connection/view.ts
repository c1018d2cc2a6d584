/** How the connection goes, where a simulation has its play button; and that old figures look old. */

import type { Session } from "../../app/session.js";
import type { ConnectionState } from "../../source/source.js";
import { byId, element, setText } from "../dom.js";
import { explanation, isOld, phaseName } from "./words.js";

/** Milliseconds between two looks at how old the figures are. */
const AGE_EVERY = 1000;

export class ConnectionView {
  readonly #root = element("p", { className: "connection" });
  readonly #phase = element("span", { className: "connection-phase" });
  readonly #text = element("span", { className: "connection-text" });

  #told: { readonly state: ConnectionState; readonly at: number } | undefined;

  constructor(session: Session) {
    this.#root.id = "connection";
    // The phase alone: an age that is told every second is noise.
    this.#phase.setAttribute("role", "status");
    this.#phase.id = "connection-phase";
    this.#text.id = "connection-text";
    this.#root.append(this.#phase, this.#text);
    byId("transport").append(this.#root);
    session.on("connection", (state) => {
      this.#told = { state, at: performance.now() };
      this.#show();
    });
    setInterval(() => this.#show(), AGE_EVERY);
  }

  #show(): void {
    if (this.#told === undefined) return;
    const { state: told, at } = this.#told;
    const state = told.ageSeconds === null ? told : { ...told, ageSeconds: told.ageSeconds + (performance.now() - at) / 1000 };
    const text = explanation(state);
    this.#root.dataset["phase"] = state.phase;
    this.#root.dataset["quiet"] = String(text === "");
    setText(this.#phase, phaseName(state));
    setText(this.#text, text);
    this.#text.title = text;
    document.documentElement.classList.toggle("is-old", isOld(state));
    document.title = isOld(state) ? "(stale) streamgauge" : "streamgauge";
  }
}
