import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import page, { aliases } from "./vite.config.js";

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** What the live page's HTML has instead: another source, the program for it, and less that it may do. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['data-source="simulation"', 'data-source="live"'],
  ["/src/main.ts", "/src/live.ts"],
  [" 'wasm-unsafe-eval'; worker-src 'self';", ";"],
  ["Stream traffic that one can see: partitions, consumers, lag, percentiles and health, by a streamgauge monitor.", "The figures of a running stream processor, live."],
  ["shows stream traffic in your browser, and needs JavaScript and WebAssembly for it", "shows live figures, and needs JavaScript for it"],
];

/** Makes the live page's HTML of the page's own: the same markup. */
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
      return CHANGES.reduce((html, [from, to]) => replaced(html, from, to), readFileSync(here("index.html"), "utf8"));
    },
  };
}

/** The live page, as `streamgauge/server` brings it in the package. */
export default defineConfig({
  ...page,
  resolve: {
    // Its own server tells them: `streamgauge/export` and its wasm module stay out.
    alias: [...aliases, { find: /^\.\/exposition\.js$/, replacement: here("src/view/tabs/exposition-live.ts") }],
  },
  plugins: [liveHtml()],
  build: {
    ...page.build,
    outDir: "../dist/page",
    emptyOutDir: true,
    rollupOptions: { input: here("live.html") },
  },
});
