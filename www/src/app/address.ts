/** The page's address: all that another page needs to show the same. */

import type { Selection } from "../model/moment.js";
import type { Run } from "../source/simulation/protocol.js";
import { DEFAULTS, LAG_UNITS, LEAST_SPEED, MOST_SPEED, TABS, type Settings } from "./settings.js";

/** What an address holds. What it leaves out is the default: `""` is steady state with seed 1, playing from 0. */
export interface Place {
  readonly run: Run;
  readonly settings: Readonly<Settings>;
  readonly selection: Selection;
  /** Virtual seconds that have passed, in whole milliseconds. */
  readonly time: number;
  readonly isPaused: boolean;
}

export const DEFAULT_SCENARIO = "steady-state";
export const DEFAULT_SEED = 1;
/** Virtual seconds that a link may lead to, at most: more than eleven days. */
export const LATEST = 1e6;

const KEYS = ["scenario", "plan", "seed", "commands", "speed", "time", "paused", "lag", "tab", "group", "select"] as const;
type Key = (typeof KEYS)[number];

// Most addresses have neither commands nor a plan: what reads and writes them is loaded for those that do.
type CommandsModule = typeof import("./address/commands.js");
let commandsModule: CommandsModule | undefined;
const forCommands = async (): Promise<CommandsModule> => (commandsModule ??= await import("./address/commands.js"));
/** Loads what writes commands before there is one: a page that is left writes its address at once, or never. */
export const prepareForCommands = (): void => void forCommands();
const forPlans = (): Promise<typeof import("./address/plan.js")> => import("./address/plan.js");

/** Characters of a value that a complaint shows. */
const SHOWN = 40;
const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/**
 * The query of an address, with its question mark; empty where all is as by default.
 *
 * @param search the query that there is: what others put there stays
 */
export async function writeAddress({ run, settings, selection, time, isPaused }: Place, search = ""): Promise<string> {
  const parts: string[] = [];
  const put = (key: Key, value: string): number => parts.push(value === "" ? key : `${key}=${written(value)}`);
  if (typeof run.scenario !== "string") put("plan", await packed(run.scenario));
  else if (run.scenario !== DEFAULT_SCENARIO) put("scenario", run.scenario);
  if (run.seed !== DEFAULT_SEED) put("seed", String(run.seed));
  if (run.commands.length > 0) put("commands", (commandsModule ?? (await forCommands())).writeCommands(run.commands));
  if (settings.speed !== DEFAULTS.speed) put("speed", String(settings.speed));
  if (time > 0) put("time", String(time));
  if (isPaused) put("paused", "");
  if (settings.lagUnit !== DEFAULTS.lagUnit) put("lag", settings.lagUnit);
  if (settings.tab !== DEFAULTS.tab) put("tab", settings.tab);
  if (settings.group !== "") put("group", settings.group);
  if (selection?.kind === "worker") put("select", `worker_${selection.id}`);
  if (selection?.kind === "partition") put("select", `partition_${selection.partition}_${selection.topic}`);
  for (const [key, value] of new URLSearchParams(search)) {
    if (!(KEYS as readonly string[]).includes(key)) parts.push(value === "" ? written(key) : `${written(key)}=${written(value)}`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** Reads it again. What makes no sense is passed over and told, each in a sentence. */
export async function readAddress(search: string): Promise<{ place: Place; complaints: string[] }> {
  const query = new URLSearchParams(search);
  const complaints: string[] = [];
  /** @param read undefined for what makes no sense */
  const take = <Value>(key: Key, otherwise: Value, expected: string, read: (text: string) => Value | undefined): Value => {
    const text = query.get(key);
    if (text === null) return otherwise;
    const value = read(text);
    if (value !== undefined) return value;
    complaints.push(`“${key}” must be ${expected}, not “${shortened(text)}”.`);
    return otherwise;
  };
  let scenario: Run["scenario"] = take("scenario", DEFAULT_SCENARIO, "the name of a scenario", (text) => (/^[a-z-]{1,40}$/.test(text) ? text : undefined));
  const plan = query.get("plan");
  if (plan !== null) {
    try {
      scenario = await (await forPlans()).unpackPlan(plan);
    } catch (error) {
      complaints.push(`The scenario in the link cannot be read: ${(error as Error).message}.`);
    }
  }
  const done = query.get("commands");
  const { commands, passedOver } = done === null ? { commands: [], passedOver: [] } : (await forCommands()).readCommands(done);
  for (const part of passedOver.slice(0, 3)) complaints.push(`“${shortened(part)}” is no command.`);
  if (passedOver.length > 3) complaints.push(`${passedOver.length - 3} more are none either.`);
  const place: Place = {
    run: {
      scenario,
      seed: take("seed", DEFAULT_SEED, `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`, seedOf),
      commands,
    },
    settings: {
      speed: take("speed", DEFAULTS.speed, `a number from ${LEAST_SPEED} to ${MOST_SPEED}`, (text) => numberIn(text, LEAST_SPEED, MOST_SPEED)),
      lagUnit: take("lag", DEFAULTS.lagUnit, LAG_UNITS.join(" or "), (text) => LAG_UNITS.find((unit) => unit === text)),
      tab: take("tab", DEFAULTS.tab, `one of ${TABS.join(", ")}`, (text) => TABS.find((tab) => tab === text)),
      group: take("group", "", "the name of a group", (text) => (/^[\w.-]{1,100}$/.test(text) ? text : undefined)),
    },
    selection: take("select", undefined, "worker_NUMBER or partition_NUMBER_TOPIC", selectionOf),
    time: take("time", 0, `seconds from 0 to ${LATEST}`, (text) => {
      const time = numberIn(text, 0, LATEST);
      return time === undefined ? undefined : Math.round(time * 1000) / 1000;
    }),
    isPaused: take("paused", false, "there or not, without a value", (text) => (text === "" ? true : undefined)),
  };
  return { place, complaints };
}

/** A seed from text; undefined where it is none. */
export function seedOf(text: string): number | undefined {
  return /^\d{1,16}$/.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER ? Number(text) : undefined;
}

function numberIn(text: string, least: number, most: number): number | undefined {
  if (!/^\d+(\.\d+)?(e-\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

function selectionOf(text: string): Selection {
  const worker = /^worker_(\d{1,4})$/.exec(text);
  if (worker !== null) return { kind: "worker", id: Number(worker[1]), name: `worker-${Number(worker[1])}` };
  const partition = /^partition_(\d{1,5})_(.+)$/s.exec(text);
  return partition === null ? undefined : { kind: "partition", topic: partition[2]!, partition: Number(partition[1]) };
}

/** As in an address; what a query may hold as it is stays readable. */
function written(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD")).replace(/%(3A|2C|2F|40)/g, decodeURIComponent);
}

/** A plan is packed once. */
const packedPlans = new WeakMap<object, Promise<string>>();
function packed(scenario: Exclude<Run["scenario"], string>): Promise<string> {
  let text = packedPlans.get(scenario);
  if (text === undefined) packedPlans.set(scenario, (text = forPlans().then(({ packPlan }) => packPlan(scenario))));
  return text;
}
