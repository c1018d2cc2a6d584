/** Producers, partitions, workers, and the records between them: the page's picture. */

import type { Session } from "../../app/session.js";
import { type Geometry, geometryOf, heightFor, isUpright, type Point, shapeOf, type Target, targetAt } from "../../model/geometry.js";
import { FrameTime, MOST_LATE } from "../../model/frame-time.js";
import type { Layout, Moment, Selection, SimulationState } from "../../model/moment.js";
import { Motion } from "../../model/motion.js";
import { Particles } from "../../model/particles.js";
import { foldedEnds, type Scene } from "../../model/scene.js";
import { type Flows, flowsBetween } from "../../model/scene-flows.js";
import { sceneOfSimulation } from "../../model/scene-simulation.js";
import { sceneOfSnapshot } from "../../model/scene-snapshot.js";
import { sceneInWords } from "../../model/scene-words.js";
import { byId, element, setText } from "../dom.js";
import { onThemeChange } from "../theme.js";
import { draw, rectOf } from "./draw.js";
import { feedKey, type Frame } from "./frame.js";
import { Held, HOLD } from "./held.js";
import { legend } from "./legend.js";
import { Options } from "./options.js";
import { paletteOfTheme } from "./palette.js";
import { Pen } from "./pen.js";
import { Stage } from "./stage.js";
import { throttled } from "./throttle.js";
import { Tooltip } from "./tooltip.js";

/** Virtual seconds per second from which on records jump. */
const FAST = 12;
const PLACES: Readonly<Record<string, string>> = { x: "left", y: "top", width: "width", height: "height" };
const STILL = "(prefers-reduced-motion: reduce)";
const LANES = "Each lane is a partition. One worker reads it; what waits piles up there like water.";
const SLOW = `${LANES} Dots are sampled records.`;
const QUICK = "At this speed dotted lines stand for the records: the denser, the more. What waits piles up in its lane like water.";

export class TopologyView {
  readonly #session: Session;
  readonly #root = byId("topology");
  /** Where the view of the groups puts its buttons. */
  readonly #others = element("div", { className: "topology-others" });
  readonly #note = element("p", { className: "note", text: SLOW });
  readonly #options: Options;
  readonly #stage: Stage;
  readonly #tooltip = new Tooltip();
  readonly #pen: Pen;
  readonly #held: Held;
  readonly #still = matchMedia(STILL);
  readonly #motion = new Motion();
  readonly #time = new FrameTime();
  readonly #particles = new Particles();
  readonly #feeds = new Set<number>();
  #flows: Flows = new Map();
  #moment: Moment | undefined;
  #layout: Layout = { partitions: [], producers: [], brokers: 0 };
  #scene: Scene | undefined;
  #geometry: { key: string; geometry: Geometry } | undefined;
  #hovered: Target | undefined;
  #focused: Target | undefined;
  #request = 0;
  #late = 0;

