// The package in Node: ESM, CommonJS, and both in one process.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { build as esbuild } from "esbuild";
import { lifecycle, root, runProgram } from "./packed.mjs";

const run = async (project, file) => JSON.parse(await runProgram(process.execPath, [file], project));

export function nodeTests(context) {
  it("imports as an ES module", async () => {
    const project = await context.packed.project({
      "main.mjs": `import { Monitor } from "streamgauge"; ${lifecycle} console.log(JSON.stringify(received));`,
    });
    assert.equal(await run(project, "main.mjs"), 1);
  });

  it("loads with require", async () => {
    const main = `const { Monitor } = require("streamgauge"); ${lifecycle} console.log(JSON.stringify(received));`;
    const project = await context.packed.project({ "main.js": main }, { type: "commonjs" });
    assert.equal(await run(project, "main.js"), 1);
  });

  it("brings a command that runs", async () => {
    const project = await context.packed.project({});
    const command = join(project, "node_modules", ".bin", "streamgauge");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.equal((await runProgram(command, ["--version"], project)).trim(), version);
    const trace = join(root, "tests", "vectors", "small.jsonl");
    assert.match(await runProgram(command, ["replay", trace], project), /small\.jsonl/);
  });

  it("finds the live server's thread and page, in an ES module and in CommonJS", async () => {
    const program = `
      let threads = 0;
      process.on("worker", () => (threads += 1));
      const monitor = new Monitor({ worker: "packed" });
      const warnings = [];
      serve(monitor, { logger: { warn: (text) => warnings.push(text) } }).then(async (server) => {
        const [page, snapshot, metrics] = await Promise.all(["", "snapshot", "metrics"].map(async (path) => (await fetch(server.url + path)).text()));
        await server.close();
        console.log(JSON.stringify([threads, warnings, page.startsWith("<!doctype html>"), JSON.parse(snapshot).worker, metrics.includes('worker="packed"')]));
      });`;
    const project = await context.packed.project({
      "main.mjs": `import { Monitor } from "streamgauge"; import { serve } from "streamgauge/server"; ${program}`,
      "main.cjs": `const { Monitor } = require("streamgauge"); const { serve } = require("streamgauge/server"); ${program}`,
    });
    for (const file of ["main.mjs", "main.cjs"]) assert.deepEqual(await run(project, file), [1, [], true, "packed", true], file);
  });

  it("serves from the process's own thread where it was bundled into one file", async () => {
    const project = await context.packed.project({
      "main.mjs": `
        import { Monitor } from "streamgauge";
        import { serve } from "streamgauge/server";
        const warnings = [];
        const server = await serve(new Monitor({ worker: "bundled" }), { page: false, logger: { warn: (text) => warnings.push(text) } });
        const { worker } = await (await fetch(server.url + "snapshot")).json();
        await server.close();
        console.log(JSON.stringify([worker, warnings.length, /^streamgauge.server: serves in the process's own thread, .*server-worker\\.cjs/.test(warnings[0])]));`,
    });
    const outfile = join(project, "bundle", "main.mjs");
    await esbuild({ entryPoints: [join(project, "main.mjs")], outfile, bundle: true, platform: "node", format: "esm", banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const __filename = import.meta.filename ?? new URL(import.meta.url).pathname, __dirname = import.meta.dirname ?? new URL(".", import.meta.url).pathname;' } });
    for (const name of ["streamgauge.wasm", "streamgauge_snapshot.wasm"]) copyFileSync(join(root, "dist", name), join(project, "bundle", name));
    assert.deepEqual(await run(project, outfile), ["bundled", 1, true]);
  });

  it("gives ES modules and CommonJS the same objects, in every entry", async () => {
    const project = await context.packed.project({
      "main.mjs": `
        import { createRequire } from "node:module";
        const require = createRequire(import.meta.url);
        const counts = [];
        for (const entry of ["streamgauge", "streamgauge/sim", "streamgauge/replay"]) {
          const module = await import(entry);
          const common = require(entry);
          const names = Object.keys(common).filter((name) => name !== "default");
          if (names.length === 0) throw new Error(entry + " exports nothing");
          for (const name of names) if (module[name] !== common[name]) throw new Error(entry + ": " + name + " differs");
          if (Object.keys(module).length !== names.length) throw new Error(entry + " exports differ: " + Object.keys(module));
        }
        const { Monitor } = require("streamgauge");
        ${lifecycle}
        const { Monitor: Imported } = await import("streamgauge");
        console.log(JSON.stringify({ received, same: monitor instanceof Imported }));
      `,
    });
    assert.deepEqual(await run(project, "main.mjs"), { received: 1, same: true });
  });
}
