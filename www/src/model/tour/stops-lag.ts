/** The tour's first half: what flows, and how lag comes about. */

import { fullest, lagOf, many, meanBusy, partitionsOf, percent, whole, workersUp } from "./figures.js";
import type { Reading, Stop } from "./step.js";

const steady: Stop = {
  scenario: "steady-state",
  title: "A calm river",
  steps: [
    {
      region: "topology",
      title: "Records flow through lanes",
      text: "A producer writes records: orders, or payments. Each record goes into a partition, a lane where it waits its turn. Workers read the lanes and handle what they find. A lane has one reader only, and wears its colour.",
      from: 20,
      speed: 1,
      claim: ({ moment }) => {
        const rate = moment.snapshot?.rates.messagesReceived.oneMinute;
        return rate === null || rate === undefined ? undefined : `The workers read ${whole(rate)} records a second.`;
      },
    },
    {
      region: "figures",
      title: "Lag is what waits",
      text: "Lag counts the records in a lane that nobody has read yet. It is the first thing to look at. As long as the workers are quick enough, whatever waits is gone in a moment. Another group would read the same records at its own pace, with a lag of its own.",
      from: 30,
      speed: 1,
      claim: (reading) => `${many(lagOf(partitionsOf(reading)), "record")} waiting, in ${partitionsOf(reading).length} lanes together.`,
    },
    {
      region: "health",
      title: "No news is good news",
      text: "The workers are busy for some six tenths of their time. The rest is not waste: it absorbs the next surprise. Here every partition keeps up, and the card has little to say.",
      from: 40,
      speed: 2,
      claim: ({ moment }) => {
        const { snapshot, workers } = moment;
        const busy = snapshot?.rates.busy.oneMinute;
        if (snapshot === undefined || busy === null || busy === undefined) return undefined;
        return `Workers are busy for ${percent(busy / workers.length)} of their time; ${snapshot.health.ok} of ${snapshot.partitions.length} partitions are ok.`;
      },
    },
  ],
};

/** Which part of the lag is in the fullest lane. */
function oneLane(reading: Reading): string | undefined {
  const partitions = partitionsOf(reading);
  const most = fullest(partitions);
  const all = lagOf(partitions);
  if (most === undefined || all < 20) return `${many(all, "record")} waiting: the lanes are as good as empty.`;
  return `${percent((most.lag ?? 0) / all)} of the lag is in one lane: ${whole(most.lag ?? 0)} of ${many(all, "record")} wait in ${most.topic}-${most.partition}.`;
}

const hotKey: Stop = {
  scenario: "hot-key",
  title: "A hot key",
  steps: [
    {
      region: "topology",
      title: "The key chooses the lane",
      text: "A record has a key, here the customer. All records of one key go to the same lane, so that they stay in order. While customers are much alike, all eight lanes drain.",
      from: 52,
      speed: 1,
      claim: oneLane,
    },
    {
      region: "topology",
      title: "One customer orders half of everything",
      text: "At one minute one customer begins to send half of all orders. They have the same key, so all of them go to the same lane. It fills; its neighbours do not.",
      from: 60,
      speed: 4,
      claim: oneLane,
    },
    {
      region: "tabs",
      tab: "workers",
      title: "More workers would not help",
      text: "Only the lane’s owner may empty it. It works without a pause while the others have time to spare. A fifth worker would be idle, too. A better key would help.",
      from: 110,
      speed: 4,
      claim: (reading) => {
        const workers = workersUp(reading).toSorted((one, other) => (other.utilization ?? 0) - (one.utilization ?? 0));
        const [busiest, ...rest] = workers;
        if (busiest === undefined) return undefined;
        return `${busiest.name} is busy for ${percent(busiest.utilization ?? 0)} of the last second, the others for ${percent(meanBusy(rest))} of it.`;
      },
    },
  ],
};

/** Which part of the lag is in the lanes of the worker that has most of it. */
function oneWorker(reading: Reading): string | undefined {
  const byWorker = new Map<string, number>();
  for (const { worker, lag } of partitionsOf(reading)) byWorker.set(worker, (byWorker.get(worker) ?? 0) + (lag ?? 0));
  const all = [...byWorker.values()].reduce((sum, lag) => sum + lag, 0);
  const most = [...byWorker].toSorted(([, one], [, other]) => other - one)[0];
  if (most === undefined || all < 20) return `${many(all, "record")} waiting: nobody is behind.`;
  return `${percent(most[1] / all)} of the lag, ${whole(most[1])} of ${many(all, "record")}, is in the lanes of ${most[0]}.`;
}

const slow: Stop = {
  scenario: "slow-consumer",
  title: "A slow consumer",
  steps: [
    {
      region: "topology",
      title: "Three workers, nine lanes",
      text: "Each worker reads three lanes, each in its own colour. All three are as fast as each other, and all keep up.",
      from: 52,
      speed: 1,
      claim: oneWorker,
    },
    {
      region: "topology",
      title: "One becomes slow",
      text: "At one minute a worker begins to take eight times as long for each record: a full disk, or a query without its index. Its own lanes fill. The other lanes never notice.",
      from: 60,
      speed: 5,
      claim: oneWorker,
    },
    {
      region: "charts",
      title: "Mended, it has to catch up",
      text: "At three minutes it is fast again. What came in meanwhile still has to be worked off, and whoever waits for those records waits on. The time spent late is longer than the fault.",
      from: 180,
      speed: 5,
      claim: ({ moment }) => {
        const lag = moment.snapshot?.lag;
        if (lag === undefined || lag.recordsSum === null) return undefined;
        if (lag.recordsSum < 20) return `${many(lag.recordsSum, "record")} waiting: it has caught up.`;
        const oldest = lag.secondsMax === null ? "" : `; the oldest has waited for ${whole(lag.secondsMax)} s`;
        return `${many(lag.recordsSum, "record")} still waiting${oldest}.`;
      },
    },
  ],
};

const burst: Stop = {
  scenario: "burst",
  title: "Bursts",
  steps: [
    {
      region: "topology",
      title: "Five seconds in every minute",
      text: "A campaign brings twelve times the usual traffic, for five seconds at each full minute. No two workers could handle that at once, and none has to: the lanes take it in.",
      from: 57,
      speed: 1,
      claim: (reading) => `${many(lagOf(partitionsOf(reading)), "record")} waiting in the lanes.`,
    },
    {
      region: "topology",
      title: "A full buffer pauses its topic",
      text: "A worker takes records ahead into a buffer of its own. When that is full it stops asking: this is back-pressure. The rest waits in the broker, where waiting costs nothing, and the worker’s memory stays bounded.",
      from: 64,
      speed: 1,
      claim: (reading) => {
        const paused = reading.moment.snapshot?.consumer.pausedPartitions;
        if (paused === undefined) return undefined;
        const most = Math.max(...workersUp(reading).map(({ buffered }) => buffered ?? 0));
        return `${paused} of ${partitionsOf(reading).length} partitions are paused; the fullest buffer holds ${whole(most)} of at most 50 records.`;
      },
    },
    {
      region: "charts",
      title: "Gone before the next",
      text: "In the quiet that follows, the workers take what had piled up, at a pace of their own. A burst is no harm as long as the average fits, and as long as someone watches that it drains.",
      from: 68,
      speed: 4,
      claim: (reading) => {
        const lag = lagOf(partitionsOf(reading));
        return lag < 20 ? `${many(lag, "record")} waiting: the burst has drained.` : `${many(lag, "record")} of the burst still waiting.`;
      },
    },
  ],
};

export const LAG_STOPS: readonly Stop[] = [steady, hotKey, slow, burst];
