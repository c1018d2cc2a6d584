/** JSON that one can read: a line for each property, and lists of numbers side by side. */

const STEP = "  ";
/** Characters that a list's line should not exceed. */
const LINE = 96;

/** The same value as `JSON.stringify` gives, with other white space. Undefined properties are left out. */
export function prettyJson(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = indent + STEP;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    if (value.some((one) => typeof one === "object" && one !== null)) {
      return `[\n${value.map((one) => inner + prettyJson(one, inner)).join(",\n")}\n${indent}]`;
    }
    return packed(value.map((one) => JSON.stringify(one) ?? "null"), indent, inner);
  }
  const lines: string[] = [];
  for (const [key, one] of Object.entries(value)) {
    if (one !== undefined) lines.push(`${inner}${JSON.stringify(key)}: ${prettyJson(one, inner)}`);
  }
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
}

function packed(items: readonly string[], indent: string, inner: string): string {
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    if (line !== "" && inner.length + line.length + item.length + 2 > LINE) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? item : `, ${item}`;
  }
  lines.push(line);
  if (lines.length === 1 && indent.length + line.length + 2 <= LINE) return `[${line}]`;
  return `[\n${lines.map((one) => inner + one).join(",\n")}\n${indent}]`;
}
