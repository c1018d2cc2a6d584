/** Simulated stream traffic, in WebAssembly: consumer groups whose workers carry real monitors. */

import { decodeCbor } from "./cbor.js";
import { outOfRange, record, unknownOption, wholeNumber, wrongType } from "./checks.js";
import { moduleFor, type Core } from "./sim-module.js";
import { checkNumber, MAX_SECONDS, numberIn, scenarioOf, slowFactorOf, type SimulationOptions } from "./sim-options.js";
import { presets, type PresetName } from "./sim-presets.js";
import { plainOf, refuse } from "./sim-refusals.js";
import type { Command, Scenario } from "./sim-scenario.js";
import { stateOf, type SimulationState } from "./sim-state.js";
import { SimulatedWorker, type ReadPartition } from "./sim-worker.js";
import type { Snapshot } from "./snapshot-schema.js";

/** In the order in which the module gives them. */
const COUNTS = [
  "produced", "waiting", "buffered", "inFlight", "processed", "givenBack", "held", "refused", "deadLetters", "abandoned", "expired", "lost", "readAgain", "repeated", "settled", "retries",
] as const;

/** Where a group's records are. At every moment `produced + readAgain` is the sum of the next seven. */
export interface SimulationCounts {
  /** Appended to the partitions that it reads, since it began. */
  readonly produced: number;
  /** In a partition, not fetched yet. */
  readonly waiting: number;
  /** In a worker's buffer. */
  readonly buffered: number;
  /** In a handler's hands, or waiting there to be tried again. */
  readonly inFlight: number;
  /** Done; what was read twice may be done twice. */
  readonly processed: number;
  /** Given up after the last retry. */
  readonly deadLetters: number;
  /** Gone with a worker that died, or that had lost its partitions. */
  readonly abandoned: number;
  /** Taken by retention before they were fetched. */
  readonly expired: number;
  /** Fetched before, and to be fetched again: not committed when their partition got another owner. */
  readonly readAgain: number;
  /** Given back from a buffer to the partition in a rebalance; fetched again later. */
  readonly givenBack: number;
  /** Made, but held back by producers because a broker does not answer. */
  readonly held: number;
  /** Made, but thrown away because a producer held back too many. */
  readonly refused: number;
  /** Different records that are done or dead letters. */
  readonly settled: number;
  /** Different records that retention took before anyone was done with them. */
  readonly lost: number;
  /** Records done a second time or more: what at-least-once costs. */
  readonly repeated: number;
  readonly retries: number;
}

/** Something that happened. */
export interface JournalEntry {
  /** Counts all entries, from 0. */
  readonly number: number;
  /** Virtual seconds. */
  readonly at: number;
  /** What, in one word: `"rebalanceStarted"`. */
  readonly kind: string;
  /** The worker that it happened to. */
  readonly worker: number | null;
  /** The group that it happened to, by its place in `simulation.groups`. */
  readonly group: number | null;
  /** The same in a sentence. */
  readonly text: string;
}

/** A record that was given up. */
export interface DeadLetter {
  /** Counts all dead letters, from 0. */
  readonly number: number;
  /** When, in virtual seconds. */
  readonly at: number;
  /** When it was made. */
  readonly born: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The worker that gave it up. */
  readonly worker: number;
  /** How often it was tried. */
  readonly attempts: number;
}

/** How a scenario is simulated. */
export interface SimulationSettings {
  /** Instead of the scenario's. */
  seed?: number;
  /** Whether every hook call is written down, see `takeTrace()`; in browsers `loadRecorder()` comes before it. False. */
  record?: boolean;
}

/** Stands in for a simulation that was freed: whatever is asked of it throws. */
const FREED = new Proxy({} as Core, {
  get(): never {
    throw Object.assign(new Error("this simulation was freed: make a new one"), { code: "ERR_SIMULATION_FREED" });
  },
});

/**
 * Producers, brokers and consumer groups on a virtual clock.
 *
 *     const simulation = Simulation.of("hot-key", { seed: 7 });
 *     simulation.advance(60); // a minute passes, at once
 *     simulation.command({ command: "crash", worker: 1, restart: 20 });
 *     simulation.advance(60);
 *     simulation.workers[0].asdict().topic_end_offsets;
 *     simulation.snapshot().lag.recordsSum;
 *
 * Time passes only in `advance`. The same scenario and the same calls at the same virtual times
 * give the same figures, bit for bit, on every machine. Bad input throws a `TypeError` or
 * `RangeError` with a `code` before anything changed.
 */
