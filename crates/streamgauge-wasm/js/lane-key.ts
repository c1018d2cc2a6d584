/** How adapters, which are bundles of their own, ask a monitor for its lane. */
export const LANE: unique symbol = Symbol.for("streamgauge.lane") as never;
