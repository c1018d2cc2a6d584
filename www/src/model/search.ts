/** Finds text in lines, for the search fields of the data tabs. */

export interface Match {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** Every place of `query`, whatever its case, line by line; `most` at most. Characters mean themselves. */
export function findMatches(lines: readonly string[], query: string, most: number): Match[] {
  if (query === "") return [];
  // By the i flag no letter changes its length, as some do in lower case.
  const pattern = new RegExp(query.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
  const found: Match[] = [];
  for (const [line, text] of lines.entries()) {
    for (const match of text.matchAll(pattern)) {
      if (found.length === most) return found;
      found.push({ line, from: match.index, to: match.index + match[0].length });
    }
  }
  return found;
}

/** The first match in this line or later; the number of matches where there is none. They are in order. */
export function firstFrom(matches: readonly Match[], line: number): number {
  let low = 0;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (matches[middle]!.line < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A piece of text, and the number of the match that it is. */
export interface Piece {
  readonly text: string;
  readonly match: number | undefined;
}

/** The lines `from..to` as one text with newlines, cut where matches begin and end. */
export function pieces(lines: readonly string[], from: number, to: number, matches: readonly Match[]): Piece[] {
  const made: Piece[] = [];
  let plain = "";
  let next = firstFrom(matches, from);
  for (let line = from; line < to; line += 1) {
    const text = lines[line]!;
    let at = 0;
    for (; next < matches.length && matches[next]!.line === line; next += 1) {
      const match = matches[next]!;
      plain += text.slice(at, match.from);
      if (plain !== "") made.push({ text: plain, match: undefined });
      plain = "";
      made.push({ text: text.slice(match.from, match.to), match: next });
      at = match.to;
    }
    plain += `${text.slice(at)}\n`;
  }
  if (plain !== "") made.push({ text: plain, match: undefined });
  return made;
}
