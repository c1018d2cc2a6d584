// `npm test`: every check, each a step. `npm test -- --only name[,name]` runs those and what they need.
import { parseArgs } from "node:util";
import { command, skipped, step, stepResults, StepFailure } from "./report.mjs";
import { testPlan } from "./test-plan.mjs";

function chosenSteps() {
  const plan = testPlan();
  const { values } = parseArgs({ options: { only: { type: "string" }, list: { type: "boolean" } } });
  if (values.list) {
    for (const { name, does } of plan) console.log(`${name.padEnd(16)} ${does}`);
    return [];
  }
  if (values.only === undefined) return plan;
  const wanted = new Set();
  const want = (name) => {
    const found = plan.find((one) => one.name === name);
    if (!found) throw new StepFailure(`there is no step "${name}"`, `choose among ${plan.map((one) => one.name).join(", ")}.`);
    wanted.add(name);
    found.needs?.forEach(want);
  };
  values.only.split(",").forEach((name) => want(name.trim()));
  return plan.filter(({ name }) => wanted.has(name));
}

function summarise() {
  const results = stepResults();
  const of = (outcome) => results.filter((result) => result.outcome === outcome).length;
  console.log("\nstep            outcome   time");
  for (const { name, outcome, time } of results) {
    const shown = outcome === "failed" ? "FAILED" : outcome;
    console.log(`${name.padEnd(16)}${shown.padEnd(10)}${time.padStart(8)}`);
  }
  const left = of("skipped");
  console.log(`\n${of("passed")} passed, ${of("failed")} failed${left > 0 ? `, ${left} skipped` : ""}`);
  if (of("passed") !== results.length) process.exitCode = 1;
}

await command(async () => {
  const steps = chosenSteps();
  const missing = new Set();
  for (const { name, does, mend, needs = [], work } of steps) {
    const lacking = needs.find((need) => missing.has(need));
    if (lacking) {
      skipped(name, lacking);
      missing.add(name);
      continue;
    }
    // A failed step has told its failure; the others still run.
    await step({ name, does, mend }, work).catch(() => missing.add(name));
  }
  if (steps.length > 0) summarise();
});
