// Runs the Python of this folder with the packages of tests/setup/requirements.txt.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const python = process.env.PYTHON || fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));
const folder = fileURLToPath(new URL(".", import.meta.url));
const longestRun = 600_000;

/** What a script of this folder prints, as `{ stdout, stderr }`; one that fails rejects with what it said. */
export function tellsInPython(script, ...args) {
  const options = { cwd: folder, timeout: longestRun, maxBuffer: 1e8, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } };
  return promisify(execFile)(python, [script, ...args], options);
}

/** Its standard output alone. */
export const runPython = async (script, ...args) => (await tellsInPython(script, ...args)).stdout;
