// `streamgauge serve` and `streamgauge dashboard`, as someone types them.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { get, until } from "./support.mjs";

const command = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "streamgauge-serve-"));
const started = [];
after(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const TOKEN = "a-token-of-the-command";
const environment = (more = {}) => ({ ...process.env, STREAMGAUGE_TOKEN: "", STREAMGAUGE_WORKER_TOKEN: "", ...more });

function ended(args, env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8", cwd: folder, env: environment(env), timeout: 60_000 });
  return { status, stdout, stderr };
}

/** Starts it and waits until it says where it is. */
async function running(args, env) {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, env: environment(env) });
  started.push(child);
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) child[stream].setEncoding("utf8").on("data", (text) => (said[stream] += text));
  const [, url] = await until(() => {
    assert.equal(child.exitCode, null, said.stderr);
    return / at (http\S+)/.exec(said.stdout);
  });
  return {
    url,
    said,
    child,
    async end(signal = "SIGTERM") {
      child.kill(signal);
      const [code] = await once(child, "exit");
      return code;
    },
  };
}

const file = (name, text) => {
  writeFileSync(join(folder, name), text);
  return name;
};

const trace = (...calls) => [{ trace: "streamgauge/1" }, ...calls].map((call) => JSON.stringify(call)).join("\n");
const messageIn = (at, more = {}) => ({ at, call: "on_message_in", tp: ["orders", 3], offset: at, message: `m${at}`, ...more });

