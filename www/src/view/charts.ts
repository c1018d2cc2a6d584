/** The page's four charts. */

import { count, mark, rate, secondsMark, secondsText } from "../format.js";
import type { History } from "../model/history.js";
import type { PartitionFigures } from "../model/partitions.js";
import type { Window } from "../model/window.js";
import { Chart, type Line } from "./chart.js";
import { byId, WORKER_COLOURS } from "./dom.js";

/** How many colours there are for partitions, in `tokens.css`. */
const PARTITION_COLOURS = 8;

const workerLine = (worker: number): Line => ({ label: `worker ${worker + 1}`, colour: `worker-${(worker % WORKER_COLOURS) + 1}` });

const TOTAL_LAG: readonly Line[] = [{ label: "all partitions", colour: "lag" }];

export class Charts {
  readonly #workers: number;
  readonly #throughput: Chart;
  readonly #runtime: Chart;
  readonly #inFlight: Chart;
  readonly #lag: Chart;
  #partitionNames: string[] = [];
  #byPartition = false;

  /** @param onChoice is told when another lag is to be shown, so that it draws again. */
  constructor(workers: number, onChoice: () => void) {
    this.#workers = workers;
    const lines = Array.from({ length: workers }, (_, worker) => workerLine(worker));
    const newest = lines.map((line) => ({ ...line, dots: true, unlisted: true }));
    this.#throughput = new Chart(byId("chart-throughput"), { label: "Chart: records arriving and handled per second", format: rate, mark, top: 10 }, [
      { label: "arriving", colour: "arriving" },
      { label: "handled", colour: "handled" },
    ]);
    const runtime = { label: "Chart: event runtime of each worker", format: secondsText, mark: secondsMark, top: 0.1, logarithmic: true };
    this.#runtime = new Chart(byId("chart-runtime"), runtime, [...lines, ...newest]);
    this.#inFlight = new Chart(byId("chart-active"), { label: "Chart: messages in flight in each worker", format: count, mark, top: 10 }, lines);
    this.#lag = new Chart(byId("chart-lag"), { label: "Chart: lag", format: count, mark, top: 10, shaded: "rebalance" }, TOTAL_LAG);
    for (const choice of document.querySelectorAll<HTMLInputElement>('input[name="lag"]')) {
      // A browser that goes back restores the choice before this runs.
      if (choice.checked) this.#byPartition = choice.value === "partitions";
      choice.addEventListener("change", () => {
        this.#byPartition = choice.value === "partitions";
        this.#setLagLines();
        onChoice();
      });
    }
  }

  draw(history: History, window: Window): void {
    const { last } = history;
    if (last === undefined) return;
    this.#namePartitions(last.partitions);
    this.#throughput.draw(history.throughput(), window);
    this.#runtime.draw(history.runtime(this.#workers), window);
    this.#inFlight.draw(history.inFlight(this.#workers), window);
    const lag = this.#byPartition ? history.lagByPartition(last.partitions.length) : history.totalLag();
    this.#lag.draw(lag, window);
  }

  #namePartitions(partitions: readonly PartitionFigures[]): void {
    const names = partitions.map(({ topic, partition }) => `${topic} ${partition}`);
    if (names.join("\n") === this.#partitionNames.join("\n")) return;
    this.#partitionNames = names;
    this.#setLagLines();
  }

  #setLagLines(): void {
    const lines = this.#partitionNames.map((label, place) => ({ label, colour: `partition-${(place % PARTITION_COLOURS) + 1}` }));
    this.#lag.setLines(this.#byPartition ? lines : TOTAL_LAG);
  }
}
