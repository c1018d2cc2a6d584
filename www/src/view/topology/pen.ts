/** Text and shapes on a canvas, in CSS pixels. */

import type { Curve, Point, Rect } from "../../model/geometry.js";
import type { Palette } from "./palette.js";

const FAMILY = '"IBM Plex Sans", system-ui, sans-serif';
/** Cut texts, and widths, kept. */
const MOST_KEPT = 2000;

export type Weight = 400 | 500 | 600;

export class Pen {
  readonly context: CanvasRenderingContext2D;
  palette: Palette;
  readonly #cut = new Map<string, string>();
  readonly #widths = new Map<string, number>();
  #font = "";
  #hatch: { colour: string; pattern: CanvasPattern | null } | undefined;

  constructor(context: CanvasRenderingContext2D, palette: Palette) {
    this.context = context;
    this.palette = palette;
  }

  /** Fonts came: widths are others. */
  forget(): void {
    this.#cut.clear();
    this.#widths.clear();
  }

  /** @param y the middle of the line. @param room pixels at most: what is longer is cut, with an ellipsis. */
  text(text: string, x: number, y: number, room: number, style: TextStyle = {}): void {
    const { context } = this;
    const { colour = this.palette.ink, align = "left" } = style;
    const font = this.#use(style);
    context.fillStyle = colour;
    context.textAlign = align;
    context.textBaseline = "middle";
    context.fillText(this.#fit(text, room, font, style.keep ?? "start"), x, y + 0.5);
  }

  /** How wide a text is. */
  width(text: string, style: TextStyle = {}): number {
    const key = `${this.#use(style)}|${text}`;
    let known = this.#widths.get(key);
    if (known === undefined) {
      if (this.#widths.size > MOST_KEPT) this.#widths.clear();
      this.#widths.set(key, (known = this.context.measureText(text).width));
    }
    return known;
  }

  #use({ size = 13, weight = 400 }: TextStyle): string {
    const font = `${weight} ${size}px ${FAMILY}`;
    // Setting it costs more than asking for it.
    if (this.#font !== font) this.context.font = this.#font = font;
    return font;
  }

  /** The canvas forgot its font: it got another size. */
  reset(): void {
    this.#font = "";
  }

  box({ x, y, width, height }: Rect, radius: number, fill: string | CanvasPattern | undefined, stroke?: string, dash?: number[]): void {
    const { context } = this;
    context.beginPath();
    context.roundRect(x + 0.5, y + 0.5, Math.max(width - 1, 0), Math.max(height - 1, 0), radius);
    if (fill !== undefined) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke === undefined) return;
    context.strokeStyle = stroke;
    context.lineWidth = 1;
    if (dash !== undefined) context.setLineDash(dash);
    context.stroke();
    if (dash !== undefined) context.setLineDash([]);
  }

  curve({ from, first, second, to }: Curve, then?: Point): void {
    const { context } = this;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.bezierCurveTo(first.x, first.y, second.x, second.y, to.x, to.y);
    if (then !== undefined) context.lineTo(then.x, then.y);
    context.stroke();
  }

  /** Slanted lines: what stands still. */
  hatch(colour: string): CanvasPattern | string {
    if (this.#hatch?.colour !== colour) {
      const tile = new OffscreenCanvas(8, 8);
      const tiny = tile.getContext("2d")!;
      tiny.strokeStyle = colour;
      tiny.lineWidth = 1.4;
      tiny.beginPath();
      for (const x of [-8, 0, 8]) {
        tiny.moveTo(x, 8);
        tiny.lineTo(x + 8, 0);
      }
      tiny.stroke();
      this.#hatch = { colour, pattern: this.context.createPattern(tile, "repeat") };
    }
    return this.#hatch.pattern ?? colour;
  }

  #fit(text: string, room: number, font: string, keep: "start" | "end"): string {
    const key = `${font}|${keep}|${Math.round(room)}|${text}`;
    const known = this.#cut.get(key);
    if (known !== undefined) return known;
    if (this.#cut.size > MOST_KEPT) this.#cut.clear();
    const fits = (one: string): boolean => this.context.measureText(one).width <= room;
    // Names come from others: what is no character has no place in a line.
    let shown = text.slice(0, 200).replace(/[\p{Cc}\p{Cf}\s]+/gu, " ");
    const cut = (length: number): string => (keep === "start" ? `${shown.slice(0, length)}…` : `…${shown.slice(shown.length - length)}`);
    if (!fits(shown)) {
      let [least, most] = [0, shown.length];
      while (least < most) {
        const middle = Math.ceil((least + most) / 2);
        if (fits(cut(middle))) least = middle;
        else most = middle - 1;
      }
      shown = least > 0 ? cut(least) : "";
    }
    this.#cut.set(key, shown);
    return shown;
  }
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: Weight;
  readonly colour?: string;
  readonly align?: CanvasTextAlign;
  /** Which part of a text that is too long. */
  readonly keep?: "start" | "end";
}
