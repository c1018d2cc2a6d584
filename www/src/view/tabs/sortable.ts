/** A table that is sorted by its headers and filtered by a field. Of a long one only the rows around those that are seen are in the document. */

import { count } from "../../format.js";
import { filtered, sorted, type Order, type SortValue } from "../../model/sorting.js";
import { element, setText } from "../dom.js";

/** Rows in the document. A shorter table is there as a whole. */
const MOST_ROWS = 40;
/** A row's height, as in `tabs.css`. */
const ROW_PIXELS = 31;

export interface SortableColumn<T> {
  readonly title: string;
  /** Set to the right, and sorted from the greatest on at first. */
  readonly number?: boolean;
  readonly text: (row: T) => string;
  /** What it is sorted by. The text, where there is nothing else. */
  readonly value?: (row: T) => SortValue;
  /** Classes of the text, such as an owner's colour. */
  readonly className?: (row: T) => string;
  /** What is told by pointing at it; the text itself, where it is none of numbers. */
  readonly hint?: (row: T) => string;
  /** What a screen reader says instead of the text; it begins with it. */
  readonly label?: (row: T) => string;
  /** Shows more than a text; gives back what shows a row. */
  readonly make?: (cell: HTMLElement) => (row: T) => void;
}

export interface SortableOptions<T> {
  /** What ids begin with. */
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly SortableColumn<T>[];
  readonly key: (row: T) => string;
  /** The order while no header was pressed. */
  readonly compare?: (one: T, other: T) => number;
  /** What that order is, in the line below the table: `"the worst first"`. */
  readonly compareName?: string;
  /** What rows are called: `"partitions"`. */
  readonly noun: string;
  /** Said in the line below the table. */
  readonly remark?: string;
  /** What the filter looks at; no filter without. */
  readonly filterText?: (row: T) => string;
  /** Rows are buttons then. */
  readonly onSelect?: (row: T) => void;
  readonly isSelected?: (row: T) => boolean;
}

interface ShownRow<T> {
  readonly root: HTMLTableRowElement;
  readonly show: (row: T) => void;
}

export class SortableTable<T> {
  readonly root = element("div", { className: "data" });
  /** Beside the filter. */
  readonly bar = element("div", { className: "data-bar" });
  readonly #options: SortableOptions<T>;
  readonly #scroller = element("div", { className: "data-scroll" });
  readonly #table = element("table");
  readonly #body = this.#table.createTBody();
  readonly #line = element("p", { className: "note data-line" });
  readonly #headers: HTMLTableCellElement[] = [];
  /** Those in the document, by their keys, in their order. */
  #rows = new Map<string, ShownRow<T>>();
  #all: readonly T[] = [];
  /** Those that fit the filter, in their order; and where the ones begin that are in the document. */
  #ordered: readonly T[] = [];
  #from = 0;
  #frame = 0;
  #filter = "";
  #sort: { column: number; order: Order } | undefined;
  #keys: string[] = [];

