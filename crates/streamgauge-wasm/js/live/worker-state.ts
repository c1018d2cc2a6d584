/** How a worker that others gather from is doing. */
export interface WorkerState {
  /** Where its figures come from: a URL, a name. */
  readonly source: string;
  /** Its name in snapshots; empty before the first, and where it gives the sum of several. */
  readonly worker: string;
  /** `live` while its snapshots come; `stale` when they stopped: the last one still counts; `missing` while none ever came. */
  readonly state: "live" | "stale" | "missing";
  /** Why it is not live; empty where it is. */
  readonly reason: string;
  /** The Unix time of its newest snapshot, by its own clock; null where there is none. Unit: seconds. */
  readonly at: number | null;
}
