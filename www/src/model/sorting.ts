/** The order of a table's rows, and which of them are shown. */

export type Order = "ascending" | "descending";

/** What a column sorts by. Null is unknown, and stands last in both orders. */
export type SortValue = number | string | null;

const letters = new Intl.Collator("en", { numeric: true });

/** A copy in order; rows that are alike stay in the order in which they came. */
export function sorted<T>(rows: readonly T[], valueOf: (row: T) => SortValue, order: Order): T[] {
  const sign = order === "ascending" ? 1 : -1;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .sort(({ value: one }, { value: other }) => {
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      if (typeof one === "number" && typeof other === "number") return sign * (one - other);
      return sign * letters.compare(String(one), String(other));
    })
    .map(({ row }) => row);
}

/** The rows that hold every word of the filter in one of their texts, whatever the case. */
export function filtered<T>(rows: readonly T[], filter: string, textOf: (row: T) => string): readonly T[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
