// The package as a user gets it: packed once, installed into fresh projects outside the clone.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../../", import.meta.url));

const execute = promisify(execFile);

/** Runs a program and returns its output; what it printed becomes part of a failure. */
export async function runProgram(program, args, cwd) {
  try {
    const { stdout } = await execute(program, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}: ${error.stdout ?? ""}${error.stderr ?? ""}`, { cause: error });
  }
}

/** Packs the clone; `files` are the paths inside the tarball. `project()` makes a project that has it installed. */
export async function packed() {
  const folder = mkdtempSync(join(tmpdir(), "streamgauge-package-"));
  const flags = ["--ignore-scripts", "--json", "--pack-destination", folder];
  const report = JSON.parse(await runProgram("npm", ["pack", ...flags], root));
  const [{ filename, files, size, unpackedSize }] = Array.isArray(report) ? report : Object.values(report);
  const tarball = join(folder, filename);
  let projects = 0;
  return {
    files: files.map(({ path }) => path).sort(),
    size,
    unpackedSize,
    /** Creates the given files (path to text) in a new project; returns its folder. */
    async project(contents, manifest = { type: "module" }) {
      projects += 1;
      const path = join(folder, `project-${projects}`);
      mkdirSync(path);
      writeFileSync(join(path, "package.json"), JSON.stringify({ name: "user", private: true, ...manifest }));
      await runProgram("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], path);
      for (const [name, text] of Object.entries(contents)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What every host must manage, given a Monitor class; it returns the number 1. */
export const lifecycle = `
  const monitor = new Monitor();
  const tp = monitor.topicPartition("orders", 3);
  const message = {};
  monitor.onMessageIn(tp, 41, message);
  const received = monitor.asdict().messages_received_total;
`;
