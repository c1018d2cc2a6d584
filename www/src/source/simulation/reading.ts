/** What the page is told of a simulation. */

import type { Scenario, Simulation } from "streamgauge/sim";
import type { Layout, LogEntry, Moment, WorkerMoment } from "../../model/moment.js";

/** As in SCENARIOS.md, for a scenario that does not say. */
const DEFAULT_BROKERS = 3;

export function layoutOf(simulation: Simulation, scenario: Scenario): Layout {
  return { partitions: simulation.partitions, producers: simulation.producers, brokers: scenario.brokers?.count ?? DEFAULT_BROKERS };
}

/** Everything at this moment. Changes nothing: a run that is looked at gives the figures of one that is not. */
export function momentOf(simulation: Simulation): Moment {
  const state = simulation.state();
  const workers = simulation.workers.map((one): WorkerMoment => ({
    id: one.id,
    name: one.name,
    state: one.state,
    inFlight: one.inFlight,
    buffered: one.buffered,
    utilization: one.utilization,
    owned: state.workers.owned[one.id] ?? 0,
    faustMedian: one.eventsRuntimeAvg,
  }));
  const isAnyUp = workers.some(({ state: at }) => at !== "crashed" && at !== "left");
  return {
    time: simulation.now,
    snapshot: isAnyUp ? simulation.snapshot() : undefined,
    workers,
    isRebalancing: simulation.isRebalancing,
    generation: state.generation,
    produced: simulation.counts.produced,
  };
}

/** The journal from an entry on. */
export function entriesOf(simulation: Simulation, from: number): LogEntry[] {
  return simulation.journal(from).map(({ number, at, kind, worker, text }) => ({ number, time: at, kind, worker, text }));
}
