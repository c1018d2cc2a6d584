/** The tour's second half: what goes wrong, and what it costs. */

import { lagOf, lanesUnread, many, partitionsOf, whole } from "./figures.js";
import type { Reading, Stop } from "./step.js";

function rebalancesOf({ moment, layout, ...reading }: Reading): string | undefined {
  const unread = lanesUnread({ moment, layout, ...reading });
  return `${many(moment.generation, "rebalance")} so far; ${unread} of ${layout.partitions.length} lanes are read by nobody right now.`;
}

const storm: Stop = {
  scenario: "rebalance-storm",
  title: "A storm of rebalances",
  steps: [
    {
      region: "topology",
      title: "A worker falls silent",
      text: "The workers are a group and share the lanes. At one minute one of them stands still: it neither reads nor gives a sign of life. For some seconds the group waits for it.",
      from: 57,
      speed: 1,
      claim: rebalancesOf,
    },
    {
      region: "topology",
      title: "Everyone stops",
      text: "Then the group counts it as gone and shares its lanes out anew. That is a rebalance. For a moment all let go of all their lanes, the healthy ones, too. When the worker wakes and comes back, they do it once more.",
      from: 69,
      speed: 0.5,
      claim: rebalancesOf,
    },
    {
      region: "health",
      title: "Again and again",
      text: "The worker falls silent every forty seconds, so there are two rebalances each time. What was not committed before one is read again after it. From the fifth within five minutes on, the card calls it a storm.",
      from: 136,
      speed: 5,
      claim: ({ moment }) => {
        const rebalances = moment.snapshot?.rebalances;
        if (rebalances === undefined) return undefined;
        const name = rebalances.storm ? "that is a storm" : `${rebalances.stormRebalances} would be a storm`;
        return `${many(rebalances.recent, "rebalance")} within ${whole(rebalances.stormWindowSeconds / 60)} minutes: ${name}.`;
      },
    },
  ],
};

function retriesOf({ moment }: Reading): string | undefined {
  const messages = moment.snapshot?.messages;
  if (messages === undefined) return undefined;
  return `Tried again ${whole(messages.retried)} times; ${many(messages.deadLettered, "dead letter")}.`;
}

const poison: Stop = {
  scenario: "poison-message",
  title: "A poison message",
  steps: [
    {
      region: "topology",
      title: "A record that nobody can handle",
      text: "At one minute a record comes that makes the handler fail, whoever tries it. It may be the wrong format, or an order for something that does not exist. The worker waits two seconds and tries it again.",
      from: 58,
      speed: 1,
      claim: retriesOf,
    },
    {
      region: "topology",
      title: "All that is behind it waits",
      text: "A worker takes its records in order. While it tries and waits, the healthy records behind pile up: in its buffer at first, then in its lanes.",
      from: 63,
      speed: 0.5,
      claim: (reading) => {
        const buffered = Math.max(...reading.moment.workers.map(({ buffered: one }) => one ?? 0));
        const oldest = reading.moment.snapshot?.messages.oldestSeconds ?? 0;
        return `${whole(buffered)} records in the buffer and ${whole(lagOf(partitionsOf(reading)))} in the lanes; one has been in hand for ${oldest.toFixed(1)} s.`;
      },
    },
    {
      region: "health",
      title: "Put aside, life goes on",
      text: "After five attempts the record becomes a dead letter: it is put aside for someone to look at, and the lane moves on. Without dead letters it would stand there for ever.",
      from: 67,
      speed: 1,
      claim: retriesOf,
    },
  ],
};

function heldOf({ frame }: Reading): string | undefined {
  if (frame === undefined) return undefined;
  const held = [...frame.partitions.held];
  const lanes = held.filter((one) => one > 0).length;
  const all = held.reduce((sum, one) => sum + one, 0);
  return all === 0 ? "Producers hold nothing back." : `Producers hold back ${many(all, "record")}, for ${many(lanes, "lane")} of ${held.length}.`;
}

const broker: Stop = {
  scenario: "broker-stall",
  title: "A broker stalls",
  steps: [
    {
      region: "topology",
      title: "Lanes live on brokers",
      text: "A broker is a machine that keeps lanes. Here there are three, with three lanes each. At a minute and a half one of them stops answering, for forty seconds.",
      from: 87,
      speed: 1,
      claim: heldOf,
    },
    {
      region: "topology",
      title: "A third stands still, at both ends",
      text: "Nothing gets into its lanes, and nothing out. The producers hold back what they have for them. Mind the lag: it shows nothing, since what was never written does not wait in a lane.",
      from: 94,
      speed: 4,
      claim: (reading) => {
        const held = heldOf(reading);
        return held === undefined ? undefined : `${held} Lag: ${many(lagOf(partitionsOf(reading)), "record")}.`;
      },
    },
    {
      region: "charts",
      title: "Then it all comes at once",
      text: "When the broker is back, everything that was held back is written at once, already old. Now the lag shows it, and the workers need a while for it. Late, but complete.",
      from: 128,
      speed: 1,
      claim: ({ moment }) => {
        const lag = moment.snapshot?.lag;
        if (lag === undefined || lag.recordsSum === null) return undefined;
        const oldest = lag.secondsMax === null ? "" : `; the oldest is ${whole(lag.secondsMax)} s old`;
        return `${many(lag.recordsSum, "record")} waiting${oldest}.`;
      },
    },
  ],
};

const crash: Stop = {
  scenario: "crash",
  title: "A crash",
  steps: [
    {
      region: "topology",
      title: "A worker dies",
      text: "At 95 seconds a worker dies in the middle of its work. Now and then a worker commits: it notes how far it has come. What it did since its last commit, nobody knows of.",
      from: 92,
      speed: 1,
      claim: (reading) => {
        const dead = reading.moment.workers.filter(({ state }) => state === "crashed");
        return dead.length === 0 ? `All ${reading.moment.workers.length} workers are alive.` : `${dead.map(({ name }) => name).join(", ")} is dead.`;
      },
    },
    {
      region: "topology",
      title: "For ten seconds nobody knows",
      text: "To the group a dead worker looks like a silent one. Until its time is up, its lanes stand still and fill.",
      from: 97,
      speed: 1,
      claim: (reading) => `${lanesUnread(reading)} of ${reading.layout.partitions.length} lanes are read by nobody.`,
    },
    {
      region: "health",
      title: "Done twice, lost never",
      text: "The others take its lanes over and read on from its last commit, so what it had done since is done a second time. That is what “at least once” means. Half a minute later it is back, and gets its share again.",
      from: 103,
      speed: 2,
      claim: ({ entries }) => {
        const again = entries.filter(({ kind }) => kind === "readAgain");
        return again.length === 0 ? "Nobody has taken its lanes over yet." : `${again.map(({ text }) => text).join("; ")}.`;
      },
    },
  ],
};

export const FAULT_STOPS: readonly Stop[] = [storm, poison, broker, crash];