  constructor(session: Session) {
    this.#session = session;
    this.#options = new Options({
      focus: (target) => this.#focus(target),
      choose: (target) => this.#choose(target),
    });
    this.#stage = new Stage(this.#options.box, {
      resized: () => this.#resize(),
      pointed: (at) => this.#point(at),
      clicked: (at) => this.#click(at),
    });
    this.#stage.canvas.id = "topology-canvas";
    this.#others.id = "topology-others";
    this.#stage.box.append(this.#others, this.#tooltip.box);
    this.#pen = new Pen(this.#stage.context, paletteOfTheme());
    this.#held = new Held(this.#pen);
    const head = element("header");
    head.append(element("h2", { text: "Topology" }), this.#note);
    this.#root.append(head, this.#stage.box, legend());

    session.on("begin", (layout) => this.#begin(layout));
    session.on("frame", (state) => this.#frame(state));
    session.on("moment", (moment) => this.#hear(moment));
    session.on("selection", () => {
      this.#request ||= requestAnimationFrame(() => this.#draw());
      this.#tell();
    });
    session.on("progress", () => this.#explain());
    onThemeChange(() => {
      this.#pen.palette = paletteOfTheme();
      this.#redraw();
    });
    this.#still.addEventListener("change", () => this.#redraw());
    void document.fonts.ready.then(() => {
      this.#pen.forget();
      this.#held.forget();
      this.#redraw();
    });
  }

  #begin(layout: Layout): void {
    this.#layout = layout;
    this.#motion.clear();
    this.#particles.clear();
    this.#feeds.clear();
    this.#flows = new Map();
    this.#moment = this.#scene = this.#hovered = undefined;
    this.#time.clear();
    this.#tooltip.hide();
    this.#explain();
    this.#resize();
  }

  #frame(state: SimulationState): void {
    const pace = this.#pace;
    this.#scene = this.#folded(sceneOfSimulation(this.#layout, state, this.#moment, this.#flows));
    this.#particles.update(state, pace);
    this.#motion.update(this.#scene, pace);
    this.#learnFeeds(state, this.#scene);
    this.#redraw();
  }

  #hear(moment: Moment): void {
    this.#flows = flowsBetween(this.#moment, moment);
    this.#moment = moment;
    this.#root.dataset["time"] = String(moment.time);
    if (this.#session.source?.kind !== "simulation") {
      this.#scene = this.#folded(sceneOfSnapshot(moment, this.#flows));
      this.#motion.update(this.#scene, 0);
      this.#redraw();
    }
    this.#tell();
    if (this.#hovered !== undefined && !this.#tooltip.box.hidden && this.#scene !== undefined) this.#tooltip.show(this.#hovered, this.#scene);
  }

  #folded(scene: Scene): Scene {
    return { ...scene, ends: foldedEnds(scene.ends, isUpright(this.#stage.width) ? 1 : 2) };
  }

  /** Who writes to what topic shows only in the records. */
  #learnFeeds({ particles }: SimulationState, { topics }: Scene): void {
    const topicOf = topics.flatMap(({ lanes }, topic) => Array<number>(lanes).fill(topic));
    for (const [place, partition] of particles.partition.entries()) {
      if (particles.id[place] !== 0) this.#feeds.add(feedKey(particles.producer[place]!, topicOf[partition] ?? 0));
    }
  }

  get #pace(): number {
    const { speed, reachedSpeed } = this.#session.progress;
    return Math.max(Math.min(speed, reachedSpeed), 0.05);
  }

  #explain(): void {
    const { source, progress } = this.#session;
    setText(this.#note, source?.kind !== "simulation" ? LANES : progress.speed >= FAST ? QUICK : SLOW);
  }

  #resize(): void {
    const { width } = this.#stage;
    if (width === 0) return;
    const lanes = Math.max(this.#layout.partitions.length, this.#scene?.lanes.length ?? 0);
    this.#stage.reserve(heightFor(lanes, this.#scene?.workers.length ?? 0, width, this.#scene?.others));
    this.#request ||= requestAnimationFrame(() => this.#draw());
  }

  /** Draws before the next picture of the screen; a still picture not more than once a second. */
  #redraw(): void {
    if (this.#still.matches) this.#drawSometimes();
    else this.#request ||= requestAnimationFrame(() => this.#draw());
  }

  readonly #drawSometimes = throttled(1000, () => this.#draw());

  readonly #tell = throttled(1000, () => {
    if (this.#scene === undefined) return;
    this.#options.show(this.#scene, this.#selected());
    const words = sceneInWords(this.#scene);
    if (this.#stage.canvas.ariaLabel !== words) this.#stage.canvas.ariaLabel = words;
  });

  #draw(): void {
    this.#request = 0;
    const scene = this.#scene;
    const { width } = this.#stage;
    if (scene === undefined || width === 0) return;
    this.#stage.reserve(heightFor(Math.max(this.#layout.partitions.length, scene.lanes.length), scene.workers.length, width, scene.others));
    if (this.#stage.sharpen()) this.#pen.reset();
    const isSimulated = this.#session.source?.kind === "simulation";
    const clock = Number(document.timeline.currentTime);
    const frameAt = this.#still.matches ? undefined : this.#session.progress.frameAt;
    // The picture waits for no state that is late.
    if (frameAt !== undefined && clock - frameAt < MOST_LATE) this.#request = requestAnimationFrame(() => this.#draw());
    draw(this.#pen, {
      scene: { ...scene, time: this.#time.at(scene.time, this.#pace, clock, frameAt) },
      geometry: this.#laidOut(scene),
      motion: this.#motion,
      particles: this.#particles,
      feeds: this.#feeds,
      pace: this.#pace,
      isFast: !isSimulated || this.#session.progress.speed >= FAST,
      isStill: this.#still.matches || !isSimulated,
      clock,
      rebalance: this.#rebalance(),
      selected: this.#selected(),
      hovered: this.#hovered,
      focused: this.#focused,
    } satisfies Frame, this.#held);
    // What is held longer than it should be, because nothing more comes.
    clearTimeout(this.#late);
    if (this.#held.isOld) this.#late = window.setTimeout(() => this.#redraw(), HOLD);
  }

  #laidOut(scene: Scene): Geometry {
    const shape = shapeOf(scene);
    const { width, height } = this.#stage;
    const key = JSON.stringify([shape, width, height]);
    if (this.#geometry?.key !== key) {
      this.#geometry = { key, geometry: geometryOf(shape, width, height) };
      for (const [name, pixels] of Object.entries(this.#geometry.geometry.others ?? {})) this.#others.style.setProperty(PLACES[name]!, `${pixels}px`);
    }
    return this.#geometry.geometry;
  }

  #rebalance(): Frame["rebalance"] {
    // A recording's entries are there to its end.
    const now = this.#scene?.time ?? Infinity;
    const timeOf = (wanted: string): number | null => this.#session.entries.findLast(({ kind, time }) => kind === wanted && time <= now)?.time ?? null;
    return { start: timeOf("rebalanceStarted"), end: timeOf("rebalanceEnded") };
  }

  #selected(): Target | undefined {
    const { selection } = this.#session;
    if (selection === undefined || this.#scene === undefined) return undefined;
    const { lanes, workers } = this.#scene;
    const place =
      selection.kind === "worker"
        ? workers.findIndex(({ id }) => id === selection.id)
        : lanes.findIndex(({ topic, partition }) => topic === selection.topic && partition === selection.partition);
    return place < 0 ? undefined : { kind: selection.kind === "worker" ? "worker" : "lane", place };
  }

  #selectionOf(target: Target | undefined): Selection {
    const lane = target?.kind === "lane" ? this.#scene?.lanes[target.place] : undefined;
    if (lane !== undefined) return { kind: "partition", topic: lane.topic, partition: lane.partition };
    const worker = target?.kind === "worker" ? this.#scene?.workers[target.place] : undefined;
    return worker === undefined ? undefined : { kind: "worker", id: worker.id, name: worker.name };
  }

  #choose(target: Target | undefined): void {
    if (target === undefined) this.#tooltip.hide();
    this.#session.select(this.#selectionOf(target));
  }

  #point(at: Point | undefined): void {
    const before = this.#hovered;
    this.#hovered = at && this.#geometry && targetAt(this.#geometry.geometry, at);
    if (this.#hovered === undefined || this.#scene === undefined) this.#tooltip.hide();
    else this.#tooltip.show(this.#hovered, this.#scene, at);
    if (before?.kind === this.#hovered?.kind && before?.place === this.#hovered?.place) return;
    this.#stage.box.classList.toggle("is-over", this.#hovered?.kind === "lane" || this.#hovered?.kind === "worker");
    this.#request ||= requestAnimationFrame(() => this.#draw());
  }

  #click(at: Point): void {
    const target = this.#geometry && targetAt(this.#geometry.geometry, at);
    if (target?.kind === "lane" || target?.kind === "worker") {
      this.#options.moveTo(target);
      this.#choose(target);
    } else if (target === undefined && this.#session.selection !== undefined) this.#choose(undefined);
  }

  #focus(target: Target | undefined): void {
    this.#focused = target;
    const box = target && this.#geometry && rectOf(this.#geometry.geometry, target);
    if (target === undefined || box === undefined || this.#scene === undefined) this.#tooltip.hide();
    else this.#tooltip.show(target, this.#scene, { x: box.x + Math.min(box.width / 2, 120), y: box.y + box.height });
    this.#request ||= requestAnimationFrame(() => this.#draw());
  }
}
