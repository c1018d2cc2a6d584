/** The parts that the controls are made of. */

import type { Scale } from "../../scales.js";
import { element, setText } from "../dom.js";

/** Milliseconds that a slider rests before what it says is done: a drag is one change, not a hundred. */
const REST = 200;

/** A group that can be folded: open where there is room. */
export function group(id: string, title: string, isOpen: boolean): HTMLDetailsElement {
  const details = element("details", { className: "controls-group" });
  details.id = id;
  details.open = isOpen;
  const summary = element("summary");
  summary.append(element("h2", { text: title }));
  details.append(summary);
  return details;
}

export function hint(text: string, id = ""): HTMLParagraphElement {
  const made = element("p", { className: "hint", text });
  if (id !== "") made.id = id;
  return made;
}

/** A label and what it names, one above the other. */
export function labelled<Field extends HTMLElement>(id: string, title: string, field: Field): HTMLElement {
  const box = element("div", { className: "field" });
  const label = element("label", { text: title });
  label.htmlFor = field.id = id;
  box.append(label, field);
  return box;
}

export function button(id: string, text: string, press: () => void): HTMLButtonElement {
  const made = element("button", { text });
  made.id = id;
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** Fills a select anew where its options are others; keeps what is chosen, if it is still there. */
export function setOptions(select: HTMLSelectElement, options: readonly { value: string; text: string }[]): void {
  const chosen = select.value;
  if (select.options.length !== options.length) select.replaceChildren(...options.map(() => element("option")));
  for (const [place, { value, text }] of options.entries()) {
    const option = select.options[place]!;
    if (option.value !== value) option.value = value;
    setText(option, text);
  }
  if (options.some(({ value }) => value === chosen) && select.value !== chosen) select.value = chosen;
}

/** A select of numbers. */
export function numbers(values: readonly number[], text: (value: number) => string, chosen: number): HTMLSelectElement {
  const select = element("select");
  setOptions(select, values.map((value) => ({ value: String(value), text: text(value) })));
  select.value = String(chosen);
  return select;
}

/** A slider with its value in words. It says what is wanted when it rests, and shows what is. */
export class Slider {
  readonly root = element("div", { className: "slider" });
  readonly #input = element("input");
  readonly #output = element("output");
  readonly #scale: Scale;
  readonly #text: (value: number) => string;
  readonly #change: (value: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param change told the value that is wanted */
  constructor(id: string, title: string, scale: Scale, text: (value: number) => string, change: (value: number) => void) {
    this.#scale = scale;
    this.#text = text;
    this.#change = change;
    const label = element("label", { text: title });
    label.htmlFor = this.#input.id = id;
    this.#output.id = `${id}-value`;
    this.#output.htmlFor.add(id);
    this.#input.type = "range";
    this.#input.min = "0";
    this.#input.max = String(scale.positions);
    this.#input.step = "1";
    this.root.append(label, this.#output, this.#input);
    this.#input.addEventListener("input", () => {
      this.#say(this.#wanted);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#tell(), REST);
    });
    // Let go: nothing to wait for.
    this.#input.addEventListener("change", () => {
      if (this.#timer !== undefined) this.#tell();
    });
  }

  /** Shows what is, but for a value that is just being chosen. */
  show(value: number): void {
    if (this.#timer !== undefined) return;
    const position = String(this.#scale.positionOf(value));
    if (this.#input.value !== position) this.#input.value = position;
    this.#say(value);
  }

  get #wanted(): number {
    return this.#scale.valueAt(Number(this.#input.value));
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#change(this.#wanted);
  }

  #say(value: number): void {
    const text = this.#text(value);
    setText(this.#output, text);
    if (this.#input.getAttribute("aria-valuetext") !== text) this.#input.setAttribute("aria-valuetext", text);
  }
}

/** Disabled with a reason: it keeps the focus, and says why. */
export function setReason(target: HTMLButtonElement, reason: string): void {
  if (reason === "") {
    target.removeAttribute("aria-disabled");
    target.removeAttribute("title");
  } else {
    target.setAttribute("aria-disabled", "true");
    target.title = reason;
  }
}
