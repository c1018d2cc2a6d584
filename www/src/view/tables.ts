/** The tables of partitions, topics and tables. */

import { count, UNKNOWN } from "../format.js";
import type { PartitionFigures } from "../model/partitions.js";
import { tableRows, topicRows, type TableRow, type TopicRow } from "../model/rows.js";
import type { Sample } from "../model/sample.js";
import { byId, workerClass } from "./dom.js";
import { Table } from "./table.js";

const orDash = (value: number): string => (value === 0 ? UNKNOWN : count(value));

export class Tables {
  readonly #partitions = new Table<PartitionFigures>(
    byId<HTMLTableElement>("partitions"),
    [
      { title: "Topic", text: ({ topic }) => topic },
      { title: "Partition", number: true, text: ({ partition }) => String(partition) },
      { title: "Owner", text: ({ owner }) => `worker ${owner + 1}`, className: ({ owner }) => `owner ${workerClass(owner)}` },
      { title: "Lag", number: true, text: ({ lag }) => count(lag), className: ({ lag }) => ((lag ?? 0) > 0 ? "some" : "") },
      { title: "Committed", number: true, text: ({ committed }) => count(committed) },
      { title: "Read", number: true, text: ({ read }) => count(read) },
      { title: "End", number: true, text: ({ end }) => count(end) },
    ],
    ({ topic, partition }) => `${partition} ${topic}`,
  );

  readonly #topics = new Table<TopicRow>(
    byId<HTMLTableElement>("topics"),
    [
      { title: "Topic", text: ({ topic }) => topic },
      { title: "Received", number: true, text: ({ received }) => orDash(received) },
      { title: "Sent", number: true, text: ({ sent }) => orDash(sent) },
      { title: "Buffer full", number: true, text: ({ bufferFull }) => orDash(bufferFull) },
      { title: "Lag", number: true, text: ({ lag }) => count(lag) },
    ],
    ({ topic }) => topic,
  );

  readonly #tables = new Table<TableRow>(
    byId<HTMLTableElement>("tables"),
    [
      { title: "Table", text: ({ table }) => table },
      { title: "Retrieved", number: true, text: ({ retrieved }) => count(retrieved) },
      { title: "Updated", number: true, text: ({ updated }) => count(updated) },
      { title: "Deleted", number: true, text: ({ deleted }) => count(deleted) },
    ],
    ({ table }) => table,
  );

  show(sample: Sample): void {
    this.#partitions.show(sample.partitions);
    this.#topics.show(topicRows(sample));
    this.#tables.show(tableRows(sample));
  }
}
