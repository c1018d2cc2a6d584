// One scenario, measured in this process: prints its rounds as JSON.
import { timed } from "./measure.mjs";

const [scenario, turns] = process.argv.slice(2);
if (scenario === "memory") {
  const { anHoursTraffic } = await import("./memory.mjs");
  console.log(JSON.stringify(await anHoursTraffic()));
} else {
  const { scenarios } = await import("./scenarios.mjs");
  console.log(JSON.stringify(await timed(await scenarios[scenario](), Number(turns))));
}
// OpenTelemetry's reader keeps a timer.
process.exit(0);
