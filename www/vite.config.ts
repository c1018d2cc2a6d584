import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const inDist = (file: string): string => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
/** The page is a client of the package: it takes what a user's bundler would take. */
const entry = (name: string): { find: RegExp; replacement: string } => ({
  find: new RegExp(`^streamgauge/${name}$`),
  replacement: inDist(`${name}.browser.js`),
});

export const aliases = [...["sim", "snapshot", "export", "statsd", "replay", "live"].map(entry), { find: /^streamgauge$/, replacement: inDist("browser.js") }];

export default defineConfig({
  base: "./",
  resolve: { alias: aliases },
  build: {
    outDir: "dist",
    target: "es2022",
    // The Content-Security-Policy allows files of this origin only: nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
});
