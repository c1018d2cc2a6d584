/** Plain data as JSON text, with nothing lost on the way. */

import { describe } from "./checks.js";

/** What JSON cannot say, and where it is. */
export class Unfit extends Error {
  constructor(
    readonly Kind: ErrorConstructor,
    readonly path: string,
    expected: string,
    got: string,
  ) {
    super(`${shortened(path)} must be ${expected}, got ${got}`);
  }
}

/** Characters of a key, and of each end of a path, that a message shows. */
const LONGEST_KEY = 64;
const LONGEST_END = 60;

/** A path for a message: of a very long one its first and its last parts. */
export function shortened(path: string): string {
  return path.length > 2 * LONGEST_END ? `${path.slice(0, LONGEST_END)}…${path.slice(-LONGEST_END)}` : path;
}

/** Where `JSON.stringify` is: an object, and the key under which it stands in the one before. */
interface Step {
  readonly object: unknown;
  readonly key: string;
}

/**
 * What `JSON.stringify` gives, which by itself makes null of a number that is not finite.
 *
 * @throws Unfit for such a number, a bigint and an object that lies in itself.
 */
export function jsonText(value: object): string | undefined {
  const steps: Step[] = [];
  function fit(this: unknown, key: string, entry: unknown): unknown {
    // What it is done with is left behind.
    while (steps.length > 0 && steps.at(-1)!.object !== this) steps.pop();
    if (typeof entry === "number" && !Number.isFinite(entry)) throw new Unfit(RangeError, pathOf(steps, key), "a finite number", describe(entry));
    if (typeof entry === "bigint") throw new Unfit(TypeError, pathOf(steps, key), "a number", describe(entry));
    if (typeof entry === "object" && entry !== null) {
      if (steps.some(({ object }) => object === entry)) throw new Unfit(TypeError, pathOf(steps, key), "plain data", `${describe(entry)} that it lies in`);
      steps.push({ object: entry, key });
    }
    return entry;
  }
  return JSON.stringify(value, fit) as string | undefined;
}

function pathOf(steps: readonly Step[], key: string): string {
  let path = "";
  // The first is the whole, which has no key.
  for (const [place, { object }] of steps.entries()) {
    const next = steps[place + 1]?.key ?? key;
    if (Array.isArray(object)) path += `[${next}]`;
    else if (/^\w{1,64}$/.test(next)) path += path === "" ? next : `.${next}`;
    else path += `[${JSON.stringify(next.slice(0, LONGEST_KEY))}${next.length > LONGEST_KEY ? " and more" : ""}]`;
  }
  return path;
}
