/** Tables, asdict(), snapshot() and what exporters say, one at a time. */

import type { Session } from "../../app/session.js";
import { TABS, type SettingsHub, type Tab } from "../../app/settings.js";
import { byId, element } from "../dom.js";
import { throttled } from "../topology/throttle.js";
import type { TextTab } from "./text-tab.js";
import { latenciesPanel, partitionsPanel, workersPanel, type TablePanel } from "./tables.js";

const TITLES: Readonly<Record<Tab, string>> = {
  partitions: "Partitions",
  workers: "Workers",
  latencies: "Latencies",
  asdict: "asdict()",
  snapshot: "snapshot()",
  openmetrics: "OpenMetrics",
  prometheus: "Prometheus",
  statsd: "StatsD",
};

/** Milliseconds from one drawing to the next while the tabs are out of sight: who reads on finds them up to date. */
const UNSEEN_PACE = 3000;

interface Part {
  readonly tab: HTMLButtonElement;
  readonly panel: HTMLElement;
  table?: TablePanel;
  text?: TextTab;
}

export class TabsView {
  readonly #session: Session;
  readonly #settings: SettingsHub;
  readonly #parts = new Map<Tab, Part>();

  constructor(session: Session, settings: SettingsHub) {
    this.#session = session;
    this.#settings = settings;
    const root = byId("tabs");
    const list = element("div", { className: "tab-list" });
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", "Data");
    list.addEventListener("keydown", (event) => this.#move(event));
    root.append(list);
    for (const tab of TABS) {
      const part = this.#makePart(tab);
      this.#parts.set(tab, part);
      list.append(part.tab);
      root.append(part.panel);
    }
    const show = (): void => {
      const { moment } = session;
      if (moment === undefined) return;
      this.#current.table?.show(moment);
      root.dataset["time"] = String(moment.time);
    };
    const showSometimes = throttled(UNSEEN_PACE, show);
    let isSeen = true;
    new IntersectionObserver((entries) => {
      isSeen = entries.at(-1)!.isIntersecting;
      if (isSeen) show();
    }).observe(root);
    session.on("moment", () => (isSeen ? show() : showSometimes()));
    session.on("begin", () => this.#parts.forEach(({ text }) => text?.begin()));
    session.on("selection", () => this.#current.table?.select());
    settings.on("change", (name) => {
      if (name === "tab") this.#open();
    });
    this.#open();
    show();
    if (document.activeElement === root) this.#current.tab.focus();
  }

  get #current(): Part {
    return this.#parts.get(this.#settings.values.tab)!;
  }

  #makePart(name: Tab): Part {
    const tab = element("button", { text: TITLES[name] });
    tab.type = "button";
    tab.id = `tabs-tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", `tabs-panel-${name}`);
    tab.addEventListener("click", () => this.#settings.set("tab", name));
    const panel = element("div", { className: "tab-panel" });
    panel.id = `tabs-panel-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    return { tab, panel };
  }

  #open(): void {
    const open = this.#settings.values.tab;
    for (const [name, { tab, panel, text }] of this.#parts) {
      const isOpen = name === open;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      panel.hidden = !isOpen;
      text?.setOpen(isOpen);
    }
    const part = this.#current;
    if (part.panel.firstChild === null) this.#fill(open, part);
    if (this.#session.moment !== undefined) part.table?.show(this.#session.moment);
  }

  #fill(name: Tab, part: Part): void {
    if (name === "partitions" || name === "workers" || name === "latencies") {
      part.table = name === "partitions" ? partitionsPanel(this.#session) : name === "workers" ? workersPanel(this.#session) : latenciesPanel();
      part.panel.append(part.table.root);
      return;
    }
    const loading = element("p", { className: "note", text: "Loading …" });
    part.panel.append(loading);
    import("./text-tab.js").then(
      ({ makeTextTab }) => {
        part.text = makeTextTab(name, this.#session);
        loading.replaceWith(part.text.root);
        part.text.setOpen(this.#settings.values.tab === name);
      },
      () => {
        // The next look at it tries again.
        part.panel.replaceChildren();
        this.#session.emit("notice", `The tab ${TITLES[name]} could not be loaded.`);
      },
    );
  }

  /** Left and right, Home and End, as in every list of tabs. */
  #move(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const place = TABS.indexOf(this.#settings.values.tab);
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const name = TABS[(next + TABS.length) % TABS.length]!;
    this.#settings.set("tab", name);
    this.#parts.get(name)!.tab.focus();
  }
}
