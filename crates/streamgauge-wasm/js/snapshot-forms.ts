/** Snapshots of monitors: their forms, and the sum of many. */

import { cborOfJson, jsonOfCbor, jsonOfJson, Merger } from "../pkg/snapshot/streamgauge_snapshot.js";
import { isBytes } from "./checks.js";
import { ANY_FORM, refuse, textOf, wrongForm, type SnapshotForm } from "./snapshot-input.js";
import type { Snapshot } from "./snapshot-schema.js";

/**
 * Reads a snapshot from its JSON text, or from an object that JSON gave: checked, with what is
 * missing at its default and what is derived computed anew. Fields that this version does not know
 * are kept, after the known ones. Whole numbers over 2^53-1 lose their last digits.
 *
 * @throws SnapshotRefusal for what is no snapshot, with the place and the reason.
 */
export function parse(snapshot: string | object): Snapshot {
  const text = textOf("snapshot", snapshot, "JSON text or an object");
  try {
    return JSON.parse(jsonOfJson(text)) as Snapshot;
  } catch (thrown) {
    return refuse("snapshot", snapshot, thrown);
  }
}

/**
 * Reads a snapshot from its CBOR bytes, as `monitor.snapshotBytes()` and `encode` give them.
 *
 * @throws SnapshotRefusal for what is no snapshot, with the place and the reason.
 */
export function decode(bytes: Uint8Array): Snapshot {
  if (!isBytes(bytes)) throw wrongForm("bytes", "a Uint8Array", bytes);
  try {
    return JSON.parse(jsonOfCbor(bytes)) as Snapshot;
  } catch (thrown) {
    return refuse("bytes", bytes, thrown);
  }
}

/**
 * A snapshot in its compact form, CBOR: about three quarters of its JSON text.
 *
 * @throws SnapshotRefusal for what is no snapshot, with the place and the reason.
 */
export function encode(snapshot: Snapshot): Uint8Array {
  const text = textOf("snapshot", snapshot, "an object");
  try {
    return cborOfJson(text);
  } catch (thrown) {
    return refuse("snapshot", snapshot, thrown);
  }
}

/**
 * The snapshot of a cluster: counters add up, histograms merge exactly, partitions are their
 * owners', health is the worst. In any order, and merged ones merge again.
 *
 *     const cluster = merge(await Promise.all(workers.map((url) => fetch(url).then((answer) => answer.text()))));
 *     cluster.lag.recordsSum;
 *
 * Of one worker's several snapshots the newest counts once; a worker that started again is a new
 * life, whose counters add to those of the old.
 *
 * @throws SnapshotRefusal for what is no snapshot, with its number and place; and for what cannot
 * be added up without counting something twice. Nothing is given then.
 */
export function merge(snapshots: Iterable<SnapshotForm>): Snapshot {
  // A text and bytes are iterable, too, but what is in them are no snapshots.
  if (typeof snapshots !== "object" || snapshots === null || isBytes(snapshots) || typeof snapshots[Symbol.iterator] !== "function") {
    throw wrongForm("snapshots", "an iterable of snapshots", snapshots);
  }
  const merger = new Merger();
  try {
    let count = 0;
    for (const snapshot of snapshots) {
      const argument = `snapshots[${count}]`;
      count += 1;
      try {
        if (isBytes(snapshot)) merger.addCbor(snapshot);
        else merger.addJson(textOf(argument, snapshot, ANY_FORM));
      } catch (thrown) {
        refuse(argument, snapshot, thrown);
      }
    }
    try {
      return JSON.parse(merger.merged()) as Snapshot;
    } catch (thrown) {
      return refuse("snapshots", snapshots, thrown);
    }
  } finally {
    merger.free();
  }
}
