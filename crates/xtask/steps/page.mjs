// The page: vite builds www/ into www/dist, and serves that; and its live form into dist/page, which `streamgauge/server` serves.
import { inRoot } from "./places.mjs";
import { UP_TO_DATE } from "./report.mjs";
import { filesUnder, forget, hashOf, isUpToDate, remember } from "./stamp.mjs";

const root = inRoot("www");
const configFile = inRoot("www", "vite.config.ts");
const built = inRoot("www", "dist");

export async function buildPage() {
  const sources = filesUnder(root).filter((path) => !path.startsWith(built));
  const hash = hashOf([...sources, inRoot("dist"), inRoot("package-lock.json")]);
  if (isUpToDate("page", hash, [inRoot("www", "dist", "index.html")])) return UP_TO_DATE;
  forget("page");
  // Not at the top: this file is loaded before the npm packages are installed.
  const vite = await import("vite");
  await vite.build({ root, configFile, logLevel: "warn" });
  remember("page", hash);
  return undefined;
}

/** The live page is part of the package, and needs the package's bundles. */
export async function buildLivePage() {
  const sources = filesUnder(root).filter((path) => !path.startsWith(built));
  const files = ["live.html", "theme.js"].map((file) => inRoot("dist", "page", file));
  const hash = hashOf([...sources, ...["live", "statsd"].map((name) => inRoot("dist", `${name}.browser.js`)), inRoot("package-lock.json")]);
  if (isUpToDate("live-page", hash, files)) return UP_TO_DATE;
  forget("live-page");
  const vite = await import("vite");
  await vite.build({ root, configFile: inRoot("www", "vite.live.config.ts"), logLevel: "warn" });
  remember("live-page", hash);
  return undefined;
}

/** Serves the built page on loopback and returns its address. A taken port is passed over for the next free one. */
export async function servePage(port) {
  const { preview } = await import("vite");
  const server = await preview({ root, configFile, preview: { host: "127.0.0.1", port, strictPort: false } });
  return `http://127.0.0.1:${server.httpServer.address().port}/`;
}

export const livePageStep = { name: "live-page", does: "vite builds the page that the server brings", mend: "correct what vite names above." };
export const pageStep = { name: "page", does: "vite builds www/", mend: "correct what vite names above." };
