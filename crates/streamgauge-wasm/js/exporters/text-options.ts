/** How the text is to be: checked as far as the wasm module does not. */

import { record, unknownOption, wellFormedName, wrongType } from "../checks.js";

/** What `openMetrics` and `prometheusText` may be told. */
export interface TextOptions {
  /**
   * What every name begins with: letters, digits and `_`, beginning with a letter and ending with
   * `_`; or empty. Default `"streamgauge_"`.
   */
  readonly prefix?: string | undefined;
  /** The consumer group, as the label `group` of every sample. Default: no such label. */
  readonly group?: string | undefined;
  /** The client's id, as the label `client` of every sample. Default: no such label. */
  readonly client?: string | undefined;
  /**
   * Labels that every sample has. A name is letters, digits and `_`, beginning with a letter, and no
   * label that figures have themselves (`topic`, `worker`, `le` ...). Default: none.
   */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The bounds of the histograms' buckets. */
  readonly buckets?: BucketOptions | undefined;
  /**
   * Whether OpenMetrics text tells when each counter and histogram was made, in `_created` samples.
   * Prometheus before version 3 stores them as series of their own. Default false.
   */
  readonly created?: boolean | undefined;
}

/**
 * The bounds of the histograms' buckets. At each of them a bucket of the monitor ends, so that counts
 * are exact. Prometheus adds up only histograms of the same bounds: give all workers the same.
 */
export interface BucketOptions {
  /** 2^scale bounds for each doubling: 0 is powers of two, -1 powers of four. A whole number in -3..3; default 0. */
  readonly scale?: number | undefined;
  /** No bound is less, in seconds: 2^-20 to 2^10. Default 2^-14, about 61 microseconds. */
  readonly from?: number | undefined;
  /** No bound is greater, in seconds: 2^-20 to 2^10. Default 128. */
  readonly to?: number | undefined;
}

/** What the wasm module takes: the prefix, labels by turns with their values, scale, from, to, created. */
export type ModuleOptions = readonly [string, readonly string[], number, number, number, boolean];

const KNOWN = ["prefix", "group", "client", "labels", "buckets", "created"];
const KNOWN_BUCKETS = ["scale", "from", "to"];

/** Checked options, each with its default. */
export function moduleOptions(value: TextOptions | undefined): ModuleOptions {
  const options = known("options", value ?? {}, KNOWN, "");
  const buckets = known("buckets", options["buckets"] ?? {}, KNOWN_BUCKETS, "buckets.");
  const { prefix = "streamgauge_", created = false } = options;
  if (typeof prefix !== "string") throw wrongType("prefix", "a string", prefix);
  if (typeof created !== "boolean") throw wrongType("created", "true or false", created);
  return [
    prefix,
    labelsOf(options),
    finite("buckets.scale", buckets["scale"] ?? 0),
    finite("buckets.from", buckets["from"] ?? 2 ** -14),
    finite("buckets.to", buckets["to"] ?? 128),
    created,
  ];
}

function known(argument: string, value: unknown, names: readonly string[], before: string): Record<string, unknown> {
  const options = record(argument, value);
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw unknownOption(before + name, names.map((one) => before + one), options[name]);
  }
  return options;
}

function labelsOf(options: Record<string, unknown>): string[] {
  const labels: string[] = [];
  for (const name of ["group", "client"]) {
    if (options[name] !== undefined) labels.push(name, wellFormedName(name, options[name]));
  }
  for (const [name, value] of Object.entries(record("labels", options["labels"] ?? {}))) {
    labels.push(wellFormedName("labels", name), wellFormedName(`labels[${JSON.stringify(name)}]`, value));
  }
  return labels;
}

/** The module takes a number of any size, and refuses those that do not serve. */
function finite(argument: string, value: unknown): number {
  if (typeof value !== "number") throw wrongType(argument, "a number", value);
  return value;
}