  constructor(options: SortableOptions<T>) {
    this.#options = options;
    this.#table.id = `${options.name}-table`;
    this.#table.append(element("caption", { className: "visually-hidden", text: options.caption }));
    this.#makeHead();
    if (options.filterText !== undefined) this.bar.append(this.#makeFilter());
    this.#scroller.tabIndex = 0;
    this.#scroller.setAttribute("role", "region");
    this.#scroller.setAttribute("aria-label", options.caption);
    this.#scroller.append(this.#table);
    this.#scroller.addEventListener("scroll", () => {
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        if (this.#first() !== this.#from) this.#draw(true);
      });
    });
    this.#line.id = `${options.name}-line`;
    this.root.append(this.bar, this.#scroller, this.#line);
  }

  show(rows: readonly T[]): void {
    this.#all = rows;
    this.#show(this.#isLookedAt());
  }

  /** Marks the row that is selected now. */
  select(): void {
    this.#show(true);
  }

  /** Rows keep their places while someone points at them or moves among them by keys. */
  #isLookedAt(): boolean {
    return this.#body.matches(":hover, :focus-within");
  }

  #show(keepsPlaces: boolean): void {
    const { key, remark } = this.#options;
    const fitting = filtered(this.#all, this.#filter, this.#options.filterText ?? (() => ""));
    this.#ordered = this.#inOrder(fitting);
    if (keepsPlaces) this.#ordered = this.#asBefore(fitting);
    this.#keys = this.#ordered.map(key);
    this.#draw(keepsPlaces);
    setText(this.#line, this.#lineText(fitting.length) + (remark === undefined ? "" : ` ${remark}`));
  }

  /** The first row that should be in the document: by leaps, so that it seldom changes, and with a leap to spare on both sides. */
  #first(): number {
    const stride = MOST_ROWS / 4;
    const top = Math.floor(this.#scroller.scrollTop / ROW_PIXELS / stride) * stride;
    return Math.max(Math.min(top - stride, this.#ordered.length - MOST_ROWS), 0);
  }

  /** @param keepsPlaces whether a row stays the same element: else the elements stay where they are, which costs less. */
  #draw(keepsPlaces: boolean): void {
    const { key, isSelected } = this.#options;
    const from = (this.#from = this.#first());
    const all = this.#ordered.length;
    const byKey = new Map(this.#ordered.slice(from, from + MOST_ROWS).map((row) => [key(row), row]));
    const before = this.#rows;
    const spare = [...before].filter(([one]) => !keepsPlaces || !byKey.has(one)).map(([, shown]) => shown);
    // Who moves among the rows by keys is not sent back to the top of the page.
    if (spare.some(({ root }) => root.contains(document.activeElement))) this.#scroller.focus({ preventScroll: true });
    // The rows that are not there leave their room.
    this.#table.style.setProperty("margin", `${from * ROW_PIXELS}px 0 ${Math.max(all - from - MOST_ROWS, 0) * ROW_PIXELS}px`);
    this.#table.setAttribute("aria-rowcount", String(all + 1));
    this.#rows = new Map();
    let next = this.#body.firstElementChild;
    let place = from + 2;
    for (const [one, row] of byKey) {
      const shown = (keepsPlaces ? before.get(one) : undefined) ?? spare.shift() ?? this.#makeRow();
      this.#rows.set(one, shown);
      if (shown.root === next) next = next.nextElementSibling;
      else this.#body.insertBefore(shown.root, next);
      shown.show(row);
      shown.root.setAttribute("aria-rowindex", String(place++));
      if (isSelected?.(row) === true) shown.root.setAttribute("aria-current", "true");
      else shown.root.removeAttribute("aria-current");
    }
    for (const { root } of spare) root.remove();
  }

  #inOrder(rows: readonly T[]): readonly T[] {
    const { compare, columns } = this.#options;
    const inTrouble = compare === undefined ? rows : rows.toSorted(compare);
    if (this.#sort === undefined) return inTrouble;
    const column = columns[this.#sort.column]!;
    return sorted(inTrouble, column.value ?? column.text, this.#sort.order);
  }

  /** The rows that were there, where they were; then those that came. */
  #asBefore(fitting: readonly T[]): readonly T[] {
    const { key } = this.#options;
    const byKey = new Map(fitting.map((row) => [key(row), row]));
    const kept = this.#keys.flatMap((one) => byKey.get(one) ?? []);
    const known = new Set(this.#keys);
    return [...kept, ...this.#ordered.filter((row) => !known.has(key(row)))];
  }

  #lineText(fitting: number): string {
    const { noun, compareName } = this.#options;
    if (this.#filter !== "") return fitting === 0 ? `None of ${count(this.#all.length)} ${noun} fits.` : `${count(fitting)} of ${count(this.#all.length)} ${noun}.`;
    const isLong = fitting > MOST_ROWS && this.#sort === undefined && compareName !== undefined;
    return `${count(fitting)} ${noun}${isLong ? `, ${compareName}` : ""}.`;
  }

  #makeHead(): void {
    const head = this.#table.createTHead().insertRow();
    for (const [place, { title, number }] of this.#options.columns.entries()) {
      const cell = element("th", { className: number === true ? "number" : "" });
      cell.scope = "col";
      const button = element("button", { text: title });
      button.type = "button";
      button.addEventListener("click", () => this.#sortBy(place));
      cell.append(button);
      head.append(cell);
      this.#headers.push(cell);
    }
  }

  /** Its natural order, the other one, and then the table's own again. */
  #sortBy(column: number): void {
    const natural: Order = this.#options.columns[column]!.number === true ? "descending" : "ascending";
    const other: Order = natural === "ascending" ? "descending" : "ascending";
    if (this.#sort?.column !== column) this.#sort = { column, order: natural };
    else this.#sort = this.#sort.order === natural ? { column, order: other } : undefined;
    for (const [place, cell] of this.#headers.entries()) {
      if (place === this.#sort?.column) cell.setAttribute("aria-sort", this.#sort.order);
      else cell.removeAttribute("aria-sort");
    }
    this.#show(false);
  }

  #makeFilter(): HTMLElement {
    const input = element("input");
    input.type = "text";
    input.id = `${this.#options.name}-filter`;
    input.placeholder = `Filter ${this.#options.noun}`;
    input.setAttribute("aria-label", `Filter ${this.#options.noun}`);
    input.autocomplete = "off";
    input.spellcheck = false;
    input.addEventListener("input", () => {
      this.#filter = input.value;
      this.#scroller.scrollTop = 0;
      this.#show(false);
    });
    return input;
  }

  #makeRow(): ShownRow<T> {
    const { columns, onSelect } = this.#options;
    const root = element("tr");
    let current: T | undefined;
    const shows = columns.map((column, place) => {
      const cell = element(place === 0 ? "th" : "td", { className: column.number === true ? "number" : "" }) as HTMLTableCellElement;
      if (place === 0) cell.scope = "row";
      root.append(cell);
      const content = element(place === 0 && onSelect !== undefined ? "button" : "span");
      if (content instanceof HTMLButtonElement) content.type = "button";
      cell.append(content);
      if (column.make !== undefined) return column.make(content);
      let before: string | undefined;
      return (row: T): void => {
        const text = column.text(row);
        if (text !== before) {
          before = content.textContent = text;
          // What is cut off can be read by pointing at it.
          if (column.number !== true && column.hint === undefined) content.title = text;
        }
        // Rows whose text is the same may be told apart by it.
        if (column.label !== undefined) content.ariaLabel = column.label(row);
        if (column.hint !== undefined) content.title = column.hint(row);
        if (column.className !== undefined) content.className = column.className(row);
      };
    });
    if (onSelect !== undefined) {
      root.addEventListener("click", () => {
        if (current !== undefined) onSelect(current);
      });
    }
    return {
      root,
      show: (row) => {
        current = row;
        for (const show of shows) show(row);
      },
    };
  }
}
