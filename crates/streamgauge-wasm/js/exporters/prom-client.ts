/** Our figures among those of an existing prom-client registry. */

import { Guard, type Attachment, type AttachmentOptions } from "../adapters/attachment.js";
import { wrongType } from "../checks.js";
import { METRICS, type MetricKind } from "./metrics.js";
import { samplesByFamily, type Sample } from "./samples.js";
import type { TextOptions } from "./text-options.js";
import type { RenderText, Snapshots } from "./text.js";

/** What is used of a prom-client `Registry`. */
export interface RegistryLike {
  readonly contentType: string;
  getSingleMetric(name: string): unknown;
  // prom-client declares its own metrics alone, and takes whatever has their shape.
  registerMetric(metric: never): void;
  removeSingleMetric(name: string): void;
}

/** Gives what is to be told, at each scrape. */
export type SnapshotSource = () => Snapshots | Promise<Snapshots>;

/** What `attachPromClient` may be told. */
export interface PromClientOptions extends Omit<TextOptions, "created">, AttachmentOptions {}

/** A value as prom-client's metrics give them. */
interface RegistryValue {
  readonly metricName: string;
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** A metric as prom-client's registry asks for it. */
interface RegistryMetric {
  name: string;
  readonly help: string;
  readonly type: string;
  readonly aggregator: string;
  readonly values: RegistryValue[];
}

const DEFAULT_PREFIX = "streamgauge_";

const TYPES: Record<MetricKind, string> = {
  counter: "counter",
  gauge: "gauge",
  histogram: "histogram",
  summary: "summary",
  states: "gauge",
  info: "gauge",
};

/** A name that is in the registry already. */
function nameTaken(name: string): Error {
  const error = new RangeError(`the registry has a metric ${JSON.stringify(name)} already; another prefix gives ours another name`);
  return Object.assign(error, { code: "ERR_METRIC_NAME_TAKEN", argument: "registry", value: name });
}

/** Attaches through this instance's classic text. */
export function attachThrough(prometheusText: RenderText, registry: RegistryLike, source: SnapshotSource, options: PromClientOptions = {}): Attachment {
  if (typeof (registry as Partial<RegistryLike> | null)?.registerMetric !== "function") throw wrongType("registry", "a prom-client Registry", registry);
  if (typeof source !== "function") throw wrongType("source", "a function that gives a snapshot", source);
  const { onFault, ...texts } = options;
  const textOptions: TextOptions = { ...texts };
  // Options that are refused are refused now, not at the first scrape.
  prometheusText([], textOptions);
  const guard = new Guard({ onFault });
  const scrape = new Scrape(guard, async () => prometheusText(await source(), textOptions));
  const prefix = options.prefix ?? DEFAULT_PREFIX;
  const families = new Map(METRICS.map((metric) => [prefix + metric.prometheus.slice(DEFAULT_PREFIX.length), metric]));
  for (const name of families.keys()) {
    if (registry.getSingleMetric(name) !== undefined) throw nameTaken(name);
  }
  for (const [name, { help, kind }] of families) {
    const metric = new Family(name, help, TYPES[kind], scrape, registry);
    registry.registerMetric(metric as never);
    guard.onDetach(() => {
      if (registry.getSingleMetric(name) === metric) registry.removeSingleMetric(name);
    });
  }
  return guard;
}

/** One reading of the source for all families that are asked for at once. */
class Scrape {
  #current: Promise<Map<string, Sample[]>> | undefined;

  constructor(
    readonly guard: Guard,
    readonly read: () => Promise<string>,
  ) {}

  async samples(family: string): Promise<readonly Sample[]> {
    if (this.guard.detached) return [];
    this.#current ??= this.#begin();
    return (await this.#current).get(family) ?? [];
  }

  #begin(): Promise<Map<string, Sample[]>> {
    // A registry asks all of its metrics in one go: before a microtask can run.
    queueMicrotask(() => (this.#current = undefined));
    return this.read().then(samplesByFamily, (fault: unknown) => {
      this.guard.note(fault);
      return new Map<string, Sample[]>();
    });
  }
}

/** A family as a registry holds it. */
class Family {
  readonly aggregator = "sum";

  constructor(
    readonly ownName: string,
    readonly help: string,
    readonly type: string,
    readonly scrape: Scrape,
    readonly registry: RegistryLike,
  ) {}

  get name(): string {
    return this.ownName;
  }

  set name(_: string) {
    // A registry of OpenMetrics takes `_total` off for good; one that changes its mind would miss it.
  }

  async get(): Promise<RegistryMetric> {
    const samples = await this.scrape.samples(this.ownName);
    // A registry of OpenMetrics puts `_total` to a counter's samples, and wants it nowhere else.
    const isOpenMetrics = this.registry.contentType.startsWith("application/openmetrics-text");
    const shown = (name: string) => (isOpenMetrics && this.type === "counter" ? name.replace(/_total$/, "") : name);
    return {
      name: shown(this.ownName),
      help: this.help,
      type: this.type,
      aggregator: this.aggregator,
      values: samples.map(({ name, labels, value }) => ({ metricName: shown(name), labels: { ...labels }, value })),
    };
  }

  /** prom-client's `resetMetrics` is for its own: a monitor's counts are its monitor's. */
  reset(): void {}
}
