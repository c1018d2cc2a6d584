// A real Prometheus on loopback, in a folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE = 60_000;

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts Prometheus; it scrapes `targets` (job name to address) each second. */
export async function startPrometheus(targets, ruleFiles = []) {
  const folder = await mkdtemp(join(tmpdir(), "streamgauge-prometheus-"));
  const jobs = Object.entries(targets).map(([job_name, target]) => ({ job_name, honor_labels: false, static_configs: [{ targets: [target] }] }));
  // JSON is YAML.
  const configuration = { global: { scrape_interval: "1s", evaluation_interval: "1s" }, rule_files: ruleFiles, scrape_configs: jobs };
  await writeFile(join(folder, "prometheus.yml"), JSON.stringify(configuration));
  const port = await freePort();
  const child = spawn(process.env.PROMETHEUS || "prometheus", [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (log += data));
  const ended = new Promise((resolve) => {
    child.once("error", resolve);
    child.once("exit", resolve);
  });
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));

  const url = `http://127.0.0.1:${port}`;
  const ask = async (path, parameters = {}) => {
    const answer = await (await fetch(`${url}${path}?${new URLSearchParams(parameters)}`)).json();
    if (answer.status !== "success") throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  };

  /** Asks until `done` says that the answer is the one. */
  const until = async (what, attempt, done) => {
    const end = Date.now() + PATIENCE;
    for (let last; ; await sleep(100)) {
      if (hasEnded) throw new Error(`prometheus ended: ${log}`);
      try {
        last = await attempt();
        if (done(last)) return last;
      } catch (error) {
        last = error;
      }
      if (Date.now() > end) throw new Error(`${what} did not come; the last was ${last instanceof Error ? last.stack : JSON.stringify(last)}\n${log}`);
    }
  };

  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await until("readiness", () => fetch(`${url}/-/ready`), ({ ok }) => ok);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ask,
    until,
    stop,
    /** The result of a PromQL expression: labels and number of each series. */
    query: async (query) => (await ask("/api/v1/query", { query })).result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) })),
  };
}
