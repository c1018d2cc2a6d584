/** What recording is shown, and the way back. Stands where a simulation's controls stand. */

import type { Session } from "../../app/session.js";
import { clock, count } from "../../format.js";
import type { Summary } from "../../source/recording/protocol.js";
import { RecordingSource } from "../../source/recording/source.js";
import { element } from "../dom.js";

export class RecordingPanel {
  readonly #root = element("aside", { className: "card recording" });
  readonly #facts = element("dl", { className: "facts" });

  constructor(session: Session, back: () => void) {
    const title = element("h2", { text: "Recording" });
    title.id = "recording-title";
    this.#root.id = "recording";
    this.#root.hidden = true;
    this.#root.setAttribute("aria-labelledby", title.id);
    const button = element("button", { text: "Back to the simulation" });
    button.type = "button";
    button.id = "recording-back";
    button.addEventListener("click", back);
    const note = element("p", {
      className: "note",
      text: "Every call of the trace was replayed into monitors of their own. Its readings are kept over all of its time; between two of them the one before is shown.",
    });
    this.#root.append(title, this.#facts, note, button);
    document.querySelector(".frame")!.prepend(this.#root);
    session.on("begin", () => {
      const { source } = session;
      this.#root.hidden = !(source instanceof RecordingSource);
      if (source instanceof RecordingSource) this.#show(source.recording.summary, source.recording.moments.length);
    });
  }

  #show(summary: Summary, readings: number): void {
    const { workers, partitions, entries, entriesLeftOut } = summary;
    const rebalances = entries.filter(({ kind }) => kind === "rebalanceStarted").length;
    const facts: [string, string][] = [
      ["File", summary.fileName],
      ["Size", sizeOf(summary.bytes)],
      ["Calls", count(summary.calls)],
      ["Length", clock(summary.seconds)],
      ["Workers", count(workers.length)],
      ["Partitions", count(partitions.length)],
      ["Rebalances", entriesLeftOut > 0 ? `${count(rebalances)} of the last` : count(rebalances)],
      ["Readings", `${count(readings)}, every ${summary.interval} s`],
    ];
    this.#facts.replaceChildren(...facts.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", { text: value })]));
  }
}

function sizeOf(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
