/** Commands as a link holds them: `60.5_crash_1_20~90_addWorker_@audit~95_hotKey_0.5_orders`. */

import type { Command, TimedCommand } from "streamgauge/sim";

type Kind = "number" | "whole" | "text" | "group";
/** One argument: its name and kind. Those in brackets may be left out, from the last on. */
interface Argument {
  readonly name: string;
  readonly kind: Kind;
  readonly isOptional?: boolean;
}

const number = (name: string): Argument => ({ name, kind: "number" });
const whole = (name: string): Argument => ({ name, kind: "whole" });
const optional = (argument: Argument): Argument => ({ ...argument, isOptional: true });
/** Takes all that is left: a topic's name may hold what separates arguments. */
const TOPIC: Argument = { name: "topic", kind: "text" };
/** The group's name after an @, where it is not the only group; comes last. */
const GROUP: Argument = { name: "group", kind: "group", isOptional: true };
const GROUP_NAME = /^@[\w.-]{1,100}$/;

const ARGUMENTS: Record<Command["command"], readonly Argument[]> = {
  rate: [number("perSecond"), optional(whole("producer"))],
  handlerTime: [number("mean"), GROUP],
  errors: [number("share")],
  handlerErrors: [number("share")],
  slow: [whole("worker"), number("factor"), GROUP],
  stall: [whole("worker"), number("seconds"), GROUP],
  blip: [whole("worker"), number("seconds"), GROUP],
  crash: [whole("worker"), optional(number("restart")), GROUP],
  addWorker: [GROUP],
  addGroup: [whole("workers"), { name: "name", kind: "text" }],
  removeWorker: [whole("worker"), GROUP],
  brokerStall: [whole("broker"), number("seconds")],
  poison: [whole("count"), TOPIC],
  hotKey: [number("share"), TOPIC],
  rebalance: [GROUP],
};

const NUMBER = /^\d+(\.\d+)?(e[+-]?\d+)?$/;
const WHOLE = /^\d{1,9}$/;
/** The latest time, in seconds: as in a scenario. */
const LATEST = 1e9;
/** As many as a scenario may have. */
const MOST = 10_000;

export function writeCommands(commands: readonly TimedCommand[]): string {
  return commands.map(writeCommand).join("~");
}

function writeCommand({ at, ...command }: TimedCommand): string {
  const values: Record<string, unknown> = { ...command, ...(command.command === "poison" ? { count: command.count ?? 1 } : {}) };
  const parts = [String(at), command.command];
  for (const { name, kind } of ARGUMENTS[command.command]) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    parts.push(kind === "text" ? escaped(String(value)) : kind === "group" ? `@${String(value)}` : String(value));
  }
  return parts.join("_");
}

/** The commands that a text stands for, and what of it stands for none. */
export function readCommands(text: string): { commands: TimedCommand[]; passedOver: string[] } {
  const commands: TimedCommand[] = [];
  const passedOver: string[] = [];
  for (const part of text === "" ? [] : text.split("~")) {
    const command = readCommand(part);
    if (command === undefined || commands.length >= MOST) passedOver.push(part);
    else commands.push(command);
  }
  return { commands, passedOver };
}

function readCommand(text: string): TimedCommand | undefined {
  const [at = "", name = "", ...rest] = text.split("_");
  if (!NUMBER.test(at) || !(Number(at) <= LATEST) || !Object.hasOwn(ARGUMENTS, name)) return undefined;
  const command: Record<string, unknown> = { at: Number(at), command: name };
  for (const { name: argument, kind, isOptional } of ARGUMENTS[name as Command["command"]]) {
    if (kind === "text") {
      const topic = rest.length === 0 ? undefined : unescaped(rest.splice(0).join("_"));
      if (topic === undefined) return undefined;
      command[argument] = topic;
      continue;
    }
    const isGroup = rest[0]?.startsWith("@") === true;
    if (isOptional === true && (rest.length === 0 || isGroup !== (kind === "group"))) continue;
    if (kind === "group") {
      const group = rest.splice(0).join("_");
      if (!GROUP_NAME.test(group)) return undefined;
      command[argument] = group.slice(1);
      continue;
    }
    const value = rest.shift();
    if (value === undefined || !(kind === "whole" ? WHOLE : NUMBER).test(value) || !Number.isFinite(Number(value))) return undefined;
    command[argument] = Number(value);
  }
  return rest.length === 0 ? (command as unknown as TimedCommand) : undefined;
}

/** A topic may hold what separates commands. */
const escaped = (topic: string): string => topic.replace(/[%~]/g, (character) => encodeURIComponent(character).replace("~", "%7E"));

function unescaped(text: string): string | undefined {
  return /%(?!25|7E)/.test(text) ? undefined : text.replaceAll("%7E", "~").replaceAll("%25", "%");
}
