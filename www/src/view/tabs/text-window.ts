/** A text of any length: only the lines around those that are seen are in the document. */

import { pieces, type Match } from "../../model/search.js";
import { element } from "../dom.js";

/** A line's height, as in `tabs.css`. */
const LINE_PIXELS = 18;
/** Lines in the document. A shorter text is there as a whole. */
const MOST_LINES = 800;

export class TextWindow {
  readonly root = element("div", { className: "text-scroll" });
  readonly #sizer = element("div", { className: "text-sizer" });
  readonly #pre = element("pre");
  #lines: readonly string[] = [];
  #matches: readonly Match[] = [];
  #current: number | undefined;
  #from = 0;
  #to = 0;
  #frame = 0;

  constructor(label: string) {
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "region");
    this.root.setAttribute("aria-label", label);
    this.#sizer.append(this.#pre);
    this.root.append(this.#sizer);
    this.root.addEventListener("scroll", () => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.#scrolled());
    });
  }

  /** Whether a user holds some of the text. */
  get isSelected(): boolean {
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && this.#pre.contains(selection.anchorNode);
  }

  /** The first line that is seen. */
  get top(): number {
    return Math.floor(this.root.scrollTop / LINE_PIXELS);
  }

  show(lines: readonly string[], matches: readonly Match[], current: number | undefined): void {
    this.#lines = lines;
    this.#matches = matches;
    this.#current = current;
    this.#sizer.style.setProperty("height", `${lines.length * LINE_PIXELS}px`);
    this.#draw();
  }

  /** Brings a match into the middle, if it is not seen. */
  reveal({ line, from }: Match): void {
    const { clientHeight, scrollTop } = this.root;
    const at = line * LINE_PIXELS;
    if (at < scrollTop || at + LINE_PIXELS > scrollTop + clientHeight) this.root.scrollTop = at - clientHeight / 2;
    this.#draw();
    const mark = this.#pre.querySelector<HTMLElement>("mark.current");
    const left = mark?.offsetLeft ?? 0;
    const isSeen = left >= this.root.scrollLeft && left + (mark?.offsetWidth ?? 0) <= this.root.scrollLeft + this.root.clientWidth;
    if (!isSeen) this.root.scrollLeft = from === 0 ? 0 : left - this.root.clientWidth / 2;
  }

  #scrolled(): void {
    if (this.#lines.length <= MOST_LINES) return;
    const bottom = this.top + this.root.clientHeight / LINE_PIXELS + 1;
    const isInside = (this.top >= this.#from || this.#from === 0) && (bottom <= this.#to || this.#to === this.#lines.length);
    if (!isInside) this.#draw();
  }

  #draw(): void {
    const seen = this.root.clientHeight / LINE_PIXELS;
    const before = Math.max(Math.floor((MOST_LINES - seen) / 2), 0);
    this.#from = Math.max(Math.min(this.top - before, this.#lines.length - MOST_LINES), 0);
    this.#to = Math.min(this.#from + MOST_LINES, this.#lines.length);
    const nodes = pieces(this.#lines, this.#from, this.#to, this.#matches).map(({ text, match }) =>
      match === undefined ? document.createTextNode(text) : element("mark", { text, className: match === this.#current ? "current" : "" }),
    );
    this.#pre.replaceChildren(...nodes);
    this.#pre.style.setProperty("top", `${this.#from * LINE_PIXELS}px`);
  }
}
