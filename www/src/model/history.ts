/** The whole run in bounded memory: the newest part second by second, all of it in as many points as a chart is wide. */

import type { Moment, TopicPartition } from "./moment.js";
import { partitionKey, Places } from "./places.js";
import { joined, pointOf, type Point, type Registry } from "./point.js";
import { addRebalance, type Span } from "./rebalances.js";
import { Track } from "./track.js";

/** Points of each track. */
const MOST = 600;
/** Seconds of the shortest point: rates of less jump about. */
const STEP = 1;
/** A partition that nobody spoke of for so many seconds is not missed any longer. */
const MISSED_FOR = 300;

export class History {
  readonly #recent = new Track(STEP, MOST, "forgetOldest");
  readonly #whole = new Track(STEP, MOST, "doubleStep");
  readonly #registry: Registry = { partitions: new Places(), workers: new Places() };
  #lastKnown: number[] = [];
  #rebalances: Span[] = [];
  #moment: Moment | undefined;
  #newest: Point | undefined;
  /** Of a recording: the point of each moment. */
  #filled: Point[] = [];
  /** Of a recording: which of them is looked at. */
  #place = 0;

  /** Those that a source told of, and those that came up since, by place. */
  get partitions(): readonly TopicPartition[] {
    return this.#registry.partitions.items;
  }

  /** By place. */
  get workers(): readonly { readonly id: number; readonly name: string }[] {
    return this.#registry.workers.items;
  }

  /** The newest moment's point; of a recording, that of the moment that is looked at. Its gauges are of that moment alone. */
  get newest(): Point | undefined {
    return this.#filled[this.#place] ?? this.#newest;
  }

  /** The same with rates over a whole step at least. */
  get last(): Point | undefined {
    const point = this.#filled[this.#place];
    if (point === undefined) return this.from(Infinity).at(-1);
    const before = this.#filled[this.#place - 1];
    if (before === undefined || point.span >= STEP - 1e-6) return point;
    const { span, flow, produced, runtime } = joined(before, point);
    return { ...point, span, flow, produced, runtime };
  }

  /** When it begins, in seconds: a live page is opened long after its process began. */
  get start(): number {
    const first = this.#whole.points[0];
    return first === undefined ? 0 : first.time - first.span;
  }

  /** When the group was rebalanced, in the order of time; the last one may still go on. */
  get rebalances(): readonly Span[] {
    return this.#rebalances;
  }

  /** Seconds from one moment to the next, of late. */
  get interval(): number {
    return this.#recent.points.at(-2)?.span ?? 0;
  }

  placeOf(partition: TopicPartition): number | undefined {
    return this.#registry.partitions.find(partitionKey(partition));
  }

  add(moment: Moment): void {
    const before = this.#moment;
    if (before !== undefined && moment.time < before.time) this.clear(this.partitions.slice());
    const point = this.#withTotal(pointOf(moment, this.#moment, this.#registry));
    this.#recent.add(point);
    this.#whole.add(point);
    addRebalance(this.#rebalances, point, MOST);
    this.#moment = moment;
    this.#newest = point;
  }

  /** All moments of a recording, in the order of time; the last one is looked at. */
  fill(moments: readonly Moment[]): void {
    for (const moment of moments) {
      this.add(moment);
      this.#filled.push(this.#newest!);
    }
    this.#place = this.#filled.length - 1;
  }

  /** Looks at a recording's moment, by its time. */
  lookAt(time: number): void {
    this.#place = Math.max(this.#filled.findLastIndex((point) => point.time <= time), 0);
  }

  /** @param partitions those that are known before anything happens. */
  clear(partitions: readonly TopicPartition[] = []): void {
    this.#recent.clear();
    this.#whole.clear();
    this.#registry.partitions.clear();
    this.#registry.workers.clear();
    for (const partition of partitions) this.#registry.partitions.of(partitionKey(partition), partition);
    this.#lastKnown = partitions.map(() => 0);
    this.#rebalances = [];
    this.#moment = this.#newest = undefined;
    this.#filled = [];
    this.#place = 0;
  }

  /**
   * The points from a time on, with one before it so that lines come in from the left. The last one says what is: rates
   * over a whole step at least, and the newest gauges.
   */
  from(time: number): Point[] {
    const start = this.#recent.points[0];
    const track = start !== undefined && start.time - start.span <= time ? this.#recent : this.#whole;
    const first = track.points.findIndex((point) => point.time >= time);
    const points = track.points.slice(Math.max(first - 1, 0));
    const last = points.at(-1);
    if (last === undefined) return points;
    const before = points.at(-2);
    const counted = before !== undefined && last.span < track.step - 1e-6 ? joined(before, last) : last;
    const { flow, produced, runtime } = counted;
    points[points.length - 1] = { ...this.#newest!, span: last.span, flow, produced, runtime };
    return points;
  }

  /** A total that misses a partition, because nobody has it, is none. */
  #withTotal(point: Point): Point {
    let isMissing = false;
    for (const [place, lag] of point.lag.entries()) {
      if (!Number.isNaN(lag)) this.#lastKnown[place] = point.time;
      else if (point.time - (this.#lastKnown[place] ?? -Infinity) < MISSED_FOR) isMissing = true;
    }
    return isMissing ? { ...point, lagTotal: null, lagSecondsMost: null } : point;
  }
}
