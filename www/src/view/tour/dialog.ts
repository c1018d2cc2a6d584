/** The tour's dialog: what to look at, why, what the figures say, and the way on. */

import type { PlacedStep } from "../../model/tour/step.js";
import { STEPS, STOPS } from "../../model/tour/stops.js";
import { element, setText } from "../dom.js";

export interface TourListener {
  /** To a step, by its place. One that there is not ends the tour. */
  go(place: number): void;
  close(): void;
}

export class TourDialog {
  readonly #root = element("section", { className: "tour" });
  readonly #listener: TourListener;
  readonly #stops = element("select");
  readonly #progress = element("span", { className: "note tour-progress" });
  readonly #title = element("h2");
  readonly #text = element("p", { className: "tour-text" });
  readonly #claim = element("p", { className: "tour-claim" });
  readonly #back = button("Back", "tour-back");
  readonly #next = button("Next", "tour-next");
  #place = 0;

  constructor(listener: TourListener) {
    this.#listener = listener;
    this.#root.id = "tour";
    this.#root.tabIndex = -1;
    this.#root.setAttribute("role", "dialog");
    this.#root.setAttribute("aria-modal", "false");
    this.#root.setAttribute("aria-label", "Guided tour");
    this.#title.id = "tour-title";
    this.#text.id = "tour-text";
    this.#claim.id = "tour-claim";
    this.#progress.id = "tour-progress";
    // Next keeps the focus: what is new is read out. The claim changes all the time, and is not.
    const told = element("div", { className: "tour-told" });
    told.setAttribute("aria-live", "polite");
    told.append(this.#title, this.#text);
    this.#root.append(this.#makeHead(), told, this.#claim, this.#makeFoot());
    this.#root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      listener.close();
    });
    document.body.append(this.#root);
  }

  focus(): void {
    this.#root.focus();
  }

  show({ place, title, text, stop }: PlacedStep): void {
    this.#place = place;
    this.#stops.value = stop.scenario;
    setText(this.#progress, `${place + 1} of ${STEPS.length}`);
    setText(this.#title, title);
    setText(this.#text, text);
    this.#back.disabled = place === 0;
    setText(this.#next, place === STEPS.length - 1 ? "Finish" : "Next");
    this.#root.dataset["step"] = String(place + 1);
  }

  claim(text: string): void {
    setText(this.#claim, text);
  }

  remove(): void {
    this.#root.remove();
  }

  #makeHead(): HTMLElement {
    const head = element("div", { className: "tour-head" });
    this.#stops.id = "tour-stops";
    this.#stops.setAttribute("aria-label", "Stop of the tour");
    for (const [place, { scenario, title }] of STOPS.entries()) this.#stops.add(new Option(`${place + 1}. ${title}`, scenario));
    this.#stops.addEventListener("change", () => {
      const first = STEPS.find(({ stop }) => stop.scenario === this.#stops.value);
      if (first !== undefined) this.#listener.go(first.place);
    });
    const close = button("Close", "tour-close");
    close.className = "quiet";
    close.addEventListener("click", () => this.#listener.close());
    head.append(this.#stops, this.#progress, close);
    return head;
  }

  #makeFoot(): HTMLElement {
    const foot = element("div", { className: "tour-foot" });
    this.#next.classList.add("primary");
    this.#back.addEventListener("click", () => {
      this.#listener.go(this.#place - 1);
      // A disabled button loses the focus.
      if (this.#back.disabled) this.#next.focus();
    });
    this.#next.addEventListener("click", () => this.#listener.go(this.#place + 1));
    foot.append(this.#back, this.#next);
    return foot;
  }
}

function button(text: string, id: string): HTMLButtonElement {
  const made = element("button", { text });
  made.type = "button";
  made.id = id;
  return made;
}
