// One run at a time for what two runs would spoil. The lock is a file that names its holder's process.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const held = new Set();
process.on("exit", () => {
  for (const path of held) rmSync(path, { force: true });
});

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function tryTake(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    held.add(path);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
}

/** The living holder's process id, or undefined after removing the lock of a dead one. */
function holder(path) {
  let pid;
  let age;
  try {
    pid = Number(readFileSync(path, "utf8"));
    age = Date.now() - statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
  // An empty file: its holder is just writing it, unless that was long ago.
  if (pid === 0 ? age < 5000 : isAlive(pid)) return pid;
  rmSync(path, { force: true });
  return undefined;
}

/** Runs `work` while holding the lock at `path`; a lock this process already holds is not taken twice. */
export async function withLock(path, work) {
  if (held.has(path)) return work();
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!tryTake(path)) {
    const pid = holder(path);
    if (pid && !told) {
      console.log(`  waiting for process ${pid}, which is doing the same`);
      told = true;
    }
    await pause(100);
  }
  try {
    return await work();
  } finally {
    held.delete(path);
    rmSync(path, { force: true });
  }
}
