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
/** Texts that are brought up to date at a time, at most, and milliseconds until the next: a thousand would hold up the picture. */
const MOST_AT_ONCE = 64;
const PAUSE = 250;

export class Options {
  readonly box = element("div", { className: "topology-list" });
  readonly #inner = element("div", { className: "visually-hidden" });
  readonly #events: OptionsEvents;
  #scene: Scene | undefined;
  /** Lanes first, workers after them. */
  #flat: readonly HTMLElement[] = [];
  #lanes = 0;
  #workers = 0;
  #structure = "";
  /** The place of the one that is selected; -1 for none. */
  #selected = -1;
  /** The place of the one that was brought up to date last, and how many are still to be. */
  #last = -1;
  #left = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
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
    this.#left = this.#flat.length;
    if (this.#timer === undefined) this.#tellSome();
    if (this.#at !== undefined) this.#tell(this.#placeOf(this.#at));
    const place = selected === undefined ? -1 : this.#placeOf(selected);
    if (place === this.#selected) return;
    this.#flat[this.#selected]?.setAttribute("aria-selected", "false");
    this.#flat[place]?.setAttribute("aria-selected", "true");
    this.#selected = place;
  }

  /** The keyboard goes on from here. */
  moveTo(target: Target): void {
    this.#at = target;
  }

  /** So many texts now, the others after a while, one after the other; until all are of the newest scene. */
  #tellSome(): void {
    const all = this.#flat.length;
    for (const end = Math.max(this.#left - MOST_AT_ONCE, 0); this.#left > end; this.#left -= 1) this.#tell((this.#last = (this.#last + 1) % all));
    this.#timer = this.#left === 0 ? undefined : setTimeout(() => this.#tellSome(), PAUSE);
  }

  #tell(place: number): void {
    const { lanes, workers } = this.#scene!;
    const lane = lanes[place];
    setText(this.#flat[place]!, lane === undefined ? workerInWords(workers[place - lanes.length]!) : laneInWords(lane, this.#scene!));
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
      made.setAttribute("aria-selected", "false");
      into.append(made);
      return made;
    };
    this.#inner.replaceChildren();
    const lanes = scene.topics.flatMap(({ name, first, lanes }) => {
      const into = group(`Partitions of ${name}`);
      return Array.from({ length: lanes }, (_, place) => option(`topology-lane-${first + place}`, into));
    });
    const into = scene.workers.length > 0 ? group("Workers") : this.#inner;
    const workers = scene.workers.map((_, place) => option(`topology-worker-${place}`, into));
    this.#flat = [...lanes, ...workers];
    this.#lanes = lanes.length;
    this.#workers = workers.length;
    this.#selected = this.#last = -1;
    for (const place of this.#flat.keys()) this.#tell(place);
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
        this.#move(this.#targetAt(this.#flat.length - 1));
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
    return this.#targetAt(0);
  }

  #beside(target: Target, by: 1 | -1): Target | undefined {
    return this.#targetAt(Math.min(Math.max(this.#placeOf(target) + by, 0), this.#flat.length - 1));
  }

  #placeOf({ kind, place }: Target): number {
    return kind === "lane" ? place : this.#lanes + place;
  }

  #targetAt(place: number): Target | undefined {
    if (this.#flat[place] === undefined) return undefined;
    return place < this.#lanes ? { kind: "lane", place } : { kind: "worker", place: place - this.#lanes };
  }

  #ownerOf(lane: number): Target {
    const owner = this.#scene?.lanes[lane]?.owner ?? -1;
    return owner >= 0 && owner < this.#workers ? { kind: "worker", place: owner } : { kind: "lane", place: lane };
  }

  #laneOf(worker: number): Target {
    const lane = this.#scene?.lanes.findIndex(({ owner }) => owner === worker) ?? -1;
    return lane >= 0 ? { kind: "lane", place: lane } : { kind: "worker", place: worker };
  }
}
