// Every entry of the npm package. Bundles, type declarations and package.json's "exports" follow this table.
import { isDeepStrictEqual } from "node:util";
import { readFileSync } from "node:fs";
import { inRoot } from "./places.mjs";
import { StepFailure } from "./report.mjs";

/**
 * `name` is what stands after "streamgauge/" in an import ("" for the package itself) and names the files in dist/;
 * `node` and `browser` are the sources in crates/streamgauge-wasm/js, without ".ts". One source may serve both hosts.
 * An entry without `browser` is for Node alone. `file` names the files where `name` cannot: the package's own are node.cjs and browser.js.
 */
export const entries = [
  { name: "", node: "entry-node", browser: "entry-browser" },
  { name: "sim", node: "sim-node", browser: "sim-browser" },
  { name: "snapshot", node: "snapshot-node", browser: "snapshot-browser" },
  { name: "export", node: "export-node", browser: "export-browser" },
  { name: "prom-client", node: "prom-client-node" },
  { name: "replay", node: "replay-node", browser: "replay-browser" },
  { name: "live", node: "live/index", browser: "live/index" },
  { name: "server", node: "server/index" },
  { name: "kafkajs", node: "adapters/kafkajs" },
  { name: "platformatic", node: "adapters/platformatic" },
  { name: "streams", node: "adapters/streams", browser: "adapters/streams" },
  { name: "http", node: "adapters/http" },
  { name: "node", file: "node-host", node: "adapters/node" },
  { name: "rdkafka", node: "adapters/rdkafka" },
  { name: "opentelemetry", node: "exporters/opentelemetry", browser: "exporters/opentelemetry" },
  { name: "statsd", node: "exporters/statsd", browser: "exporters/statsd-browser" },
];

const fileName = ({ name, file = name }, host) => {
  if (host === "node") return `${file || "node"}.cjs`;
  return file === "" ? "browser.js" : `${file}.browser.js`;
};

/** The ESM face that Node takes, beside the CommonJS bundle. */
export const faceOf = (file) => file.replace(/\.cjs$/, ".mjs");

/** What esbuild makes: a source, a file of dist/, and the host that it is for. A thread's is started, and never imported. */
export const bundles = [
  ...entries.flatMap(({ node, browser, ...entry }) => [
    { entry: node, file: fileName(entry, "node"), format: "cjs", host: "node" },
    ...(browser === undefined ? [] : [{ entry: browser, file: fileName(entry, "browser"), format: "esm", host: "browser" }]),
  ]),
  { entry: "sim-traced-browser", file: "sim-traced.browser.js", format: "esm", host: "browser" },
  { entry: "cli", file: "cli.mjs", format: "esm", host: "node" },
  { entry: "server/thread/worker", file: "server-worker.cjs", format: "cjs", host: "node", isThread: true },
];

export const nodeSources = [...new Set(entries.map(({ node }) => node))];
export const allSources = [...new Set(entries.flatMap(({ node, browser }) => (browser === undefined ? [node] : [node, browser])))];

function conditions({ node, browser, ...entry }) {
  const cjs = fileName(entry, "node");
  const inNode = {
    import: { types: `./dist/types/${node}.d.ts`, default: `./dist/${faceOf(cjs)}` },
    require: { types: `./dist/cjs-types/${node}.d.ts`, default: `./dist/${cjs}` },
  };
  if (browser === undefined) return inNode;
  return { node: inNode, default: { types: `./dist/types/${browser}.d.ts`, default: `./dist/${fileName(entry, "browser")}` } };
}

const wantedExports = () => ({
  ...Object.fromEntries(entries.map((entry) => [entry.name === "" ? "." : `./${entry.name}`, conditions(entry)])),
  "./package.json": "./package.json",
});

/** package.json is written by hand, so it is held against the table. */
export function checkManifest() {
  const manifest = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
  const wanted = wantedExports();
  if (isDeepStrictEqual(manifest.exports, wanted)) return;
  throw new StepFailure(
    `package.json's "exports" differ from the entries' table, which gives\n${JSON.stringify(wanted, null, 2)}`,
    'put these "exports" into package.json, or correct crates/xtask/steps/entries.mjs.',
  );
}
