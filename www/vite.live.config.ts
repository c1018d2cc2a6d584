import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import page from "./vite.config.js";

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Makes the live page's HTML of the page's own: the same markup, another source and the program for it. */
function liveHtml(): Plugin {
  const entry = here("live.html");
  const replaced = (html: string, from: string, to: string): string => {
    if (html.split(from).length !== 2) throw new Error(`index.html must have ${from} once, for the live page to replace`);
    return html.replace(from, to);
  };
  return {
    name: "live-html",
    resolveId: (id) => (id === entry ? entry : undefined),
    load(id) {
      if (id !== entry) return undefined;
      const html = replaced(readFileSync(here("index.html"), "utf8"), 'data-source="simulation"', 'data-source="live"');
      return replaced(html, "/src/main.ts", "/src/live.ts");
    },
  };
}

/** The live page, as `streamgauge/server` brings it in the package. */
export default defineConfig({
  ...page,
  plugins: [liveHtml()],
  build: {
    ...page.build,
    outDir: "../dist/page",
    emptyOutDir: true,
    rollupOptions: { input: here("live.html") },
  },
});
