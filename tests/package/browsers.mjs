// The package in a real browser: built by Vite, served by Vite's development server, and without any bundler.
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { build, createServer } from "vite";
import { launchChromium, newWatchedPage } from "../support/chromium.mjs";
import { serveFolder } from "../support/static-server.mjs";
import { lifecycle } from "./packed.mjs";

const page = (head) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>user</title>
<link rel="icon" href="data:,">${head}</head><body></body></html>`;

const script = `
  import { Monitor } from "streamgauge";
  import * as sim from "streamgauge/sim";
  import * as replay from "streamgauge/replay";
  ${lifecycle}
  globalThis.result = { received, entries: [sim, replay].every((entry) => Object.keys(entry).length > 0) };
`;

const project = { "index.html": page(`<script type="module" src="/main.js"></script>`), "main.js": script };

export function browserTests(context) {
  describe("in Chromium", () => {
    let browser;
    before(async () => {
      browser = await launchChromium();
    });
    after(() => browser?.close());

    /** Opens the page, waits for its result, and wants no complaint in the console. */
    async function works(url) {
      const { page: tab, troubles } = await newWatchedPage(browser);
      try {
        await tab.goto(url);
        const result = await tab.waitForFunction(() => globalThis.result, null, { timeout: 30_000 }).catch((error) => {
          throw new Error(`${error.message}\n${troubles.join("\n")}`);
        });
        assert.deepEqual(await result.jsonValue(), { received: 1, entries: true });
        assert.deepEqual(troubles, []);
      } finally {
        await tab.close();
      }
    }

    /** Opens a page of this project whose import map finds the scripts at `scripts`. */
    async function worksUnbundled(folder, scripts) {
      const imports = {
        streamgauge: `${scripts}/browser.js`,
        "streamgauge/sim": `${scripts}/sim.browser.js`,
        "streamgauge/replay": `${scripts}/replay.browser.js`,
      };
      const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
      writeFileSync(join(folder, "index.html"), page(`${map}<script type="module" src="/main.js"></script>`));
      writeFileSync(join(folder, "main.js"), script);
      const server = await serveFolder(folder);
      await works(server.url).finally(() => server.close());
    }

    it("works in a production build of Vite", async () => {
      const root = await context.packed.project(project);
      await build({ root, configFile: false, logLevel: "warn" });
      const assets = readdirSync(join(root, "dist", "assets"));
      // Each once; the recorder's is loaded by `loadRecorder()` alone.
      const modules = assets.filter((name) => name.endsWith(".wasm")).map((name) => name.replace(/-[\w-]{8}\.wasm$/, ""));
      assert.deepEqual(modules.sort(), ["streamgauge", "streamgauge_sim", "streamgauge_sim_traced"]);
      const server = await serveFolder(join(root, "dist"));
      await works(server.url).finally(() => server.close());
    });

    it("works in Vite's development server, which bundles dependencies its own way", async () => {
      const root = await context.packed.project(project);
      const server = await createServer({ root, configFile: false, logLevel: "warn", server: { host: "127.0.0.1", port: 0 } });
      await server.listen();
      const { port } = server.httpServer.address();
      await works(`http://127.0.0.1:${port}/`).finally(() => server.close());
      assert.ok(existsSync(join(root, "node_modules", ".vite", "deps")), "the dependency optimiser ran");
    });

    it("finds its wasm files when Vite before version 8 serves the scripts from a cache", async () => {
      const installed = await context.packed.project({});
      const modules = join(installed, "node_modules");
      for (const file of ["browser.js", "sim.browser.js", "replay.browser.js"]) {
        cpSync(join(modules, "streamgauge", "dist", file), join(modules, ".vite", "deps", file));
      }
      await worksUnbundled(installed, "/node_modules/.vite/deps");
    });

    it("works as a plain module script, without a bundler", async () => {
      await worksUnbundled(await context.packed.project({}), "/node_modules/streamgauge/dist");
    });
  });
}
