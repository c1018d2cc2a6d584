// StatsD's own server (npm `statsd`), on a port of its own on loopback. Only the socket and what listens to its flushes are ours.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** `{ port, received(points), close() }`: `received` gives all counters, gauges and timers once so many lines came. */
export async function startStatsd() {
  const folder = mkdtempSync(join(tmpdir(), "statsd-"));
  const config = join(folder, "config.js");
  writeFileSync(
    config,
    JSON.stringify({
      servers: [{ server: here("server-socket.cjs"), address: "127.0.0.1" }],
      backends: [here("server-backend.cjs")],
      mgmt_port: join(folder, "management"),
      flushInterval: 50,
      automaticConfigReload: false,
    }),
  );
  const options = { stdio: ["ignore", "pipe", "inherit"] };
  const child = spawn(process.execPath, ["--no-deprecation", "--require", here("server-node.cjs"), require.resolve("statsd/stats.js"), config], options);
  const ended = once(child, "close");
  const waiting = new Set();
  let state = { port: undefined, lines: 0 };
  createInterface(child.stdout).on("line", (line) => {
    // The server's log has other lines.
    if (!line.startsWith("{\"")) return;
    state = { ...state, ...JSON.parse(line) };
    for (const look of waiting) look();
  });
  const until = (isThere) =>
    new Promise((resolve) => {
      const look = () => {
        if (!isThere(state)) return;
        waiting.delete(look);
        resolve(state);
      };
      waiting.add(look);
      look();
    });
  const { port } = await until((now) => now.port !== undefined);
  return {
    port,
    received: (points) => until(({ lines }) => lines >= points),
    async close() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
