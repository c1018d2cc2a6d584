/** What a chart is told to draw. */

import type { Session } from "../../app/session.js";
import type { Settings } from "../../app/settings.js";
import type { Columns, Row } from "../../model/columns.js";
import type { Heatmap } from "../../model/heatmap.js";
import type { Point } from "../../model/point.js";

/** How a line looks. */
export interface Look {
  /** A colour of `tokens.css`. */
  readonly colour: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  /** 0..1; less for what stands back. */
  readonly alpha?: number;
}

/** A legend's entry. */
export interface Entry {
  readonly label: string;
  readonly colour: string;
  readonly shape: "line" | "dashed" | "area" | "ramp";
  readonly isSelected?: boolean;
  /** The value at a row; of the newest where none is pointed at. */
  readonly text: (row: number) => string;
}

export interface Picture {
  /** What the values are, beside the title. */
  readonly unit: string;
  readonly columns: Columns;
  /** One for each column but the times. */
  readonly looks: readonly Look[];
  readonly entries: readonly Entry[];
  /** A round value on the axis, where it is another than the kind's. */
  readonly mark?: (value: number) => string;
  /** What lies behind the lines. */
  readonly heatmap?: Heatmap;
}

/** What pictures are made from. */
export interface Material {
  readonly session: Session;
  readonly settings: Readonly<Settings>;
  readonly points: readonly Point[];
  readonly rows: readonly Row[];
}

/** A chart, by what it shows. */
export interface Kind {
  readonly id: string;
  readonly title: string;
  /** How many lines it has at most: a picture has as many. */
  readonly lines: number;
  /** From 0 up; from 0 to 1; or logarithmic. */
  readonly axis: "amount" | "share" | "log";
  /** The least that an axis of amounts reaches up to. */
  readonly top: number;
  /** A round value on the axis. */
  readonly mark: (value: number) => string;
  /** The places of two lines that a grey band fills the space between. */
  readonly band?: readonly [high: number, low: number];
  picture(material: Material): Picture;
}
