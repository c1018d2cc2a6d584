/** What the picture shows, wherever the figures come from: plain data, without a place on the screen. */

import type { Snapshot } from "streamgauge";
import type { WorkerState } from "streamgauge/sim";

type PartitionFigures = Snapshot["partitions"][number];

export interface SceneProducer {
  readonly name: string;
  /** Records per second now. */
  readonly rate: number;
}

export interface SceneLane {
  readonly topic: string;
  readonly partition: number;
  /** Its owner's place in the scene's workers; -1 for none. */
  readonly owner: number;
  readonly broker: number | null;
  readonly end: number | null;
  readonly position: number | null;
  readonly committed: number | null;
  /** Records from the position to the end; null where that is not known. */
  readonly waiting: number | null;
  /** Records that producers hold back for it. */
  readonly held: number;
  /** The age of the oldest record that waits, in seconds. */
  readonly oldestSeconds: number | null;
  /** Its broker answers nobody. */
  readonly isStalled: boolean;
  readonly isPaused: boolean;
  /** Its owner is letting it go, for another. */
  readonly isRevoking?: boolean;
  readonly status: PartitionFigures["status"] | null;
  /** Records written and fetched in a second, between the last two moments. */
  readonly arriving: number | null;
  readonly leaving: number | null;
}

export interface SceneTopic {
  readonly name: string;
  /** Its lanes lie together: the first one's place, and how many. */
  readonly first: number;
  readonly lanes: number;
  /** Records waiting in all of them, as far as known. */
  readonly waiting: number;
}

export interface SceneWorker {
  readonly id: number;
  readonly name: string;
  readonly state: WorkerState | null;
  /** 0..1 */
  readonly utilization: number | null;
  readonly inFlight: number | null;
  readonly buffered: number | null;
  /** How many lanes it owns. */
  readonly owned: number;
}

/** Where records, or what is made of them, end. */
export interface SceneEnd {
  readonly kind: "sink" | "table" | "deadLetters";
  readonly name: string;
  readonly count: number;
}

export interface Scene {
  /** Seconds since the source began. */
  readonly time: number;
  readonly isRebalancing: boolean;
  /** The round of a cooperative rebalance; 0 for none. */
  readonly round?: number;
  /** Groups beside the one that is shown. */
  readonly others?: number;
  readonly producers: readonly SceneProducer[];
  readonly topics: readonly SceneTopic[];
  readonly lanes: readonly SceneLane[];
  readonly workers: readonly SceneWorker[];
  readonly ends: readonly SceneEnd[];
}

/** Lanes lie by topic: where each topic begins. */
export function topicsOf(lanes: readonly SceneLane[]): SceneTopic[] {
  const topics: { name: string; first: number; lanes: number; waiting: number }[] = [];
  for (const [place, lane] of lanes.entries()) {
    let topic = topics.at(-1);
    if (topic === undefined || topic.name !== lane.topic) topics.push((topic = { name: lane.topic, first: place, lanes: 0, waiting: 0 }));
    topic.lanes += 1;
    topic.waiting += lane.waiting ?? 0;
  }
  return topics;
}

/** What topics for dead letters are usually called. */
const FOR_DEAD_LETTERS = /dead.?letter|\bdlq\b/i;

/** Sinks, tables and dead letters; none before anything is known. */
export function endsOf(snapshot: Snapshot | undefined): SceneEnd[] {
  if (snapshot === undefined) return [];
  const sinks = Object.entries(snapshot.messages.sentByTopic).map(([name, count]): SceneEnd => ({ kind: "sink", name, count }));
  // Results first: a topic's results and its dead letters begin alike.
  sinks.sort((one, other) => Number(FOR_DEAD_LETTERS.test(one.name)) - Number(FOR_DEAD_LETTERS.test(other.name)));
  return [
    ...sinks,
    ...Object.entries(snapshot.tables).map(([name, table]): SceneEnd => ({ kind: "table", name, count: table.keysUpdated + table.keysDeleted })),
    { kind: "deadLetters", name: "dead letters", count: snapshot.messages.deadLettered },
  ];
}

/** The same in fewer boxes. @param most of a kind: the rest of it is summed up. */
export function foldedEnds(ends: readonly SceneEnd[], most: number): SceneEnd[] {
  const of = (wanted: SceneEnd["kind"]): SceneEnd[] => ends.filter(({ kind }) => kind === wanted);
  return [...summedUp(of("sink"), most, "topics"), ...summedUp(of("table"), most, "tables"), ...of("deadLetters")];
}

function summedUp(ends: readonly SceneEnd[], most: number, what: string): SceneEnd[] {
  if (ends.length <= most) return [...ends];
  const rest = ends.slice(most - 1);
  const count = rest.reduce((sum, end) => sum + end.count, 0);
  return [...ends.slice(0, most - 1), { kind: rest[0]!.kind, name: `${rest.length} ${most > 1 ? "more " : ""}${what}`, count }];
}
