// `npm start`: sets up and builds what is missing, then serves the page on loopback until it is told to end.
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { buildPage, pageStep, servePage } from "./page.mjs";
import { command, step, StepFailure } from "./report.mjs";
import { setup } from "./setup.mjs";

const usualPort = 4173;

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
  await step(pageStep, buildPage);
  console.log(`\nstreamgauge is at ${await servePage(port)}  (Ctrl-C ends it)`);
});
