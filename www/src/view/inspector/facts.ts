/** Terms and their values, as a definition list whose elements stay while its terms do. */

import type { Fact } from "../../model/inspection.js";
import { element, setText, workerClass } from "../dom.js";

interface Row {
  readonly term: string;
  readonly isLink: boolean;
  readonly swatch: HTMLElement;
  readonly value: HTMLElement;
  readonly note: HTMLElement;
  fact: Fact;
}

export class Facts {
  readonly list = element("dl", { className: "inspector-facts" });
  readonly #choose: (worker: { id: number; name: string }) => void;
  #rows: Row[] = [];

  /** @param choose goes to a worker that a value names. */
  constructor(choose: (worker: { id: number; name: string }) => void) {
    this.#choose = choose;
  }

  show(facts: readonly Fact[]): void {
    const isRow = ({ term, worker }: Fact, row: Row | undefined): boolean => row?.term === term && row.isLink === (worker !== undefined);
    if (facts.length !== this.#rows.length || !facts.every((fact, place) => isRow(fact, this.#rows[place]))) this.#make(facts);
    for (const [place, fact] of facts.entries()) {
      const row = this.#rows[place]!;
      row.fact = fact;
      setText(row.value, fact.value);
      setText(row.note, fact.note ?? "");
      // It may be cut where there is no room.
      if (row.note.title !== (fact.note ?? "")) row.note.title = fact.note ?? "";
      if (fact.worker !== undefined) row.swatch.className = `swatch ${workerClass(fact.worker.id)}`;
    }
  }

  #make(facts: readonly Fact[]): void {
    this.#rows = facts.map((fact) => {
      const isLink = fact.worker !== undefined;
      const value = element(isLink ? "button" : "span", { className: isLink ? "inspector-link" : "inspector-value" });
      const row: Row = { term: fact.term, isLink, swatch: element("span"), value, note: element("span", { className: "inspector-note" }), fact };
      if (isLink) value.addEventListener("click", () => row.fact.worker && this.#choose(row.fact.worker));
      return row;
    });
    this.list.replaceChildren(
      ...this.#rows.flatMap(({ term, isLink, swatch, value, note }) => {
        const cell = element("dd");
        cell.append(...(isLink ? [swatch] : []), value, note);
        return [element("dt", { text: term }), cell];
      }),
    );
  }
}
