/** Numbers for what has a name: who was there once keeps its place. */

/** Things by their place, from 0 on. */
export class Places<T> {
  readonly #places = new Map<string, number>();
  readonly #items: T[] = [];

  get items(): readonly T[] {
    return this.#items;
  }

  /** The place of what has this key; the next one where it is new. The newest `item` stands for it. */
  of(key: string, item: T): number {
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = this.#items.length));
    this.#items[place] = item;
    return place;
  }

  find(key: string): number | undefined {
    return this.#places.get(key);
  }

  clear(): void {
    this.#places.clear();
    this.#items.length = 0;
  }
}

/** A topic's name may hold anything but this. */
export const partitionKey = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}\n${partition}`;
