/** Figures that several claims of the tour need. */

import type { PartitionFigures } from "streamgauge";
import type { WorkerMoment } from "../moment.js";
import type { Reading } from "./step.js";

export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

/** Only all of it is 100 %. */
export const percent = (share: number): string => `${share < 1 ? Math.min(Math.round(share * 100), 99) : 100} %`;

/** `1 record`, `2 records` */
export const many = (value: number, noun: string): string => `${whole(value)} ${noun}${Math.round(value) === 1 ? "" : "s"}`;

export const partitionsOf = ({ moment }: Reading): readonly PartitionFigures[] => moment.snapshot?.partitions ?? [];

export const lagOf = (partitions: readonly PartitionFigures[]): number => partitions.reduce((sum, { lag }) => sum + (lag ?? 0), 0);

/** The partition with the greatest lag. */
export function fullest(partitions: readonly PartitionFigures[]): PartitionFigures | undefined {
  return partitions.reduce<PartitionFigures | undefined>((most, one) => ((one.lag ?? 0) > (most?.lag ?? -1) ? one : most), undefined);
}

/** The workers that are up. */
export const workersUp = ({ moment }: Reading): WorkerMoment[] => moment.workers.filter(({ state }) => state !== "crashed" && state !== "left");

export const meanBusy = (workers: readonly WorkerMoment[]): number => workers.reduce((sum, { utilization }) => sum + (utilization ?? 0), 0) / Math.max(workers.length, 1);

/** How many lanes nobody reads, or one who cannot: who died, or stands still. */
export function lanesUnread({ frame, moment }: Reading): number {
  if (frame === undefined) return 0;
  const idle = new Set(moment.workers.filter(({ state }) => state === "crashed" || state === "stalled" || state === "offline").map(({ id }) => id));
  return frame.partitions.owner.reduce((count, owner) => count + (owner < 0 || idle.has(owner) ? 1 : 0), 0);
}
