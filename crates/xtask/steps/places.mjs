// Where things are: in the clone, and in the user's cache.
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url)).replace(/\/$/, "");

/** A path inside the clone. */
export const inRoot = (...parts) => join(root, ...parts);

/** Stamps and locks of the steps; git-ignored, and gone after `cargo clean`. */
export const stateFolder = inRoot("target", "steps");

/** Command-line tools, shared by all clones of this user. */
export const toolsFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "streamgauge", "tools");

export const wasmCrate = inRoot("crates", "streamgauge-wasm");
export const toolsCrate = inRoot("crates", "xtask", "wasm-bindgen-tools");

/** The component and what is made of it; no part of the npm package. */
export const componentFolder = inRoot("target", "component");
