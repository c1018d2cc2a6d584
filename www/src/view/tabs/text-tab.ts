/** A tab whose panel is a text that changes about twice a second while it is seen: searched, frozen, copied, downloaded. */

import type { Session } from "../../app/session.js";
import { clock, count } from "../../format.js";
import { findMatches, firstFrom, type Match } from "../../model/search.js";
import { element, setText } from "../dom.js";
import { SearchField } from "./search-field.js";
import { copyText, downloadText } from "./taking.js";
import { TEXTS, type Render, type TextKind, type TextName } from "./texts.js";
import { TextWindow } from "./text-window.js";

/** Milliseconds between two readings. */
const INTERVAL = 500;
/** A text that takes long to make is made less often: it takes at most one part of so many of the page's time. */
const SHARE = 15;
/** But no less often than after so many milliseconds: a source may have been busy with something else. */
const LONGEST_PAUSE = 2500;
/** Matches that are counted. */
const MOST_MATCHES = 10_000;
/** For so many milliseconds a button says what it did. */
const TOLD_FOR = 1500;
const MERGED = "merged";

export interface TextTab {
  readonly root: HTMLElement;
  setOpen(isOpen: boolean): void;
  /** What was shown is of another run. */
  begin(): void;
}

export const makeTextTab = (name: TextName, session: Session): TextTab => new LiveText(name, session);

class LiveText implements TextTab {
  readonly root = element("div", { className: "text-tab" });
  readonly #name: TextName;
  readonly #kind: TextKind;
  readonly #session: Session;
  readonly #worker = element("select");
  readonly #search: SearchField;
  readonly #window: TextWindow;
  readonly #line = element("p", { className: "note data-line" });
  #option: string;
  #render: Render | undefined;
  #isOpen = false;
  #isSeen = false;
  #isFrozen = false;
  #isStale = true;
  #isReading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextAt = 0;
  #text = "";
  #lines: readonly string[] = [];
  #query = "";
  #matches: readonly Match[] = [];
  #current = 0;

