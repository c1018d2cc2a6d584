// The page in Chromium: how long its frames take, how much of that is work of its thread, how many states come in for
// them, how fast virtual time goes and how many hook calls that is.
// `node tests/bench/page.mjs [seconds] [part of a case's name]`, after the page was built; JSON goes to
// target/bench/page.json. Nothing fails because a machine is slow.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { load } from "../browser/modules.mjs";
import { startListening } from "../browser/listening.mjs";
import { hookCalls, large } from "./hook-calls.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const seconds = Number(process.argv[2] ?? 10);
const wanted = process.argv[3] ?? "";
const warmUp = 2;

const { packPlan } = await load("app/address/plan.ts");
const { TABS } = await load("app/settings.ts");
const plan = await packPlan(large);
/** The most hook calls: workers that handle much, in few partitions. */
const busy = await packPlan({ producers: [{ pace: { perSecond: 20_000 } }], group: { workers: 4, concurrency: 64, buffer: 10_000 }, handler: { time: { mean: 0.001 } } });
const cases = [
  ["steady state, 1x", "?speed=1"],
  ["steady state, 1,000x", "?speed=1000"],
  ["a crash, 1,000x", "?scenario=crash&speed=1000"],
  ["20,000 records a second, 1,000x", `?plan=${busy}&speed=1000`],
  ["1,000 partitions, 50 workers, 1x", `?plan=${plan}&speed=1`],
  ["1,000 partitions, 50 workers, 10x", `?plan=${plan}&speed=10`],
  ["1,000 partitions, 50 workers, 1,000x", `?plan=${plan}&speed=1000`],
  // The tabs lie further down: this one is seen, and the picture is not.
  ...TABS.map((tab) => [`1,000 partitions, 1x, ${tab}`, `?plan=${plan}&speed=1&tab=${tab}`, "#tabs"]),
].filter(([name]) => name.includes(wanted));

/** In the page: the time between two animation frames, again and again. */
async function watch(milliseconds) {
  const gaps = [];
  const { heard } = globalThis;
  const next = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let last = await next();
  const began = { real: last, virtual: heard.frame.now, frames: heard.frames, moments: heard.moments };
  while (last - began.real < milliseconds) {
    const now = await next();
    gaps.push(now - last);
    last = now;
  }
  const real = (last - began.real) / 1000;
  return { gaps, real, speed: (heard.frame.now - began.virtual) / real, states: (heard.frames - began.frames) / real, moments: (heard.moments - began.moments) / real };
}

/** Seconds that the page's thread has worked. */
async function workOf(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
}

/** The newest moment's snapshot, and when it was heard of. */
const snapshot = (page) => page.tab.evaluate(() => [performance.now() / 1000, JSON.parse(JSON.stringify(globalThis.heard.moment.snapshot))]);
const nextMoment = (page) => page.tab.evaluate(async () => {
  const { heard } = globalThis;
  const seen = heard.moments;
  while (heard.moments === seen) await new Promise((resolve) => requestAnimationFrame(resolve));
});

const site = await startListening();
const results = [];
try {
  for (const [name, search, region] of cases) {
    process.stderr.write(`measuring: ${name}\n`);
    const page = await site.open({ search });
    await page.tab.waitForFunction(() => globalThis.heard.frames > 0);
    if (region !== undefined) await page.tab.locator(region).evaluate((element) => element.scrollIntoView());
    const session = await page.tab.context().newCDPSession(page.tab);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    await page.tab.evaluate(watch, warmUp * 1000);
    await nextMoment(page);
    const [start, before] = await snapshot(page);
    const workedBefore = await workOf(session);
    const { gaps, real, speed, states, moments } = await page.tab.evaluate(watch, seconds * 1000);
    const worked = (await workOf(session)) - workedBefore;
    await nextMoment(page);
    const [end, after] = await snapshot(page);
    await page.close();
    gaps.sort((one, other) => one - other);
    const at = (share) => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))];
    results.push({
      name,
      frames: gaps.length,
      p50: at(0.5),
      p95: at(0.95),
      max: gaps.at(-1),
      framesPerSecond: gaps.length / real,
      workPerFrame: (worked * 1000) / gaps.length,
      statesPerSecond: states,
      momentsPerSecond: moments,
      speed,
      hookCallsPerSecond: (hookCalls(after) - hookCalls(before)) / (end - start),
    });
  }
} finally {
  await site.close();
}

const milliseconds = (value) => `${value.toFixed(1)} ms`.padStart(9);
console.log(`${"page".padEnd(38)}${"p50".padStart(9)}${"p95".padStart(9)}${"max".padStart(9)}${"work".padStart(9)}${"frames/s".padStart(10)}${"states/s".padStart(10)}${"speed".padStart(9)}  hook calls/s`);
for (const { name, p50, p95, max, framesPerSecond, workPerFrame, statesPerSecond, speed, hookCallsPerSecond } of results) {
  const rate = `${(hookCallsPerSecond / 1e6).toFixed(3)} million`;
  console.log(`${name.padEnd(38)}${milliseconds(p50)}${milliseconds(p95)}${milliseconds(max)}${milliseconds(workPerFrame)}${framesPerSecond.toFixed(1).padStart(10)}${statesPerSecond.toFixed(1).padStart(10)}${`${speed.toFixed(1)}x`.padStart(9)}  ${rate}`);
}
const report = { date: new Date().toISOString(), machine: { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length }, seconds, results };
mkdirSync(`${root}/target/bench`, { recursive: true });
writeFileSync(`${root}/target/bench/page.json`, `${JSON.stringify(report, null, 2)}\n`);
console.log("written to target/bench/page.json");
