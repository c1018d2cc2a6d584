// Every step says its name, what it does and how long it took; a failed one says how to mend it.

/** What a step returns that found nothing to do. */
export const UP_TO_DATE = Symbol("up to date");

/** A failure told in plain words, with what to do about it. */
export class StepFailure extends Error {
  constructor(message, mend) {
    super(message);
    this.mend = mend;
  }
}

const results = [];

export const stepResults = () => results;

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

let depth = 0;

/**
 * Runs one step. `mend` is the advice for a failure that brings none of its own.
 * Steps may nest; only those outside every other one are counted in `stepResults()`.
 */
export async function step({ name, does, mend }, work) {
  const started = performance.now();
  const indent = "  ".repeat(depth);
  console.log(`${depth === 0 ? "\n" : ""}${indent}[${name}] ${does}`);
  depth += 1;
  let outcome = "passed";
  try {
    const result = await work();
    console.log(`${indent}[${name}] ${result === UP_TO_DATE ? "up to date" : "done"}, ${seconds(started)}`);
    return result;
  } catch (error) {
    outcome = "failed";
    if (error.reported !== true) {
      tellFailure(name, error, mend, seconds(started));
      error.reported = true;
    }
    throw error;
  } finally {
    depth -= 1;
    if (depth === 0) results.push({ name, outcome, time: seconds(started) });
  }
}

function tellFailure(name, error, mend, time) {
  const known = error instanceof StepFailure;
  console.error(`\n[${name}] FAILED after ${time}: ${known ? error.message : (error.stack ?? error)}`);
  const advice = error.mend ?? mend;
  if (advice) console.error(`[${name}] To mend it: ${advice}`);
}

/** Notes a step that could not run because one that it needs failed. */
export function skipped(name, because) {
  console.log(`\n[${name}] skipped: ${because} failed`);
  results.push({ name, outcome: "skipped", time: "-" });
}

/** Runs a whole command (setup, build, ...) and sets the exit code. */
export async function command(work) {
  try {
    await work();
  } catch (error) {
    if (error.reported !== true) tellFailure("steps", error, undefined, "0 s");
    process.exitCode = 1;
  }
}
