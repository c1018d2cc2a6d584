// Skips what is up to date: a stamp file holds the hash of everything that went into a step's output.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root, stateFolder } from "./places.mjs";

/** All files under a folder (or the file itself), sorted, without build output. */
export function filesUnder(path, accept = () => true) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return accept(path) ? [path] : [];
  const found = [];
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.name === "target" || entry.name === "node_modules") continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) found.push(...filesUnder(child, accept));
    else if (accept(child)) found.push(child);
  }
  return found.sort();
}

/** A hash over the contents of files and folders, and over some facts (versions, options). */
export function hashOf(paths, facts = []) {
  const hash = createHash("sha256").update(JSON.stringify(facts));
  for (const path of paths.flatMap((one) => filesUnder(one))) {
    hash.update(`\n${relative(root, path)}\n`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

const stampPath = (name) => join(stateFolder, `${name}.stamp`);

/** Whether the step's stamp has this hash and all its outputs are there. */
export function isUpToDate(name, hash, outputs) {
  if (!outputs.every((path) => existsSync(path))) return false;
  return existsSync(stampPath(name)) && readFileSync(stampPath(name), "utf8") === hash;
}

/** Call before touching the outputs: a step that is cut short then counts as not done. */
export const forget = (name) => rmSync(stampPath(name), { force: true });

export function remember(name, hash) {
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(stampPath(name), hash);
}
