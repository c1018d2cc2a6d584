/** The canvas: its size, its sharpness, and the pointer over it. */

import type { Point } from "../../model/geometry.js";
import { element } from "../dom.js";

export interface StageEvents {
  /** It has another width, or another number of device pixels. */
  resized(): void;
  /** The pointer is there; undefined where it left. */
  pointed(at: Point | undefined): void;
  clicked(at: Point): void;
}

export class Stage {
  readonly box = element("div", { className: "topology-stage" });
  readonly canvas = element("canvas");
  readonly context: CanvasRenderingContext2D;
  width = 0;
  height = 0;
  #ratio = 0;

  /** @param pad takes the pointer: it lies over the canvas. */
  constructor(pad: HTMLElement, events: StageEvents) {
    this.context = this.canvas.getContext("2d")!;
    this.canvas.setAttribute("role", "img");
    // Until there is something to tell.
    this.canvas.ariaLabel = "Topology";
    this.box.append(this.canvas, pad);
    new ResizeObserver(() => {
      const { clientWidth } = this.box;
      if (clientWidth === this.width || clientWidth === 0) return;
      this.width = clientWidth;
      events.resized();
    }).observe(this.box);
    const pointOf = (event: MouseEvent): Point => {
      const { left, top } = this.box.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    pad.addEventListener("pointermove", (event) => events.pointed(pointOf(event)));
    pad.addEventListener("pointerdown", (event) => events.pointed(pointOf(event)));
    pad.addEventListener("pointerleave", () => events.pointed(undefined));
    pad.addEventListener("click", (event) => events.clicked(pointOf(event)));
  }

  /** Reserves this height. */
  reserve(height: number): void {
    if (this.height === height) return;
    this.height = height;
    this.box.style.setProperty("height", `${height}px`);
  }

  /** As many pixels as the screen has. True where the canvas got another size: it is empty then, and forgot its settings. */
  sharpen(): boolean {
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width === width && this.canvas.height === height && this.#ratio === ratio) return false;
    this.#ratio = ratio;
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.style.setProperty("width", `${this.width}px`);
    this.canvas.style.setProperty("height", `${this.height}px`);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return true;
  }
}
