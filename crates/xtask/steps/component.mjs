// The WebAssembly component, for both of its worlds: built, validated, weighed, and transpiled for Node.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { withLock } from "./lock.mjs";
import { componentFolder, inRoot, stateFolder } from "./places.mjs";
import { command, step, StepFailure, UP_TO_DATE } from "./report.mjs";
import { run } from "./run.mjs";
import { setup } from "./setup.mjs";
import { printSizes } from "./sizes.mjs";
import { filesUnder, forget, hashOf, isUpToDate, remember } from "./stamp.mjs";
import { toolEnvironment } from "./tools.mjs";
import { target, withoutLocalPaths } from "./wasm.mjs";

const worlds = [
  { name: "host-clock", features: [] },
  { name: "wasi-clock", features: ["--features", "wasi-clock"] },
];

/** More than this in a component, and something came in that was not meant to. */
const mostBytes = 900_000;

export const componentFile = ({ name }) => join(componentFolder, `streamgauge-${name}.wasm`);
const transpiled = ({ name }) => join(componentFolder, "js", name);
const coreModule = inRoot("target", target, "release", "streamgauge_component.wasm");

/** What goes into a component; the crates' tests and documents do not. */
function inputs() {
  const crate = (name, ...parts) => parts.map((part) => inRoot("crates", name, part));
  return [
    ...crate("streamgauge", "src", "Cargo.toml"),
    ...crate("streamgauge-component", "src", "wit", "Cargo.toml"),
    inRoot("Cargo.toml"),
    inRoot("Cargo.lock"),
    inRoot("package-lock.json"),
    inRoot(".cargo"),
    inRoot("rust-toolchain.toml"),
    ...crate("xtask", "steps/component.mjs", "steps/wasm.mjs", "src/validate.rs", "Cargo.toml"),
  ];
}

async function compile({ name, features }) {
  const world = ["--lib", "--crate-type", "cdylib", "-p", "streamgauge-component", ...features];
  const settings = ["--release", "--target", target, ...(await withoutLocalPaths())];
  await run("cargo", ["rustc", "--locked", ...world, ...settings], { mend: "correct what the compiler names above." });
  const optimised = join(componentFolder, `${name}.core.wasm`);
  // The names of functions and tools go, the section that describes the interface stays.
  const flags = ["-O3", "--all-features", "--strip-debug", "--strip-producers", "--strip-target-features"];
  await run("wasm-opt", [coreModule, ...flags, "-o", optimised], { env: toolEnvironment() });
  return optimised;
}

/** A core module of one world as a component, and that as JavaScript for Node. */
async function makeComponent(world) {
  const core = await compile(world);
  // Not at the top: this file is loaded before the npm packages are installed.
  const { componentNew } = await import("@bytecodealliance/jco-transpile/wasm-tools");
  const { transpileBytes } = await import("@bytecodealliance/jco-transpile");
  const component = await componentNew(readFileSync(core));
  rmSync(core);
  if (component.length > mostBytes) {
    throw new StepFailure(
      `the component ${world.name} has ${component.length} bytes, more than ${mostBytes}`,
      "find what makes it larger (a dependency, a feature), or raise the limit in component.mjs and say why.",
    );
  }
  writeFileSync(componentFile(world), component);
  const folder = transpiled(world);
  rmSync(folder, { recursive: true, force: true });
  // The host hands over the imports itself, its clock among them.
  const { files } = await transpileBytes(component, { name: "streamgauge", instantiation: "async", wasiShim: false, noComponentErrorWrapping: false });
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

async function makeAll() {
  const outputs = worlds.flatMap((world) => [componentFile(world), join(transpiled(world), "streamgauge.js")]);
  const compiler = execFileSync("rustc", ["-vV"], { encoding: "utf8" });
  const hash = hashOf(inputs(), [compiler, process.env.RUSTFLAGS ?? ""]);
  if (isUpToDate("component", hash, outputs)) return UP_TO_DATE;
  forget("component");
  mkdirSync(componentFolder, { recursive: true });
  for (const world of worlds) {
    await step({ name: `component ${world.name}`, does: `the world monitor-${world.name}` }, () => makeComponent(world));
  }
  await run("cargo", ["run", "--quiet", "-p", "xtask", "--", "validate", ...worlds.map(componentFile)]);
  remember("component", hash);
  return undefined;
}

/** Both components, in target/component, and their JavaScript in target/component/js. */
export async function buildComponent() {
  return withLock(join(stateFolder, "component.lock"), async () => {
    const done = await makeAll();
    printSizes(filesUnder(componentFolder, (path) => path.endsWith("-clock.wasm")));
    return done;
  });
}

export const componentStep = { name: "component", does: "the WebAssembly component, for both of its worlds" };

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await command(async () => {
    await setup();
    await step(componentStep, buildComponent);
  });
}
