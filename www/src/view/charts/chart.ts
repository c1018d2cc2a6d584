/** One chart: its title, its legend, its curves. It draws pictures; it computes nothing but the axes. */

import uPlot from "uplot";
import type { Window } from "../../model/window.js";
import type { Span } from "../../model/rebalances.js";
import { moment } from "../../format.js";
import { element, setText } from "../dom.js";
import { colour } from "../theme.js";
import { logMarks, logRange, roundUp, TIME_STEPS, timeMarks } from "./axes.js";
import { drawHeatmap, heatmapRange } from "./heat.js";
import { Legend } from "./legend.js";
import type { Kind, Look, Picture } from "./picture.js";
import { isolated, shadeSpans } from "./shapes.js";

const FONT = '11px "IBM Plex Sans", system-ui, sans-serif';
const CURSORS = "streamgauge";
/** Space of the axis of values, so that all charts of a column begin at the same place. */
const AXIS = 52;

/** What a chart tells the others. */
export interface ChartEvents {
  /** A span was chosen by dragging. */
  zoom(from: number, to: number): void;
  resetZoom(): void;
}

export class Chart {
  readonly card = element("article", { className: "card chart" });
  /** What has the focus, and the cursor's keys. */
  readonly host = element("div", { className: "plot" });
  readonly kind: Kind;
  readonly #unit = element("span", { className: "note unit" });
  readonly #summary = element("p", { className: "visually-hidden" });
  readonly #legend: Legend;
  readonly #plot: uPlot;
  #picture: Picture | undefined;
  #window: Window = { from: 0, to: 60 };
  /** Whether the cursor stands where it was put, and not where the mouse is. */
  #isHeld = false;
  #rebalances: readonly Span[] = [];
  #width = 0;
  #height = 0;

