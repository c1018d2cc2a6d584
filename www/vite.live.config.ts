import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The live page, as `streamgauge/server` brings it in the package. */
export default defineConfig({
  base: "./",
  resolve: {
    alias: [{ find: /^streamgauge\/live$/, replacement: fileURLToPath(new URL("../dist/live.browser.js", import.meta.url)) }],
  },
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    target: "es2022",
    // The Content-Security-Policy allows files of this origin only: nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: fileURLToPath(new URL("live.html", import.meta.url)) },
  },
});
