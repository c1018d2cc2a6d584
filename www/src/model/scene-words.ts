/** What there is to see, in words: for tooltips and for who cannot see it. */

import { count, rate, secondsText, UNKNOWN } from "../format.js";
import type { Scene, SceneEnd, SceneLane, SceneProducer, SceneWorker } from "./scene.js";

/** Seconds as one says them: `12 s`, `1.2 s`, `3 min 20 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return secondsText(seconds < 0.0005 ? 0 : seconds);
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return whole < 6000 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const records = (number: number): string => `${count(number)} ${number === 1 ? "record" : "records"}`;

export const laneName = ({ topic, partition }: SceneLane): string => `${topic} ${partition}`;

/** `orders 3, owned by worker-1: 1,204 records waiting, oldest 12 s old, high watermark 20,311, committed 19,107` */
export function laneInWords(lane: SceneLane, scene: Scene): string {
  const owner = scene.workers[lane.owner];
  const facts = [lane.waiting === null ? "lag not known" : `${records(lane.waiting)} waiting`];
  if (lane.oldestSeconds !== null && (lane.waiting ?? 0) > 0) facts[0] += `, oldest ${duration(lane.oldestSeconds)} old`;
  if (lane.end !== null) facts.push(`high watermark ${count(lane.end)}`);
  if (lane.committed !== null) facts.push(`committed ${count(lane.committed)}`);
  if (lane.held > 0) facts.push(`${records(lane.held)} held back by producers`);
  if (lane.isPaused) facts.push("paused");
  if (lane.isRevoking) facts.push("being let go");
  if (lane.isStalled) facts.push(`broker ${lane.broker} answers nobody`);
  return `${laneName(lane)}, ${ownerInWords(owner)}: ${facts.join(", ")}`;
}

function ownerInWords(owner: SceneWorker | undefined): string {
  if (owner === undefined) return "without an owner";
  const isThere = owner.state === null || owner.state === "running";
  return `owned by ${owner.name}${isThere ? "" : ` (${owner.state})`}`;
}

/** `worker-1, running: 3 partitions, 62% busy, 5 records buffered, 1 in flight` */
export function workerInWords(worker: SceneWorker): string {
  const facts = [`${worker.owned} ${worker.owned === 1 ? "partition" : "partitions"}`];
  if (worker.utilization !== null) facts.push(`${busy(worker)} busy`);
  if (worker.buffered !== null) facts.push(`${records(worker.buffered)} buffered`);
  if (worker.inFlight !== null) facts.push(`${count(worker.inFlight)} in flight`);
  return `${worker.name}${worker.state === null ? "" : `, ${worker.state}`}: ${facts.join(", ")}`;
}

export const busy = ({ utilization }: SceneWorker): string => (utilization === null ? UNKNOWN : `${Math.round(utilization * 100)}%`);

export const producerInWords = ({ name, rate: perSecond }: SceneProducer): string => `${name}, a producer: ${rate(perSecond)} records per second`;

export function endInWords({ kind, name, count: number }: SceneEnd): string {
  if (kind === "sink") return `${name}, a topic that workers write to: ${records(number)} sent`;
  if (kind === "table") return `${name}, a table of the workers: ${count(number)} changes`;
  return `Dead letters: ${records(number)} given up after the last attempt`;
}

/** All of it in a sentence or two. */
export function sceneInWords(scene: Scene): string {
  const { producers, topics, lanes, workers } = scene;
  const up = workers.filter(({ state }) => state !== "crashed" && state !== "left" && state !== "offline").length;
  const waiting = topics.reduce((sum, topic) => sum + topic.waiting, 0);
  const unowned = lanes.filter(({ owner }) => owner < 0).length;
  const parts = [
    ...(producers.length > 0 ? [`${producers.length} ${producers.length === 1 ? "producer writes" : "producers write"} to`] : []),
    `${lanes.length} ${lanes.length === 1 ? "partition" : "partitions"} of ${topics.length} ${topics.length === 1 ? "topic" : "topics"},`,
    `read by ${up} ${up === 1 ? "worker" : "workers"};`,
    `${records(waiting)} waiting.`,
  ];
  const sentence = parts.join(" ");
  const rebalance = scene.isRebalancing ? ` The group is rebalancing${scene.round ? `, round ${scene.round}` : ""}: ${unowned === lanes.length ? "nobody reads" : `${unowned} partitions have no owner`}.` : "";
  return sentence[0]!.toUpperCase() + sentence.slice(1) + rebalance;
}
