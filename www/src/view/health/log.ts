/** What happened, newest first: a bounded list that keeps still while nothing new comes. */

import type { Session } from "../../app/session.js";
import { clock } from "../../format.js";
import { Announcer, EventLog, newest, type EventGroup, type EventRow } from "../../model/event-log.js";
import type { LogEntry, Moment } from "../../model/moment.js";
import { element, setText } from "../dom.js";

/** Rows in the document. */
const MOST_SHOWN = 100;
/** Between two sentences for screen readers. */
const QUIET_MILLISECONDS = 4000;

const FILTERS: readonly { readonly group: EventGroup | "all"; readonly title: string }[] = [
  { group: "all", title: "All" },
  { group: "rebalance", title: "Rebalances" },
  { group: "fault", title: "Faults" },
  { group: "error", title: "Errors" },
  { group: "health", title: "Health" },
];
const WORDS: Readonly<Record<EventGroup, string>> = { rebalance: "rebalance", fault: "fault", error: "error", health: "health" };

export class LogList {
  readonly #session: Session;
  readonly #log = new EventLog();
  readonly #announcer = new Announcer(QUIET_MILLISECONDS);
  readonly #list = element("ol");
  readonly #empty = element("p", { className: "note" });
  readonly #spoken = element("p", { className: "visually-hidden" });
  readonly #items = new Map<string, HTMLLIElement>();
  #group: EventGroup | "all" = "all";

  constructor(root: HTMLElement, session: Session) {
    this.#session = session;
    const box = element("div", { className: "log" });
    box.id = "health-log";
    box.setAttribute("role", "log");
    box.setAttribute("aria-label", "Events, newest first");
    // A sentence now and then is told below: at high speed there are hundreds of events in a second.
    box.setAttribute("aria-live", "off");
    box.tabIndex = 0;
    box.append(this.#list, this.#empty);
    this.#spoken.id = "health-spoken";
    this.#spoken.setAttribute("role", "status");
    const header = element("header");
    header.append(element("h2", { text: "Events" }), this.#makeFilter());
    root.append(header, box, this.#spoken);
    this.#show();
  }

  clear(): void {
    this.#log.clear();
    this.#announcer.clear();
    this.#show();
  }

  add(entries: readonly LogEntry[]): void {
    this.#added(this.#log.add(entries));
  }

  compare({ time, snapshot }: Moment): void {
    this.#added(this.#log.compare(time, snapshot));
  }

  #added(rows: readonly EventRow[]): void {
    if (rows.length > 0) this.#show();
    const sentence = this.#announcer.hear(rows, performance.now());
    if (sentence !== undefined) setText(this.#spoken, sentence);
  }

  #makeFilter(): HTMLElement {
    const choice = element("div", { className: "choice" });
    choice.setAttribute("role", "radiogroup");
    choice.setAttribute("aria-label", "Which events");
    for (const { group, title } of FILTERS) {
      const label = element("label");
      const input = element("input");
      input.type = "radio";
      input.name = "health-log-filter";
      input.value = group;
      input.checked = group === this.#group;
      input.addEventListener("change", () => {
        this.#group = group;
        this.#show();
      });
      label.append(input, element("span", { text: title }));
      choice.append(label);
    }
    return choice;
  }

  /** Rows that stay are not touched: focus and the reader's place stay, too. */
  #show(): void {
    const rows = newest(this.#log.rows, this.#group, MOST_SHOWN);
    const wanted = new Set(rows.map(({ key }) => key));
    for (const [key, item] of this.#items) {
      if (wanted.has(key)) continue;
      item.remove();
      this.#items.delete(key);
    }
    let next = this.#list.firstElementChild;
    for (const row of rows) {
      let item = this.#items.get(row.key);
      if (item === undefined) this.#items.set(row.key, (item = this.#makeItem(row)));
      if (item === next) next = item.nextElementSibling;
      else this.#list.insertBefore(item, next);
    }
    this.#empty.hidden = rows.length > 0;
    setText(this.#empty, this.#group === "all" ? "Nothing happened yet." : "Nothing of this kind happened yet.");
  }

  #makeItem(row: EventRow): HTMLLIElement {
    const item = element("li", { className: `event event-${row.group}` });
    const parts = [element("time", { text: clock(row.time) }), element("span", { className: "kind", text: WORDS[row.group] }), element("bdi", { className: "what", text: row.text })];
    const { partition, worker } = row;
    if (partition === null && worker === null) {
      item.append(...parts);
      return item;
    }
    const button = element("button");
    button.type = "button";
    button.append(...parts);
    button.addEventListener("click", () => {
      if (partition !== null) this.#session.select({ kind: "partition", ...partition });
      else if (worker !== null) this.#session.select({ kind: "worker", id: worker, name: this.#nameOf(worker) });
    });
    item.append(button);
    return item;
  }

  #nameOf(worker: number): string {
    return this.#session.moment?.workers.find(({ id }) => id === worker)?.name ?? `worker-${worker}`;
  }
}