export class Simulation {
  /** The producers' names. */
  readonly producers: readonly string[];
  #core: Core;
  readonly #memory: WebAssembly.Memory;
  readonly #workers: SimulatedWorker[] = [];
  #groups: readonly string[] = [];
  #partitions: readonly ReadPartition[] = [];
  readonly #slowFactor: number;

  /** @param options what to simulate, in a few numbers; see `Simulation.of` for all that can be said. */
  constructor(options?: SimulationOptions);
  /** @internal Use `Simulation.of`. */
  constructor(options: undefined, scenario: unknown, record: boolean);
  constructor(options?: SimulationOptions, scenario?: unknown, isRecorded = false) {
    this.#slowFactor = slowFactorOf(options);
    const plain = plainOf("scenario", scenario ?? scenarioOf(options));
    const module = moduleFor(isRecorded);
    this.#memory = module.wasmMemory();
    try {
      this.#core = new module.Simulation(plain.numbers, plain.texts);
    } catch (thrown) {
      refuse("scenario", scenario ?? options, thrown);
    }
    this.producers = this.#core.producerNames();
  }

  /**
   * A simulation of a scenario, or of a preset by its name.
   *
   * @throws ScenarioRefusal for a scenario that makes no sense, with the place and what must stand there.
   */
  static of(scenario: Scenario | PresetName, settings: SimulationSettings = {}): Simulation {
    const { seed, record: isRecorded = false, ...others } = record("settings", settings);
    for (const [name, value] of Object.entries(others)) throw unknownOption(name, ["seed", "record"], value);
    if (typeof isRecorded !== "boolean") throw wrongType("record", "a boolean", isRecorded);
    let plan: unknown = scenario;
    if (typeof scenario === "string") {
      const all = presets();
      plan = all.find(({ name }) => name === scenario)?.scenario;
      if (plan === undefined) throw outOfRange("scenario", `an object or one of ${all.map(({ name }) => name).join(", ")}`, scenario);
    }
    const seeded = seed === undefined ? plan : { ...record("scenario", plan), seed: wholeNumber("seed", seed, 0, Number.MAX_SAFE_INTEGER) };
    return new Simulation(undefined, record("scenario", seeded), isRecorded);
  }

  /** The groups' names; those that were added, too. */
  get groups(): readonly string[] {
    if (this.#groups.length !== this.#core.groupCount()) {
      this.#groups = this.#core.groupNames();
      const numbers = this.#core.partitionNumbers();
      this.#partitions = this.#core.partitionTopics().map((topic, place) => ({ topic, group: numbers[2 * place]!, partition: numbers[2 * place + 1]! }));
    }
    return this.#groups;
  }

  /** All partitions that groups read: group by group, and in each by topic and number. What two groups read is there twice. */
  get partitions(): readonly ReadPartition[] {
    void this.groups;
    return this.#partitions;
  }

