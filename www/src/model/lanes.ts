/** Which few of many are drawn by name. */

export class Lanes {
  readonly #most: number;
  #chosen: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * The places of those with the highest scores, each in the lane where it was before. Someone new must exceed the least
   * by a quarter, so that two alike do not take turns. `pinned` is always among them.
   */
  choose(scores: ArrayLike<number>, pinned?: number): readonly number[] {
    if (scores.length <= this.#most) {
      this.#chosen = Array.from({ length: scores.length }, (_, place) => place);
      return this.#chosen;
    }
    const score = (place: number): number => (place === pinned ? Infinity : Number.isNaN(scores[place]!) ? -1 : scores[place]!);
    const chosen = this.#chosen.filter((place) => place < scores.length);
    const others = Array.from({ length: scores.length }, (_, place) => place)
      .filter((place) => !chosen.includes(place))
      .sort((a, b) => score(b) - score(a) || a - b);
    while (chosen.length < this.#most) chosen.push(others.shift()!);
    for (const other of others) {
      const least = chosen.reduce((lane, place, at) => (score(place) < score(chosen[lane]!) ? at : lane), 0);
      if (score(other) <= Math.max(score(chosen[least]!), 0) * 1.25) break;
      chosen[least] = other;
    }
    return (this.#chosen = chosen);
  }

  clear(): void {
    this.#chosen = [];
  }
}
