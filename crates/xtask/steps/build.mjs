// `npm run build`: the wasm modules, the bundles, the types and the live page; everything that is up to date is skipped.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleFiles, bundleSources, writeBundles } from "./bundles.mjs";
import { checkManifest } from "./entries.mjs";
import { withLock } from "./lock.mjs";
import { buildLivePage, livePageStep } from "./page.mjs";
import { inRoot, stateFolder } from "./places.mjs";
import { command, step, UP_TO_DATE } from "./report.mjs";
import { setup } from "./setup.mjs";
import { packageFiles, printSizes } from "./sizes.mjs";
import { forget, hashOf, isUpToDate, remember } from "./stamp.mjs";
import { typeFiles, writeTypes } from "./types.mjs";
import { buildWasm } from "./wasm.mjs";

/** A part of dist/, made anew when its sources or the steps that make it changed. */
async function part(name, files, make) {
  const steps = ["bundles.mjs", "entries.mjs", "types.mjs"].map((file) => inRoot("crates", "xtask", "steps", file));
  const hash = hashOf([...bundleSources(), ...steps, inRoot("package-lock.json")]);
  if (isUpToDate(name, hash, files.map((file) => inRoot("dist", file)))) return UP_TO_DATE;
  forget(name);
  await make();
  remember(name, hash);
}

export async function build() {
  await withLock(join(stateFolder, "build.lock"), async () => {
    checkManifest();
    await buildWasm();
    const correct = "correct the source that esbuild names above.";
    await step({ name: "bundles", does: "esbuild bundles the entries into dist/", mend: correct }, () =>
      part("bundles", bundleFiles(), writeBundles),
    );
    await step({ name: "types", does: "tsc writes the declarations into dist/" }, () => part("types", typeFiles(), writeTypes));
    await step(livePageStep, buildLivePage);
    await step({ name: "sizes", does: "what dist/ weighs" }, () => printSizes(packageFiles()));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await command(async () => {
    await setup();
    await build();
  });
}
