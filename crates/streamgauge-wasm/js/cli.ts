#!/usr/bin/env node
/** The command line: `npx streamgauge`. */

import { readFileSync } from "node:fs";
import { DASHBOARD_USAGE, dashboardCommand } from "./cli-dashboard.js";
import { UsageError } from "./cli-options.js";
import { replayCommand } from "./cli-replay.js";
import { SERVE_USAGE, serveCommand } from "./cli-serve.js";
import { simulateCommand } from "./cli-simulate.js";

const USAGE = `Usage: streamgauge replay [--json | --snapshot [--merge]] FILE...
       streamgauge serve [options] [TRACE]
       streamgauge dashboard [options] URL...
       streamgauge simulate [options] SCENARIO

serve and dashboard show live figures in a browser, simulate makes stream traffic: see their
own --help. replay:

Replays traces of hook calls and checks every \`after\` and \`expect\` in them exactly.
FILE may be - for standard input; what follows -- is no option.

  --json      print each trace's final asdict() instead, one JSON document a line
              (by worker where a trace names any)
  --snapshot  print each trace's final snapshot() instead, likewise
  --merge     with --snapshot: at the end one snapshot, the sum over the workers of all
              files; none where a file is broken. Of several files each names its worker
  --help      this text
  --version   the version

Exits with 0 where everything agrees, 1 where something differs, 2 where a trace or
the command is broken.
`;

const LIVE = new Map([
  ["serve", { run: serveCommand, usage: SERVE_USAGE }],
  ["dashboard", { run: dashboardCommand, usage: DASHBOARD_USAGE }],
]);

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === "--help" || command === "-h" || command === "help") {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command === "--version") {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (command === "replay") return replayCommand(rest, USAGE);
  if (command === "simulate") return simulateCommand(rest);
  const live = LIVE.get(command ?? "");
  if (live !== undefined) {
    try {
      return await live.run(rest);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      process.stderr.write(`streamgauge ${command}: ${error.message}\n\n${live.usage}`);
      return 2;
    }
  }
  process.stderr.write(`${command === undefined ? "streamgauge: no command" : `streamgauge: unknown command ${JSON.stringify(command)}`}\n\n${USAGE}`);
  return 2;
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // 1 would say that something differs.
  process.stderr.write(`streamgauge: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
}
