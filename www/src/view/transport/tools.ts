/** What can be taken from the page: a link, a trace; and help with the keys. */

import type { Session } from "../../app/session.js";
import type { SimulationApp } from "../../app/simulation.js";
import { count } from "../../format.js";
import { byId, element, setText } from "../dom.js";

/** Milliseconds that a button says what it did. */
const SAID = 2000;
/** Milliseconds until a download has surely begun. */
const DOWNLOAD_BEGUN = 60_000;

export class ToolsView {
  readonly #session: Session;
  readonly #link = byId<HTMLButtonElement>("tools-link");
  readonly #trace = byId<HTMLButtonElement>("tools-trace");
  readonly #app: () => SimulationApp | undefined;
  #isTracing = false;

  /** @param app what is simulated, if anything is */
  constructor(session: Session, app: () => SimulationApp | undefined, help: () => void) {
    this.#session = session;
    this.#app = app;
    this.#link.addEventListener("click", () => void this.copyLink());
    this.#trace.addEventListener("click", () => void this.saveTrace());
    byId("tools-keys").addEventListener("click", help);
    session.on("begin", () => {
      this.#link.hidden = this.#trace.hidden = session.source?.kind !== "simulation";
    });
  }

  /** An address of this moment goes to the clipboard; where there is none, it is shown. */
  async copyLink(): Promise<void> {
    const link = await this.#app()?.link();
    if (link === undefined) return;
    try {
      await navigator.clipboard.writeText(link);
      this.#say(this.#link, "Copied", "Copy link");
      this.#session.emit("notice", "The link is copied: it leads to this very moment, with the same figures.");
    } catch {
      history.replaceState(history.state, "", link);
      this.#session.emit("notice", "The link could not be copied: it is in the address bar now.");
    }
  }

  /** The run up to now goes to a file, as a trace. */
  async saveTrace(): Promise<void> {
    const app = this.#app();
    if (app === undefined || this.#isTracing) return;
    this.#isTracing = true;
    this.#trace.setAttribute("aria-disabled", "true");
    const { scenario, seed } = app.source.run;
    const name = `streamgauge-${typeof scenario === "string" ? scenario : nameOf(scenario.title ?? "")}-${seed}.jsonl`;
    try {
      const trace = await app.source.trace((share) => setText(this.#trace, `Saving ${Math.floor(share * 100)} %`));
      save(trace, name);
      this.#session.emit("notice", `Saved ${name}, ${sizeOf(trace.size)}: every hook call up to now. Drop it on this page, or read it by npx streamgauge replay.`);
    } catch (error) {
      this.#session.emit("notice", `The trace could not be saved: ${(error as Error).message}.`);
    } finally {
      this.#isTracing = false;
      this.#trace.removeAttribute("aria-disabled");
      setText(this.#trace, "Save trace");
    }
  }

  #say(button: HTMLButtonElement, text: string, otherwise: string): void {
    setText(button, text);
    setTimeout(() => setText(button, otherwise), SAID);
  }
}

function save(blob: Blob, name: string): void {
  const anchor = element("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), DOWNLOAD_BEGUN);
}

/** A title as part of a file's name. */
function nameOf(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40) || "own";
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${count(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
