/** What a slider's position means. Positions are whole numbers from 0 on. */

export interface Scale {
  readonly positions: number;
  valueAt(position: number): number;
  positionOf(value: number): number;
}

const twoDigits = (value: number): number => Number(value.toPrecision(2));

/** Every position multiplies by the same factor: as fine at the lower end as at the upper one. */
export function logarithmic(least: number, most: number, perDecade: number): Scale {
  const decades = Math.log10(most / least);
  const positions = Math.round(decades * perDecade);
  return {
    positions,
    valueAt: (position) => twoDigits(least * 10 ** ((position / positions) * decades)),
    positionOf: (value) => Math.round((Math.log10(value / least) / decades) * positions),
  };
}

/** As `inner`, with 0 before its first position. */
export function fromZero(inner: Scale): Scale {
  return {
    positions: inner.positions + 1,
    valueAt: (position) => (position <= 0 ? 0 : inner.valueAt(position - 1)),
    positionOf: (value) => (value <= 0 ? 0 : inner.positionOf(value) + 1),
  };
}

/** Every position adds the same step. */
export function linear(most: number, positions: number): Scale {
  return {
    positions,
    valueAt: (position) => (position / positions) * most,
    positionOf: (value) => Math.round((value / most) * positions),
  };
}

export const SPEED = logarithmic(0.1, 1000, 20);
export const MESSAGE_RATE = fromZero(logarithmic(1, 5000, 20));
export const HANDLER_LATENCY = logarithmic(0.0001, 1, 20);
export const ERROR_RATE = linear(0.5, 100);
