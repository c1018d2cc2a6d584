/** A table that is sorted by its headers, filtered by a field, and never longer than its bound. */

import { count } from "../../format.js";
import { filtered, sorted, type Order, type SortValue } from "../../model/sorting.js";
import { element, setText } from "../dom.js";

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
  readonly most: number;
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
  readonly #table = element("table");
  readonly #body = this.#table.createTBody();
  readonly #line = element("p", { className: "note data-line" });
  readonly #headers: HTMLTableCellElement[] = [];
  readonly #rows = new Map<string, ShownRow<T>>();
  #all: readonly T[] = [];
  #filter = "";
  #sort: { column: number; order: Order } | undefined;
  #keys: string[] = [];

  constructor(options: SortableOptions<T>) {
    this.#options = options;
    this.#table.id = `${options.name}-table`;
    this.#table.append(element("caption", { className: "visually-hidden", text: options.caption }));
    this.#makeHead();
    if (options.filterText !== undefined) this.bar.append(this.#makeFilter());
    const scroller = element("div", { className: "data-scroll" });
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "region");
    scroller.setAttribute("aria-label", options.caption);
    scroller.append(this.#table);
    this.#line.id = `${options.name}-line`;
    this.root.append(this.bar, scroller, this.#line);
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
    const { key, most, isSelected } = this.#options;
    const fitting = filtered(this.#all, this.#filter, this.#options.filterText ?? (() => ""));
    let rows: readonly T[] = this.#inOrder(fitting).slice(0, most);
    if (keepsPlaces) rows = this.#asBefore(fitting, rows);
    const byKey = new Map(rows.map((row) => [key(row), row]));
    for (const [one, shown] of this.#rows) {
      if (byKey.has(one)) continue;
      shown.root.remove();
      this.#rows.delete(one);
    }
    this.#keys = [...byKey.keys()];
    let next = this.#body.firstElementChild;
    for (const [one, row] of byKey) {
      let shown = this.#rows.get(one);
      if (shown === undefined) this.#rows.set(one, (shown = this.#makeRow(one)));
      if (shown.root === next) next = next.nextElementSibling;
      else this.#body.insertBefore(shown.root, next);
      shown.show(row);
      if (isSelected?.(row) === true) shown.root.setAttribute("aria-current", "true");
      else shown.root.removeAttribute("aria-current");
    }
    const { remark } = this.#options;
    setText(this.#line, this.#lineText(fitting.length, rows.length) + (remark === undefined ? "" : ` ${remark}`));
  }

  #inOrder(rows: readonly T[]): readonly T[] {
    const { compare, columns } = this.#options;
    const inTrouble = compare === undefined ? rows : rows.toSorted(compare);
    if (this.#sort === undefined) return inTrouble;
    const column = columns[this.#sort.column]!;
    return sorted(inTrouble, column.value ?? column.text, this.#sort.order);
  }

  /** The rows that were shown, where they were; then those that came. */
  #asBefore(fitting: readonly T[], rows: readonly T[]): readonly T[] {
    const byKey = new Map(fitting.map((row) => [this.#options.key(row), row]));
    const kept = this.#keys.flatMap((key) => (byKey.has(key) ? [byKey.get(key) as T] : []));
    const shown = new Set(kept);
    return [...kept, ...rows.filter((row) => !shown.has(row))].slice(0, this.#options.most);
  }

  #lineText(fitting: number, shown: number): string {
    const { noun, compareName } = this.#options;
    const of = this.#filter === "" ? "" : ` of ${count(this.#all.length)}`;
    if (shown === fitting) return fitting === 0 && this.#filter !== "" ? `None of ${count(this.#all.length)} ${noun} fits.` : `${count(fitting)}${of} ${noun}.`;
    const order = this.#sort === undefined ? (compareName ?? "") : `by ${this.#options.columns[this.#sort.column]!.title.toLowerCase()}`;
    return `The first ${count(shown)} of ${count(fitting)} ${noun} are shown, ${order}. The filter finds the others.`;
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
      this.#show(false);
    });
    return input;
  }

  #makeRow(key: string): ShownRow<T> {
    const { columns, onSelect } = this.#options;
    const root = element("tr");
    root.dataset["key"] = key;
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
          if (column.label !== undefined) content.setAttribute("aria-label", column.label(row));
        }
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
