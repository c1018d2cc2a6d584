/** The staff gauge: a column of water for each partition, as high as its lag, on a log scale. */

import type { PartitionFigures } from "../model/partitions.js";
import { stageHeight, stageTicks, stageTop } from "../model/stage.js";
import { byId, element, setText, workerClass } from "./dom.js";

interface Lane {
  readonly lane: HTMLElement;
  readonly water: HTMLElement;
  readonly value: HTMLElement;
  owner: number;
}

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

export class Stage {
  readonly #host = byId("stage");
  readonly #staff = element("div", { className: "staff" });
  #top = 0;
  readonly #lanes = new Map<string, Lane>();

  constructor(workers: number) {
    const owners = Array.from({ length: workers }, (_, worker) => {
      const item = element("li");
      item.append(element("i", { className: `swatch ${workerClass(worker)}` }), element("span", { text: `worker ${worker + 1}` }));
      return item;
    });
    byId("owners").append(...owners);
  }

  show(partitions: readonly PartitionFigures[]): void {
    if (partitions.length !== this.#lanes.size) this.#make(partitions);
    const top = stageTop(partitions.map(({ lag }) => lag));
    this.#showTicks(top);
    for (const figures of partitions) {
      const lane = this.#lanes.get(key(figures));
      if (lane === undefined) continue;
      if (lane.owner !== figures.owner) {
        lane.lane.classList.replace(workerClass(lane.owner), workerClass(figures.owner));
        lane.owner = figures.owner;
      }
      lane.lane.classList.toggle("unknown", figures.lag === undefined);
      lane.water.style.transform = `scaleY(${stageHeight(figures.lag ?? 0, top).toFixed(4)})`;
      setText(lane.value, figures.lag === undefined ? "–" : compact.format(figures.lag));
    }
  }

  #make(partitions: readonly PartitionFigures[]): void {
    this.#lanes.clear();
    const basins = new Map<string, HTMLElement>();
    for (const figures of partitions) {
      let basin = basins.get(figures.topic);
      if (basin === undefined) {
        basin = element("div", { className: "lanes" });
        basins.set(figures.topic, basin);
      }
      const lane = element("div", { className: `lane ${workerClass(figures.owner)}` });
      const basinOfLane = element("div", { className: "basin" });
      const water = element("div", { className: "level" });
      const value = element("span", { className: "value" });
      basinOfLane.append(water);
      lane.append(value, basinOfLane, element("span", { className: "number", text: String(figures.partition) }));
      basin.append(lane);
      this.#lanes.set(key(figures), { lane, water, value, owner: figures.owner });
    }
    const topics = [...basins].map(([topic, basin]) => {
      const group = element("div", { className: "topic" });
      const name = element("span", { className: "name", text: topic });
      name.title = topic;
      group.append(basin, name);
      return group;
    });
    this.#host.replaceChildren(this.#staff, ...topics);
  }

  #showTicks(top: number): void {
    if (top === this.#top) return;
    this.#top = top;
    const ticks = stageTicks(top).map((tick) => {
      const node = element("span", { className: "tick", text: compact.format(tick) });
      node.style.bottom = `${(stageHeight(tick, top) * 100).toFixed(2)}%`;
      return node;
    });
    this.#staff.replaceChildren(...ticks);
  }
}

const key = ({ topic, partition }: PartitionFigures): string => `${partition} ${topic}`;
