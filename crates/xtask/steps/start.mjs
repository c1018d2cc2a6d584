// `npm start`: sets up and builds what is missing, then serves the page on loopback until it is told to end.
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { inRoot } from "./places.mjs";
import { command, step, StepFailure, UP_TO_DATE } from "./report.mjs";
import { setup } from "./setup.mjs";
import { filesUnder, forget, hashOf, isUpToDate, remember } from "./stamp.mjs";

const page = inRoot("www");
const config = inRoot("www", "vite.config.ts");
const usualPort = 4173;

async function buildPage() {
  const built = inRoot("www", "dist");
  const sources = filesUnder(page).filter((path) => !path.startsWith(built));
  const hash = hashOf([...sources, inRoot("dist"), inRoot("package-lock.json")]);
  if (isUpToDate("page", hash, [inRoot("www", "dist", "index.html")])) return UP_TO_DATE;
  forget("page");
  const vite = await import("vite");
  await vite.build({ root: page, configFile: config, logLevel: "warn" });
  remember("page", hash);
  return undefined;
}

function wantedPort() {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  const given = values.port ?? process.env.PORT;
  if (given === undefined) return usualPort;
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new StepFailure(`"${given}" is not a port`, "give a whole number from 1 to 65535.");
}

await command(async () => {
  const port = wantedPort();
  await setup();
  await build();
  await step({ name: "page", does: "vite builds www/", mend: "correct what vite names above." }, buildPage);
  const { preview } = await import("vite");
  // A taken port is passed over for the next free one.
  const server = await preview({ root: page, configFile: config, preview: { host: "127.0.0.1", port, strictPort: false } });
  console.log(`\nstreamgauge is at http://127.0.0.1:${server.httpServer.address().port}/  (Ctrl-C ends it)`);
});
