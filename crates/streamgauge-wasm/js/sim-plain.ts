/** Plain data as it goes to the simulator's module: numbers, and the texts that they name. Its form: `src/sim/plain.rs`. */

const NULL = 0;
const FLAG = 1;
const NUMBER = 2;
const TEXT = 3;
const LIST = 4;
const OBJECT = 5;

/** A value without a surrogate of its own, which is no text for the module. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\uFFFD");

/** What the module takes apart again. */
export interface PlainData {
  readonly numbers: Float64Array;
  readonly texts: string[];
}

/** A value that JSON has a form for, flat. */
export function flatten(value: unknown): PlainData {
  const numbers: number[] = [];
  const texts: string[] = [];
  const write = (inner: unknown): void => {
    if (inner === null) numbers.push(NULL);
    else if (typeof inner === "boolean") numbers.push(FLAG, Number(inner));
    else if (typeof inner === "number") numbers.push(NUMBER, inner);
    else if (typeof inner === "string") {
      numbers.push(TEXT);
      texts.push(wellFormed(inner));
    } else if (Array.isArray(inner)) {
      numbers.push(LIST, inner.length);
      inner.forEach(write);
    } else {
      const fields = Object.entries(inner as object);
      numbers.push(OBJECT, fields.length);
      for (const [name, field] of fields) {
        texts.push(wellFormed(name));
        write(field);
      }
    }
  };
  write(value);
  return { numbers: Float64Array.from(numbers), texts };
}
