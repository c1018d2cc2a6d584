/** The run's curves, over one time axis with one cursor. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { rowsOf } from "../../model/columns.js";
import type { Span } from "../../model/rebalances.js";
import { scaled, shownWindow, zoomed, type Range, type Window } from "../../model/window.js";
import { byId, element, setText } from "../dom.js";
import { onThemeChange } from "../theme.js";
import { Chart } from "./chart.js";
import { GROUP_KINDS } from "./kinds.js";
import { busyKind, heldKind, lagKind } from "./lane-kinds.js";
import type { Material } from "./picture.js";
import { chartTools, choice } from "./tools.js";

/** Milliseconds between two drawings of the same chart. */
const PACE = 250;
/** Milliseconds that charts may take of one animation frame: the topology moves on beside them. */
const BUDGET = 5;
/** Milliseconds between two texts for screen readers. */
const TELL_PACE = 3000;
/** Readings that an arrow key with Shift passes over. */
const STRIDE = 10;

/** What is drawn at one time, however many animation frames that takes. */
interface Round {
  readonly time: number;
  readonly window: Window;
  readonly rebalances: readonly Span[];
}

export class ChartsView {
  readonly #root = byId("charts");
  readonly #session: Session;
  readonly #settings: SettingsHub;
  readonly #charts: readonly Chart[];
  readonly #reset: HTMLButtonElement;
  readonly #told: HTMLElement;
  readonly #inView = new Set<Chart>();
  readonly #stale = new Set<Chart>();
  #range: Range = 300;
  #zoom: Window | undefined;
  /** Where the keyboard holds the cursor, in seconds. */
  #held: number | null = null;
  #material: (Material & Round) | undefined;
  #drawnAt = -Infinity;
  #toldAt = -Infinity;
  /** A moment came while charts were drawn. */
  #isWanted = false;
  #timer: number | undefined;
  #teller: number | undefined;
  #frame: number | undefined;

  constructor(session: Session, settings: SettingsHub) {
    this.#session = session;
    this.#settings = settings;
    const { THROUGHPUT, RUNTIME, HEATMAP, ERRORS } = GROUP_KINDS;
    const kinds = [lagKind(), THROUGHPUT, RUNTIME, HEATMAP, heldKind(), busyKind(), ERRORS];
    const events = { zoom: (from: number, to: number) => this.#zoomTo(zoomed(from, to)), resetZoom: () => this.#zoomTo(undefined) };
    this.#charts = kinds.map((kind) => new Chart(kind, events));
    const tools = chartTools((range) => {
      this.#range = range;
      this.#zoomTo(undefined);
    });
    this.#reset = tools.reset;
    this.#told = tools.told;
    this.#reset.addEventListener("click", () => this.#zoomTo(undefined));
    const grid = element("div", { className: "chart-grid" });
    grid.append(...this.#charts.map(({ card }) => card));
    this.#root.append(tools.bar, grid);
    this.#chart("lag").addChoice(this.#lagUnit());

    const seen = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "100px" });
    for (const chart of this.#charts) {
      seen.observe(chart.card);
      chart.host.addEventListener("keydown", (event) => this.#key(chart, event));
      chart.host.addEventListener("blur", () => this.#hold(chart, null));
    }
    session.on("begin", () => {
      if (session.source?.kind === "recording") tools.setRange((this.#range = 0));
      this.#held = null;
      this.#toldAt = -Infinity;
      this.#zoomTo(undefined);
    });
    session.on("moment", () => this.#plan());
    session.on("selection", () => this.#drawAll());
    settings.on("change", (name) => {
      if (name === "lagUnit") this.#drawAll();
    });
    onThemeChange(() => {
      for (const chart of this.#charts) chart.redraw();
    });
  }

  #chart(id: string): Chart {
    return this.#charts.find(({ kind }) => kind.id === id)!;
  }

  #lagUnit(): HTMLElement {
    const { values } = this.#settings;
    const units = choice("charts-lag-unit", "Unit of the lag", [["records", "records"], ["seconds", "seconds"]], values.lagUnit, (unit) => this.#settings.set("lagUnit", unit));
    this.#settings.on("change", () => units.check(values.lagUnit));
    return units.group;
  }

  #see(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const chart = this.#charts.find(({ card }) => card === target)!;
      if (isIntersecting) this.#inView.add(chart);
      else this.#inView.delete(chart);
    }
    this.#nextFrame();
  }

  /** Draws soon, but not more often than it should, and not before what was begun is done. */
  #plan(): void {
    if (this.#isDrawing) this.#isWanted = true;
    else
      this.#timer ??= window.setTimeout(
        () => {
          this.#timer = undefined;
          this.#drawAll();
        },
        Math.max(this.#drawnAt + PACE - performance.now(), 0),
      );
  }

  /** Everything anew, from the newest moment. */
  #drawAll(): void {
    this.#drawnAt = performance.now();
    this.#material = undefined;
    for (const chart of this.#charts) this.#stale.add(chart);
    this.#nextFrame();
  }

  get #isDrawing(): boolean {
    return this.#charts.some((chart) => this.#stale.has(chart) && this.#inView.has(chart));
  }

  #nextFrame(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#drawSome();
    });
  }

