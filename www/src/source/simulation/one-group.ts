/** A state of one of several groups, as if there were no other: its rows alone, partitions and workers numbered in it. */

import type { SimulationState } from "streamgauge/sim";

type Columns = Readonly<Record<string, Float64Array>>;

export function stateOfGroup(state: SimulationState, group: number): SimulationState {
  const placesOf = (groups: Float64Array): number[] => Array.from(groups.keys()).filter((place) => groups[place] === group);
  const partitions = placesOf(state.partitions.group);
  const workers = placesOf(state.workers.group);
  const partitionAt = numbersOf(partitions);
  const workerAt = numbersOf(workers);
  const particles = Array.from(state.particles.partition.keys()).filter((place) => partitionAt.has(state.particles.partition[place]!));
  const tables = {
    partitions: taken(state.partitions, partitions),
    workers: taken(state.workers, workers),
    producers: taken(state.producers),
    brokers: taken(state.brokers),
    particles: taken(state.particles, particles),
    groups: taken(state.groups, [group]),
  };
  renumber(tables.partitions.owner, workerAt);
  renumber(tables.particles.partition, partitionAt);
  renumber(tables.particles.worker, workerAt);
  return {
    ...state,
    ...tables,
    isRebalancing: tables.groups.round[0]! > 0,
    generation: tables.groups.generation[0]!,
    // The columns have memory of their own: this one may go to the page without them.
    buffer: new ArrayBuffer(0),
  };
}

/** The new number of each place that stays. */
const numbersOf = (places: readonly number[]): ReadonlyMap<number, number> => new Map(places.map((place, number) => [place, number]));

/** @param places of the rows that stay; all where there are none. */
function taken<Table extends Columns>(table: Table, places?: readonly number[]): Table {
  return Object.fromEntries(Object.entries(table).map(([name, column]) => [name, places === undefined ? column.slice() : Float64Array.from(places, (place) => column[place]!)])) as Table;
}

function renumber(column: Float64Array, numbers: ReadonlyMap<number, number>): void {
  for (const [place, number] of column.entries()) column[place] = numbers.get(number) ?? -1;
}
