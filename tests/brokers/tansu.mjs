// Starts tansu, a broker with Kafka's protocol, on a free port of loopback, its storage in memory.
import { execFile, spawn } from "node:child_process";
import { createServer, connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

/** Where `npm run test:brokers` has it, unless the environment says otherwise. */
const program = process.env.TANSU || join(homedir(), ".cache", "streamgauge", "tools", "tansu-0.6.0", "bin", "tansu");
const startsWithin = 30_000;
const endsWithin = 5_000;

/** A port that was free a moment ago: tansu has to be told one, for it tells clients its address. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

/** A broker of its own: `{ brokers: ["host:port"], createTopic(name, partitions), close() }`. */
export async function startTansu() {
  const port = await freePort();
  const url = `tcp://127.0.0.1:${port}`;
  const args = ["broker", "--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/"];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-4000)));
  let ended;
  const end = new Promise((resolve) => {
    child.once("error", (error) => resolve((ended = error.message)));
    child.once("close", (code, signal) => resolve((ended = code ?? signal)));
  });

  const close = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), endsWithin);
    await end;
    clearTimeout(late);
  };

  const latest = Date.now() + startsWithin;
  while (!(await answers(port))) {
    if (ended !== undefined) throw new Error(`tansu ended early (${ended}):\n${said}`);
    if (Date.now() > latest) {
      await close();
      throw new Error(`tansu did not answer within ${startsWithin / 1000} s:\n${said}`);
    }
    await pause(20);
  }
  const createTopic = (name, partitions) =>
    promisify(execFile)(program, ["topic", "create", name, "--broker", url, "--partitions", String(partitions)], { timeout: startsWithin });
  return { brokers: [`127.0.0.1:${port}`], createTopic, close };
}
