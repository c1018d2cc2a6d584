/** What is simulated, and what is done to it. */

import type { Command } from "streamgauge/sim";
import type { Session } from "../../app/session.js";
import type { SimulationApp } from "../../app/simulation.js";
import type { Layout } from "../../model/moment.js";
import { count, percent, secondsText } from "../../format.js";
import { ERROR_RATE, HANDLER_LATENCY, linear, MESSAGE_RATE } from "../../scales.js";
import type { Run, Vocabulary } from "../../source/simulation/protocol.js";
import { byId, element, setText } from "../dom.js";
import { FaultFields } from "./faults.js";
import { button, group, hint, labelled, numbers, setOptions, Slider } from "./fields.js";
import { levelsAt } from "./levels.js";
import { ScenarioFields } from "./scenario.js";

/** Where the groups are open from the start: as wide as in layout.css. */
const ROOMY = "(width >= 860px)";
const STALLS = [10, 40, 120];
const POISON = [1, 3, 10];
/** What is done to one group, beside what is done to one of its workers. */
const OF_GROUP: ReadonlySet<Command["command"]> = new Set(["addWorker", "rebalance", "handlerTime"]);

const ASSIGNORS: Record<NonNullable<Layout["assignor"]>, string> = {
  range: "Range: each topic in stretches, by the order of workers.",
  roundRobin: "Round robin: in turns; a rebalance moves nearly everything.",
  sticky: "Sticky: partitions stay where they can, yet all stop in a rebalance.",
  cooperative: "Cooperative, in two rounds: only the partitions that move stop.",
};

export class ControlsView {
  readonly #root = byId("controls");
  readonly #session: Session;
  readonly #run: ScenarioFields;
  readonly #faults: FaultFields;
  readonly #faultGroup: HTMLDetailsElement;
  readonly #sliders: readonly (readonly ["rate" | "handlerTime" | "handlerErrors" | "errors", Slider])[];
  readonly #hotKey: Slider;
  readonly #broker = element("select");
  readonly #topic = element("select");
  readonly #assignor = hint("", "controls-assignor");
  #app: SimulationApp | undefined;
  #commands: Run["commands"] = [];
  #time = 0;
  /** It began, and what is selected was not looked at since. */
  #isNew = false;

