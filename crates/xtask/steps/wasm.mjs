// The two wasm modules, built by wasm-pack from the one wrapper crate.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { inRoot, wasmCrate } from "./places.mjs";
import { step, UP_TO_DATE } from "./report.mjs";
import { run } from "./run.mjs";
import { forget, hashOf, isUpToDate, remember } from "./stamp.mjs";
import { toolEnvironment, toolVersions } from "./tools.mjs";

const modules = [
  { name: "core", outName: "streamgauge", features: [] },
  { name: "sim", outName: "streamgauge_sim", features: ["--no-default-features", "--features", "sim"] },
];

/** What goes into the modules; tests and benches of the crates do not. */
function inputs() {
  const crates = ["streamgauge", "streamgauge-export", "streamgauge-sim", "streamgauge-wasm"];
  const files = crates.flatMap((crate) => ["src", "Cargo.toml", "build.rs"].map((part) => inRoot("crates", crate, part)));
  return [...files, inRoot("Cargo.toml"), inRoot("Cargo.lock"), inRoot(".cargo"), inRoot("rust-toolchain.toml")];
}

export const moduleFile = ({ name, outName }, ending) => join(wasmCrate, "pkg", name, `${outName}${ending}`);

export const wasmModules = modules;

async function buildModule(module, hash) {
  const stamp = `wasm-${module.name}`;
  const outputs = [".js", ".d.ts", "_bg.wasm"].map((ending) => moduleFile(module, ending));
  if (isUpToDate(stamp, hash, outputs)) return UP_TO_DATE;
  forget(stamp);
  rmSync(join(wasmCrate, "pkg", module.name), { recursive: true, force: true });
  const output = ["--out-dir", `pkg/${module.name}`, "--out-name", module.outName];
  const flags = ["--release", "--target", "web", "--mode", "no-install", "--no-pack"];
  await run("wasm-pack", ["build", wasmCrate, ...flags, ...output, ...module.features], {
    env: toolEnvironment(),
    mend: "correct what the compiler names above; if a tool is missing, run `npm run setup`.",
  });
  remember(stamp, hash);
}

export async function buildWasm() {
  const compiler = execFileSync("rustc", ["-vV"], { encoding: "utf8" });
  const hash = hashOf(inputs(), [compiler, toolVersions, process.env.RUSTFLAGS ?? ""]);
  for (const module of modules) {
    const does = `wasm-pack builds the ${module.name} module`;
    await step({ name: `wasm ${module.name}`, does }, () => buildModule(module, hash));
  }
}
