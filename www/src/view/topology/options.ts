/** The picture as a list of real elements: for screen readers and for the keyboard. */

import type { Target } from "../../model/geometry.js";
import type { Scene } from "../../model/scene.js";
import { laneInWords, workerInWords } from "../../model/scene-words.js";
import { element, setText } from "../dom.js";

export interface OptionsEvents {
  /** The user moved to something by the keyboard; undefined where the list lost the focus. */
  focus(target: Target | undefined): void;
  /** Selects what the list is at; undefined for nothing. */
  choose(target: Target | undefined): void;
}

const ID = "topology-list";

export class Options {
  readonly box = element("div", { className: "topology-list" });
  readonly #inner = element("div", { className: "visually-hidden" });
  readonly #events: OptionsEvents;
  #scene: Scene | undefined;
  #lanes: HTMLElement[] = [];
  #workers: HTMLElement[] = [];
  #structure = "";
  #at: Target | undefined;

  constructor(events: OptionsEvents) {
    this.#events = events;
    this.box.id = ID;
    this.box.tabIndex = 0;
    this.box.setAttribute("role", "listbox");
    this.box.setAttribute("aria-label", "Partitions and workers");
    this.box.append(this.#inner);
    this.box.addEventListener("keydown", (event) => this.#press(event));
    this.box.addEventListener("focus", () => {
      if (this.box.matches(":focus-visible")) this.#move(this.#at ?? this.#first());
    });
    this.box.addEventListener("blur", () => this.#events.focus(undefined));
  }

  /** @param selected what the session looks at. */
  show(scene: Scene, selected: Target | undefined): void {
    this.#scene = scene;
    const structure = JSON.stringify([scene.topics.map(({ name, lanes }) => [name, lanes]), scene.workers.length]);
    if (structure !== this.#structure) this.#make(scene, structure);
    for (const [place, lane] of scene.lanes.entries()) this.#tell(this.#lanes[place]!, laneInWords(lane, scene), isAt(selected, "lane", place));
    for (const [place, worker] of scene.workers.entries()) this.#tell(this.#workers[place]!, workerInWords(worker), isAt(selected, "worker", place));
  }

  /** The keyboard goes on from here. */
  moveTo(target: Target): void {
    this.#at = target;
  }

  #tell(option: HTMLElement, words: string, isSelected: boolean): void {
    setText(option, words);
    const value = String(isSelected);
    if (option.getAttribute("aria-selected") !== value) option.setAttribute("aria-selected", value);
  }

  #make(scene: Scene, structure: string): void {
    this.#structure = structure;
    this.#at = undefined;
    this.box.removeAttribute("aria-activedescendant");
    const group = (name: string): HTMLElement => {
      const made = element("div");
      made.setAttribute("role", "group");
      made.setAttribute("aria-label", name);
      this.#inner.append(made);
      return made;
    };
    const option = (id: string, into: HTMLElement): HTMLElement => {
      const made = element("div");
      made.id = id;
      made.setAttribute("role", "option");
      into.append(made);
      return made;
    };
    this.#inner.replaceChildren();
    this.#lanes = scene.topics.flatMap(({ name, first, lanes }) => {
      const into = group(`Partitions of ${name}`);
      return Array.from({ length: lanes }, (_, place) => option(`topology-lane-${first + place}`, into));
    });
    const into = scene.workers.length > 0 ? group("Workers") : this.#inner;
    this.#workers = scene.workers.map((_, place) => option(`topology-worker-${place}`, into));
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.#at;
    switch (event.key) {
      case "ArrowDown":
        this.#move(at === undefined ? this.#first() : this.#beside(at, 1));
        break;
      case "ArrowUp":
        this.#move(at === undefined ? this.#first() : this.#beside(at, -1));
        break;
      case "ArrowRight":
        this.#move(at?.kind === "lane" ? this.#ownerOf(at.place) : (at ?? this.#first()));
        break;
      case "ArrowLeft":
        this.#move(at?.kind === "worker" ? this.#laneOf(at.place) : (at ?? this.#first()));
        break;
      case "Home":
        this.#move(this.#first());
        break;
      case "End":
        this.#move(this.#workers.length > 0 ? { kind: "worker", place: this.#workers.length - 1 } : { kind: "lane", place: this.#lanes.length - 1 });
        break;
      case "Enter":
      case " ":
        if (at !== undefined) this.#events.choose(at);
        break;
      case "Escape":
        this.#events.choose(undefined);
        break;
      default:
        return;
    }
    event.preventDefault();
    // The page's own keys do something else with these.
    event.stopPropagation();
  }

  #move(target: Target | undefined): void {
    this.#at = target;
    if (target === undefined) return;
    this.box.setAttribute("aria-activedescendant", `topology-${target.kind}-${target.place}`);
    this.#events.focus(target);
  }

  #first(): Target | undefined {
    if (this.#lanes.length > 0) return { kind: "lane", place: 0 };
    return this.#workers.length > 0 ? { kind: "worker", place: 0 } : undefined;
  }

  /** Lanes first, workers after them. */
  #beside({ kind, place }: Target, by: 1 | -1): Target {
    const lanes = this.#lanes.length;
    const flat = Math.min(Math.max((kind === "lane" ? place : lanes + place) + by, 0), lanes + this.#workers.length - 1);
    return flat < lanes ? { kind: "lane", place: flat } : { kind: "worker", place: flat - lanes };
  }

  #ownerOf(lane: number): Target {
    const owner = this.#scene?.lanes[lane]?.owner ?? -1;
    return owner >= 0 && owner < this.#workers.length ? { kind: "worker", place: owner } : { kind: "lane", place: lane };
  }

  #laneOf(worker: number): Target {
    const lane = this.#scene?.lanes.findIndex(({ owner }) => owner === worker) ?? -1;
    return lane >= 0 ? { kind: "lane", place: lane } : { kind: "worker", place: worker };
  }
}

const isAt = (target: Target | undefined, kind: Target["kind"], place: number): boolean => target?.kind === kind && target.place === place;
