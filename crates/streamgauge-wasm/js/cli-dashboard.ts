/** `streamgauge dashboard`: many live servers as one. */

import { parseArgs } from "node:util";
import { SERVER_OPTIONS, SERVER_OPTIONS_HELP, serveOptionsOf, serveUntilTold, tokenOf, understood, UsageError } from "./cli-options.js";
import { isLoopback } from "./server/admission.js";
import { gatherUrls, type GatheredUrls } from "./server/index.js";

const USUAL_PORT = 8913;

export const DASHBOARD_USAGE = `Usage: streamgauge dashboard [options] URL...

Follows the live servers at the URLs (those of streamgauge/server, of \`streamgauge serve\`, or of
other dashboards), merges their figures, and serves the sum likewise. The page talks to this server alone.
A worker that is away counts as it was last, and is named; it is taken up again when it is back.

  --worker-token-file FILE  the token to show to the workers (or in STREAMGAUGE_WORKER_TOKEN)
${SERVER_OPTIONS_HELP}  --help               this text

Listens on port ${USUAL_PORT}. Exits with 0 when it was told to end, 2 where the command is broken.
`;

export async function dashboardCommand(args: readonly string[]): Promise<number> {
  const { values, positionals: urls } = understood(() =>
    parseArgs({ args: [...args], options: { ...SERVER_OPTIONS, "worker-token-file": { type: "string" } }, allowPositionals: true }),
  );
  if (values.help === true) {
    process.stdout.write(DASHBOARD_USAGE);
    return 0;
  }
  if (urls.length === 0) throw new UsageError("no URL to follow");
  const options = serveOptionsOf(values, USUAL_PORT);
  const workerToken = (): string | undefined => tokenOf("worker-token-file", values["worker-token-file"], "STREAMGAUGE_WORKER_TOKEN");
  const open = workerToken() === undefined ? [] : urls.filter(isOpenToOthers);
  const workers = gathered(urls, () => {
    try {
      // Anew each time: it may have been renewed.
      return workerToken();
    } catch {
      // The worker then says that it wants one.
      return undefined;
    }
  });
  for (const url of open) process.stderr.write(`${url}: the token goes there unencrypted: use https or a tunnel\n`);
  try {
    const what = urls.length === 1 ? "1 worker" : `${urls.length} workers`;
    return await serveUntilTold(what, workers, options);
  } finally {
    workers.close();
  }
}

/** Whether what is sent there can be read on the way. */
function isOpenToOthers(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !isLoopback(hostname.replace(/^\[(.*)\]$/, "$1"));
}

function gathered(urls: readonly string[], token: () => string | undefined): GatheredUrls {
  try {
    return gatherUrls(urls, { token });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_INVALID_URL") throw error;
    throw new UsageError(message);
  }
}
