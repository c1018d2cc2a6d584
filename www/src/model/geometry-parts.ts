/** What both ways of laying the picture out share. */

import type { LaneGeometry, Rect } from "./geometry.js";

/** Boxes one under the other, spread over a column's height. */
export function stack(count: number, column: Rect, most: number, gap: number): Rect[] {
  const pitch = Math.min(column.height / Math.max(count, 1), most + gap * 2.4);
  const height = Math.min(most, pitch - Math.min(gap, pitch / 4));
  const top = column.y + (column.height - pitch * count) / 2;
  return Array.from({ length: count }, (_, place) => ({
    x: column.x,
    y: Math.round(top + pitch * place + (pitch - height) / 2),
    width: column.width,
    height: Math.round(height),
  }));
}

/** Boxes in rows and columns that fill an area, row by row. */
export function tiles(count: number, area: Rect, columns: number, most: number, gap: number): Rect[] {
  const rows = Math.ceil(count / columns);
  const width = (area.width - gap * (columns - 1)) / columns;
  const pitch = Math.min(area.height / Math.max(rows, 1), most + gap);
  const top = area.y + (area.height - pitch * rows) / 2;
  return Array.from({ length: count }, (_, place) => {
    const row = Math.floor(place / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const indent = ((columns - inRow) * (width + gap)) / 2;
    return {
      x: Math.round(area.x + indent + (place % columns) * (width + gap)),
      y: Math.round(top + row * pitch),
      width: Math.floor(width),
      height: Math.round(pitch - gap),
    };
  });
}

/** Other groups: pixels from one to the next; and how many stand beside each other where everything goes from top to bottom. */
export const OTHER = { pitch: 48, inRow: 2 };

/** Pixels of a cell's side. */
const CELL = { least: 3, most: 26 };
const TITLE = 24;
const TOPIC_GAP = 8;
const COLUMN_GAP = 20;
/** Named worst partitions, and pixels of each. */
export const WORST_ROWS = 3;
export const WORST_HEIGHT = 18;

/** Many partitions as cells, topic by topic; below them, room to name the worst. @param most columns of topics: as many as make the cells largest. */
export function cellsIn(topics: readonly number[], area: Rect, most: number): { titles: Rect[]; lanes: LaneGeometry[]; worst: Rect } {
  const worst = { x: area.x, y: area.y + area.height - (WORST_ROWS + 1) * WORST_HEIGHT, width: area.width, height: (WORST_ROWS + 1) * WORST_HEIGHT };
  const room = area.height - worst.height - 8;
  const widthOf = (columns: number): number => (area.width - COLUMN_GAP * (columns - 1)) / columns;
  const heightAt = (cells: number, side: number, columns: number): number => TITLE + TOPIC_GAP + Math.ceil(cells / perRow(widthOf(columns), side)) * side;
  const fits = (side: number, columns: number): boolean => {
    const each = Math.ceil(topics.length / columns);
    return topics.every((_, first) => first % each > 0 || topics.slice(first, first + each).reduce((sum, cells) => sum + heightAt(cells, side, columns), 0) <= room);
  };
  let columns = 1;
  let side = CELL.most;
  while (side > CELL.least && !fits(side, columns)) {
    columns = (columns % most) + 1;
    if (columns === 1) side -= 0.5;
  }
  // Too much for any: as many columns as there may be come closest.
  if (!fits(side, columns)) columns = most;

  const titles: Rect[] = [];
  const lanes: LaneGeometry[] = [];
  const gap = side > 8 ? 2 : 1;
  const width = widthOf(columns);
  const each = Math.ceil(topics.length / columns);
  let y = area.y;
  for (const [place, cells] of topics.entries()) {
    if (place % each === 0) y = area.y;
    const x = area.x + Math.floor(place / each) * (width + COLUMN_GAP);
    titles.push({ x, y, width, height: TITLE });
    const inRow = perRow(width, side);
    for (let cell = 0; cell < cells; cell += 1) {
      const track = { x: x + (cell % inRow) * side, y: y + TITLE + Math.floor(cell / inRow) * side, width: side - gap, height: side - gap };
      const middle = { x: track.x + track.width / 2, y: track.y + track.height / 2 };
      lanes.push({ gate: { x: track.x, y: track.y, width: 0, height: 0 }, track, tail: middle, head: middle });
    }
    y += heightAt(cells, side, columns);
  }
  return { titles, lanes, worst };
}

const perRow = (width: number, side: number): number => Math.max(Math.floor(width / side), 1);
