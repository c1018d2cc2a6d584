// The component in Node, as jco transpiled it: `npm run build:component` puts it into target/component.
import { readFileSync } from "node:fs";
import { instantiate } from "../../target/component/js/host-clock/streamgauge.js";

const folder = new URL("../../target/component/js/host-clock/", import.meta.url);
const modules = new Map();

function coreModule(path) {
  if (!modules.has(path)) modules.set(path, new WebAssembly.Module(readFileSync(new URL(path, folder))));
  return modules.get(path);
}

/** An instance of its own on the clock `now`, a function of seconds: `{ Monitor, convert, merge, memoryBytes() }`. */
export async function load(now) {
  let memory;
  const instance = await instantiate(coreModule, { "streamgauge:monitor/clock": { now } }, (module, imports) => {
    const core = new WebAssembly.Instance(module, imports);
    memory ??= core.exports.memory;
    return core;
  });
  return { ...instance.monitors, ...instance.snapshots, memoryBytes: () => memory.buffer.byteLength };
}
