/** What `serve` and `dashboard` take alike, and how they run and end. */

import { readFileSync } from "node:fs";
import type { ParseArgsConfig } from "node:util";
import { serve, type LiveServer, type ServeOptions, type SnapshotSource } from "./server/index.js";
import { checkedToken } from "./server/options.js";

/** What was typed cannot be done: the exit code is 2. */
export class UsageError extends Error {}

export const SERVER_OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  "token-file": { type: "string" },
  "allowed-host": { type: "string", multiple: true },
  interval: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

export const SERVER_OPTIONS_HELP = `  --port PORT          the port; 0 takes any free one
  --host ADDRESS       the address to listen on; 127.0.0.1, this machine alone, by default
  --token-file FILE    readers must show the token in it (or in STREAMGAUGE_TOKEN):
                       Authorization: Bearer ...
  --allowed-host NAME  a further name by which readers may call the server; may be repeated
  --interval SECONDS   how often the figures are read at most; 1 by default
`;

/** What `parse` makes of the arguments. @throws UsageError */
export function understood<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("ERR_PARSE_ARGS") !== true) throw error;
    throw new UsageError(message.split(". ", 1)[0]!.replace(/\.$/, ""));
  }
}

/** A number of an option. @throws UsageError */
export function numberOf(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be a number from ${least} to ${most}, got ${JSON.stringify(text)}`);
}

/** A token from a file, or else from the environment: arguments can be read by every user of the machine. @throws UsageError */
export function tokenOf(option: string, file: string | undefined, variable: string): string | undefined {
  let token = process.env[variable];
  let from = variable;
  if (file !== undefined) {
    from = `--${option} ${file}`;
    try {
      token = readFileSync(file, "utf8").trim();
    } catch (error) {
      throw new UsageError(`${from}: ${(error as Error).message.replace(/, \w+( '.*')?$/, "")}`);
    }
  }
  if (token === undefined || (token === "" && file === undefined)) return undefined;
  try {
    return checkedToken("the token", token);
  } catch (error) {
    throw new UsageError(`${from}: ${(error as Error).message}`);
  }
}

type ServerValues = { readonly [name in Exclude<keyof typeof SERVER_OPTIONS, "help">]?: string | string[] | undefined };

/** @throws UsageError */
export function serveOptionsOf(values: ServerValues, usualPort: number): ServeOptions {
  const port = numberOf("port", values.port as string | undefined, 0, 65_535) ?? usualPort;
  if (!Number.isInteger(port)) throw new UsageError(`--port must be a whole number, got ${port}`);
  return {
    port,
    host: values.host as string | undefined,
    token: tokenOf("token-file", values["token-file"] as string | undefined, "STREAMGAUGE_TOKEN"),
    allowedHosts: (values["allowed-host"] ?? []) as string[],
    intervalSeconds: numberOf("interval", values.interval as string | undefined, 0.1, 3600),
    keepAlive: true,
    logger: { warn: (message) => process.stderr.write(`${message}\n`) },
  };
}

/**
 * Until SIGINT or SIGTERM come, or `ended`. Whichever of the two comes afterwards ends the process at once, as a shell has it: with 128 and
 * the signal's number.
 */
function untilTold(ended: Promise<void> | undefined): Promise<void> {
  return new Promise((resolve) => {
    let isTold = false;
    const tell = (): void => {
      isTold = true;
      resolve();
    };
    const onSignal = (_: NodeJS.Signals, number: number): void => {
      if (isTold) process.exit(128 + number);
      tell();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
    void ended?.then(tell);
  });
}

/** Serves until SIGINT or SIGTERM come, a second of either ends it at once, or until `ended`. Gives the exit code. */
export async function serveUntilTold(what: string, source: SnapshotSource, options: ServeOptions, ended?: Promise<void>): Promise<number> {
  let server: LiveServer;
  try {
    server = await serve(source, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new UsageError(`port ${options.port} is taken: choose another with --port, or 0 for any`);
    if (code === undefined) throw error;
    throw new UsageError(message);
  }
  // Before anybody can know that it serves.
  const told = untilTold(ended);
  process.stdout.write(`${what} at ${server.url}  (Ctrl-C ends it)\n`);
  await told;
  await server.close();
  return 0;
}
