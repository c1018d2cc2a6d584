/** What process, or what group of them, the figures are of. */

import type { Session } from "../../app/session.js";
import type { Moment, WorkerMoment } from "../../model/moment.js";
import { element, setText, workerClass } from "../dom.js";
import { age } from "./words.js";

/** More names than anyone reads. */
const MOST_NAMES = 12;

interface Fact {
  readonly name: string;
  readonly value: (moment: Moment) => string;
}

const FACTS: readonly Fact[] = [
  { name: "Origin", value: () => location.host + location.pathname.replace(/\/$/, "") },
  { name: "Up since", value: ({ snapshot }) => (snapshot === undefined ? "" : `${dayAndTime(snapshot.since)}, for ${age(snapshot.at - snapshot.since)}`) },
  { name: "Lives", value: ({ snapshot }) => String(Math.max(snapshot?.merged.length ?? 0, 1)) },
  { name: "Partitions", value: ({ snapshot }) => (snapshot === undefined ? "" : `${snapshot.ownership.owned} owned of ${snapshot.partitions.length}`) },
  { name: "Form", value: ({ snapshot }) => snapshot?.snapshot ?? "" },
];

export class ProcessView {
  readonly #root = element("section", { className: "card process" });
  readonly #title = element("h2");
  readonly #names = element("ul", { className: "process-workers" });
  readonly #values: HTMLElement[] = [];

  constructor(session: Session) {
    this.#root.id = "process";
    this.#title.id = "process-title";
    this.#root.setAttribute("aria-labelledby", this.#title.id);
    setText(this.#title, "Process");
    const facts = element("dl", { className: "facts" });
    for (const { name } of FACTS) {
      const value = element("dd");
      this.#values.push(value);
      facts.append(element("dt", { text: name }), value);
    }
    this.#root.append(this.#title, this.#names, facts);
    document.querySelector(".side")!.prepend(this.#root);
    session.on("moment", (moment) => this.#show(moment));
  }

  #show(moment: Moment): void {
    const { workers } = moment;
    setText(this.#title, workers.length > 1 ? `${workers.length} workers` : "Process");
    for (const [place, { value }] of FACTS.entries()) setText(this.#values[place]!, value(moment));
    this.#showNames(workers);
  }

  #showNames(workers: readonly WorkerMoment[]): void {
    const shown = workers.slice(0, MOST_NAMES);
    const lines = shown.length + (workers.length > shown.length ? 1 : 0);
    while (this.#names.children.length > lines) this.#names.lastElementChild!.remove();
    while (this.#names.children.length < lines) {
      const line = element("li");
      line.append(element("span", { className: "swatch" }), element("span", { className: "process-name" }), element("span", { className: "process-away" }));
      this.#names.append(line);
    }
    for (const [place, { id, name, state }] of shown.entries()) {
      const [swatch, text, away] = this.#names.children[place]!.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
      swatch.className = `swatch ${workerClass(id)}`;
      setText(text, name === "" ? "a worker without a name" : name);
      text.title = name;
      setText(away, state === "offline" ? "away" : "");
    }
    if (lines > shown.length) {
      const [swatch, text, away] = this.#names.lastElementChild!.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
      swatch.className = "";
      setText(text, `and ${workers.length - shown.length} more`);
      text.title = "";
      setText(away, "");
    }
  }
}

/** `2026-03-01 12:03:05`, by the reader's own clock. */
function dayAndTime(unix: number): string {
  const date = new Date(unix * 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}
