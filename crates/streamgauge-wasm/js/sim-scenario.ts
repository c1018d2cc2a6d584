/** Scenarios and commands: plain data, as in JSON. `crates/streamgauge-sim/SCENARIOS.md` tells the same in prose. */

/** What there is to simulate, and what is done to it when. Times are seconds, rates per second; what is left out is the default. */
export interface Scenario {
  /** What it is called. */
  title?: string;
  /** What it teaches, in a paragraph. */
  lesson?: string;
  /** What its figures show, in a sentence. */
  claim?: string;
  /** What all random numbers start from, 0..2^53-1. The same seed gives the same run. 1. */
  seed?: number;
  /** How long it is worth watching, 0..86,400. 300. */
  seconds?: number;
  /** The Unix time at which it begins, for timestamps. 1,767,225,600: the first moment of 2026. */
  epoch?: number;
  /** The topics that are consumed, 1 to 64; a name alone stands for a topic of four partitions. `orders` and `payments`. */
  topics?: readonly (string | TopicPlan)[];
  /** Who writes to them, at most 64. One, at 100 a second to all topics. */
  producers?: readonly ProducerPlan[];
  brokers?: BrokerPlan;
  /** The group that reads them, where there is but one. */
  group?: GroupPlan;
  /** The groups that read them, each for itself, 1 to 8 of different names; instead of `group`. */
  groups?: readonly NamedGroupPlan[];
  /** What groups do that have no handler of their own. */
  handler?: HandlerPlan;
  web?: WebPlan;
  errors?: ErrorShares;
  /** What is done at which time, in any order; at most 10,000. */
  commands?: readonly TimedCommand[];
}

/** A topic. A stream, a task, a table, and topics for results and dead letters go with it, named after it. */
export interface TopicPlan {
  /** 1 to 249 characters. */
  name: string;
  /** At most 10,000 over all topics. 4. */
  partitions?: number;
  /** Keys by Zipf's law: the n-th most frequent is 1 / n^skew as frequent as the first. Without, each record goes to any partition. */
  keys?: {
    /** 1..100,000. 1,000. */
    count?: number;
    /** 0 (all alike) to 5. 1. */
    skew?: number;
  };
}

/** Writes records. */
export interface ProducerPlan {
  /** `producer-0` and so on. */
  name?: string;
  /** The names of the topics that it writes to; none: all. */
  topics?: readonly string[];
  /** 100 a second, a Poisson process. */
  pace?: Pace;
  /** The share of its records that no handler can handle, 0..1. 0. */
  poisonShare?: number;
}

/** How records follow each other: at random, evenly, in bursts (`times` as fast for `length` seconds of `every`), or by the day. */
export type Pace =
  | { perSecond: number; kind?: "poisson" | "constant" }
  | { perSecond: number; kind: "bursty"; times: number; every: number; length: number }
  | { perSecond: number; kind: "daily"; swing: number; period?: number };

/** Where the records lie. */
export interface BrokerPlan {
  /** 1..100. 3. */
  count?: number;
  /** From asking for records to having them. 0.005. */
  fetchSeconds?: number;
  /** Mean time until a commit is answered. 0.015. */
  commitSeconds?: number;
  /** Mean time until a send is answered. 0.006. */
  sendSeconds?: number;
  /** Records that a partition keeps; unread ones beyond are lost. 100,000. */
  retention?: number;
}

/** A consumer group. */
export interface GroupPlan {
  /** 1 to 100 letters, digits, `.`, `_` and `-`. Its workers are named after it: `audit-0`. `workers`, whose workers are `worker-0`. */
  name?: string;
  /** The topics that it reads; none: all. Each topic must be read by a group. */
  topics?: readonly string[];
  /** 1..64 at the start, over all groups. 2. */
  workers?: number;
  /** How partitions are given out. By `"cooperative"`, in two rounds, only those that move stop. `"roundRobin"`. */
  assignor?: "range" | "roundRobin" | "sticky" | "cooperative";
  /** Records that a worker handles at a time, 1..1024. 1. */
  concurrency?: number;
  /** Records that a worker buffers per topic before it pauses it, 1..1,000,000. 100. */
  buffer?: number;
  /** Records that one fetch brings at most. 500. */
  fetchRecords?: number;
  /** Time between commits. 2. */
  commitInterval?: number;
  /** Time between heartbeats. 3. */
  heartbeatInterval?: number;
  /** Silence after which the group takes a worker for dead. 10. */
  sessionTimeout?: number;
  /** How long a rebalance waits for a worker to finish what it has in hand. 60. */
  rebalanceTimeout?: number;
  /** What it does with each record, instead of the scenario's `handler`. */
  handler?: HandlerPlan | null;
}

