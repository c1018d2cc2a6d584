/** Snapshots as text for scrapers: OpenMetrics and Prometheus's classic text. */

import { isBytes, outOfRange, wrongType } from "../checks.js";
import { ANY_FORM, refuse, textOf, type SnapshotForm } from "../snapshot-input.js";
import { moduleOptions, type ModuleOptions, type TextOptions } from "./text-options.js";

/** What is written: a snapshot, of one worker or merged, or one of each of several workers. */
export type Snapshots = SnapshotForm | Iterable<SnapshotForm>;

/** Writes snapshots. */
export type RenderText = (snapshots: Snapshots, options?: TextOptions) => string;

/** Writes snapshots as UTF-8, which is what goes over a wire or into a file: no string is made on the way. */
export type RenderBytes = (snapshots: Snapshots, options?: TextOptions) => Uint8Array<ArrayBuffer>;

/** A text that a scraper wants. */
export interface NegotiatedText {
  /** What to send as `Content-Type`. */
  readonly contentType: string;
  /** Writes it: `openMetrics` or `prometheusText`. */
  readonly render: RenderText;
  /** Writes it as UTF-8, which takes less: `openMetricsBytes` or `prometheusBytes`. */
  readonly renderBytes: RenderBytes;
}

/** What `streamgauge/export` gives. */
export interface TextExporter {
  readonly openMetrics: RenderText;
  readonly openMetricsBytes: RenderBytes;
  readonly prometheusText: RenderText;
  readonly prometheusBytes: RenderBytes;
  readonly negotiate: (accept?: string | readonly string[] | null) => NegotiatedText;
}

/** The wasm module's class. */
interface Exposition {
  addJson(text: string): void;
  addCbor(bytes: Uint8Array): void;
  clear(): void;
  render(openMetrics: boolean): string;
  renderBytes(openMetrics: boolean): Uint8Array;
  free(): void;
}

type ExpositionConstructor = new (...options: [string, string[], number, number, number, boolean]) => Exposition;

/** The functions of `streamgauge/export` on one instance of the module. */
export function textExporter(Exposition: ExpositionConstructor, wantsOpenMetrics: (accept: string) => boolean): TextExporter {
  const expositions = new Expositions(Exposition);
  const writing = <T>(write: (exposition: Exposition) => T) => (snapshots: Snapshots, options?: TextOptions): T => {
    const wanted = moduleOptions(options);
    // Whatever is the user's runs now, before the first snapshot is in the module.
    const forms = formsOf(snapshots);
    return expositions.withOptions(wanted, options, (exposition) => rendered(exposition, forms, write));
  };
  const [openMetrics, prometheusText] = [true, false].map((format) => writing((exposition) => exposition.render(format))) as [RenderText, RenderText];
  // A copy of the module's memory, which is never shared.
  const [openMetricsBytes, prometheusBytes] = [true, false].map((format) => writing((exposition) => exposition.renderBytes(format))) as [RenderBytes, RenderBytes];
  const negotiate = (accept?: string | readonly string[] | null): NegotiatedText => {
    const header = Array.isArray(accept) ? accept.join(",") : (accept ?? "");
    if (typeof header !== "string") throw wrongType("accept", "the value of an Accept header", accept);
    return wantsOpenMetrics(header)
      ? { contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8", render: openMetrics, renderBytes: openMetricsBytes }
      : { contentType: "text/plain; version=0.0.4; charset=utf-8", render: prometheusText, renderBytes: prometheusBytes };
  };
  return { openMetrics, openMetricsBytes, prometheusText, prometheusBytes, negotiate };
}

/** A snapshot as the module takes it, and as it came. */
interface Form {
  readonly argument: string;
  readonly given: unknown;
  readonly text: string | Uint8Array;
}

function formsOf(snapshots: unknown): Form[] {
  const isList = typeof snapshots === "object" && snapshots !== null && !isBytes(snapshots) && Symbol.iterator in snapshots;
  if (!isList) return [formOf("snapshot", snapshots)];
  return Array.from(snapshots as Iterable<unknown>, (one, place) => formOf(`snapshots[${place}]`, one));
}

function formOf(argument: string, given: unknown): Form {
  return { argument, given, text: isBytes(given) ? given : textOf(argument, given, ANY_FORM) };
}

function rendered<T>(exposition: Exposition, forms: readonly Form[], write: (exposition: Exposition) => T): T {
  try {
    for (const { argument, given, text } of forms) {
      try {
        if (typeof text === "string") exposition.addJson(text);
        else exposition.addCbor(text);
      } catch (thrown) {
        refuse(argument, given, thrown);
      }
    }
    try {
      return write(exposition);
    } catch (thrown) {
      if (!Array.isArray(thrown)) throw thrown;
      const [, expected, got] = thrown as [string, string, string];
      throw outOfRange("snapshots", expected, got);
    }
  } finally {
    exposition.clear();
  }
}

/** Sets of options that are kept ready. A program has one or two; one that makes new ones all the time keeps no more. */
const KEPT = 8;

/** The module's names and headers, made once for each set of options. */
class Expositions {
  readonly #byOptions = new Map<string, Exposition>();

  constructor(readonly Exposition: ExpositionConstructor) {}

  withOptions<T>(wanted: ModuleOptions, given: TextOptions | undefined, work: (exposition: Exposition) => T): T {
    const key = JSON.stringify(wanted);
    const exposition = this.#byOptions.get(key) ?? this.#make(wanted, given);
    // The one used last is let go last.
    this.#byOptions.delete(key);
    this.#byOptions.set(key, exposition);
    if (this.#byOptions.size > KEPT) {
      const [[oldest, unused]] = this.#byOptions as unknown as [[string, Exposition]];
      this.#byOptions.delete(oldest);
      unused.free();
    }
    return work(exposition);
  }

  #make([prefix, labels, scale, from, to, created]: ModuleOptions, given: TextOptions | undefined): Exposition {
    // The module takes 32 bits of it, of whatever number.
    if (!Number.isInteger(scale)) throw outOfRange("buckets.scale", "a whole number in -3..=3", scale);
    try {
      return new this.Exposition(prefix, [...labels], Math.max(-100, Math.min(100, scale)), from, to, created);
    } catch (thrown) {
      if (!Array.isArray(thrown)) throw thrown;
      const [subject, expected, got] = thrown as [string, string, string];
      throw outOfRange(subject, expected, valueAt(given, subject) ?? got);
    }
  }
}

/** The option that was refused: of a label its name tells more. */
function valueAt(options: TextOptions | undefined, subject: string): unknown {
  if (subject === "labels") return undefined;
  let value: unknown = options;
  for (const key of subject.split(".")) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}
