// `npm run setup`: everything that building needs, installed where it is missing. Uses Node's built-ins only.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withLock } from "./lock.mjs";
import { inRoot, stateFolder } from "./places.mjs";
import { command, step, StepFailure, UP_TO_DATE } from "./report.mjs";
import { run, which } from "./run.mjs";
import { installTools } from "./tools.mjs";

const oldestNode = [20, 19];

function checkPrograms() {
  return step({ name: "programs", does: "Node, npm, cargo and rustc" }, async () => {
    const [major, minor] = process.versions.node.split(".").map(Number);
    if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
      throw new StepFailure(
        `this is Node ${process.versions.node}; building needs ${oldestNode.join(".")} or later`,
        "install a newer Node. (The finished package runs on every Node 20.)",
      );
    }
    if (!which("npm")) throw new StepFailure("npm is not on PATH", "install npm; it comes with Node.");
    if (!which("cargo") || !which("rustc")) {
      throw new StepFailure("cargo and rustc are not on PATH", "install Rust with rustup, and open a new shell.");
    }
  });
}

async function hasTarget(target) {
  const { code, output } = await run("rustc", ["--print", "target-libdir", "--target", target], { quiet: true, mayFail: true });
  return code === 0 && existsSync(output.trim().split("\n").at(-1));
}

function addTargets(targets) {
  return step({ name: "rust targets", does: targets.join(", ") }, async () => {
    const missing = [];
    for (const target of targets) if (!(await hasTarget(target))) missing.push(target);
    if (missing.length === 0) return UP_TO_DATE;
    const mend = `run \`rustup target add ${missing.join(" ")}\`, or install these targets the way your Rust was installed.`;
    if (!which("rustup")) throw new StepFailure(`rustc lacks ${missing.join(", ")}, and there is no rustup to add it`, mend);
    await run("rustup", ["target", "add", ...missing], { mend });
  });
}

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Whether node_modules holds what package-lock.json says; packages for other platforms may be absent. */
function packagesMatch(lock) {
  const installedPath = inRoot("node_modules", ".package-lock.json");
  if (!existsSync(installedPath)) return false;
  const installed = readJson(installedPath).packages;
  return Object.entries(lock.packages).every(([path, { version, optional }]) => {
    if (path === "") return true;
    const found = installed[path];
    return found === undefined ? optional === true : found.version === version && existsSync(inRoot(path));
  });
}

function installPackages() {
  return step({ name: "npm packages", does: "node_modules as package-lock.json says" }, async () => {
    const lock = readJson(inRoot("package-lock.json"));
    const wanted = readJson(inRoot("package.json")).devDependencies;
    if (JSON.stringify(lock.packages[""].devDependencies) !== JSON.stringify(wanted)) {
      throw new StepFailure("package.json and package-lock.json name different packages", "run `npm install`, and commit both files.");
    }
    if (packagesMatch(lock)) return UP_TO_DATE;
    await run("npm", ["ci", "--no-audit", "--no-fund"], {
      mend: "read npm's message above; it needs a network, and a folder that it may write.",
    });
  });
}

/** `targets`: those beyond WebAssembly's. */
export async function setup({ targets = [] } = {}) {
  await checkPrograms();
  await withLock(join(stateFolder, "setup.lock"), async () => {
    await addTargets(["wasm32-unknown-unknown", ...targets]);
    await installPackages();
  });
  await installTools();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await command(() => setup());