  /** Draws what can be seen, as much as fits into an animation frame; the rest in the next. */
  #drawSome(): void {
    const material = (this.#material ??= this.#gather());
    if (material === undefined) return this.#stale.clear();
    const deadline = performance.now() + BUDGET;
    this.#tell();
    for (const chart of this.#charts) {
      if (!this.#stale.has(chart) || !this.#inView.has(chart)) continue;
      if (performance.now() > deadline) return this.#nextFrame();
      this.#stale.delete(chart);
      chart.show(chart.kind.picture(material), material.window, material.rebalances, this.#held ?? this.#lookedAt);
    }
    this.#root.dataset["time"] = String(material.time);
    if (this.#isWanted) this.#plan();
    this.#isWanted = false;
  }

  /** What all charts are drawn from, so that they show the same moment. */
  #gather(): (Material & Round) | undefined {
    const { moment, history } = this.#session;
    if (moment === undefined) return undefined;
    const window = this.#shown(moment.time);
    const points = history.from(window.from);
    return { session: this.#session, settings: this.#settings.values, points, rows: rowsOf(points), time: moment.time, window, rebalances: [...history.rebalances] };
  }

  /** A recording is there to its end: the whole of it shows what is to come, too. */
  #shown(time: number): Window {
    const { history, progress } = this.#session;
    return shownWindow(this.#range, this.#range === 0 ? (progress.end ?? time) : time, history.interval, this.#zoom, history.start);
  }

  /** Where a recording is looked at, before its end: the cursor stands there. */
  get #lookedAt(): number | null {
    const { moment, progress } = this.#session;
    return progress.end === null || moment === undefined || moment.time >= progress.end ? null : moment.time;
  }

  /** The texts for screen readers, of charts out of view too: whoever reads on finds them up to date. */
  #tell(): void {
    this.#teller ??= window.setTimeout(
      () => {
        this.#teller = undefined;
        this.#toldAt = performance.now();
        const material = this.#gather();
        if (material === undefined) return;
        const at = this.#lookedAt;
        const points = (at === null ? material.points : material.points.filter(({ time }) => time <= at)).slice(-2);
        for (const chart of this.#charts) chart.describe(chart.kind.picture({ ...material, points, rows: rowsOf(points) }));
      },
      Math.max(this.#toldAt + TELL_PACE - performance.now(), 0),
    );
  }

  #zoomTo(zoom: Window | undefined): void {
    this.#zoom = zoom;
    this.#reset.classList.toggle("away", zoom === undefined);
    for (const chart of this.#charts) chart.hideSelection();
    this.#drawAll();
  }

  #hold(chart: Chart, time: number | null): void {
    if (time === null && this.#held === null) return;
    this.#held = time;
    for (const one of this.#charts) one.pointAt(time);
    setText(this.#told, time === null ? "" : chart.sentenceAt(time));
  }

  /** Arrow keys move the cursor, plus and minus zoom around it, Escape goes back. */
  #key(chart: Chart, event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const material = (this.#material ??= this.#gather());
    const times = material?.rows.filter(({ point }) => point !== null).map(({ time }) => time) ?? [];
    if (material === undefined || times.length === 0) return;
    const nearest = this.#held === null ? times.length : times.findIndex((time) => time >= this.#held!);
    const stride = event.shiftKey ? STRIDE : 1;
    const to = (place: number): void => this.#hold(chart, times[Math.min(Math.max(place, 0), times.length - 1)]!);
    const shown = material.window;
    const zoom = (factor: number): void => this.#zoomTo(scaled(shown, factor, this.#held ?? shown.to, { from: this.#session.history.start, to: Math.max(material.time, shown.to) }));
    const actions: Record<string, () => void> = {
      ArrowLeft: () => to((nearest === -1 ? times.length : nearest) - stride),
      ArrowRight: () => to((nearest === -1 ? times.length : nearest) + stride),
      Home: () => to(0),
      End: () => to(times.length - 1),
      "+": () => zoom(0.5),
      "-": () => zoom(2),
      Escape: () => (this.#held === null ? this.#zoomTo(undefined) : this.#hold(chart, null)),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }
}
