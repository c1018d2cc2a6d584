/** The charts of partitions and workers: a line for each, or for the few that matter. */

import { count, mark, percent, secondsMark, secondsText } from "../../format.js";
import { busyShare, byLane, peaks, type Column, type Columns } from "../../model/columns.js";
import { Lanes } from "../../model/lanes.js";
import type { Point } from "../../model/point.js";
import { WORKER_COLOURS } from "../dom.js";
import type { Entry, Kind, Look, Material } from "./picture.js";

/** How many partitions and workers have a line of their own. */
const NAMED = 8;
/** What recedes while something else is selected. */
const BACK = 0.3;

const orGap = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/** Those that reach highest in what is shown. */
function chosen(lanes: Lanes, points: readonly Point[], list: (point: Point) => ArrayLike<number>, known: number, pinned: number | undefined): readonly number[] {
  return lanes.choose(peaks(points, list, known), pinned);
}

/** A line keeps its colour; the legend is in the order of places. */
const inOrder = (entries: readonly Entry[], places: readonly number[]): Entry[] =>
  places
    .map((place, lane) => ({ place, entry: entries[lane]! }))
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry);

/** As many columns as the chart has lines: total, `NAMED` lanes, the rest's two. Lanes that are not there are empty. */
function padded(columns: Columns, lanes: number): Columns {
  const empty: Column = columns[0].map(() => null);
  const [times, total, ...others] = columns;
  const spare = Array.from({ length: NAMED - lanes }, () => empty);
  return [times, total!, ...others.slice(0, lanes), ...spare, ...others.slice(lanes)];
}

const NOTHING: Look = { colour: "muted", width: 0 };

function looksOf(total: Look, lanes: readonly Look[], isAnySelected: boolean): Look[] {
  const spare = Array.from({ length: NAMED - lanes.length }, () => NOTHING);
  return [isAnySelected ? { ...total, alpha: BACK } : total, ...lanes, ...spare, NOTHING, NOTHING];
}

const BAND = [NAMED + 1, NAMED + 2] as const;

/** The rest, of whom only the highest is said. */
const others = (columns: Columns, hidden: number, format: (value: number | null) => string): Entry[] =>
  hidden === 0 ? [] : [{ label: hidden === 1 ? "1 other" : `${hidden} others, at most`, colour: "muted", shape: "area", text: (row) => format(columns[NAMED + 2]?.[row] ?? null) }];

export function lagKind(): Kind {
  const lanes = new Lanes(NAMED);
  return {
    id: "lag",
    title: "Lag",
    lines: NAMED + 3,
    axis: "amount",
    top: 10,
    mark,
    band: BAND,
    picture: ({ session, settings, points, rows }: Material) => {
      const { history, selection } = session;
      const isSeconds = settings.lagUnit === "seconds";
      const known = history.partitions.length;
      const selected = selection?.kind === "partition" ? history.placeOf(selection) : undefined;
      const list = isSeconds ? (point: Point) => point.lagSeconds : (point: Point) => point.lag;
      const places = chosen(lanes, points, list, known, selected);
      const columns = padded(
        byLane(rows, list, places, (point) => (isSeconds ? point.lagSecondsMost : point.lagTotal), known),
        places.length,
      );
      const format = isSeconds ? secondsText : count;
      const topics = new Set(history.partitions.map(({ topic }) => topic));
      const entries = places.map((place, lane): Entry => {
        const { topic, partition } = history.partitions[place]!;
        return {
          label: topics.size === 1 ? `partition ${partition}` : `${topic} ${partition}`,
          colour: `partition-${lane + 1}`,
          shape: "line",
          isSelected: place === selected,
          text: (row) => format(columns[lane + 2]?.[row] ?? null),
        };
      });
      const all: Entry = { label: isSeconds ? "longest" : "total", colour: "ink", shape: "dashed", text: (row) => format(columns[1]?.[row] ?? null) };
      return {
        unit: isSeconds ? "age of the oldest record that waits" : "records from position to end offset",
        columns,
        looks: looksOf({ colour: "ink", width: 1.25, dash: [3, 3] }, places.map((place, lane) => emphasis(`partition-${lane + 1}`, selected, place)), selected !== undefined),
        entries: [all, ...inOrder(entries, places), ...others(columns, known - places.length, format)],
        mark: isSeconds ? secondsMark : mark,
      };
    },
  };
}

