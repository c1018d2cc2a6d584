// The command-line tools of the WebAssembly build: pinned, built by cargo, kept in the user's cache under their version.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { withLock } from "./lock.mjs";
import { inRoot, toolsCrate, toolsFolder } from "./places.mjs";
import { step, StepFailure, UP_TO_DATE } from "./report.mjs";
import { run } from "./run.mjs";

const wasmPackVersion = "0.15.1";

/** The tools crate carries the version of the wasm-bindgen that it is built from. */
const wasmBindgenVersion = /^version = "(.+)"$/m.exec(readFileSync(join(toolsCrate, "Cargo.toml"), "utf8"))[1];

const tools = [
  {
    name: "wasm-bindgen",
    version: wasmBindgenVersion,
    programs: ["wasm-bindgen", "wasm-bindgen-test-runner"],
    install: ["--path", toolsCrate],
    expect: "about a minute",
  },
  {
    name: "wasm-pack",
    version: wasmPackVersion,
    programs: ["wasm-pack"],
    // Unoptimised takes half the time to build, and all that this tool does is to call the others.
    install: ["wasm-pack", "--version", wasmPackVersion, "--debug"],
    expect: "one to two minutes",
  },
];

/** A Kafka broker on one machine, for the tests that want more than librdkafka's mock cluster. */
const broker = {
  name: "tansu",
  version: "0.6.0",
  programs: ["tansu"],
  // With storage in memory alone; unoptimised it is built in half the time, and fast enough for tests.
  install: ["tansu", "--version", "0.6.0", "--no-default-features", "--features", "dynostore", "--debug"],
  expect: "five to ten minutes",
};

const folderOf = ({ name, version }) => join(toolsFolder, `${name}-${version}`);

const isInstalled = (tool) => tool.programs.every((program) => existsSync(join(folderOf(tool), "bin", program)));

/** What identifies the tools, for the stamps of what they make. */
export const toolVersions = tools.map(({ name, version }) => `${name} ${version}`);

/** The environment in which child steps find the tools, and wasm-opt among the npm packages. */
export function toolEnvironment() {
  const folders = [...tools.map((tool) => join(folderOf(tool), "bin")), inRoot("node_modules", ".bin")];
  return { PATH: [...folders, process.env.PATH].join(delimiter) };
}

/** wasm-pack refuses a wasm-bindgen whose version is not that of the linked library: say so before it does. */
function checkVersions() {
  if (!existsSync(inRoot("Cargo.lock"))) return;
  const linked = /name = "wasm-bindgen"\nversion = "(.+)"/.exec(readFileSync(inRoot("Cargo.lock"), "utf8"))?.[1];
  if (linked !== undefined && linked !== wasmBindgenVersion) {
    throw new StepFailure(
      `Cargo.lock has wasm-bindgen ${linked}, but the tools are of version ${wasmBindgenVersion}`,
      "set wasm-bindgen to the same exact version in crates/streamgauge-wasm/Cargo.toml and in " +
        "crates/xtask/wasm-bindgen-tools/Cargo.toml (its own version too), then run `cargo generate-lockfile` there.",
    );
  }
}

/** Installs into a folder beside the final one, which gets its name only when it is whole. */
async function install(tool) {
  const unfinished = `${folderOf(tool)}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  console.log(`  ${tool.name} ${tool.version} is built from source once per machine: ${tool.expect}`);
  await run("cargo", ["install", ...tool.install, "--locked", "--root", unfinished], {
    quiet: true,
    env: { CARGO_TARGET_DIR: join(unfinished, "target"), CARGO_PROFILE_DEV_DEBUG: "0", CARGO_PROFILE_DEV_STRIP: "symbols" },
    mend: "read cargo's message above. Without a network the crates cannot be fetched; without a C linker (Debian's gcc) nothing links.",
  });
  rmSync(join(unfinished, "target"), { recursive: true, force: true });
  rmSync(folderOf(tool), { recursive: true, force: true });
  renameSync(unfinished, folderOf(tool));
}

function installMissing(name, wanted) {
  return step({ name, does: `${wanted.map((tool) => `${tool.name} ${tool.version}`).join(" and ")} in ${toolsFolder}` }, async () => {
    if (wanted.every(isInstalled)) return UP_TO_DATE;
    mkdirSync(toolsFolder, { recursive: true });
    await withLock(join(toolsFolder, "install.lock"), async () => {
      for (const tool of wanted) if (!isInstalled(tool)) await install(tool);
    });
    return undefined;
  });
}

export async function installTools() {
  checkVersions();
  await installMissing("tools", tools);
}

export const installBroker = () => installMissing("broker", [broker]);

/** Whether it was built on this machine. */
export const hasBroker = () => isInstalled(broker);

/** Where tests find the broker, and where what takes minutes to compile is kept: librdkafka, for the Rust example. */
export const brokerEnvironment = () => ({
  TANSU: join(folderOf(broker), "bin", "tansu"),
  RDKAFKA_EXAMPLE_TARGET: join(toolsFolder, "rdkafka-example"),
});
