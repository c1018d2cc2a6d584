/** What the page is told of a simulation: one of its groups, with workers numbered in that group. */

import type { JournalEntry, Scenario, Simulation } from "streamgauge/sim";
import { isUp, type GroupMoment, type Layout, type LogEntry, type Moment, type SimulationState, type WorkerMoment } from "../../model/moment.js";

// As in SCENARIOS.md, for a scenario that does not say.
const DEFAULT_BROKERS = 3;
const DEFAULT_ASSIGNOR = "roundRobin";

/** @param wanted the name of the group that is asked for, whether it is there or not */
export function layoutOf(simulation: Simulation, scenario: Scenario, group: number, wanted: string): Layout {
  const { groups = [], commands = [], brokers } = scenario;
  const plans = [...groups, ...commands.filter(({ command }) => command === "addGroup")] as typeof groups;
  const plan = plans.find(({ name }) => name === simulation.groups[group]) ?? scenario.group;
  return {
    partitions: simulation.partitions.filter((one) => one.group === group).map(({ topic, partition }) => ({ topic, partition })),
    producers: simulation.producers,
    brokers: brokers?.count ?? DEFAULT_BROKERS,
    group: wanted,
    assignor: plan?.assignor ?? DEFAULT_ASSIGNOR,
  };
}

/** By their numbers in the group. */
export const workersOf = (simulation: Simulation, group: number): Simulation["workers"] => simulation.workers.filter((one) => one.group === group);

/** Everything at this moment. Changes nothing: a run that is looked at gives the figures of one that is not. */
export function momentOf(simulation: Simulation, group: number, { assignor }: Layout): Moment {
  const state = simulation.state();
  const name = simulation.groups[group]!;
  const round = state.groups.round[group]!;
  const workers = workersOf(simulation, group).map(
    (one, id): WorkerMoment => ({
      id,
      name: one.name,
      state: one.state,
      inFlight: one.inFlight,
      buffered: one.buffered,
      utilization: one.utilization,
      owned: state.workers.owned[one.id] ?? 0,
      faustMedian: one.eventsRuntimeAvg,
    }),
  );
  const isAnyUp = workers.some(({ state: at }) => at !== "crashed" && at !== "left");
  return {
    time: simulation.now,
    snapshot: isAnyUp ? simulation.snapshot(name) : undefined,
    workers,
    isRebalancing: round > 0,
    generation: state.groups.generation[group]!,
    produced: simulation.countsOf(name).produced,
    groups: simulation.groups.map((_, number) => groupOf(simulation, state, number)),
    group,
    round: assignor === "cooperative" ? round : 0,
  };
}

function groupOf(simulation: Simulation, { partitions: { group, end, position } }: SimulationState, number: number): GroupMoment {
  return {
    name: simulation.groups[number]!,
    up: workersOf(simulation, number).filter(isUp).length,
    waiting: group.reduce((sum, of, place) => sum + (of === number ? end[place]! - position[place]! : 0), 0),
  };
}

/** What concerns the group, or all. */
export function entriesOf(simulation: Simulation, entries: readonly JournalEntry[], group: number): LogEntry[] {
  const workers = workersOf(simulation, group);
  return entries
    .filter((entry) => entry.group === null || entry.group === group)
    .map(({ number, at, kind, worker, text }) => ({ number, time: at, kind, worker: worker === null ? null : workers.findIndex(({ id }) => id === worker), text }));
}