function emphasis(colour: string, selected: number | undefined, place: number): Look {
  if (selected === undefined) return { colour };
  return place === selected ? { colour, width: 3 } : { colour, width: 1.25, alpha: BACK };
}

export const workerColour = (id: number): string => `worker-${(id % WORKER_COLOURS) + 1}`;

/** Records that workers hold: those that wait in the buffer as a line, those in the handler's hands in the legend too. */
export function heldKind(): Kind {
  const lanes = new Lanes(NAMED);
  return {
    id: "held",
    title: "In flight and buffered",
    lines: NAMED + 3,
    axis: "amount",
    top: 10,
    mark,
    band: BAND,
    picture: ({ session, points, rows }: Material) => {
      const { history } = session;
      const known = history.workers.length;
      const selected = selectedWorker(session);
      const list = ({ inFlight, buffered }: Point): ArrayLike<number> => inFlight.map((records, place) => records + (Number.isNaN(buffered[place]) ? 0 : buffered[place]!));
      const places = chosen(lanes, points, list, known, selected);
      const isKnown = points.some(({ inFlight }) => inFlight.some((records) => !Number.isNaN(records)));
      const columns = padded(byLane(rows, list, places, (point) => (isKnown ? null : point.active), known), places.length);
      const part = (row: number, figures: (point: Point) => ArrayLike<number>, place: number): string => {
        const point = rows[row]?.point;
        return count(point == null ? null : orGap(figures(point)[place]));
      };
      const entries = places.map((place): Entry => {
        const { id, name } = history.workers[place]!;
        return {
          label: name === "" ? `worker ${id}` : name,
          colour: workerColour(id),
          shape: "line",
          isSelected: place === selected,
          text: (row) => `${part(row, ({ inFlight }) => inFlight, place)} + ${part(row, ({ buffered }) => buffered, place)}`,
        };
      });
      const all: Entry = { label: "all workers", colour: "ink", shape: "dashed", text: (row) => count(columns[1]?.[row] ?? null) };
      return {
        unit: isKnown ? "records in flight + buffered" : "records in flight",
        columns,
        looks: looksOf({ colour: "ink", width: 1.5 }, laneLooks(session, places, selected), selected !== undefined),
        entries: isKnown ? [...inOrder(entries, places), ...others(columns, known - places.length, count)] : [all],
      };
    },
  };
}

export function busyKind(): Kind {
  const lanes = new Lanes(NAMED);
  return {
    id: "busy",
    title: "Busy",
    lines: NAMED + 3,
    axis: "share",
    top: 1,
    mark: (share) => `${mark(share * 100)} %`,
    band: BAND,
    picture: ({ session, points, rows }: Material) => {
      const { history } = session;
      const known = history.workers.length;
      const selected = selectedWorker(session);
      const list = ({ utilization }: Point): ArrayLike<number> => utilization;
      const places = chosen(lanes, points, list, known, selected);
      const isKnown = points.some(({ utilization }) => utilization.some((share) => !Number.isNaN(share)));
      const columns = padded(byLane(rows, list, places, busyShare, known), places.length);
      const entries = places.map((place, lane): Entry => {
        const { id, name } = history.workers[place]!;
        return {
          label: name === "" ? `worker ${id}` : name,
          colour: workerColour(id),
          shape: "line",
          isSelected: place === selected,
          text: (row) => percent(columns[lane + 2]?.[row] ?? null),
        };
      });
      const all: Entry = { label: "together", colour: "ink", shape: "dashed", text: (row) => percent(columns[1]?.[row] ?? null) };
      return {
        unit: "share of time spent processing",
        columns,
        looks: looksOf({ colour: "ink", width: 1.25, dash: [3, 3] }, laneLooks(session, places, selected), selected !== undefined),
        entries: isKnown ? [all, ...inOrder(entries, places), ...others(columns, known - places.length, percent)] : [all],
      };
    },
  };
}

function selectedWorker({ history, selection }: Material["session"]): number | undefined {
  if (selection?.kind !== "worker") return undefined;
  const place = history.workers.findIndex(({ id }) => id === selection.id);
  return place === -1 ? undefined : place;
}

const laneLooks = ({ history }: Material["session"], places: readonly number[], selected: number | undefined): Look[] =>
  places.map((place) => emphasis(workerColour(history.workers[place]!.id), selected, place));
