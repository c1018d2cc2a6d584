/** Where a followed record is drawn: a function of the scene, the geometry and the time alone. */

import { depth } from "./depth.js";
import { type Curve, evenPointOn, type Geometry, lengthOf, type Point, sideOf } from "./geometry.js";
import { type Followed, stepAt, type Step } from "./particles.js";
import { pathsOf } from "./paths.js";
import type { Scene } from "./scene.js";

/** Pixels from one buffered record to the next. */
const TRAY_PITCH = 4.5;

export interface Stage {
  readonly scene: Scene;
  readonly geometry: Geometry;
  /** How far each lane is filled, 0..1, as it is drawn. */
  readonly depths: ArrayLike<number>;
  /** The records that fill a lane. */
  readonly full: number;
}

/** Places for one frame. It counts who lies in a worker's tray, in the order asked. */
export class Placer {
  readonly #stage: Stage;
  readonly #inTray: number[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Undefined where there is nothing to draw: it is over, or its end is not shown. */
  place(followed: Followed, now: number): Point | undefined {
    const { place, part } = stepAt(followed, now);
    const step = followed.steps[place]!;
    const isLeft = place < followed.steps.length - 1;
    if (part >= 1) {
      if (step.station === "done") return undefined;
      return this.#at(followed, step, isLeft, now);
    }
    const from = followed.steps[place - 1];
    return from === undefined ? this.#at(followed, step, isLeft, now) : this.#onTheWay(followed, from, step, isLeft, part, now);
  }

  #at(followed: Followed, step: Step, isLeft: boolean, now: number): Point | undefined {
    const { geometry } = this.#stage;
    switch (step.station) {
      case "producer": {
        const box = geometry.producers[followed.producer];
        return box && sideOf(box, "after", geometry.isUpright);
      }
      case "lane":
      case "lost":
        return this.#inLane(followed, isLeft, now);
      case "tray":
        return this.#tray(step.worker);
      case "handler":
        return geometry.workers[step.worker]?.ring;
      default:
        return this.#end(followed, step);
    }
  }

  /** A waiting record lies behind as many as were there before it. */
  #inLane(followed: Followed, isLeft: boolean, now: number): Point | undefined {
    const { scene, geometry, depths, full } = this.#stage;
    const lane = scene.lanes[followed.partition];
    const where = geometry.lanes[followed.partition];
    if (lane === undefined || where === undefined) return undefined;
    const waiting = lane.waiting ?? 0;
    if (isLeft || waiting <= 0 || geometry.isGrid) return where.head;
    const oldest = Math.max(lane.oldestSeconds ?? 0, 1e-9);
    const ahead = waiting * (1 - Math.min(Math.max(now - followed.born, 0) / oldest, 1));
    const settled = depth(waiting, full);
    const part = depth(ahead, full) * Math.min((depths[followed.partition] ?? settled) / settled, 1.5);
    const { track, head } = where;
    if (geometry.isUpright) return { x: head.x, y: Math.max(head.y - part * track.height, track.y) };
    return { x: Math.max(head.x - part * track.width, track.x), y: head.y };
  }

  #tray(worker: number): Point | undefined {
    const where = this.#stage.geometry.workers[worker];
    if (where === undefined) return undefined;
    const rank = (this.#inTray[worker] = (this.#inTray[worker] ?? -1) + 1);
    return trayPoint(where.mouth, where.inlet, rank);
  }

  #end(followed: Followed, { station }: Step): Point | undefined {
    const { scene, geometry } = this.#stage;
    const place = endOf(scene, followed.partition, station === "dead");
    const box = geometry.ends[place];
    return box && sideOf(box, "before", geometry.isUpright);
  }

  #onTheWay(followed: Followed, from: Step, to: Step, isLeft: boolean, part: number, now: number): Point | undefined {
    const start = this.#at(followed, from, true, now);
    const end = this.#at(followed, to, isLeft, now);
    if (start === undefined || end === undefined) return undefined;
    const { scene, geometry } = this.#stage;
    const paths = pathsOf(geometry);
    if (from.station === "producer") return along(paths.feed(followed.producer, followed.partition), end, part);
    if (from.station === "lane") return along(paths.fetch(followed.partition, to.worker), end, part);
    if (to.station === "done" || to.station === "dead") {
      // It comes out on the other side: what a worker is called stays readable.
      const path = paths.result(from.worker, endOf(scene, followed.partition, to.station === "dead"));
      return path && evenPointOn(path, part);
    }
    return between(start, end, part);
  }
}

/** A worker's sink for what comes from a partition: the one named after its topic, or else the first. */
export function endOf({ ends, lanes }: Scene, partition: number, isDead: boolean): number {
  if (isDead) return ends.findIndex(({ kind }) => kind === "deadLetters");
  const topic = lanes[partition]?.topic ?? "";
  const named = ends.findIndex(({ kind, name }) => kind === "sink" && name.startsWith(topic));
  return named >= 0 ? named : ends.findIndex(({ kind }) => kind === "sink");
}

function trayPoint(mouth: Point, inlet: Point, rank: number): Point {
  const length = Math.hypot(inlet.x - mouth.x, inlet.y - mouth.y);
  const part = Math.min((rank + 1) * TRAY_PITCH, length) / Math.max(length, 1);
  return { x: mouth.x + (inlet.x - mouth.x) * part, y: mouth.y + (inlet.y - mouth.y) * part };
}

const between = (from: Point, to: Point, part: number): Point => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });

/** On a curve, and from its end straight on; as fast all the way. */
function along(curve: Curve | undefined, end: Point, part: number): Point | undefined {
  if (curve === undefined) return undefined;
  const bent = lengthOf(curve);
  const straight = Math.hypot(end.x - curve.to.x, end.y - curve.to.y);
  const wanted = part * (bent + straight);
  return wanted <= bent && bent > 0 ? evenPointOn(curve, wanted / bent) : between(curve.to, end, straight > 0 ? (wanted - bent) / straight : 1);
}
