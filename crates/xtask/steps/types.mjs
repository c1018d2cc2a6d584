// The type declarations of the npm package: what tsc emits, less what no entry reaches, once for ESM and once for CommonJS.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { allSources, nodeSources } from "./entries.mjs";
import { inRoot, stateFolder, wasmCrate } from "./places.mjs";
import { StepFailure } from "./report.mjs";
import { run } from "./run.mjs";

const flavours = [
  { folder: "types", entries: allSources },
  { folder: "cjs-types", entries: nodeSources, manifest: { type: "commonjs" } },
];

export const tsc = (args, options) => run(process.execPath, [inRoot("node_modules", "typescript", "bin", "tsc"), ...args], options);

/** Every declaration file that the entries import, directly or not. */
function reachable(folder, entries) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    if (!existsSync(path)) {
      throw new StepFailure(
        `the public types import ${relative(folder, path)}, which is not among the emitted declarations`,
        "keep wasm-bindgen's own types out of exported declarations (private fields and `@internal` help).",
      );
    }
    found.add(path);
    const text = readFileSync(path, "utf8");
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)\.js["']/g)) {
      visit(join(dirname(path), `${specifier}.d.ts`));
    }
  };
  for (const entry of entries) visit(join(folder, `${entry}.d.ts`));
  return [...found];
}

export const typeFiles = () => flavours.flatMap(({ folder, entries }) => entries.map((entry) => join(folder, `${entry}.d.ts`)));

/** A user whose `lib` is older than Symbol.dispose still compiles: the declaration brings what it names. */
function withItsLibrary(text) {
  return text.includes("Symbol.dispose") ? `/// <reference lib="esnext.disposable" />\n${text}` : text;
}

export async function writeTypes() {
  const emitted = join(stateFolder, "types");
  rmSync(emitted, { recursive: true, force: true });
  const project = join(wasmCrate, "js", "tsconfig.json");
  const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", join(wasmCrate, "js"), "--outDir", emitted];
  await tsc(["-p", project, ...options], { mend: "correct the type errors above." });
  for (const { folder, entries, manifest } of flavours) {
    const target = inRoot("dist", folder);
    rmSync(target, { recursive: true, force: true });
    for (const file of reachable(emitted, entries)) {
      const copy = join(target, relative(emitted, file));
      mkdirSync(dirname(copy), { recursive: true });
      writeFileSync(copy, withItsLibrary(readFileSync(file, "utf8")));
    }
    if (manifest) writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest)}\n`);
  }
}
