/** The scene of a simulation's frame. */

import type { Snapshot } from "streamgauge";
import type { WorkerState } from "streamgauge/sim";
import type { Layout, Moment, SimulationState } from "./moment.js";
import { endsOf, type Scene, type SceneEnd, type SceneLane, type SceneProducer, type SceneWorker, topicsOf } from "./scene.js";
import { type Flows, keyOf } from "./scene-flows.js";

/** In the order of the numbers in `state.workers.state`. */
const WORKER_STATES: readonly WorkerState[] = ["running", "rebalancing", "stalled", "offline", "leaving", "crashed", "left"];
const NO_FLOWS: Flows = new Map();

/** What changes a few times a second, in the order of the layout. */
interface Aside {
  readonly figures: readonly (Snapshot["partitions"][number] | undefined)[];
  readonly flows: readonly ReturnType<Flows["get"]>[];
  readonly ends: readonly SceneEnd[];
}

/** Frames come faster than moments: what a moment tells is looked up once. */
let asideOf: { layout: Layout; moment: Moment | undefined; flows: Flows; aside: Aside } | undefined;

/** @param moment the newest, for what the state does not tell: names, paused partitions, health, ends. */
export function sceneOfSimulation(layout: Layout, state: SimulationState, moment: Moment | undefined, flows: Flows = NO_FLOWS): Scene {
  const aside = lookUp(layout, moment, flows);
  const { partitions: columns, now } = state;
  const lanes = layout.partitions.map(({ topic, partition }, place): SceneLane => {
    const figures = aside.figures[place];
    const oldest = columns.oldestWaiting[place]!;
    const broker = columns.broker[place]!;
    return {
      topic,
      partition,
      owner: columns.owner[place]!,
      broker,
      end: columns.end[place]!,
      position: columns.position[place]!,
      committed: columns.committed[place]!,
      waiting: columns.end[place]! - columns.position[place]!,
      held: columns.held[place]!,
      oldestSeconds: Number.isNaN(oldest) ? null : now - oldest,
      isStalled: state.brokers.stalled[broker] === 1,
      isPaused: figures?.paused ?? false,
      isRevoking: columns.revoking[place] === 1,
      status: figures?.status ?? null,
      arriving: aside.flows[place]?.arriving ?? null,
      leaving: aside.flows[place]?.leaving ?? null,
    };
  });
  return {
    time: now,
    isRebalancing: state.isRebalancing,
    round: layout.assignor === "cooperative" ? state.groups.round[0]! : 0,
    others: (moment?.groups?.length ?? 1) - 1,
    producers: layout.producers.map((name, place): SceneProducer => ({ name, rate: state.producers.rate[place] ?? 0 })),
    topics: topicsOf(lanes),
    lanes,
    workers: workersOf(state, moment),
    ends: aside.ends,
  };
}

function workersOf({ workers: columns, partitions }: SimulationState, moment: Moment | undefined): SceneWorker[] {
  // As the group sees it: one that died, or was silent, holds what was taken from it for its own.
  const owned = new Uint32Array(columns.state.length);
  for (const owner of partitions.owner) if (owner >= 0) owned[owner]! += 1;
  return Array.from(columns.state, (state, id): SceneWorker => ({
    id,
    name: moment?.workers[id]?.name ?? `worker-${id}`,
    state: WORKER_STATES[state] ?? null,
    utilization: columns.utilization[id]!,
    inFlight: columns.inFlight[id]!,
    buffered: columns.buffered[id]!,
    owned: owned[id]!,
  }));
}

function lookUp(layout: Layout, moment: Moment | undefined, flows: Flows): Aside {
  if (asideOf !== undefined && asideOf.layout === layout && asideOf.moment === moment && asideOf.flows === flows) return asideOf.aside;
  const known = new Map(moment?.snapshot?.partitions.map((partition) => [keyOf(partition), partition]));
  const keys = layout.partitions.map(keyOf);
  const aside = { figures: keys.map((key) => known.get(key)), flows: keys.map((key) => flows.get(key)), ends: endsOf(moment?.snapshot) };
  asideOf = { layout, moment, flows, aside };
  return aside;
}