  constructor(kind: Kind, events: ChartEvents) {
    this.kind = kind;
    this.card.id = `charts-${kind.id}`;
    const title = element("h2", { text: kind.title });
    title.id = `charts-${kind.id}-title`;
    this.#summary.id = `charts-${kind.id}-summary`;
    this.host.tabIndex = 0;
    this.host.setAttribute("role", "group");
    this.host.setAttribute("aria-labelledby", title.id);
    this.host.setAttribute("aria-describedby", `${this.#summary.id} charts-keys`);
    const header = element("header");
    header.append(title, this.#unit);
    this.#legend = new Legend(kind);
    this.card.append(header, this.#legend.list, this.host, this.#summary);
    this.#plot = this.#make(events);
    new ResizeObserver(() => this.#fit()).observe(this.host);
  }

  /** Puts something beside the unit. */
  addChoice(choice: HTMLElement): void {
    this.#unit.after(choice);
  }

  show(picture: Picture, window: Window, rebalances: readonly Span[], held: number | null): void {
    this.#picture = picture;
    this.#window = window;
    this.#rebalances = rebalances;
    setText(this.#unit, picture.unit);
    this.#legend.show(picture.entries);
    this.#plot.batch(() => {
      this.#plot.setData(picture.columns as uPlot.AlignedData);
    });
    if (held !== null || this.#isHeld) this.pointAt(held);
    this.#isHeld = held !== null;
    this.#tell();
  }

  redraw(): void {
    this.#plot.redraw(false);
  }

  /** In a sentence: what the newest values are. */
  describe(picture: Picture): void {
    setText(this.#summary, this.#sentence(picture, picture.columns[0].length - 1));
  }

  /** Puts the cursor to a time; away with null. */
  pointAt(time: number | null): void {
    const { over } = this.#plot;
    this.#plot.setCursor(time === null ? { left: -10, top: -10 } : { left: this.#plot.valToPos(time, "x"), top: over.clientHeight / 3 });
  }

  /** In a sentence: what the values at a time are. */
  sentenceAt(time: number): string {
    return this.#picture === undefined ? "" : this.#sentence(this.#picture, this.#plot.valToIdx(time));
  }

  hideSelection(): void {
    this.#plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  #make(events: ChartEvents): uPlot {
    const { kind } = this;
    const axis = { font: FONT, stroke: () => colour("muted"), grid: { stroke: () => colour("grid"), width: 1 }, ticks: { show: false } };
    const [high, low] = kind.band ?? [];
    return new uPlot(
      {
        width: 320,
        height: 120,
        padding: [8, 18, 0, 0],
        legend: { show: false },
        cursor: {
          sync: { key: CURSORS, setSeries: false, scales: ["x", null], filters: { sub: (type) => type === "mousemove" } },
          drag: { x: true, y: false, setScale: false, dist: 6 },
          points: { size: 6, show: kind.id !== "heatmap" },
          bind: {
            dblclick: () => () => {
              events.resetZoom();
              return null;
            },
          },
        },
        scales: {
          x: { time: false, range: () => [this.#window.from, this.#window.to] },
          y: { distr: kind.axis === "log" ? 3 : 1, range: (_, least, most) => this.#range(least, most) },
        },
        axes: [
          { ...axis, size: 22, gap: 6, space: 56, incrs: TIME_STEPS, values: (_, splits) => timeMarks(splits) },
          {
            ...axis,
            size: AXIS,
            gap: 6,
            space: 30,
            values: (_, splits) => splits.map(this.#picture?.mark ?? kind.mark),
            ...(kind.axis === "log" ? { filter: all, grid: { ...axis.grid, filter: all }, splits: (u: uPlot, _: number, least: number, most: number) => logMarks(least, most, u.height / 26) } : {}),
            ...(kind.axis === "share" ? { incrs: [0.25, 0.5, 1] } : {}),
          },
        ],
        series: [{}, ...Array.from({ length: kind.lines }, (_, line) => this.#series(line))],
        ...(high === undefined || low === undefined ? {} : { bands: [{ series: [high + 1, low + 1] as [number, number], fill: () => colour("muted", 0.3) }] }),
        hooks: {
          drawClear: [(u) => shadeSpans(u, this.#rebalances)],
          drawAxes: [(u) => this.#picture?.heatmap && drawHeatmap(u, this.#picture.heatmap)],
          setCursor: [() => this.#tell()],
          setSelect: [(u) => events.zoom(u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"))],
        },
      },
      [[], ...Array.from({ length: kind.lines }, () => [])] as unknown as uPlot.AlignedData,
      this.host,
    );
  }

  #series(line: number): uPlot.Series {
    const look = (): Look => this.#picture?.looks[line] ?? { colour: "muted" };
    const stroke = (): string => colour(look().colour, look().alpha);
    return {
      stroke,
      // uPlot keeps a line's look but for its colour: it is read anew with each path.
      paths: (u, index, from, to) => {
        const { width = 1.75, dash = [] } = look();
        u.series[index]!.width = width;
        u.series[index]!.dash = dash.map((length) => length * devicePixelRatio);
        return linear(u, index, from, to);
      },
      width: 1.75,
      points: { show: false, size: 3.5, width: 0, fill: stroke, filter: isolated },
    };
  }

  #range(least: number | null, most: number | null): [number, number] {
    const { axis, top } = this.kind;
    if (axis === "share") return [0, 1];
    if (this.#picture?.heatmap !== undefined) return heatmapRange(this.#picture.heatmap);
    if (axis === "log") return logRange(least ?? 0.001, most ?? 0.1);
    return [0, roundUp(Math.max(top, most ?? 0))];
  }

  /** The legend's values: those under the cursor, or the newest. */
  #tell(): void {
    const { left = -1, idx } = this.#plot.cursor;
    const newest = this.#plot.data[0].length - 1;
    this.#legend.tell(left >= 0 && idx != null ? idx : newest);
  }

  #sentence({ unit, columns, entries }: Picture, row: number): string {
    const time = columns[0][row];
    if (time === undefined) return "Nothing is known yet.";
    const values = entries.map(({ label, text }) => `${label} ${text(row)}`.trimEnd());
    return `At ${moment(time, false)}, ${unit}: ${values.join(", ")}.`;
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.host;
    if (clientWidth === 0 || (clientWidth === this.#width && clientHeight === this.#height)) return;
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.#plot.setSize({ width: clientWidth, height: clientHeight });
  }
}

/** uPlot leaves out some marks of a log axis; ours are few. */
const all = (_: uPlot, splits: number[]): number[] => splits;
const linear = uPlot.paths.linear!();
