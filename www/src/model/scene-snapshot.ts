/** The scene of a moment alone: live servers and recordings, which have no frames. */

import type { Moment } from "./moment.js";
import { endsOf, type Scene, type SceneLane, type SceneWorker, topicsOf } from "./scene.js";
import { type Flows, keyOf } from "./scene-flows.js";

/** Who produces is not known, nor on what broker a partition lies. */
export function sceneOfSnapshot(moment: Moment, flows: Flows = new Map()): Scene {
  const { snapshot } = moment;
  const workers: SceneWorker[] = moment.workers.map(({ id, name, state, utilization, inFlight, buffered, owned }) => ({
    id, name, state, utilization, inFlight, buffered, owned,
  }));
  const places = new Map(workers.map(({ name }, place) => [name, place]));
  const placeOf = (name: string): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    // Only partitions speak of it.
    const id = workers.reduce((most, worker) => Math.max(most, worker.id + 1), 0);
    const owned = snapshot?.partitions.filter((partition) => partition.owned && partition.worker === name).length ?? 0;
    workers.push({ id, name, state: null, utilization: null, inFlight: null, buffered: null, owned });
    places.set(name, workers.length - 1);
    return workers.length - 1;
  };
  const lanes = (snapshot?.partitions ?? []).map((partition): SceneLane => {
    const flow = flows.get(keyOf(partition));
    return {
      topic: partition.topic,
      partition: partition.partition,
      owner: partition.owned ? placeOf(partition.worker) : -1,
      broker: null,
      end: partition.end,
      position: partition.position,
      committed: partition.committed,
      waiting: partition.lag,
      held: 0,
      oldestSeconds: partition.lagSeconds,
      isStalled: false,
      isPaused: partition.paused,
      status: partition.status,
      arriving: flow?.arriving ?? null,
      leaving: flow?.leaving ?? null,
    };
  });
  return {
    time: moment.time,
    isRebalancing: moment.isRebalancing,
    producers: [],
    topics: topicsOf(lanes),
    lanes,
    workers,
    ends: endsOf(snapshot),
  };
}
