// The steps of `npm test`, in the order in which they run. Each names the steps that it cannot do without.
import { existsSync, readdirSync } from "node:fs";
import { build } from "./build.mjs";
import { buildComponent, componentStep } from "./component.mjs";
import { buildPage, pageStep } from "./page.mjs";
import { inRoot } from "./places.mjs";
import { StepFailure } from "./report.mjs";
import { run } from "./run.mjs";
import { setup } from "./setup.mjs";
import { filesUnder } from "./stamp.mjs";
import { installBrowser, installFirefox, installPrometheus, installPython, testEnvironment } from "./test-setup.mjs";
import { toolEnvironment } from "./tools.mjs";
import { tsc } from "./types.mjs";

const bareMetal = "thumbv7em-none-eabi";
const cargo = (...args) => run("cargo", args);

/** Sums the counts that a pattern finds; a run that found no test at all is a failed one. */
function wantTests(output, pattern) {
  const count = [...output.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
  if (count === 0) throw new StepFailure("not a single test ran", "see why the runner above found or ran no test.");
  console.log(`  ${count} tests passed`);
}

async function rustTests(...args) {
  const { output } = await run("cargo", ["test", ...args], { capture: true });
  wantTests(output, /test result: ok\. (\d+) passed/g);
}

/** The wrapper's tests in a WebAssembly host: Node, or Chromium when `env` says so. */
async function wasmTests(env = {}) {
  const { output } = await run("cargo", ["test", "-p", "streamgauge-wasm", "--all-features", "--tests", "--target", "wasm32-unknown-unknown"], {
    capture: true,
    env: { ...toolEnvironment(), CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner", ...env },
  });
  wantTests(output, /test result: ok\. (\d+) passed/g);
}

const inChromium = () => ({ WASM_BINDGEN_USE_BROWSER: "1", CHROMEDRIVER: testEnvironment().CHROMEDRIVER });

const typeProjects = ["crates/streamgauge-wasm/js", "www", "tests"];

async function checkTypes() {
  const projects = typeProjects.filter((folder) => existsSync(inRoot(folder, "tsconfig.json")));
  for (const folder of projects) {
    console.log(`  ${folder}`);
    await tsc(["--noEmit", "-p", inRoot(folder)], { mend: "correct the type errors above." });
  }
}

/** `env` beside that of every test. */
export async function nodeTests(files, env = {}) {
  const { output } = await run(process.execPath, ["--test", "--test-reporter=spec", ...files], {
    capture: true,
    env: { ...toolEnvironment(), ...testEnvironment(), ...env },
  });
  wantTests(output, /^. pass (\d+)$/gm);
}

/** Every folder of tests/ that holds *.test.mjs files is a step. */
function nodeTestSteps() {
  const folders = readdirSync(inRoot("tests"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => {
    const files = filesUnder(inRoot("tests", name), (path) => path.endsWith(".test.mjs"));
    if (files.length === 0) return [];
    const needs = ["build", "page", "browser", "firefox", "prometheus", "python", ...(name === "component" ? ["component"] : [])];
    return [{ name: `js-${name}`, needs, does: `node --test over tests/${name}`, work: () => nodeTests(files) }];
  });
}

const packageTool = (name, ...args) => run(inRoot("node_modules", ".bin", name), args);

export const testPlan = () => [
  { name: "setup", does: "what building needs", work: () => setup({ targets: [bareMetal] }) },
  { name: "browser", does: "Chromium and its driver", work: installBrowser },
  { name: "firefox", does: "Firefox, where it can be had", work: installFirefox },
  { name: "prometheus", does: "Prometheus and its promtool", work: installPrometheus },
  { name: "python", does: "the packages of tests/setup/requirements.txt in .venv", work: installPython },
  {
    name: "lock",
    does: "Cargo.lock fits the manifests",
    needs: ["setup"],
    mend: "run `cargo metadata` without --locked, and commit Cargo.lock.",
    work: () => run("cargo", ["metadata", "--locked", "--quiet", "--format-version", "1"], { quiet: true }),
  },
  {
    name: "format",
    does: "cargo fmt --check",
    needs: ["setup"],
    mend: "run `cargo fmt --all`.",
    work: () => cargo("fmt", "--all", "--check"),
  },
  {
    name: "clippy",
    does: "clippy over all crates, targets and features, without a warning",
    needs: ["setup"],
    work: () => cargo("clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"),
  },
  { name: "rust", does: "all Rust tests, all features", needs: ["setup"], work: () => rustTests("--workspace", "--all-features") },
  {
    name: "rust-core",
    does: "the core's tests without default features, and with each of its parts alone",
    needs: ["setup"],
    work: async () => {
      for (const features of ["", "histograms", "health"]) {
        await rustTests("-p", "streamgauge", "--no-default-features", "--features", features);
      }
    },
  },
  {
    name: "bare-metal",
    does: `the core and the exporter build for ${bareMetal}, which has no operating system`,
    needs: ["setup"],
    mend: "keep std out of the core: look for a dependency or a path that brings it.",
    work: async () => {
      for (const features of ["", "histograms,health,json,cbor"]) {
        await cargo("build", "-p", "streamgauge", "--no-default-features", "--features", features, "--target", bareMetal);
      }
      await cargo("build", "-p", "streamgauge-export", "--target", bareMetal);
    },
  },
  {
    name: "schema",
    does: "what is generated from the schema is as the schema says",
    needs: ["setup"],
    mend: "run `cargo run -p xtask -- generate`, look at what it changed, and commit that.",
    work: () => cargo("run", "--quiet", "-p", "xtask", "--", "check"),
  },
  { name: "build", does: "the npm package", needs: ["setup"], work: build },
  { ...pageStep, needs: ["build"], work: buildPage },
  { ...componentStep, needs: ["setup"], work: buildComponent },
  { name: "wasm-node", does: "the wrapper's tests in Node", needs: ["setup"], work: () => wasmTests() },
  {
    name: "wasm-chromium",
    does: "the wrapper's tests in headless Chromium",
    needs: ["setup", "browser"],
    work: () => wasmTests(inChromium()),
  },
  { name: "types", does: "tsc over the package, the page and the tests", needs: ["build"], work: checkTypes },
  ...nodeTestSteps(),
  { name: "publint", does: "the package's manifest and files", needs: ["build"], work: () => packageTool("publint", "--strict") },
  {
    name: "attw",
    does: "the package's types as every resolution sees them",
    needs: ["build"],
    work: () => packageTool("attw", "--pack", ".", "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm"),
  },
];
