// The page's modules, which are TypeScript, without a browser.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Loads a module of www/src. */
export async function load(path) {
  const entry = fileURLToPath(new URL(`../../www/src/${path}`, import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false, logLevel: "error" });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
