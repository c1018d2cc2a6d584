/** What changed between two values of plain JSON data, and how to do the same to another copy. */

import { put } from "../checks.js";

/** Plain data, as `JSON.parse` gives it. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * What becomes of one value:
 *
 * - `[value]` it becomes this value, whatever it was, or is added where there was none. `[null]` makes it null.
 * - `[]` it goes. In a list everything behind it goes as well: lists are only cut at their end.
 * - `{ key: change, ... }` it stays an object or a list, in which these change; a list's keys are its places from
 *   0, the place behind its last adds to it, and places stand in ascending order.
 *
 * So every key and every value can be told, null and `__proto__` included. `{}` changes nothing.
 */
export type Delta = readonly [] | readonly [Plain] | { readonly [key: string]: Delta };

type Fields = Readonly<Record<string, Plain>>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** What turns `before` into `after`; undefined where they are equal. The order of an object's keys is no difference. */
export function difference(before: Plain, after: Plain): Delta | undefined {
  if (Object.is(before, after)) return undefined;
  if (Array.isArray(before) && Array.isArray(after)) return differenceOfLists(before, after);
  if (isObject(before) && isObject(after)) return differenceOfObjects(before, after);
  // JSON has one zero.
  return before === after ? undefined : [after];
}

function differenceOfLists(before: readonly Plain[], after: readonly Plain[]): Delta | undefined {
  const changes: Record<string, Delta> = {};
  let count = 0;
  const common = Math.min(before.length, after.length);
  for (let place = 0; place < common; place += 1) {
    const change = difference(before[place]!, after[place]!);
    if (change === undefined) continue;
    changes[place] = change;
    count += 1;
  }
  // Most of it is new, and a value without its place is shorter.
  if (after.length > 0 && 2 * (count + Math.abs(after.length - before.length)) > after.length && after.every(isScalar)) return [after];
  for (let place = common; place < after.length; place += 1) changes[place] = [after[place]!];
  if (after.length < before.length) changes[after.length] = [];
  return count > 0 || after.length !== before.length ? changes : undefined;
}

const isScalar = (value: Plain): boolean => typeof value !== "object" || value === null;

function differenceOfObjects(before: Fields, after: Fields): Delta | undefined {
  const changes: Record<string, Delta> = {};
  let isChanged = false;
  const change = (key: string, one: Delta): void => {
    put(changes, key, one);
    isChanged = true;
  };
  for (const key of Object.keys(after)) {
    if (!Object.hasOwn(before, key)) {
      change(key, [after[key]!]);
      continue;
    }
    const inside = difference(before[key]!, after[key]!);
    if (inside !== undefined) change(key, inside);
  }
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) change(key, []);
  }
  return isChanged ? changes : undefined;
}

/**
 * `value` with `delta` done to it: a new value, which shares with the old one what stayed as it was.
 *
 * @throws TypeError where the delta was made for another value.
 */
export function applied(value: Plain | undefined, delta: Delta): Plain {
  if (Array.isArray(delta)) {
    if (delta.length !== 1) throw unfit("the whole value goes, or is several");
    return delta[0] as Plain;
  }
  if (!isObject(delta)) throw unfit("a change is neither a list nor an object");
  if (Array.isArray(value)) return appliedToList(value, delta as Readonly<Record<string, Delta>>);
  if (isObject(value)) return appliedToObject(value, delta as Readonly<Record<string, Delta>>);
  throw unfit("what should change inside is no object or list");
}

const unfit = (why: string): TypeError => Object.assign(new TypeError(`delta: ${why}`), { code: "ERR_INVALID_DELTA" });

const isRemoval = (delta: Delta): boolean => Array.isArray(delta) && delta.length === 0;

function appliedToList(list: readonly Plain[], changes: Readonly<Record<string, Delta>>): Plain {
  const made = [...list];
  for (const key of Object.keys(changes)) {
    const place = Number(key);
    if (!/^(0|[1-9]\d*)$/.test(key) || place > made.length) throw unfit("a list has no such place");
    const change = changes[key]!;
    if (isRemoval(change)) made.length = place;
    else made[place] = applied(made[place], change);
  }
  return made;
}

function appliedToObject(fields: Fields, changes: Readonly<Record<string, Delta>>): Plain {
  const made: Record<string, Plain> = {};
  for (const key of Object.keys(fields)) {
    const change = Object.hasOwn(changes, key) ? changes[key]! : undefined;
    if (change === undefined) put(made, key, fields[key]!);
    else if (!isRemoval(change)) put(made, key, applied(fields[key], change));
  }
  for (const key of Object.keys(changes)) {
    const change = changes[key]!;
    if (!Object.hasOwn(fields, key) && !isRemoval(change)) put(made, key, applied(undefined, change));
  }
  return made;
}
