// The JavaScript of the npm package: esbuild bundles each entry for each host into dist/.
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { bundles, faceOf } from "./entries.mjs";
import { inRoot, wasmCrate } from "./places.mjs";
import { StepFailure } from "./report.mjs";
import { moduleFile, wasmModules } from "./wasm.mjs";

const source = (name) => join(wasmCrate, "js", `${name}.ts`);

/** The bundle that stands for an entry when `bundle` imports it: Node's ESM takes the .mjs beside the .cjs. */
function fileFor(source, bundle) {
  const file = bundles.find(({ entry, host }) => entry === source && host === bundle.host)?.file;
  return bundle.format === "esm" && file !== undefined ? faceOf(file) : file;
}

/** Leaves imports of other entries outside the bundle: all must share the main entry's one Monitor and one wasm instance. */
const entriesStayOutside = (bundle) => ({
  name: "entries-stay-outside",
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path, resolveDir, kind }) => {
      if (kind === "entry-point") return undefined;
      const imported = relative(join(wasmCrate, "js"), join(resolveDir, path)).replace(/\.js$/, "");
      const file = fileFor(imported, bundle);
      return file === undefined ? undefined : { path: `./${file}`, external: true };
    });
  },
});

// Vite before version 8 serves the script from its cache, away from the wasm file, which is still in the package.
const findMoved = `
const findMoved = (url) => new URL(url.href.replace(/\\/\\.vite\\/deps\\/([^/]+)$/, "/streamgauge/dist/$1"));`;

/** The wasm file ships without wasm-bindgen's suffix; bundlers want its URL to be written just once, by a name that exists. */
const wasmByItsShippedName = {
  name: "wasm-by-its-shipped-name",
  setup(build) {
    build.onLoad({ filter: /pkg\/\w+\/\w+\.js$/ }, ({ path }) => {
      const glue = readFileSync(path, "utf8");
      const located = /new URL\('(\w+)_bg\.wasm', import\.meta\.url\)/g;
      const count = [...glue.matchAll(located)].length;
      if (count !== 1) return { errors: [{ text: `${path} names its wasm file ${count} times, not once` }] };
      return { contents: glue.replace(located, "findMoved(new URL('$1.wasm', import.meta.url))") + findMoved, loader: "js" };
    });
  },
};

function esbuildOptions(bundle) {
  const isNode = bundle.host === "node";
  const cjs = bundle.format === "cjs";
  return {
    entryPoints: [source(bundle.entry)],
    outfile: inRoot("dist", bundle.file),
    absWorkingDir: inRoot(),
    bundle: true,
    format: bundle.format,
    platform: isNode ? "node" : "browser",
    target: "es2022",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
    metafile: true,
    logLevel: "warning",
    // CommonJS has no import.meta; the sources find their wasm file by it in both formats.
    define: cjs ? { "import.meta.url": "bundleUrl" } : {},
    banner: cjs ? { js: '"use strict";const bundleUrl=require("node:url").pathToFileURL(__filename).href;' } : {},
    plugins: [entriesStayOutside(bundle), wasmByItsShippedName],
  };
}

/** A second copy of a glue file would be a second wasm instance, whose monitors the first does not know. */
function refuseSecondInstance(metafiles) {
  const owners = new Map();
  for (const [bundle, { inputs }] of metafiles) {
    const { host } = bundle;
    for (const glue of Object.keys(inputs).filter((path) => path.includes("/pkg/") || path.endsWith("js/module.ts"))) {
      const key = `${host} ${glue}`;
      if (owners.has(key)) {
        throw new StepFailure(
          `${glue} is bundled into both ${owners.get(key)} and ${bundle.file}`,
          `let ${bundle.entry}.ts and what it imports reach the Monitor only through entry-${host}.ts.`,
        );
      }
      owners.set(key, bundle.file);
    }
  }
}

const hasFace = ({ format, isThread }) => format === "cjs" && isThread !== true;

/** The ESM face of a CommonJS bundle hands out the same objects, so that a program may mix both. */
function writeModuleFace(bundle, names) {
  const face = faceOf(bundle.file);
  const named = names.filter((name) => name !== "default");
  const code = `import module from "./${bundle.file}";\nexport const { ${named.join(", ")} } = module;\n`;
  writeFileSync(inRoot("dist", face), code);
}

/** The names that an entry exports; only esbuild's ESM output lists them. */
async function exportedNames(esbuild, bundle) {
  const options = { ...esbuildOptions(bundle), format: "esm", define: {}, banner: {}, write: false };
  const { metafile } = await esbuild.build(options);
  return Object.values(metafile.outputs)[0].exports;
}

/** Alert rules and a dashboard for the exporter's metrics, published as they are. */
const rules = inRoot("crates", "streamgauge-export", "prometheus");

export const bundleSources = () => [join(wasmCrate, "js"), join(wasmCrate, "pkg"), rules];

export const bundleFiles = () => [
  ...bundles.flatMap((bundle) => (hasFace(bundle) ? [bundle.file, faceOf(bundle.file)] : [bundle.file])),
  ...wasmModules.map(({ outName }) => `${outName}.wasm`),
  ...readdirSync(rules).map((file) => join("prometheus", file)),
];

export async function writeBundles() {
  // Not at the top: this file is loaded before the npm packages are installed.
  const esbuild = await import("esbuild");
  mkdirSync(inRoot("dist"), { recursive: true });
  // Also what an older version of these steps left: all of dist/ is published.
  for (const entry of readdirSync(inRoot("dist"), { withFileTypes: true })) {
    if (entry.isFile()) rmSync(inRoot("dist", entry.name));
  }
  const metafiles = [];
  for (const bundle of bundles) {
    const { metafile } = await esbuild.build(esbuildOptions(bundle));
    metafiles.push([bundle, metafile]);
    if (hasFace(bundle)) writeModuleFace(bundle, await exportedNames(esbuild, bundle));
  }
  refuseSecondInstance(metafiles);
  chmodSync(inRoot("dist", "cli.mjs"), 0o755);
  for (const module of wasmModules) {
    copyFileSync(moduleFile(module, "_bg.wasm"), inRoot("dist", `${module.outName}.wasm`));
  }
  rmSync(inRoot("dist", "prometheus"), { recursive: true, force: true });
  cpSync(rules, inRoot("dist", "prometheus"), { recursive: true });
}
