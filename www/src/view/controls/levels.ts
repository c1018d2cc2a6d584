/** What the sliders stand at: a scenario's own numbers, and what was done to them since. */

import type { Command, Scenario, TimedCommand } from "streamgauge/sim";

export interface Levels {
  /** Records per second of all producers, bursts left aside. */
  readonly rate: number;
  /** Mean seconds to handle a record. */
  readonly handlerTime: number;
  /** The share of attempts to handle a record that fail. */
  readonly handlerErrors: number;
  /** The share of sends that fail; after a command, of web requests and assignments, too. */
  readonly errors: number;
  /** The share of a topic's records that gets one key, by topic; where there is none, it is not there. */
  readonly hotKeys: ReadonlyMap<string, number>;
}

// As in SCENARIOS.md, for what a scenario leaves out.
const DEFAULT_RATE = 100;
const DEFAULT_HANDLER_TIME = 0.01;
const DEFAULT_SEND_ERRORS = 0.01;

/**
 * At a virtual time, in seconds. `commands` are those of the run; the scenario's own come first where times are equal.
 *
 * @param group the name of the group whose handler is meant
 */
export function levelsAt(scenario: Scenario, commands: readonly TimedCommand[], time: number, group?: string): Levels {
  const rates = (scenario.producers ?? [{}]).map(({ pace }) => pace?.perSecond ?? DEFAULT_RATE);
  const levels = {
    handlerTime: scenario.handler?.time?.mean ?? DEFAULT_HANDLER_TIME,
    handlerErrors: scenario.errors?.handler ?? 0,
    errors: scenario.errors?.send ?? DEFAULT_SEND_ERRORS,
    hotKeys: new Map<string, number>(),
  };
  const due = [...(scenario.commands ?? []), ...commands].filter(({ at }) => at <= time).sort((one, other) => one.at - other.at);
  const plan = scenario.groups?.find(({ name }) => name === group) ?? (scenario.groups ? undefined : scenario.group);
  // A group's own handler is not changed by what is said of all.
  let own = plan?.handler && (plan.handler.time?.mean ?? DEFAULT_HANDLER_TIME);
  for (const command of due) {
    if (command.command === "handlerTime" && command.group != null) own = command.group === group ? command.mean : own;
    else apply(command, rates, levels);
  }
  return { rate: sum(rates), ...levels, ...(own == null ? {} : { handlerTime: own }) };
}

function apply(command: Command, rates: number[], levels: { -readonly [Name in keyof Omit<Levels, "rate" | "hotKeys">]: number } & { hotKeys: Map<string, number> }): void {
  switch (command.command) {
    case "rate": {
      if (command.producer !== undefined) {
        rates[command.producer] = command.perSecond;
        break;
      }
      // All keep their shares of the whole; where all rest, each gets the same.
      const all = sum(rates);
      for (const [place, rate] of rates.entries()) rates[place] = command.perSecond * (all > 0 ? rate / all : 1 / rates.length);
      break;
    }
    case "handlerTime":
      levels.handlerTime = command.mean;
      break;
    case "handlerErrors":
      levels.handlerErrors = command.share;
      break;
    case "errors":
      levels.errors = command.share;
      break;
    case "hotKey":
      if (command.share === 0) levels.hotKeys.delete(command.topic);
      else levels.hotKeys.set(command.topic, command.share);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