  constructor(name: TextName, session: Session) {
    this.#name = name;
    this.#kind = TEXTS[name];
    this.#session = session;
    this.#option = this.#kind.options?.all[0]?.[0] ?? "";
    this.#search = new SearchField(`tabs-${name}`, {
      search: (query) => this.#searchFor(query),
      move: (step) => this.#moveTo(this.#current + step),
    });
    this.#window = new TextWindow(name);
    this.#window.root.id = `tabs-${name}-text`;
    this.#line.id = `tabs-${name}-line`;
    this.root.append(this.#makeBar(), this.#window.root, this.#line);
    this.#showLine("Reading …");
    session.on("moment", () => {
      this.#offerWorkers();
      this.#outdate();
    });
    this.#offerWorkers();
    new IntersectionObserver((entries) => {
      this.#isSeen = entries.at(-1)!.isIntersecting;
      this.#schedule();
    }).observe(this.root);
    // A selection holds the text still; it goes on when that is let go.
    document.addEventListener("selectionchange", () => this.#schedule());
  }

  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    this.#schedule();
  }

  begin(): void {
    this.#take("");
    this.#outdate();
  }

  #outdate(): void {
    this.#isStale = true;
    this.#schedule();
  }

  #schedule(): void {
    const mayRead = this.#isStale && this.#isOpen && this.#isSeen && !this.#isFrozen && !this.#isReading && !this.#window.isSelected;
    if (!mayRead || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, Math.max(this.#nextAt - performance.now(), 0));
  }

  async #read(): Promise<void> {
    const { source, moment } = this.#session;
    if (source === undefined || moment === undefined || this.#isFrozen) return;
    this.#isStale = false;
    this.#isReading = true;
    let began = performance.now();
    try {
      this.#render ??= await this.#kind.load();
      began = performance.now();
      const text = await this.#render(source, this.#worker.value === MERGED ? undefined : Number(this.#worker.value), this.#option);
      if (!this.#isFrozen && this.#session.source === source) {
        this.#take(text);
        this.#showLine(this.#sizeText(moment.time));
        this.root.dataset["time"] = String(moment.time);
      }
    } catch (error) {
      this.#take("");
      this.#showLine(`Nothing to show: ${error instanceof Error ? error.message : String(error)}.`);
    } finally {
      this.#isReading = false;
      const now = performance.now();
      this.#nextAt = now + Math.min(Math.max(INTERVAL, (now - began) * SHARE), LONGEST_PAUSE);
      this.#schedule();
    }
  }

  #take(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#lines = text.split("\n");
    this.#find();
    this.#show();
  }

  #find(): void {
    this.#matches = findMatches(this.#lines, this.#query, MOST_MATCHES);
    this.#current = Math.min(this.#current, Math.max(this.#matches.length - 1, 0));
  }

  #show(): void {
    const current = this.#matches.length === 0 ? undefined : this.#current;
    this.#window.show(this.#lines, this.#matches, current);
    this.#search.show(current, this.#matches.length, this.#matches.length === MOST_MATCHES);
  }

  #searchFor(query: string): void {
    this.#query = query;
    this.#find();
    const first = firstFrom(this.#matches, this.#window.top);
    this.#moveTo(first === this.#matches.length ? 0 : first);
  }

  #moveTo(match: number): void {
    const { length } = this.#matches;
    this.#current = length === 0 ? 0 : (match + length) % length;
    this.#show();
    const found = this.#matches[this.#current];
    if (found !== undefined) this.#window.reveal(found);
  }

  #sizeText(time: number): string {
    const bytes = this.#text.length;
    const size = bytes < 10_000 ? `${count(bytes)} characters` : `${count(bytes / 1000)} thousand characters`;
    return `${this.#kind.note} ${count(this.#lines.length)} lines, ${size}, at ${clock(time)}.`;
  }

  #showLine(text: string): void {
    setText(this.#line, text);
  }

  #makeBar(): HTMLElement {
    const bar = element("div", { className: "data-bar" });
    this.#worker.setAttribute("aria-label", "Whose figures");
    this.#worker.id = `tabs-${this.#name}-worker`;
    this.#worker.addEventListener("change", () => this.#outdateNow());
    bar.append(this.#worker);
    if (this.#kind.options !== undefined) bar.append(this.#makeOptions(this.#kind.options));
    bar.append(this.#search.root);
    const freeze = element("button", { className: "toggle", text: "Freeze" });
    freeze.type = "button";
    freeze.setAttribute("aria-pressed", "false");
    freeze.addEventListener("click", () => {
      this.#isFrozen = !this.#isFrozen;
      freeze.setAttribute("aria-pressed", String(this.#isFrozen));
      for (const select of bar.querySelectorAll("select")) select.disabled = this.#isFrozen;
      this.#outdate();
    });
    const copy = this.#makeButton("Copy", "Copied", async () => copyText(this.#text));
    const download = this.#makeButton("Download", "Saved", async () => {
      const whose = this.#worker.value === MERGED ? "merged" : `worker-${this.#worker.value}`;
      downloadText(this.#text, `${this.#kind.file}-${whose}.${this.#kind.ending}`, this.#kind.mediaType);
    });
    const buttons = element("div", { className: "data-buttons" });
    buttons.append(freeze, copy, download);
    bar.append(buttons);
    return bar;
  }

  #makeOptions({ title, all }: NonNullable<TextKind["options"]>): HTMLElement {
    const select = element("select");
    select.id = `tabs-${this.#name}-option`;
    select.setAttribute("aria-label", title);
    for (const [value, text] of all) select.add(new Option(text, value));
    select.addEventListener("change", () => {
      this.#option = select.value;
      this.#outdateNow();
    });
    return select;
  }

  /** A button that says for a moment what it did. */
  #makeButton(text: string, done: string, act: () => Promise<void>): HTMLButtonElement {
    const button = element("button", { text, className: "doing" });
    button.type = "button";
    let timer: ReturnType<typeof setTimeout> | undefined;
    button.addEventListener("click", () => {
      act().then(
        () => {
          setText(button, done);
          clearTimeout(timer);
          timer = setTimeout(() => setText(button, text), TOLD_FOR);
        },
        (error: unknown) => this.#session.emit("notice", `${text} failed: ${error instanceof Error ? error.message : String(error)}.`),
      );
    });
    return button;
  }

  /** What the user asked for does not wait for its turn. */
  #outdateNow(): void {
    this.#nextAt = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#outdate();
  }

  #offerWorkers(): void {
    const wanted = (this.#session.moment?.workers ?? []).map(({ id, name }) => [String(id), name] as const);
    const offered = this.#kind.hasMerged ? [[MERGED, "All, merged"] as const, ...wanted] : wanted;
    const shown = [...this.#worker.options];
    if (shown.length === offered.length && shown.every((option, place) => option.value === offered[place]![0] && option.text === offered[place]![1])) return;
    const chosen = this.#worker.value;
    this.#worker.replaceChildren(...offered.map(([value, text]) => new Option(text, value)));
    if (offered.some(([value]) => value === chosen)) this.#worker.value = chosen;
  }
}
