// Starts `mock-cluster.py`. It ends with its standard input, so it cannot outlive this process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("mock-cluster.py", import.meta.url));
const inClone = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));
const startsWithin = 30_000;
const endsWithin = 10_000;

/** Three brokers of their own: `{ brokers: ["host:port", ...], close() }`. */
export async function startCluster() {
  const child = spawn(process.env.PYTHON || inClone, [script], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal)));
  const failure = new Promise((_, reject) => {
    child.once("error", (error) => reject(new Error(`the mock cluster's Python could not be started: ${error.message}`)));
    ended.then((how) => reject(new Error(`the mock cluster ended early (${how}):\n${said}`)));
  });
  // Once the brokers are there, an early end shows in what the program could not do.
  failure.catch(() => {});

  const close = async () => {
    child.stdin.end();
    const late = setTimeout(() => child.kill("SIGKILL"), endsWithin);
    const how = await ended;
    clearTimeout(late);
    if (how !== 0) throw new Error(`the mock cluster did not end well (${how}):\n${said}`);
  };

  const late = setTimeout(() => child.kill("SIGKILL"), startsWithin);
  try {
    const [line] = await Promise.race([once(createInterface(child.stdout), "line"), failure]);
    return { ...JSON.parse(line), close };
  } finally {
    clearTimeout(late);
  }
}
