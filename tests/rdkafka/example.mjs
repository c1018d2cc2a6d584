// A program in any language writes librdkafka's statistics, one JSON a line; this says how its consumer stands.
import { readFileSync } from "node:fs";
import { Monitor } from "streamgauge";
import { applyStatistics, StatisticsState } from "streamgauge/rdkafka";

const monitor = new Monitor();
const state = new StatisticsState();
let figures;
for (const line of readFileSync(new URL("statistics/consumption.jsonl", import.meta.url), "utf8").trimEnd().split("\n")) {
  figures = applyStatistics(line, monitor, state);
}

const { consumer, lag, ownership } = monitor.snapshot();
console.log(JSON.stringify({ records: consumer.polledRecords, partitions: ownership.owned, committedLag: lag.committedSum, lag: figures.consumerLag }));
