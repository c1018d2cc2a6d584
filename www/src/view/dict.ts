/** One worker's `asdict()`, as it is. */

import { readableJson } from "../model/json.js";
import type { Sample } from "../model/sample.js";
import { byId, element, setText } from "./dom.js";

/** Milliseconds between two readings: text that changes faster cannot be read. */
const INTERVAL = 500;

export class DictView {
  readonly #text = byId<HTMLPreElement>("dict");
  readonly #worker = byId<HTMLSelectElement>("dict-worker");
  #sample: Sample | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(workers: number) {
    const options = Array.from({ length: workers }, (_, worker) => {
      const option = element("option", { text: `worker ${worker + 1}` });
      option.value = String(worker);
      return option;
    });
    this.#worker.append(...options);
    this.#worker.addEventListener("change", () => this.#write());
    byId("copy").addEventListener("click", () => void this.#copy());
  }

  /** @param now milliseconds, or nothing for "at once". */
  show(sample: Sample, now?: number): void {
    this.#sample = sample;
    if (now !== undefined && (now - this.#shownAt < INTERVAL || this.#isBeingSelected())) return;
    this.#shownAt = now ?? Number.NEGATIVE_INFINITY;
    this.#write();
  }

  #write(): void {
    const dict = this.#sample?.workers[Number(this.#worker.value)]?.dict;
    if (dict !== undefined) setText(this.#text, readableJson(dict));
  }

  /** Text that someone is selecting must not change under their hands. */
  #isBeingSelected(): boolean {
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && selection.anchorNode !== null && this.#text.contains(selection.anchorNode);
  }

  async #copy(): Promise<void> {
    const told = byId("copied");
    try {
      await navigator.clipboard.writeText(this.#text.textContent ?? "");
      setText(told, "Copied");
    } catch {
      // Without the right to write to the clipboard: selected, it is one key away.
      getSelection()?.selectAllChildren(this.#text);
      setText(told, "Selected: copy it with the keyboard");
    }
    setTimeout(() => setText(told, ""), 2500);
  }
}
