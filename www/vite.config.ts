import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const inDist = (file: string): string => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));

export default defineConfig({
  base: "./",
  resolve: {
    // The page is a client of the package: it takes what a user's bundler would take.
    alias: [
      { find: /^streamgauge\/sim$/, replacement: inDist("sim.browser.js") },
      { find: /^streamgauge$/, replacement: inDist("browser.js") },
    ],
  },
  build: {
    outDir: "dist",
    target: "es2022",
    // The Content-Security-Policy allows files of this origin only: nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