/** One of several groups. */
export interface NamedGroupPlan extends GroupPlan {
  name: string;
}

/** Which worker is meant: by its number in a group, or among all workers. */
export interface WorkerNumber {
  worker: number;
  /** The name of its group. */
  group?: string | null;
}

/** A time by its mean and distribution. A Pareto distribution up to `alpha` 2 has an infinite variance. */
export type Spread =
  | { mean: number; kind?: "logNormal"; sigma?: number }
  | { mean: number; kind: "constant" | "exponential" }
  | { mean: number; kind: "pareto"; alpha: number };

/** What is done with each record. */
export interface HandlerPlan {
  /** How long it takes. Log-normal, 0.01 s, sigma 0.5. */
  time?: Spread;
  /** How often a record that fails is tried again before it is a dead letter. 3. */
  retries?: number;
  /** How long is waited before each. 0.1. */
  backoff?: number;
  /** Keys read from the topic's table for each record. 1. */
  tableGets?: number;
  /** Keys written for each record. 1. */
  tableSets?: number;
  /** Results sent for each record, a mean. 1. */
  sends?: number;
}

/** Web requests to the workers. */
export interface WebPlan {
  /** To each. 2. */
  perSecond?: number;
  /** How long an answer takes. Log-normal, 0.02 s, sigma 0.6. */
  time?: Spread;
}

/** Shares of 0..1 that fail: of attempts to handle a record (0), sends (0.01), commits (0), web requests (0.01), assignments (0.01). */
export interface ErrorShares {
  handler?: number;
  send?: number;
  commit?: number;
  web?: number;
  assignment?: number;
}

/** A change or a fault. Workers, brokers and producers go by number, from 0; topics and groups by name. */
export type Command =
  /** Records per second of one producer, or of all together, who keep their shares. */
  | { command: "rate"; perSecond: number; producer?: number }
  /** The mean time of a group's handler, or of all groups that have none of their own, for records taken up from then on. */
  | { command: "handlerTime"; mean: number; group?: string | null }
  /** The share of sends, web requests and assignments that fail. */
  | { command: "errors"; share: number }
  /** The share of attempts to handle a record that fail. */
  | { command: "handlerErrors"; share: number }
  /** A worker's handler takes longer by a factor, 1..1,000; 1 is as fast as the others'. */
  | (WorkerNumber & { command: "slow"; factor: number })
  /** A worker stands still, heartbeats too. */
  | (WorkerNumber & { command: "stall"; seconds: number })
  /** A worker cannot reach the brokers. */
  | (WorkerNumber & { command: "blip"; seconds: number })
  /** A worker dies; it starts again after `restart` seconds, or never. */
  | (WorkerNumber & { command: "crash"; restart?: number | null })
  /** One more worker joins a group; the first, where none is named. */
  | { command: "addWorker"; group?: string | null }
  /** One more group begins to read, where its partitions end. */
  | (NamedGroupPlan & { command: "addGroup" })
  /** A worker finishes what it has in hand, commits, and leaves. */
  | (WorkerNumber & { command: "removeWorker" })
  /** A broker answers nobody. */
  | { command: "brokerStall"; broker: number; seconds: number }
  /** The next records of a topic are such as no handler can handle. */
  | { command: "poison"; topic: string; count?: number }
  /** A share of a topic's records gets one and the same key; 0: no longer. */
  | { command: "hotKey"; topic: string; share: number }
  /** The first worker of a group, of the first where none is named, joins anew, and goes behind the others. */
  | { command: "rebalance"; group?: string | null };

/** A command of a scenario, at its virtual time. */
export type TimedCommand = Command & { at: number };
