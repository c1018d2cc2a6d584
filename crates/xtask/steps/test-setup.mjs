// What only the tests need: a browser with its driver, a Prometheus, and a Python environment inside the clone.
import { existsSync, rmSync } from "node:fs";
import { inRoot } from "./places.mjs";
import { StepFailure, UP_TO_DATE } from "./report.mjs";
import { run, which } from "./run.mjs";
import { forget, hashOf, isUpToDate, remember } from "./stamp.mjs";

const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export const findChromium = () => process.env.CHROMIUM || browsers.map((name) => which(name)).find(Boolean);
export const findChromedriver = () => process.env.CHROMEDRIVER || which("chromedriver");

const mayInstall = () => process.getuid?.() === 0 && which("apt-get") !== undefined;

async function aptInstall(...packages) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const mend = `make \`apt-get install ${packages.join(" ")}\` work, then run this again.`;
  await run("apt-get", ["update", "-q"], { quiet: true, env, mend });
  await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], { quiet: true, env, mend });
}

export async function installBrowser() {
  if (findChromium() && findChromedriver()) return UP_TO_DATE;
  if (mayInstall()) await aptInstall("chromium", "chromium-driver");
  if (findChromium() && findChromedriver()) return undefined;
  throw new StepFailure(
    "there is no Chromium, or no chromedriver, on PATH",
    "install both (Debian: `sudo apt-get install chromium chromium-driver`), or set CHROMIUM and CHROMEDRIVER to their paths.",
  );
}

export const findFirefox = () => process.env.FIREFOX || ["firefox-esr", "firefox"].map((name) => which(name)).find(Boolean);

/** A second browser, where it can be had: without one, the tests in it say so and pass over. */
export async function installFirefox() {
  if (findFirefox()) return UP_TO_DATE;
  if (mayInstall()) {
    try {
      await aptInstall("firefox-esr");
      return undefined;
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      console.log(error.message);
    }
  }
  console.log("No Firefox on PATH (Debian: `sudo apt-get install firefox-esr`; or set FIREFOX to its path): nothing is tested in it.");
  return undefined;
}

export const findPrometheus = () => process.env.PROMETHEUS || which("prometheus");
export const findPromtool = () => process.env.PROMTOOL || which("promtool");

/** One package has both. */
export async function installPrometheus() {
  if (findPrometheus() && findPromtool()) return UP_TO_DATE;
  if (mayInstall()) await aptInstall("prometheus");
  if (findPrometheus() && findPromtool()) return undefined;
  throw new StepFailure(
    "there is no prometheus, or no promtool, on PATH",
    "install both (Debian: `sudo apt-get install prometheus`), or set PROMETHEUS and PROMTOOL to their paths.",
  );
}

const requirements = inRoot("tests", "setup", "requirements.txt");
const environment = inRoot(".venv");

export const venvPython = inRoot(".venv", "bin", "python");

async function makeEnvironment() {
  rmSync(environment, { recursive: true, force: true });
  const make = () => run("python3", ["-m", "venv", environment], { quiet: true });
  try {
    await make();
  } catch (error) {
    // Debian keeps the venv module in a package of its own.
    if (!mayInstall()) throw new StepFailure(error.message, "install Python's venv module (Debian: `sudo apt-get install python3-venv`).");
    await aptInstall("python3-venv");
    rmSync(environment, { recursive: true, force: true });
    await make();
  }
}

export async function installPython() {
  const needed = "install Python 3.10 or later.";
  if (!which("python3")) throw new StepFailure("python3 is not on PATH", needed);
  const { output: isNew } = await run("python3", ["-c", "import sys; print(sys.version_info >= (3, 10))"], { quiet: true });
  const { output: version } = await run("python3", ["-VV"], { quiet: true });
  if (isNew.trim() !== "True") throw new StepFailure(`python3 is older than 3.10: ${version.trim()}`, needed);
  const hash = hashOf([requirements], [version]);
  if (isUpToDate("python", hash, [venvPython])) return UP_TO_DATE;
  forget("python");
  await makeEnvironment();
  await run(venvPython, ["-m", "pip", "install", "--quiet", "--only-binary=:all:", "-r", requirements], {
    mend: "read pip's message above; it needs a network, and a Python for which these packages have wheels.",
  });
  remember("python", hash);
  return undefined;
}

/** What is needed is told once, for all tests that drive a browser or Python. */
export const testEnvironment = () => ({
  CHROMIUM: findChromium() ?? "",
  CHROMEDRIVER: findChromedriver() ?? "",
  FIREFOX: findFirefox() ?? "",
  PROMETHEUS: findPrometheus() ?? "",
  PROMTOOL: findPromtool() ?? "",
  PYTHON: existsSync(venvPython) ? venvPython : "python3",
});
