/** Puts the page together: controls drive the runner, its samples feed the views. */

import type { SimulationOptions } from "streamgauge/sim";
import { clock } from "./format.js";
import { optionsOf, seedOf, withSeed } from "./model/address.js";
import { History } from "./model/history.js";
import { status } from "./model/status.js";
import { summarise } from "./model/summary.js";
import { shownWindow } from "./model/window.js";
import { Runner } from "./runner.js";
import { Charts } from "./view/charts.js";
import { Controls, type Settings } from "./view/controls.js";
import { DictView } from "./view/dict.js";
import { byId, setText } from "./view/dom.js";
import { Stage } from "./view/stage.js";
import { Strip } from "./view/strip.js";
import { Tables } from "./view/tables.js";
import { startTheme } from "./view/theme.js";

/** Milliseconds between two drawings. */
const DRAW_INTERVAL = 100;
const SLOW_FACTOR = 10;

startTheme();

const settings: Settings = { speed: 1, messageRate: 100, handlerLatency: 0.01, errorRate: 0.01, slow: false };
let given = optionsOf(location.search);
const options = (): SimulationOptions => ({
  ...given,
  messageRate: settings.messageRate,
  handlerLatency: settings.handlerLatency,
  errorRate: settings.errorRate,
  slowFactor: SLOW_FACTOR,
});

const history = new History();
const runner = new Runner(options(), (sample) => history.add(sample), onFrame);
const workers = runner.simulation.workers.length;

const charts = new Charts(workers, draw);
const dict = new DictView(workers);
const stage = new Stage(workers);
const strip = new Strip();
const tables = new Tables();
const controls = new Controls(settings, { workers, slowFactor: SLOW_FACTOR, seed: given.seed ?? 0 }, {
  toggle() {
    if (runner.running) runner.pause();
    else runner.start();
    controls.showRunning(runner.running);
    draw();
  },
  step() {
    runner.step(1);
    draw();
  },
  reset,
  changed: apply,
  rebalance() {
    if (!runner.simulation.rebalance()) return;
    runner.sample();
    draw();
  },
});

const clockFace = byId("clock");
const statusLine = byId("status");
const behind = byId("behind");
let drawnAt = 0;

runner.sample();
draw();

function onFrame(): void {
  setText(clockFace, clock(runner.simulation.now));
  const now = performance.now();
  if (now - drawnAt >= DRAW_INTERVAL) draw(now);
}

/** @param now the time of a frame; nothing for a drawing that was asked for. */
function draw(now?: number): void {
  drawnAt = now ?? performance.now();
  const { last } = history;
  const summary = summarise(history.samples);
  if (last === undefined || summary === undefined) return;
  setText(clockFace, clock(last.time));
  setText(statusLine, status(last, summary, runner.running));
  behind.hidden = !runner.behind;
  controls.showRebalancing(last.isRebalancing);
  strip.show(summary);
  stage.show(last.partitions);
  charts.draw(history, shownWindow(history.samples, runner.interval));
  tables.show(last);
  dict.show(last, now);
}

function apply(setting: keyof Settings): void {
  const { simulation } = runner;
  switch (setting) {
    case "speed":
      runner.speed = settings.speed;
      return;
    case "messageRate":
    case "handlerLatency":
    case "errorRate":
      simulation[setting] = settings[setting];
      return;
    case "slow":
      simulation.slowConsumer(settings.slow);
      runner.sample();
      draw();
  }
}

/** Starts over with the seed in the field and the controls as they stand. */
function reset(): void {
  const seed = seedOf(controls.seedText);
  controls.showSeed(seed !== undefined);
  if (seed === undefined) return;
  given = { ...given, seed };
  globalThis.history.replaceState(null, "", withSeed(location.href, seed));
  if (runner.running) runner.pause();
  history.clear();
  runner.reset(options());
  runner.simulation.slowConsumer(settings.slow);
  controls.showRunning(false);
  draw();
}
