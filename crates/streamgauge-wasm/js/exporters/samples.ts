/** Reads the classic text that the wasm module writes, and no other. */

import { put } from "../checks.js";

/** A line of text. */
export interface Sample {
  /** Its name, as in the text. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of each family, by the family's name. */
export function samplesByFamily(text: string): Map<string, Sample[]> {
  const families = new Map<string, Sample[]>();
  let family: Sample[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    if (text.startsWith("# TYPE ", start)) {
      const name = start + "# TYPE ".length;
      families.set(text.slice(name, text.indexOf(" ", name)), (family = []));
    } else if (text[start] !== "#") {
      family.push(sampleOf(text.slice(start, end)));
    }
    start = end + 1;
  }
  return families;
}

const ESCAPED = /\\(.)/g;
const unescaped = (_: string, letter: string) => (letter === "n" ? "\n" : letter);

function sampleOf(line: string): Sample {
  const space = line.lastIndexOf(" ");
  const value = Number(line.slice(space + 1));
  const brace = line.indexOf("{");
  if (brace < 0) return { name: line.slice(0, space), labels: {}, value };
  const labels: Record<string, string> = {};
  // A label's value can hold anything, escaped: each is read to its quote.
  for (let at = brace + 1; at < space - 1; ) {
    const equals = line.indexOf("=", at);
    let quote = line.indexOf('"', equals + 2);
    while (quote > 0 && isEscaped(line, quote)) quote = line.indexOf('"', quote + 1);
    if (equals < 0 || quote < 0) throw new Error(`not a sample: ${line}`);
    const text = line.slice(equals + 2, quote);
    put(labels, line.slice(at, equals), text.includes("\\") ? text.replace(ESCAPED, unescaped) : text);
    at = quote + 2;
  }
  return { name: line.slice(0, brace), labels, value };
}

/** Whether an odd number of backslashes stands before that place. */
function isEscaped(line: string, at: number): boolean {
  let first = at;
  while (line[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}
