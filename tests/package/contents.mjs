// What is in the tarball: all that a user needs and nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { root } from "./packed.mjs";

const expected = [
  "CHANGELOG.md",
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "dist/browser.js",
  "dist/cjs-types/package.json",
  "dist/cli.mjs",
  "dist/export.browser.js",
  "dist/export.cjs",
  "dist/export.mjs",
  "dist/http.cjs",
  "dist/http.mjs",
  "dist/kafkajs.cjs",
  "dist/kafkajs.mjs",
  "dist/live.browser.js",
  "dist/live.cjs",
  "dist/live.mjs",
  "dist/node-host.cjs",
  "dist/node-host.mjs",
  "dist/node.cjs",
  "dist/node.mjs",
  "dist/opentelemetry.browser.js",
  "dist/opentelemetry.cjs",
  "dist/opentelemetry.mjs",
  "dist/page/live.html",
  "dist/page/theme.js",
  "dist/platformatic.cjs",
  "dist/platformatic.mjs",
  "dist/prom-client.cjs",
  "dist/prom-client.mjs",
  "dist/prometheus/alerts.test.yml",
  "dist/prometheus/alerts.yml",
  "dist/prometheus/grafana-dashboard.json",
  "dist/rdkafka.cjs",
  "dist/rdkafka.mjs",
  "dist/replay.browser.js",
  "dist/replay.cjs",
  "dist/replay.mjs",
  "dist/server-worker.cjs",
  "dist/server.cjs",
  "dist/server.mjs",
  "dist/sim-traced.browser.js",
  "dist/sim.browser.js",
  "dist/sim.cjs",
  "dist/sim.mjs",
  "dist/snapshot.browser.js",
  "dist/snapshot.cjs",
  "dist/snapshot.mjs",
  "dist/statsd.browser.js",
  "dist/statsd.cjs",
  "dist/statsd.mjs",
  "dist/streamgauge.wasm",
  "dist/streamgauge_sim.wasm",
  "dist/streamgauge_sim_traced.wasm",
  "dist/streamgauge_snapshot.wasm",
  "dist/streams.browser.js",
  "dist/streams.cjs",
  "dist/streams.mjs",
  "package.json",
];

export function contentTests(context) {
  it("holds the bundles, the wasm files, the types, the texts, and nothing else", () => {
    const isType = (path) => /^dist\/(cjs-)?types\/[\w./-]+\.d\.ts$/.test(path);
    // Their names change with what is in them: the page's scripts, its style, its font. It brings no wasm module.
    const isAsset = (path) => /^dist\/page\/assets\/[\w.-]+\.(js|css|woff2)$/.test(path);
    const others = context.packed.files.filter((path) => !isType(path) && !isAsset(path));
    assert.deepEqual(others, expected);
    const assets = context.packed.files.filter(isAsset).map((path) => path.replace(/.*\./, "")).sort();
    assert.deepEqual(assets.filter((ending) => ending !== "js"), ["css", "woff2"]);
    assert.ok(assets.includes("js"));
    assert.ok(context.packed.files.some(isType));
  });

  it("stays small", () => {
    const { size, unpackedSize } = context.packed;
    // Two fifths of it are the simulator's two modules, which only `streamgauge/sim` loads; a tenth the live page.
    assert.ok(size < 1_000_000, `${size} bytes packed`);
    assert.ok(unpackedSize < 3_100_000, `${unpackedSize} bytes unpacked`);
  });

  it("names no folder of the machine that built it", () => {
    for (const path of context.packed.files) {
      const text = readFileSync(join(root, path), "latin1");
      for (const folder of [root, join(homedir(), ".cargo"), join(homedir(), ".rustup"), "registry/src"]) {
        assert.ok(!text.includes(folder), `${path} contains ${folder}`);
      }
      // Cargo's folder for a registry: a host and a hash.
      assert.doesNotMatch(text, /\w\.\w+-[0-9a-f]{16}\//, path);
    }
  });

  it("runs no script when it is installed, and depends on nothing", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.equal(manifest.dependencies, undefined);
    for (const script of ["preinstall", "install", "postinstall", "prepare"]) {
      assert.equal(manifest.scripts[script], undefined, script);
    }
  });
}
