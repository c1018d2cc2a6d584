/** All that a drawing of the picture takes. */

import type { Geometry, Target } from "../../model/geometry.js";
import type { Motion } from "../../model/motion.js";
import type { Particles } from "../../model/particles.js";
import type { Scene } from "../../model/scene.js";

export interface Frame {
  readonly scene: Scene;
  readonly geometry: Geometry;
  readonly motion: Motion;
  readonly particles: Particles;
  /** Producers whose records were seen in a topic: `producer topic`, by their places. */
  readonly feeds: ReadonlySet<number>;
  /** Virtual seconds per second. */
  readonly pace: number;
  /** Records jump at this speed: flows are drawn instead of them. */
  readonly isFast: boolean;
  /** Nothing moves, for who asked for that. */
  readonly isStill: boolean;
  /** Milliseconds; moves what stands for a flow. */
  readonly clock: number;
  /** The newest rebalance: when it began and ended, in virtual seconds; null where that is not known. */
  readonly rebalance: { readonly start: number | null; readonly end: number | null };
  readonly selected: Target | undefined;
  readonly hovered: Target | undefined;
  readonly focused: Target | undefined;
}

/** Topics that a producer may have. */
export const feedKey = (producer: number, topic: number): number => producer * 4096 + topic;

/** Whether this is selected, or belongs to what is; all does while nothing is. */
export const standsOut = ({ scene, selected }: Frame, kind: "lane" | "worker", place: number): boolean =>
  selected === undefined || isOf(scene, selected, kind, place);

/** Whether a lane, or its owner, is selected or under the pointer. */
export const belongs = ({ scene, selected, hovered }: Frame, lane: number): boolean =>
  [selected, hovered].some((target) => (target?.kind === "lane" || target?.kind === "worker") && isOf(scene, target, "lane", lane));

function isOf({ lanes }: Scene, target: Target, kind: "lane" | "worker", place: number): boolean {
  if (target.kind === kind) return target.place === place;
  return target.kind === "lane" ? lanes[target.place]?.owner === place : lanes[place]?.owner === target.place;
}

export const DIMMED = 0.38;
