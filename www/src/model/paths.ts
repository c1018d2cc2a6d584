/** The curves of a geometry, made once: between producers and lanes, lanes and workers, workers and ends. */

import { type Curve, curveBetween, type Geometry, sideOf } from "./geometry.js";

export class Paths {
  readonly #geometry: Geometry;
  readonly #curves = new Map<string, Curve | undefined>();

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
  }

  feed(producer: number, lane: number): Curve | undefined {
    const { producers, lanes, isUpright } = this.#geometry;
    return this.#once(`f${producer} ${lane}`, producers[producer] && sideOf(producers[producer], "after", isUpright), lanes[lane]?.tail);
  }

  fetch(lane: number, worker: number): Curve | undefined {
    const { lanes, workers } = this.#geometry;
    return this.#once(`w${lane} ${worker}`, lanes[lane]?.head, workers[worker]?.inlet);
  }

  result(worker: number, end: number): Curve | undefined {
    const { workers, ends, isUpright } = this.#geometry;
    return this.#once(`e${worker} ${end}`, workers[worker]?.outlet, ends[end] && sideOf(ends[end], "before", isUpright));
  }

  #once(key: string, from: Curve["from"] | undefined, to: Curve["to"] | undefined): Curve | undefined {
    if (from === undefined || to === undefined) return undefined;
    let curve = this.#curves.get(key);
    if (curve === undefined) this.#curves.set(key, (curve = curveBetween(from, to, this.#geometry.isUpright)));
    return curve;
  }
}

const known = new WeakMap<Geometry, Paths>();

export function pathsOf(geometry: Geometry): Paths {
  let paths = known.get(geometry);
  if (paths === undefined) known.set(geometry, (paths = new Paths(geometry)));
  return paths;
}
