// The examples of the docs run, and real registries fit the types.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}crates/streamgauge-wasm/docs/export.md`, "utf8");
const [endpoint, bridge] = [...page.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code);

const run = (code) => execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8" });

test("the endpoint serves figures", () => {
  assert.match(endpoint, /\}\)\.listen\(9464, "127\.0\.0\.1"\);\n$/);
  // At any free port, asked once.
  const code = endpoint.replace("createServer(", "const server = createServer(").replace("9464", "0");
  const asked = `
    import { once } from "node:events";
    await once(server, "listening");
    const answer = await fetch("http://127.0.0.1:" + server.address().port, { headers: { accept: "application/openmetrics-text" } });
    console.log(answer.headers.get("content-type"));
    console.log(await answer.text());
    server.close();`;
  const said = run(code + asked);
  assert.match(said, /^application\/openmetrics-text; version=1\.0\.0; charset=utf-8\n/);
  assert.match(said, /\nstreamgauge_messages_received_total\{group="billing",worker="billing-1"\} 0\n/);
});

test("the bridge fills the global registry", () => {
  const monitor = 'import { Monitor } from "streamgauge";\nconst monitor = new Monitor({ worker: "w" });\n';
  const said = run(`${monitor}${bridge}console.log(await register.metrics()); attachment.detach();`);
  assert.match(said, /\nstreamgauge_messages_received_total\{worker="w"\} 0\n/);
});

test("prom-client's registries are what attachPromClient takes, and a user's types hold", () => {
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", "node"];
  execFileSync(process.execPath, [tsc, ...strict, "tests/prometheus/user.ts"], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
});
