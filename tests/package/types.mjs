// The package's types, compiled by TypeScript in the three ways in which projects resolve packages.
import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { root, runProgram } from "./packed.mjs";

const program = `
  const monitor = new Monitor({ maxAvgHistory: 5 });
  const tp = monitor.topicPartition("orders", 3);
  const message = {};
  monitor.onMessageIn(tp, 41n, message);
  const received: number = monitor.asdict().messages_received_total;
  console.log(received);
  const snapshot: Snapshot = monitor.snapshot();
  const status: Status = snapshot.health.status;
  const slowest: number | null | undefined = snapshot.events.runtime.life?.p99;
  const bytes: Uint8Array = monitor.snapshotBytes();
  const stop: () => void = monitor.onHealthChange((change: HealthChange) => console.log(change.partition?.topic ?? change.reason));
  monitor.onError("process" satisfies Stage, new Error("x"), tp);
  monitor.onPartitionsAssigned([tp, { topic: "orders", partition: 1 }]);
  console.log([status, slowest, bytes, stop, monitor.worker]);
`;

const imported = `import { Monitor, type HealthChange, type Snapshot, type Stage, type Status } from "streamgauge"; import * as sim from "streamgauge/sim"; import * as replay from "streamgauge/replay"; import * as opentelemetry from "streamgauge/opentelemetry"; import * as statsd from "streamgauge/statsd";`;
const everyEntry = `export const entries: object[] = [sim, replay, opentelemetry, statsd];`;

const flavours = [
  { name: "Node's ES modules", module: "nodenext", file: "main.mts" },
  { name: "Node's CommonJS", module: "nodenext", file: "main.cts" },
  { name: "a bundler", module: "esnext", moduleResolution: "bundler", file: "main.mts", lib: ["ES2022", "DOM"] },
];

export function typeTests(context) {
  for (const { name, file, module, moduleResolution = module, lib = ["ES2022"] } of flavours) {
    it(`compiles with the types that ${name} resolves`, async () => {
      const console_ = "declare const console: { log(value: unknown): void };";
      const preamble = lib.includes("DOM") ? "" : console_;
      const options = { module, moduleResolution, lib, types: [], target: "es2022", strict: true, skipLibCheck: false, noEmit: true };
      const project = await context.packed.project({
        [file]: `${imported} ${preamble} ${program} ${everyEntry}`,
        "tsconfig.json": JSON.stringify({ compilerOptions: options, files: [file] }),
      });
      await runProgram(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], project);
    });
  }

  it("refuses what the API does not have", async () => {
    const project = await context.packed.project({
      "main.mts": `${imported} new Monitor({ maxAvgHistorie: 5 });`,
      "tsconfig.json": JSON.stringify({ compilerOptions: { module: "nodenext", lib: ["ES2022"], types: [], strict: true, noEmit: true } }),
    });
    const compile = runProgram(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], project);
    await assert.rejects(compile, /maxAvgHistorie/);
  });
}
