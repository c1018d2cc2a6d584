/** The health card: the whole in one word, what is wrong, and where. */

import type { PartitionFigures } from "streamgauge";
import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { count } from "../../format.js";
import { healthOf, MEANINGS, nameOf, STATUSES } from "../../model/health.js";
import type { Moment } from "../../model/moment.js";
import { byId, element, setText } from "../dom.js";
import { StatusPill } from "./status.js";

/** Partitions that are named. */
const MOST_NAMED = 8;

interface TroubledRow {
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
  readonly pill: StatusPill;
  readonly name: HTMLElement;
  readonly reason: HTMLElement;
  partition: PartitionFigures | undefined;
}

export class HealthCard {
  readonly #session: Session;
  readonly #pill = new StatusPill();
  readonly #reason = element("p", { className: "health-reason" });
  readonly #counts = new Map(STATUSES.map((status) => [status, element("span")]));
  readonly #rows: TroubledRow[] = [];
  readonly #list = element("ul");
  readonly #more = element("button", { className: "quiet" });
  readonly #rebalances = element("dd");
  readonly #stuck = element("dd");

  constructor(root: HTMLElement, session: Session, settings: SettingsHub) {
    this.#session = session;
    this.#reason.id = "health-reason";
    this.#list.id = "health-troubled";
    this.#rebalances.id = "health-rebalances";
    this.#stuck.id = "health-stuck";
    this.#pill.root.id = "health-status";
    const header = element("header");
    header.append(element("h2", { text: "Health" }), this.#pill.root);
    root.append(header, this.#reason, this.#makeCounts(), this.#makeTroubled(settings), this.#makeFacts(), makeMeanings());
  }

  show({ snapshot }: Moment): void {
    const health = healthOf(snapshot, MOST_NAMED, this.#session.layout.partitions.length);
    this.#pill.show(health.status);
    setText(this.#reason, health.reason);
    this.#reason.title = health.reason;
    for (const { status, count: partitions } of health.counts) {
      const cell = this.#counts.get(status)!;
      setText(cell, count(partitions));
      cell.parentElement!.classList.toggle("none", partitions === 0);
    }
    this.#showTroubled(health.troubled);
    this.#more.hidden = health.more === 0;
    setText(this.#more, `${count(health.more)} more`);
    setText(this.#rebalances, health.rebalances);
    this.#rebalances.classList.toggle("alarming", health.isStorm);
    setText(this.#stuck, health.stuck);
    this.#stuck.classList.toggle("alarming", health.areStuck);
  }

  /** Which row stands for what is looked at. */
  select(): void {
    const selection = this.#session.selection;
    for (const { button, partition } of this.#rows) {
      const isSelected = selection?.kind === "partition" && selection.topic === partition?.topic && selection.partition === partition.partition;
      if (isSelected) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  #makeCounts(): HTMLElement {
    const list = element("ul", { className: "health-counts" });
    list.setAttribute("aria-label", "Partitions by status");
    for (const { status } of MEANINGS) {
      const item = element("li");
      item.append(this.#counts.get(status)!, new StatusPill(status).root);
      list.append(item);
    }
    return list;
  }

  #makeTroubled(settings: SettingsHub): HTMLElement {
    const box = element("div", { className: "health-troubled" });
    this.#list.setAttribute("aria-label", "Partitions that are not ok, the worst first");
    this.#more.type = "button";
    this.#more.id = "health-more";
    this.#more.hidden = true;
    this.#more.addEventListener("click", () => {
      settings.set("tab", "partitions");
      // The tabs may not be loaded yet: they are when they come near, and the focus goes on to theirs then.
      const region = byId("tabs");
      region.scrollIntoView({ block: "nearest" });
      (document.getElementById("tabs-tab-partitions") ?? region).focus();
    });
    box.append(this.#list, this.#more);
    return box;
  }

  #makeFacts(): HTMLElement {
    const facts = element("dl", { className: "health-facts" });
    facts.append(element("dt", { text: "Rebalances" }), this.#rebalances, element("dt", { text: "Stuck messages" }), this.#stuck);
    return facts;
  }

  #showTroubled(troubled: readonly PartitionFigures[]): void {
    while (this.#rows.length < troubled.length) this.#rows.push(this.#makeRow());
    for (const [place, row] of this.#rows.entries()) {
      const partition = troubled[place];
      row.item.hidden = partition === undefined;
      row.partition = partition;
      if (partition === undefined) continue;
      row.pill.show(partition.status);
      setText(row.name, nameOf(partition));
      setText(row.reason, partition.reason);
      row.button.title = `${nameOf(partition)}: ${partition.reason}`;
    }
    this.select();
  }

  #makeRow(): TroubledRow {
    const row: TroubledRow = {
      item: element("li"),
      button: element("button"),
      pill: new StatusPill(),
      name: element("bdi", { className: "name" }),
      reason: element("span", { className: "why" }),
      partition: undefined,
    };
    row.button.type = "button";
    row.button.append(row.pill.root, row.name, row.reason);
    row.button.addEventListener("click", () => {
      if (row.partition === undefined) return;
      const { topic, partition } = row.partition;
      this.#session.select({ kind: "partition", topic, partition });
    });
    row.item.append(row.button);
    this.#list.append(row.item);
    return row;
  }
}

function makeMeanings(): HTMLElement {
  const details = element("details", { className: "health-meanings" });
  details.id = "health-meanings";
  const list = element("dl");
  for (const { status, text } of MEANINGS) {
    const term = element("dt");
    term.append(new StatusPill(status).root);
    list.append(term, element("dd", { text }));
  }
  details.append(element("summary", { text: "What the five states mean" }), list, element("p", { className: "note", text: "These are the rules of Burrow, LinkedIn’s lag checker, judged over a partition’s last ten commits." }));
  return details;
}
