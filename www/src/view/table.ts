/** A table whose rows stay where they are: only the text of cells changes. */

import { element, setText } from "./dom.js";

export interface Column<T> {
  readonly title: string;
  /** A number: set to the right. */
  readonly number?: boolean;
  readonly text: (row: T) => string;
  /** A class on the cell's text, such as an owner's colour. */
  readonly className?: (row: T) => string;
}

export class Table<T> {
  readonly #columns: readonly Column<T>[];
  readonly #key: (row: T) => string;
  readonly #body: HTMLTableSectionElement;
  #rows: { key: string; cells: HTMLElement[] }[] = [];

  constructor(table: HTMLTableElement, columns: readonly Column<T>[], key: (row: T) => string) {
    this.#columns = columns;
    this.#key = key;
    const head = table.createTHead().insertRow();
    for (const { title, number } of columns) {
      const cell = element("th", { text: title, className: number === true ? "number" : "" });
      cell.scope = "col";
      head.append(cell);
    }
    this.#body = table.createTBody();
  }

  show(rows: readonly T[]): void {
    const keys = rows.map(this.#key);
    if (keys.length !== this.#rows.length || keys.some((key, place) => key !== this.#rows[place]?.key)) this.#make(keys);
    for (const [place, row] of rows.entries()) {
      for (const [column, cell] of this.#rows[place]!.cells.entries()) {
        const { text, className } = this.#columns[column]!;
        setText(cell, text(row));
        if (className !== undefined) cell.className = className(row);
      }
    }
  }

  #make(keys: readonly string[]): void {
    this.#body.replaceChildren();
    this.#rows = keys.map((key) => {
      const row = this.#body.insertRow();
      const cells = this.#columns.map(({ number }, place) => {
        const cell = element(place === 0 ? "th" : "td", { className: number === true ? "number" : "" });
        if (cell instanceof HTMLTableCellElement && place === 0) cell.scope = "row";
        const content = element("span");
        cell.append(content);
        row.append(cell);
        return content;
      });
      return { key, cells };
    });
  }
}
