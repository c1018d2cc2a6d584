/** How far a trace is read, and how to end that. */

import { count } from "../../format.js";
import type { ReadingProgress } from "../../source/recording/recording.js";
import { element, setText } from "../dom.js";

export class ReadingView {
  readonly #box = element("div", { className: "reading" });
  readonly #name = element("p", { className: "reading-name" });
  readonly #bar = element("progress");
  readonly #lines = element("p", { className: "note" });
  readonly #cancel = element("button", { text: "Cancel", className: "quiet" });
  #bytes = 1;
  #onCancel: () => void = () => {};

  constructor() {
    this.#box.id = "reading";
    this.#box.hidden = true;
    this.#box.setAttribute("role", "group");
    this.#name.id = "reading-name";
    this.#box.setAttribute("aria-labelledby", "reading-name");
    this.#bar.setAttribute("aria-labelledby", "reading-name");
    this.#cancel.type = "button";
    this.#cancel.id = "reading-cancel";
    this.#cancel.addEventListener("click", () => this.#onCancel());
    this.#box.append(this.#name, this.#bar, this.#lines, this.#cancel);
    document.body.append(this.#box);
  }

  show(file: File, onCancel: () => void): void {
    this.#bytes = Math.max(file.size, 1);
    this.#onCancel = onCancel;
    setText(this.#name, `Replaying ${file.name}`);
    this.progress({ bytes: 0, lines: 0 });
    this.#box.hidden = false;
  }

  progress({ bytes, lines }: ReadingProgress): void {
    this.#bar.max = this.#bytes;
    this.#bar.value = bytes;
    setText(this.#lines, bytes < this.#bytes ? `${Math.floor((100 * bytes) / this.#bytes)} %, ${count(lines)} lines` : `${count(lines)} lines: adding up its readings`);
  }

  hide(): void {
    this.#box.hidden = true;
  }
}
