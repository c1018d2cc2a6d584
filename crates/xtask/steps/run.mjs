// Child processes. Each is the leader of its own group, so that ending this process ends its grandchildren too.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./places.mjs";
import { StepFailure } from "./report.mjs";

const running = new Set();

function endChildren(signal) {
  for (const child of running) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

let ending = false;
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]]) {
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    endChildren("SIGTERM");
    // A child that ignores the signal must not keep us here.
    const deadline = Date.now() + 3000;
    const wait = setInterval(() => {
      if (running.size > 0 && Date.now() < deadline) return;
      clearInterval(wait);
      endChildren("SIGKILL");
      process.exit(code);
    }, 20);
  });
}

/** Starts a program and returns its child process; `run` is what most steps want. */
export function start(program, args, { cwd = root, env = {}, stdio = ["ignore", "inherit", "inherit"] } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio, detached: true });
  running.add(child);
  child.on("close", () => running.delete(child));
  child.on("error", () => running.delete(child));
  return child;
}

const longestRun = 20 * 60 * 1000;

/**
 * Runs a program to its end and returns what it printed when `capture` is set. `quiet` shows nothing unless it fails;
 * `capture` alone shows it and keeps it; `stderr: "inherit"` keeps the errors apart. A code other than 0 is a StepFailure, unless `mayFail`.
 */
export function run(program, args, { capture = false, quiet = false, mayFail = false, stderr, mend, ...options } = {}) {
  const kept = capture || quiet ? "pipe" : "inherit";
  const stdio = ["ignore", kept, stderr ?? kept];
  return new Promise((resolve, reject) => {
    const child = start(program, args, { ...options, stdio });
    const overdue = setTimeout(() => process.kill(-child.pid, "SIGKILL"), longestRun);
    let output = "";
    const take = (stream, show) => {
      stream?.setEncoding("utf8");
      stream?.on("data", (text) => {
        output += text;
        if (!quiet) show.write(text);
      });
    };
    take(child.stdout, process.stdout);
    take(child.stderr, process.stderr);
    child.on("exit", () => clearTimeout(overdue));
    child.on("error", (error) => {
      clearTimeout(overdue);
      reject(new StepFailure(`${program} could not be started: ${error.message}`, mend));
    });
    child.on("close", (code, signal) => {
      if (code === 0 || mayFail) return resolve({ code, output });
      if (quiet) process.stderr.write(output);
      const how = code === null ? `was ended by ${signal} (no run may take over ${longestRun / 60_000} minutes)` : `ended with code ${code}`;
      reject(new StepFailure(`"${[program, ...args].join(" ")}" ${how}`, mend));
    });
  });
}

/** The full path of a program on PATH, or undefined. */
export function which(program, path = process.env.PATH ?? "") {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder || ".", program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
