// The package in Node: ESM, CommonJS, and both in one process.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
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
