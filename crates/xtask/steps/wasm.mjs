// The wasm modules, built by wasm-pack from the one wrapper crate.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { inRoot, wasmCrate } from "./places.mjs";
import { step, UP_TO_DATE } from "./report.mjs";
import { run } from "./run.mjs";
import { forget, hashOf, isUpToDate, remember } from "./stamp.mjs";
import { toolEnvironment, toolVersions } from "./tools.mjs";

/** Who imports waits for it. */
const small = { CARGO_PROFILE_RELEASE_OPT_LEVEL: "z" };

const modules = [
  { name: "core", outName: "streamgauge", build: buildPlain },
  { name: "sim", outName: "streamgauge_sim", features: ["--no-default-features", "--features", "sim"], build: buildBound, profile: small },
  { name: "traced", outName: "streamgauge_sim_traced", features: ["--no-default-features", "--features", "trace"], build: buildBound, profile: small },
  { name: "snapshot", outName: "streamgauge_snapshot", features: ["--no-default-features", "--features", "snapshot"], build: buildBound },
];

/** What goes into the modules; tests and benches of the crates do not. */
function inputs() {
  const crates = ["streamgauge", "streamgauge-export", "streamgauge-sim", "streamgauge-wasm"];
  const files = crates.flatMap((crate) => ["src", "Cargo.toml", "build.rs"].map((part) => inRoot("crates", crate, part)));
  return [...files, inRoot("Cargo.toml"), inRoot("Cargo.lock"), inRoot(".cargo"), inRoot("rust-toolchain.toml")];
}

export const moduleFile = ({ name, outName }, ending) => join(wasmCrate, "pkg", name, `${outName}${ending}`);

export const wasmModules = modules;

export const target = "wasm32-unknown-unknown";

/** The crate then brings an allocator and a panic handler. As a feature its tests would have two of each. */
const ofModule = "--cfg=streamgauge_module";

/**
 * Panics name their source files. Ours are named from the clone's root; those of the crates that we use would tell
 * where this machine keeps them.
 */
export async function withoutLocalPaths(...more) {
  const query = ["metadata", "--format-version", "1", "--filter-platform", target];
  const { output } = await run("cargo", query, { quiet: true, stderr: "inherit" });
  const metadata = JSON.parse(output);
  const homes = new Set(metadata.packages.filter(({ source }) => source).map((one) => dirname(dirname(one.manifest_path))));
  const sysroot = execFileSync("rustc", ["--print", "sysroot"], { encoding: "utf8" }).trim();
  const flags = [...homes, join(sysroot, "lib/rustlib/src"), inRoot()].map((folder) => `--remap-path-prefix=${folder}=.`);
  flags.push(...more);
  return ["--config", `target.${target}.rustflags=${JSON.stringify(flags)}`];
}

/** By wasm-pack, with the JavaScript that wasm-bindgen writes. */
async function buildBound(module) {
  const output = ["--out-dir", `pkg/${module.name}`, "--out-name", module.outName];
  const flags = ["--release", "--target", "web", "--mode", "no-install", "--no-pack"];
  const cargoOptions = [...module.features, ...(await withoutLocalPaths(ofModule))];
  await run("wasm-pack", ["build", wasmCrate, ...flags, ...output, ...cargoOptions], {
    env: { ...toolEnvironment(), ...module.profile },
    mend: "correct what the compiler names above; if a tool is missing, run `npm run setup`.",
  });
}

/** By cargo alone: what its exports mean to JavaScript is written in `js/module.ts`. */
async function buildPlain(module) {
  const settings = ["--release", "--target", target, ...(await withoutLocalPaths(ofModule))];
  await run("cargo", ["rustc", "--lib", "--crate-type", "cdylib", "-p", "streamgauge-wasm", ...settings], {
    env: small,
    mend: "correct what the compiler names above.",
  });
  mkdirSync(join(wasmCrate, "pkg", module.name), { recursive: true });
  const compiled = inRoot("target", target, "release", "streamgauge_wasm.wasm");
  await run("wasm-opt", [compiled, "-Oz", "--strip-debug", "--strip-producers", "-o", moduleFile(module, "_bg.wasm")], { env: toolEnvironment() });
}

async function buildModule(module, hash) {
  const stamp = `wasm-${module.name}`;
  const endings = module.build === buildPlain ? ["_bg.wasm"] : [".js", ".d.ts", "_bg.wasm"];
  const outputs = endings.map((ending) => moduleFile(module, ending));
  if (isUpToDate(stamp, hash, outputs)) return UP_TO_DATE;
  forget(stamp);
  rmSync(join(wasmCrate, "pkg", module.name), { recursive: true, force: true });
  await module.build(module);
  remember(stamp, hash);
}

export async function buildWasm() {
  const compiler = execFileSync("rustc", ["-vV"], { encoding: "utf8" });
  const steps = inRoot("crates", "xtask", "steps", "wasm.mjs");
  const hash = hashOf([...inputs(), steps], [compiler, toolVersions, process.env.RUSTFLAGS ?? ""]);
  for (const module of modules) {
    const does = `the ${module.name} module`;
    await step({ name: `wasm ${module.name}`, does }, () => buildModule(module, hash));
  }
}
