/** How the live server, a bundle of its own, asks a monitor for its snapshot in slices. */
export const SLICES: unique symbol = Symbol.for("streamgauge.slices") as never;