  constructor(session: Session) {
    this.#session = session;
    const send = (command: Command): void => this.#send(command);
    this.#run = new ScenarioFields((message) => session.emit("notice", message));
    this.#sliders = [
      ["rate", new Slider("controls-rate", "Records", MESSAGE_RATE, (value) => `${count(value)} /s`, (perSecond) => send({ command: "rate", perSecond }))],
      ["handlerTime", new Slider("controls-handler-time", "Handler time", HANDLER_LATENCY, secondsText, (mean) => send({ command: "handlerTime", mean }))],
      ["handlerErrors", new Slider("controls-handler-errors", "Handlers that fail", ERROR_RATE, percent, (share) => send({ command: "handlerErrors", share }))],
      ["errors", new Slider("controls-errors", "Sends and answers that fail", ERROR_RATE, percent, (share) => send({ command: "errors", share }))],
    ];
    const hotKeyShare = linear(1, 20);
    this.#hotKey = new Slider("controls-hot-key", "One key for", hotKeyShare, percent, (share) => send({ command: "hotKey", topic: this.#topic.value, share }));
    const isRoomy = matchMedia(ROOMY).matches;
    const traffic = group("controls-traffic", "Traffic", isRoomy);
    traffic.append(...this.#sliders.map(([, slider]) => slider.root));
    this.#faultGroup = group("controls-faults", "Workers", isRoomy);
    this.#faults = new FaultFields(this.#faultGroup, session, send);
    this.#faultGroup.append(this.#assignor);
    this.#root.append(this.#run.root, traffic, this.#faultGroup, this.#dataGroup());
    session.on("begin", () => this.#begin());
    session.on("moment", (moment) => this.#showLevels(moment.time));
    session.on("selection", () => this.#look());
    session.on("frame", () => {
      if (this.#isNew) this.#look();
      this.#isNew = false;
    });
  }

  drive(app: SimulationApp): void {
    this.#app = app;
    this.#run.drive(app);
    this.#begin();
  }

  vocabulary(vocabulary: Vocabulary): void {
    this.#faults.vocabulary(vocabulary.workerStates);
    this.#run.vocabulary(vocabulary.presets);
  }

  run(run: Run): void {
    this.#commands = run.commands;
    this.#root.dataset["seed"] = String(run.seed);
    this.#root.dataset["commands"] = String(run.commands.length);
    this.#run.run(run);
    this.#showLevels(this.#time);
  }

  /** For the keys: presets by place, a new seed, the same run again, and the faults. */
  choose(place: number): void {
    this.#run.choose(place);
  }

  newSeed(): void {
    this.#run.newSeed();
  }

  replay(): void {
    this.#run.replay();
  }

  openFaults(): void {
    this.#faultGroup.open = true;
    this.#faults.worker.focus();
  }

  #dataGroup(): HTMLElement {
    const data = group("controls-data", "Topics and brokers", false);
    const poison = numbers(POISON, (records) => `${records} ${records === 1 ? "record" : "records"}`, 1);
    poison.id = "controls-poison-count";
    poison.setAttribute("aria-label", "How many records");
    const poisoned = element("div", { className: "controls-pair" });
    poisoned.append(
      button("controls-poison", "Poison", () => this.#send({ command: "poison", topic: this.#topic.value, count: Number(poison.value) })),
      poison,
    );
    const seconds = numbers(STALLS, (value) => `for ${value} s`, 40);
    seconds.id = "controls-broker-seconds";
    seconds.setAttribute("aria-label", "For how long");
    const stalled = element("div", { className: "controls-pair" });
    stalled.append(
      button("controls-broker-stall", "Stall it", () => this.#send({ command: "brokerStall", broker: Number(this.#broker.value), seconds: Number(seconds.value) })),
      seconds,
    );
    this.#topic.addEventListener("change", () => this.#showLevels(this.#time));
    data.append(
      labelled("controls-topic", "Topic", this.#topic),
      this.#hotKey.root,
      hint("That share of its records gets one and the same key."),
      poisoned,
      hint("Its next records cannot be handled: they are tried again, and end as dead letters."),
      labelled("controls-broker", "Broker", this.#broker),
      stalled,
      hint("It answers nobody; producers hold back what they have for it."),
    );
    return data;
  }

  #begin(): void {
    const { source, layout } = this.#session;
    this.#root.hidden = source?.kind !== "simulation";
    setOptions(this.#broker, Array.from({ length: layout.brokers }, (_, broker) => ({ value: String(broker), text: `broker ${broker}` })));
    setOptions(this.#topic, [...new Set(layout.partitions.map(({ topic }) => topic))].map((topic) => ({ value: topic, text: topic })));
    setText(this.#assignor, layout.assignor === undefined ? "" : ASSIGNORS[layout.assignor]);
    this.#time = 0;
    this.#isNew = true;
  }

  #send(command: Command): void {
    const { groups = [], group = 0 } = this.#session.moment ?? {};
    // Workers are numbered in their group.
    const isOfGroup = groups.length > 1 && ("worker" in command || OF_GROUP.has(command.command));
    this.#app?.source.command(isOfGroup ? ({ ...command, group: groups[group]!.name } as Command) : command).catch((error: Error) => {
      this.#session.emit("notice", `${error.message}.`);
      this.#showLevels(this.#time);
    });
  }

  #showLevels(time: number): void {
    this.#time = time;
    this.#root.dataset["time"] = String(time);
    const { groups, group = 0 } = this.#session.moment ?? {};
    const levels = levelsAt(this.#run.plan, this.#commands, time, groups?.[group]?.name);
    for (const [name, slider] of this.#sliders) slider.show(levels[name]);
    this.#hotKey.show(levels.hotKeys.get(this.#topic.value) ?? 0);
  }

  /** What is selected anywhere is what is meant here. */
  #look(): void {
    const { selection, frame, layout } = this.#session;
    if (selection?.kind === "worker") return this.#faults.look(selection.id);
    if (selection === undefined) return;
    this.#topic.value = selection.topic;
    const place = layout.partitions.findIndex(({ topic, partition }) => topic === selection.topic && partition === selection.partition);
    const owner = frame?.partitions.owner[place];
    const broker = frame?.partitions.broker[place];
    if (broker !== undefined) this.#broker.value = String(broker);
    if (owner !== undefined && owner >= 0) this.#faults.look(owner);
    this.#showLevels(this.#time);
  }
}
