// What the tests of the API share: a clock that moves, what a call changed, what a refusal must be.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FIGURES, Monitor } from "streamgauge";

/** A clock that reads `clock.at`; times in quarters of a second have exact differences. */
export function fakeClock(at = 100) {
  const clock = () => clock.at;
  clock.at = at;
  clock.advance = (seconds) => (clock.at += seconds);
  return clock;
}

/** A monitor and its clock. */
export function monitored(options = {}) {
  const clock = fakeClock();
  return { clock, monitor: new Monitor({ time: clock, ...options }) };
}

export const orders = Object.freeze({ topic: "orders", partition: 3 });
export const payments = Object.freeze({ topic: "payments", partition: 0 });

/** All there is to read: `asdict()`, every attribute, the anomalies. */
export function everything(monitor) {
  const attributes = FIGURES.map(({ attribute }) => [attribute, monitor[attribute]]);
  return { asdict: monitor.asdict(), attributes: Object.fromEntries(attributes), anomalies: monitor.anomalies };
}

const isSame = (one, other) => {
  try {
    assert.deepStrictEqual(one, other);
    return true;
  } catch {
    return false;
  }
};

/** The figures that `call` changed, and only those, as they are then; Maps as arrays. */
export function effectOf(monitor, call) {
  const before = everything(monitor).attributes;
  call();
  const after = everything(monitor).attributes;
  return Object.fromEntries(
    Object.keys(after)
      .filter((key) => !isSame(before[key], after[key]))
      .map((key) => [key, plain(after[key])]),
  );
}

const plain = (value) => (value instanceof Map ? [...value].map(([key, entry]) => [key, plain(entry)]) : value);

/**
 * Holds a call against the promise of a refusal: a TypeError or RangeError whose code, argument and
 * message say what was wrong with which value, and nothing changed.
 */
export function assertRefused(monitor, call, type, { argument, code = codeOf(argument), value }) {
  const before = everything(monitor);
  let error;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error !== undefined, `${argument} was taken`);
  assert.equal(error.constructor, type, `${error.stack}`);
  assert.equal(error.code, code);
  assert.equal(error.argument, argument);
  assert.ok(Object.is(error.value, value), `the error has the value ${String(error.value)}`);
  assert.ok(error.message.includes(argument), error.message);
  assert.match(error.message, /, got ./);
  assert.deepStrictEqual(everything(monitor), before);
}

/** `tp.partition` -> `ERR_INVALID_TP_PARTITION`. */
const codeOf = (argument) => `ERR_INVALID_${argument.replace(/([a-z])([A-Z])/g, "$1_$2").replaceAll(".", "_").toUpperCase()}`;

/** The kinds of anomaly that were seen, with their counts. */
export const seen = (monitor) => Object.fromEntries(Object.entries(monitor.anomalies).filter(([, count]) => count > 0));

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a module in a Node of its own, inside the repository; what it prints. */
export async function runProgram(program, ...flags) {
  const args = [...flags, "--input-type=module", "-e", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 240_000 });
  return stdout;
}