describe("streamgauge serve", () => {
  it("serves made-up traffic by itself, and ends cleanly when it is told to", async () => {
    for (const signal of ["SIGINT", "SIGTERM"]) {
      const served = await running(["serve", "--port", "0"]);
      assert.match(served.said.stdout, /^made-up traffic at http:\/\/127\.0\.0\.1:\d+\/ {2}\(Ctrl-C ends it\)\n$/);
      await until(async () => JSON.parse((await get(served.url, "/snapshot")).text).messages.received > 50);
      const { anomalies, partitions } = JSON.parse((await get(served.url, "/snapshot")).text);
      assert.deepEqual(Object.values(anomalies).filter(Boolean), []);
      assert.equal(partitions.length, 8);
      assert.equal(await served.end(signal), 0);
      assert.equal(served.said.stderr, "");
    }
  });

  it("ends at once by a second signal, whatever the first was", async () => {
    for (const signals of [["SIGINT", "SIGTERM"], ["SIGTERM", "SIGINT"]]) {
      const { child, url } = await running(["serve", "--port", "0"]);
      // One request, and a half: the server waits a while for the rest of it when it is told to end.
      const { hostname, port } = new URL(url);
      const socket = connect({ host: hostname, port });
      socket.on("error", () => {});
      socket.write(`GET /healthz HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\nGET /healthz HTTP/1.1\r\n`);
      await once(socket, "data");
      for (const signal of signals) child.kill(signal);
      const [code] = await once(child, "exit");
      assert.ok(code === 130 || code === 143, `ended with ${code}`);
    }
  });

  it("serves a trace as it is replayed, and what it came to", async () => {
    const name = file("trace.jsonl", trace(messageIn(0), messageIn(1), messageIn(1000)));
    const slow = await running(["serve", name, "--port", "0", "--interval", "0.1", "--speed", "5"]);
    await until(async () => JSON.parse((await get(slow.url, "/snapshot")).text).messages?.received === 2);
    assert.equal(await slow.end(), 0);
    const quick = await running(["serve", "--speed", "1000", "--port=0", "--interval", "0.1", name]);
    await until(() => quick.said.stderr === `${name}: replayed to its end, whose figures stay\n`);
    await until(async () => JSON.parse((await get(quick.url, "/stats/")).text).Sensor0?.messages_received_total === 3);
    assert.equal(await quick.end(), 0);
  });

  it("serves the sum of a trace's workers", async () => {
    const name = file("workers.jsonl", trace(messageIn(0, { worker: "a" }), messageIn(0, { worker: "b" }), messageIn(0.001, { worker: "b", offset: 1, message: "n" })));
    const served = await running(["serve", name, "--port", "0", "--interval", "0.1"]);
    await until(async () => JSON.parse((await get(served.url, "/snapshot")).text).messages?.received === 3);
    assert.equal((await get(served.url, "/stats/")).status, 500);
    assert.equal(await served.end(), 0);
  });

  it("ends with 2 and the place where a trace is broken", async () => {
    const name = file("broken.jsonl", trace(messageIn(0), { at: 0, call: "on_nothing" }));
    const { status, stderr } = ended(["serve", name, "--port", "0"]);
    assert.equal(status, 2);
    assert.equal(stderr, `${name}:3: unknown call "on_nothing"\n`);
    const missing = ended(["serve", "missing.jsonl", "--port", "0"]);
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /^missing\.jsonl: ENOENT: no such file or directory\n$/);
  });

  it("takes its token from a file or the environment", async () => {
    const name = file("token", `${TOKEN}\n`);
    for (const [args, env] of [[["--token-file", name], {}], [[], { STREAMGAUGE_TOKEN: TOKEN }]]) {
      const served = await running(["serve", "--port", "0", ...args], env);
      assert.equal((await get(served.url, "/snapshot")).status, 401);
      assert.equal((await get(served.url, "/snapshot", { headers: { authorization: `Bearer ${TOKEN}` } })).status, 200);
      assert.equal(await served.end(), 0);
      assert.ok(!`${served.said.stdout}${served.said.stderr}`.includes(TOKEN));
    }
  });

  it("allows further names, and warns when it listens to all", async () => {
    const served = await running(["serve", "--port", "0", "--host", "0.0.0.0", "--allowed-host", "figures.example"]);
    assert.match(served.said.stderr, /without a token/);
    const url = served.url.replace("0.0.0.0", "127.0.0.1");
    assert.equal((await get(url, "/healthz", { headers: { host: "figures.example" } })).status, 200);
    assert.equal((await get(url, "/healthz", { headers: { host: "other.example" } })).status, 421);
    await served.end();
  });

  it("says in plain words what is wrong with a command", async () => {
    const short = file("short", "short");
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address();
    const wrong = [
      [["serve", "--prot", "1"], "streamgauge serve: Unknown option '--prot'"],
      [["serve", "--port", "x"], 'streamgauge serve: --port must be a number from 0 to 65535, got "x"'],
      [["serve", "--port", "1.5"], "streamgauge serve: --port must be a whole number, got 1.5"],
      [["serve", "--speed", "2"], "streamgauge serve: --speed is for a trace"],
      [["serve", "--interval", "0"], 'streamgauge serve: --interval must be a number from 0.1 to 3600, got "0"'],
      [["serve", "a", "b"], "streamgauge serve: more than one trace: replay them merged with `streamgauge replay`"],
      [["serve", "--token-file", "missing"], "streamgauge serve: --token-file missing: ENOENT: no such file or directory"],
      [["serve", "--token-file", short], "streamgauge serve: --token-file short: the token must be 16 to 1,024 letters, digits and -._~+/=, got \"5 characters\""],
      [["serve", "--port", String(port)], `streamgauge serve: port ${port} is taken: choose another with --port, or 0 for any`],
      [["dashboard"], "streamgauge dashboard: no URL to follow"],
      [["dashboard", "localhost"], 'streamgauge dashboard: url must be an http or https URL without a user or password, got "localhost"'],
    ];
    for (const [args, first] of wrong) {
      const { status, stdout, stderr } = ended(args);
      assert.equal(stderr.split("\n", 1)[0], first);
      assert.match(stderr, /\n\nUsage: streamgauge (serve|dashboard) /);
      assert.equal(status, 2);
      assert.equal(stdout, "");
    }
    taken.close();
  });

  it("tells how it is used", () => {
    for (const name of ["serve", "dashboard"]) {
      const { status, stdout, stderr } = ended([name, "--help"]);
      assert.equal(status, 0);
      assert.equal(stderr, "");
      assert.match(stdout, new RegExp(`^Usage: streamgauge ${name} `));
      assert.match(ended(["--help"]).stdout, new RegExp(`streamgauge ${name} `));
    }
  });
});

describe("streamgauge dashboard", () => {
  it("serves the sum of live servers, with a token for them and one of its own", async () => {
    const own = "the-token-of-the-dashboard";
    const [workers, readers] = [file("workers-token", TOKEN), file("readers-token", own)];
    const served = [file("w1.jsonl", trace(messageIn(0, { worker: "a" }))), file("w2.jsonl", trace(messageIn(0, { worker: "b" }), messageIn(0, { worker: "b", message: "n" })))];
    const servers = await Promise.all(served.map((name) => running(["serve", name, "--port", "0", "--interval", "0.1"], { STREAMGAUGE_TOKEN: TOKEN })));
    const dashboard = await running(["dashboard", ...servers.map(({ url }) => url), "--port", "0", "--interval", "0.1", "--worker-token-file", workers, "--token-file", readers]);
    assert.match(dashboard.said.stdout, /^2 workers at http/);
    const headers = { authorization: `Bearer ${own}` };
    await until(async () => JSON.parse((await get(dashboard.url, "/snapshot", { headers })).text.replace(/^there.*\n/, "{}")).messages?.received === 3);
    assert.equal((await get(dashboard.url, "/snapshot")).status, 401);
    assert.equal(await dashboard.end(), 0);
    for (const one of servers) assert.equal(await one.end(), 0);
  });
});
