/** Moving through a recording: a slider over its time, with its rebalances marked. */

import type { Session } from "../../app/session.js";
import { clock } from "../../format.js";
import type { LogEntry } from "../../model/moment.js";
import type { Progress } from "../../source/source.js";
import { RecordingSource } from "../../source/recording/source.js";
import { byId, element, setText } from "../dom.js";
import { marksOf } from "./marks.js";

export class ScrubView {
  readonly #root = element("div", { className: "scrub" });
  readonly #slider = element("input");
  readonly #now = element("output", { className: "scrub-now" });
  readonly #end = element("span", { className: "scrub-end" });
  readonly #note = element("p", { className: "note scrub-note" });
  readonly #marks = element("div", { className: "scrub-marks" });
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.#root.id = "scrub";
    this.#root.hidden = true;
    this.#root.setAttribute("role", "group");
    this.#root.setAttribute("aria-label", "Time of the recording");
    this.#slider.id = "transport-scrub";
    this.#slider.type = "range";
    this.#slider.min = "0";
    this.#slider.step = "any";
    this.#slider.setAttribute("aria-label", "Time");
    this.#now.htmlFor.add(this.#slider.id);
    this.#marks.setAttribute("aria-hidden", "true");
    const track = element("div", { className: "scrub-track" });
    track.append(this.#marks, this.#slider);
    this.#root.append(this.#now, track, this.#end, this.#note);
    byId("transport").closest(".bar")!.append(this.#root);

    this.#slider.addEventListener("input", () => session.source?.player?.seek?.(Number(this.#slider.value)));
    session.on("begin", () => {
      const { source } = session;
      this.#root.hidden = !(source instanceof RecordingSource);
      if (source instanceof RecordingSource) this.#begin(source);
    });
    session.on("progress", (progress) => this.#progress(progress));
  }

  #begin({ end, recording }: RecordingSource): void {
    this.#slider.max = String(end);
    setText(this.#end, clock(end));
    this.#draw(recording.summary.entries, end);
  }

  #draw(entries: readonly LogEntry[], end: number): void {
    const marks = marksOf(entries, end).map(({ from, to }) => {
      const mark = element("i", { className: "scrub-mark" });
      mark.style.setProperty("left", `${100 * from}%`);
      mark.style.setProperty("width", `${100 * (to - from)}%`);
      return mark;
    });
    this.#marks.replaceChildren(...marks);
  }

  #progress({ time, end }: Progress): void {
    const { source } = this.#session;
    if (!(source instanceof RecordingSource) || end === null) return;
    const shown = clock(source.shownTime);
    this.#slider.value = String(time);
    this.#slider.setAttribute("aria-valuetext", `${clock(time)} of ${clock(end)}, figures of ${shown}`);
    setText(this.#now, clock(time));
    setText(this.#note, `Figures as of ${shown}`);
    this.#root.dataset["shown"] = String(source.shownTime);
  }
}