  /** The number of the group of a name; of the first, where none is named. */
  #groupOf(name: string | undefined): number {
    const group = name === undefined ? 0 : this.groups.indexOf(name);
    if (group < 0) throw outOfRange("group", `the name of a group (${this.groups.join(", ")})`, name);
    return group;
  }

  /** The workers, by number; those that died or left, too. */
  get workers(): readonly SimulatedWorker[] {
    for (let id = this.#workers.length; id < this.#core.workerCount(); id += 1) {
      this.#workers.push(new SimulatedWorker(id, () => this.#core, this.#memory));
    }
    return this.#workers;
  }

  /** Lets virtual time pass, and everything happen that happens meanwhile. At most a day a call. */
  advance(seconds: number): void {
    this.#core.advance(numberIn("seconds", seconds, 0, MAX_SECONDS));
  }

  /**
   * Changes something, or makes something fail, now.
   *
   * @throws ScenarioRefusal for what is no command, or names what there is not.
   */
  command(command: Command): void {
    const { numbers, texts } = plainOf("command", command);
    try {
      this.#core.command(numbers, texts);
    } catch (thrown) {
      refuse("command", command, thrown);
    }
  }

  /** The virtual time in seconds: 0 at the start. */
  get now(): number {
    return this.#core.now();
  }

  /** Where the records are: summed over the groups, so that a record counts once for each group that reads it. */
  get counts(): SimulationCounts {
    return this.#counts(this.groups.map((_, group) => group));
  }

  /** Where a group's records are. */
  countsOf(group: string): SimulationCounts {
    return this.#counts([this.#groupOf(group)]);
  }

  #counts(groups: readonly number[]): SimulationCounts {
    const each = groups.map((group) => this.#core.counts(group));
    const numbers = each.reduce((sum, one) => sum.map((number, place) => number + one[place]!));
    return Object.fromEntries(COUNTS.map((name, place) => [name, numbers[place]])) as unknown as SimulationCounts;
  }

  /** Everything that a page draws, as typed arrays of its own. */
  state(): SimulationState {
    const address = this.#core.stateBlock();
    const { buffer } = this.#memory;
    const length = new Float64Array(buffer, address, 1)[0]!;
    return stateOf(buffer.slice(address, address + length * Float64Array.BYTES_PER_ELEMENT) as ArrayBuffer);
  }

  /**
   * A group's snapshot, by default that of the first: the sum over its workers that are up, and over what those
   * were before they started again. There is none of several groups together: each has its own lag of a partition.
   *
   * @throws Error with the code `ERR_NO_WORKER` where no worker is up.
   */
  snapshot(group?: string): Snapshot {
    const bytes = this.#core.cluster(this.#groupOf(group));
    if (bytes === undefined) throw Object.assign(new Error("no snapshot: no worker is up"), { code: "ERR_NO_WORKER" });
    return decodeCbor(bytes) as Snapshot;
  }

  /** What happened, from entry `from` on; the last 1,000 entries are kept. */
  journal(from = 0): JournalEntry[] {
    const first = wholeNumber("from", from, 0, Number.MAX_SAFE_INTEGER);
    const numbers = this.#core.journalNumbers(first);
    const texts = this.#core.journalTexts(first);
    const entries: JournalEntry[] = [];
    for (let place = 0; 2 * place < texts.length; place += 1) {
      const [number, at, worker, group] = numbers.subarray(4 * place, 4 * place + 4) as unknown as [number, number, number, number];
      const [kind, text] = texts.slice(2 * place, 2 * place + 2) as [string, string];
      entries.push({ number, at, kind, worker: worker < 0 ? null : worker, group: group < 0 ? null : group, text });
    }
    return entries;
  }

  /** The last 200 records that were given up. */
  deadLetters(): DeadLetter[] {
    const numbers = this.#core.deadLetters();
    const letters: DeadLetter[] = [];
    for (let place = 0; place < numbers.length; place += 7) {
      const [number, at, born, index, offset, worker, attempts] = numbers.subarray(place, place + 7) as unknown as Seven;
      const { topic, partition } = this.partitions[index]!;
      letters.push({ number, at, born, topic, partition, offset, worker, attempts });
    }
    return letters;
  }

  /**
   * The trace's lines that were not taken yet; empty unless the simulation was made with `record`. All of
   * them after each other are a trace, which `streamgauge/replay` and `npx streamgauge replay` read. Take
   * them often: they lie in memory until then.
   */
  takeTrace(): string {
    return this.#core.takeTrace?.() ?? "";
  }

  /** Records appended per second over all topics, bursts left aside. */
  get messageRate(): number {
    return this.#core.messageRate();
  }

  set messageRate(rate: number) {
    this.command({ command: "rate", perSecond: checkNumber("messageRate", rate) });
  }

  /** Mean time to handle a record, in seconds; a change is for those taken up from then on. */
  get handlerLatency(): number {
    return this.#core.handlerLatency();
  }

  set handlerLatency(seconds: number) {
    this.command({ command: "handlerTime", mean: checkNumber("handlerLatency", seconds) });
  }

  /** The share of sends, web requests and assignments that fail. */
  get errorRate(): number {
    return this.#core.errorRate();
  }

  set errorRate(rate: number) {
    this.command({ command: "errors", share: checkNumber("errorRate", rate) });
  }

  /**
   * A group's first worker joins anew, by default the first group's: by range and round robin the partitions move on.
   * False where it is rebalancing already.
   */
  rebalance(group?: string): boolean {
    return this.#core.rebalance(this.#groupOf(group));
  }

  /** Whether a group is rebalancing. */
  get isRebalancing(): boolean {
    return this.#core.isRebalancing();
  }

  /** Makes the last worker's handler slower by the option `slowFactor`, or as fast as the others' again. */
  slowConsumer(on: boolean): void {
    if (typeof on !== "boolean") throw wrongType("on", "a boolean", on);
    this.command({ command: "slow", worker: this.#core.workerCount() - 1, factor: on ? this.#slowFactor : 1 });
  }

  /** Gives the memory back now; without it, that happens some time after the last use. */
  free(): void {
    const core = this.#core;
    if (core === FREED) return;
    this.#core = FREED;
    core.free();
  }
}

type Seven = [number, number, number, number, number, number, number];
