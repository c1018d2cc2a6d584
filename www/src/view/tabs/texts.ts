/** What the text tabs show, from the package's public entries. Those are loaded when they are first needed. */

import type { TABS } from "../../app/settings.js";
import { prettyJson } from "../../model/pretty-json.js";
import type { Source } from "../../source/source.js";

export type TextName = Exclude<(typeof TABS)[number], "partitions" | "workers" | "latencies">;

/** Renders the figures of one worker, or of all (undefined). */
export type Render = (source: Source, worker: number | undefined, option: string) => Promise<string>;

export interface TextKind {
  /** What it is, in a sentence. */
  readonly note: string;
  /** Whether there is one of all workers, too. */
  readonly hasMerged: boolean;
  /** The name of a download, without what tells whose it is; and its ending. */
  readonly file: string;
  readonly ending: string;
  readonly mediaType: string;
  /** Its forms, each with its title. */
  readonly options?: { readonly title: string; readonly all: readonly (readonly [value: string, title: string])[] };
  readonly load: () => Promise<Render>;
}

const JSON_TYPE = "application/json";

export const TEXTS: Readonly<Record<TextName, TextKind>> = {
  asdict: {
    note: "The dictionary that Faust’s Monitor gives, of one worker.",
    hasMerged: false,
    file: "asdict",
    ending: "json",
    mediaType: JSON_TYPE,
    load: async () => async (source, worker) => prettyJson(await source.asdict(worker ?? 0)),
  },
  snapshot: {
    note: "Every figure, of one worker or of all of them merged. Times in seconds.",
    hasMerged: true,
    file: "snapshot",
    ending: "json",
    mediaType: JSON_TYPE,
    load: async () => async (source, worker) => prettyJson(await source.snapshot(worker)),
  },
  openmetrics: {
    note: "What a scraper gets that asks for OpenMetrics 1.0.",
    hasMerged: true,
    file: "openmetrics",
    ending: "txt",
    mediaType: "application/openmetrics-text; version=1.0.0; charset=utf-8",
    load: async () => {
      const { exposition } = await import("./exposition.js");
      return (source, worker) => exposition(source, worker, "openMetrics");
    },
  },
  prometheus: {
    note: "What a scraper gets otherwise: Prometheus’s classic text, version 0.0.4.",
    hasMerged: true,
    file: "prometheus",
    ending: "txt",
    mediaType: "text/plain; version=0.0.4; charset=utf-8",
    load: async () => {
      const { exposition } = await import("./exposition.js");
      return (source, worker) => exposition(source, worker, "prometheus");
    },
  },
  statsd: {
    note: "What a sender tells at first: counters since the start. Later it tells growth alone.",
    hasMerged: true,
    file: "statsd",
    ending: "txt",
    mediaType: "text/plain; charset=utf-8",
    options: {
      title: "Dialect",
      all: [
        ["statsd", "StatsD"],
        ["dogstatsd", "DogStatsD"],
      ],
    },
    load: async () => {
      const { StatsdRenderer } = await import("streamgauge/statsd");
      const decoder = new TextDecoder();
      return async (source, worker, option) => {
        const renderer = new StatsdRenderer({ dialect: option === "dogstatsd" ? "dogstatsd" : "statsd", countedBefore: "send" });
        return renderer
          .render(await source.snapshot(worker))
          .map(({ bytes }) => decoder.decode(bytes))
          .join("\n");
      };
    },
  },
};
