/** A line chart over virtual time. It draws columns; it computes nothing but the axes. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { moment } from "../format.js";
import type { Columns } from "../model/history.js";
import type { Window } from "../model/window.js";
import { element, setText } from "./dom.js";
import { colour, onThemeChange } from "./theme.js";

export interface Line {
  readonly label: string;
  /** A colour of `tokens.css`. */
  readonly colour: string;
  /** Points instead of a line. */
  readonly dots?: boolean;
  /** Left out of the legend: said by another line of the same colour. */
  readonly unlisted?: boolean;
}

export interface ChartOptions {
  readonly label: string;
  /** A value in the legend. */
  readonly format: (value: number) => string;
  /** A round value on the axis. */
  readonly mark: (value: number) => string;
  /** The least that the axis reaches up to. */
  readonly top: number;
  readonly logarithmic?: boolean;
  /** What the shaded parts are, for the legend. */
  readonly shaded?: string;
}

const FONT = '11px "IBM Plex Sans", system-ui, sans-serif';
/** Steps of a time axis that people count in. */
const TIME_STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
const CURSORS = "virtual time";

export class Chart {
  readonly #options: ChartOptions;
  readonly #canvas: HTMLElement;
  readonly #legend: HTMLElement;
  #values: HTMLElement[] = [];
  #lines: readonly Line[];
  #plot: uPlot;
  #window: Window = { from: 0, to: 60, shaded: [] };
  #width = 0;
  #height = 0;

  constructor(host: HTMLElement, options: ChartOptions, lines: readonly Line[]) {
    this.#options = options;
    this.#lines = lines;
    this.#legend = element("ul", { className: "legend" });
    this.#canvas = element("div", { className: "canvas" });
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", options.label);
    host.append(this.#legend, this.#canvas);
    this.#plot = this.#make();
    new ResizeObserver(() => this.#fit()).observe(this.#canvas);
    onThemeChange(() => this.#plot.redraw(false));
  }

  /** Draws other lines from now on. */
  setLines(lines: readonly Line[]): void {
    this.#lines = lines;
    this.#plot.destroy();
    this.#plot = this.#make();
  }

  draw(columns: Columns, window: Window): void {
    this.#window = window;
    this.#plot.setData(columns as uPlot.AlignedData);
    this.#tell();
  }

  #make(): uPlot {
    this.#makeLegend();
    const { mark, top, logarithmic = false } = this.#options;
    const axis = {
      font: FONT,
      stroke: () => colour("muted"),
      grid: { stroke: () => colour("grid"), width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: Math.max(this.#width, 100),
        height: Math.max(this.#height, 80),
        padding: [8, 18, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: CURSORS }, drag: { x: false, y: false }, points: { size: 6 } },
        scales: {
          x: { time: false, range: () => [this.#window.from, this.#window.to] },
          y: logarithmic
            ? { distr: 3, range: (_, least, most) => logRange(least, most, top) }
            : { range: (_, __, most) => [0, roundUp(Math.max(top, most ?? 0))] },
        },
        axes: [
          { ...axis, size: 22, gap: 6, space: 64, incrs: TIME_STEPS, values: (_, splits) => moments(splits) },
          {
            ...axis,
            size: 58,
            gap: 6,
            space: 32,
            values: (_, splits) => splits.map(mark),
            ...(logarithmic ? { splits: (_: uPlot, __: number, least: number, most: number) => decades(least, most) } : {}),
          },
        ],
        series: [{}, ...this.#lines.map(series)],
        hooks: { drawClear: [(u) => this.#shade(u)], setCursor: [() => this.#tell()] },
      },
      [[], ...this.#lines.map(() => [])] as unknown as uPlot.AlignedData,
      this.#canvas,
    );
    return plot;
  }

  #makeLegend(): void {
    this.#legend.replaceChildren();
    this.#values = this.#lines.map(({ label, colour: name, unlisted }) => {
      const value = element("span", { className: "value" });
      if (unlisted !== true) {
        const item = element("li");
        item.append(element("i", { className: `swatch ${name}` }), element("span", { className: "label", text: label }), value);
        this.#legend.append(item);
      }
      return value;
    });
    const { shaded } = this.#options;
    if (shaded !== undefined) {
      const item = element("li");
      item.append(element("i", { className: "swatch shaded" }), element("span", { text: shaded }));
      this.#legend.append(item);
    }
    this.#legend.classList.toggle("many", this.#legend.childElementCount > 4);
  }

  /** The legend's values: those under the cursor, or the newest. */
  #tell(): void {
    const { data } = this.#plot;
    const at = this.#plot.cursor.idx ?? data[0].length - 1;
    for (const [line, node] of this.#values.entries()) {
      const value = data[line + 1]?.[at];
      setText(node, value == null ? "–" : this.#options.format(value));
    }
  }

  #shade(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = colour("shade");
    for (const [from, to] of this.#window.shaded) {
      const left = plot.valToPos(from, "x", true);
      const width = Math.max(plot.valToPos(to, "x", true) - left, 2);
      ctx.fillRect(left, bbox.top, width, bbox.height);
    }
    ctx.restore();
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth === 0 || (clientWidth === this.#width && clientHeight === this.#height)) return;
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.#plot.setSize({ width: clientWidth, height: clientHeight });
  }
}

function series({ label, colour: name, dots }: Line): uPlot.Series {
  const stroke = (): string => colour(name);
  if (dots === true) {
    return { label, stroke, paths: () => null, points: { show: true, size: 3, width: 0, fill: () => colour(name, 0.4) } };
  }
  return { label, stroke, width: 1.75, points: { show: false } };
}

/** A round number not below `value`: the axis changes by jumps, seldom, instead of a little all the time. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8].find((factor) => factor * power >= value * 1.05) ?? 10;
  return step * power;
}

/** Whole decades around the values. */
function logRange(least: number | null, most: number | null, top: number): [number, number] {
  const from = 10 ** Math.floor(Math.log10(least ?? top / 100) + 1e-9);
  const to = 10 ** Math.ceil(Math.log10(most ?? top) - 1e-9);
  return [from, Math.max(to, from * 10)];
}

/** The powers of ten in a range. */
function decades(least: number, most: number): number[] {
  const first = Math.ceil(Math.log10(least) - 1e-9);
  const last = Math.floor(Math.log10(most) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, place) => 10 ** (first + place));
}

function moments(splits: readonly number[]): string[] {
  const withTenths = splits.some((split) => Math.abs(split - Math.round(split)) > 1e-6);
  return splits.map((split) => moment(split, withTenths));
}
