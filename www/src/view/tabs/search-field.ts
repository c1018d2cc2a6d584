/** A search field with the number of matches, and a way from one to the next. */

import { count } from "../../format.js";
import { element, setText } from "../dom.js";

export interface SearchListener {
  /** Another query. */
  search(query: string): void;
  /** 1 for the next match, -1 for the one before. */
  move(step: 1 | -1): void;
}

export class SearchField {
  readonly root = element("div", { className: "search" });
  readonly #input = element("input");
  readonly #count = element("span", { className: "note search-count" });
  readonly #steps: readonly HTMLButtonElement[];

  constructor(name: string, listener: SearchListener) {
    this.#input.type = "text";
    this.#input.id = `${name}-search`;
    this.#input.placeholder = "Search";
    this.#input.setAttribute("aria-label", "Search in this text");
    this.#input.autocomplete = "off";
    this.#input.spellcheck = false;
    this.#input.addEventListener("input", () => listener.search(this.#input.value));
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") listener.move(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape" && this.#input.value !== "") {
        this.#input.value = "";
        listener.search("");
      } else return;
      event.preventDefault();
    });
    this.#count.setAttribute("role", "status");
    this.#count.id = `${name}-matches`;
    this.#steps = ([-1, 1] as const).map((step) => {
      const button = element("button", { className: "quiet", text: step < 0 ? "↑" : "↓" });
      button.type = "button";
      button.setAttribute("aria-label", step < 0 ? "Previous match" : "Next match");
      button.addEventListener("click", () => listener.move(step));
      return button;
    });
    this.root.append(this.#input, this.#count, ...this.#steps);
    this.show(undefined, 0, false);
  }

  /** @param current the number of the match, from 0; undefined while nothing is searched. @param isCut whether there are more. */
  show(current: number | undefined, matches: number, isCut: boolean): void {
    const isEmpty = this.#input.value === "";
    setText(this.#count, isEmpty ? "" : current === undefined ? "none" : `${count(current + 1)} of ${count(matches)}${isCut ? "+" : ""}`);
    for (const button of this.#steps) button.disabled = current === undefined;
  }
}
