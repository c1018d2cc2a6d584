/** What is under the pointer, in words. */

import type { Point, Target } from "../../model/geometry.js";
import type { Scene } from "../../model/scene.js";
import { endInWords, laneInWords, producerInWords, workerInWords } from "../../model/scene-words.js";
import { element, setText } from "../dom.js";

/** Pixels between the pointer and the text. */
const AWAY = 16;

export class Tooltip {
  readonly box = element("div", { className: "topology-tooltip" });
  readonly #name = element("strong");
  readonly #rest = element("span");
  #at: Point | undefined;

  constructor() {
    this.box.id = "topology-tooltip";
    this.box.hidden = true;
    // The list says the same.
    this.box.setAttribute("aria-hidden", "true");
    this.box.append(this.#name, this.#rest);
  }

  show(target: Target, scene: Scene, at: Point = this.#at ?? { x: 0, y: 0 }): void {
    const words = wordsOf(target, scene);
    if (words === undefined) return this.hide();
    const colon = words.lastIndexOf(": ");
    setText(this.#name, words.slice(0, colon));
    setText(this.#rest, words.slice(colon + 2));
    this.box.hidden = false;
    this.#at = at;
    const room = this.box.offsetParent ?? document.body;
    const left = at.x + AWAY + this.box.offsetWidth > room.clientWidth ? at.x - AWAY - this.box.offsetWidth : at.x + AWAY;
    const top = at.y + AWAY + this.box.offsetHeight > room.clientHeight ? at.y - AWAY - this.box.offsetHeight : at.y + AWAY;
    const x = Math.min(Math.max(left, 0), Math.max(room.clientWidth - this.box.offsetWidth, 0));
    this.box.style.setProperty("translate", `${Math.round(x)}px ${Math.round(Math.max(top, 0))}px`);
  }

  hide(): void {
    this.box.hidden = true;
  }
}

export function wordsOf({ kind, place }: Target, scene: Scene): string | undefined {
  switch (kind) {
    case "lane":
      return scene.lanes[place] && laneInWords(scene.lanes[place], scene);
    case "worker":
      return scene.workers[place] && workerInWords(scene.workers[place]);
    case "producer":
      return scene.producers[place] && producerInWords(scene.producers[place]);
    case "end":
      return scene.ends[place] && endInWords(scene.ends[place]);
  }
}
