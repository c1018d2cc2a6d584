/** The geometry of the staff gauge. */

/** The least lag that the gauge reaches up to. */
const LEAST_TOP = 999;

/** What the top of the gauge stands for: the next 10^n - 1 that nothing goes over. */
export function stageTop(lags: readonly (number | undefined)[]): number {
  const most = Math.max(LEAST_TOP, ...lags.map((lag) => lag ?? 0));
  return 10 ** Math.ceil(Math.log10(most + 1) - 1e-9) - 1;
}

/** Where the staff is marked: at every power of ten below the top. */
export function stageTicks(top: number): number[] {
  const ticks = [];
  for (let tick = 1; tick <= top + 1; tick *= 10) ticks.push(tick);
  return ticks;
}

/** How high the water stands, 0..1, on a log scale that starts at 0. */
export function stageHeight(lag: number, top: number): number {
  return Math.min(1, Math.log1p(lag) / Math.log1p(top));
}
