/** What is done to one worker, and to the group. */

import type { Command, WorkerState } from "streamgauge/sim";
import type { Session } from "../../app/session.js";
import type { SimulationState } from "../../model/moment.js";
import { element, setText } from "../dom.js";
import { button, hint, labelled, numbers, setOptions, setReason } from "./fields.js";

const FACTORS = [2, 4, 8, 20, 100];
const DURATIONS = [5, 15, 30, 60];

/** Why nothing can be done to a worker in such a state. */
const BEYOND: Partial<Record<WorkerState, string>> = {
  crashed: "has crashed",
  left: "left the group",
  leaving: "is leaving the group",
};

export class FaultFields {
  readonly worker = element("select");
  readonly #session: Session;
  readonly #send: (command: Command) => void;
  readonly #factor = numbers(FACTORS, (factor) => `${factor} times as long`, 8);
  readonly #seconds = numbers(DURATIONS, (seconds) => `${seconds} s`, 15);
  readonly #slow: HTMLButtonElement;
  readonly #others: readonly HTMLButtonElement[];
  readonly #rebalance: HTMLButtonElement;
  readonly #state = hint("", "controls-worker-state");
  #states: readonly WorkerState[] = [];
  #shown = "";

  constructor(root: HTMLElement, session: Session, send: (command: Command) => void) {
    this.#session = session;
    this.#send = send;
    const onWorker = (id: string, text: string, command: (worker: number, seconds: number) => Command): HTMLButtonElement =>
      this.#button(id, text, () => send(command(Number(this.worker.value), Number(this.#seconds.value))));
    this.#slow = this.#button("controls-slow", "Slow", () => this.#toggleSlow());
    this.#slow.className = "toggle";
    this.#others = [
      onWorker("controls-stall", "Stall", (worker, seconds) => ({ command: "stall", worker, seconds })),
      onWorker("controls-blip", "Cut off", (worker, seconds) => ({ command: "blip", worker, seconds })),
      onWorker("controls-crash", "Crash", (worker, restart) => ({ command: "crash", worker, restart })),
      onWorker("controls-remove", "Remove", (worker) => ({ command: "removeWorker", worker })),
    ];
    this.#others[0]!.title = "It stands still, heartbeats too";
    this.#rebalance = this.#button("controls-rebalance", "Rebalance", () => send({ command: "rebalance" }));
    this.#state.setAttribute("role", "status");
    this.worker.addEventListener("change", () => this.#show());
    const slow = element("div", { className: "controls-pair" });
    slow.append(this.#slow, named(this.#factor, "controls-factor", "How slow"));
    const rest = element("div", { className: "controls-buttons" });
    rest.append(...this.#others);
    const ofGroup = element("div", { className: "controls-buttons" });
    const addGroup = button("controls-add-group", "Add a group", () => send({ command: "addGroup", name: this.#freeName(), workers: 2 }));
    ofGroup.append(button("controls-add", "Add a worker", () => send({ command: "addWorker" })), this.#rebalance, addGroup);
    root.append(
      labelled("controls-worker", "Worker", this.worker),
      this.#state,
      slow,
      labelled("controls-seconds", "For", this.#seconds),
      rest,
      hint("Stalled it stands still; cut off it works on without brokers; crashed it starts again after that time."),
      ofGroup,
      hint("Another group reads every record, too, at its own pace: what one does leaves the other’s lag alone."),
    );
    session.on("frame", (state) => this.#hear(state));
    session.on("begin", () => {
      this.#shown = "";
    });
  }

  /** @param states in the order of the numbers in a state's columns */
  vocabulary(states: readonly WorkerState[]): void {
    this.#states = states;
  }

  /** Looks at a worker, if there is one of that number. */
  look(worker: number): void {
    this.worker.value = String(worker);
    if (this.worker.selectedIndex < 0) this.worker.selectedIndex = 0;
    this.#show();
  }

  #button(id: string, text: string, press: () => void): HTMLButtonElement {
    const made = button(id, text, () => {
      const reason = made.getAttribute("aria-disabled") === "true" ? made.title : "";
      if (reason === "") press();
      else this.#session.emit("notice", `${reason}.`);
    });
    return made;
  }

  #toggleSlow(): void {
    const factor = this.#slow.getAttribute("aria-pressed") === "true" ? 1 : Number(this.#factor.value);
    this.#send({ command: "slow", worker: Number(this.worker.value), factor });
  }

  #nameOf(worker: number): string {
    return this.#session.moment?.workers[worker]?.name ?? `worker-${worker}`;
  }

  #freeName(): string {
    const taken = this.#session.moment?.groups ?? [];
    let number = taken.length + 1;
    while (taken.some(({ name }) => name === `group-${number}`)) number += 1;
    return `group-${number}`;
  }

  #hear({ workers, isRebalancing }: SimulationState): void {
    // Rarely another from one frame to the next.
    const now = `${isRebalancing} ${workers.state.join()} ${workers.slowness.join()}`;
    if (now === this.#shown) return;
    this.#shown = now;
    setOptions(
      this.worker,
      [...workers.state].map((state, id) => ({ value: String(id), text: `${this.#nameOf(id)} · ${this.#states[state] ?? ""}` })),
    );
    if (this.worker.selectedIndex < 0) this.worker.selectedIndex = 0;
    this.#show();
  }

  #show(): void {
    const frame = this.#session.frame;
    const worker = Number(this.worker.value);
    if (frame === undefined || !(worker < frame.workers.state.length)) return;
    const beyond = BEYOND[this.#states[frame.workers.state[worker]!]!];
    const reason = beyond === undefined ? "" : `${this.#nameOf(worker)} ${beyond}: nothing can be done to it now`;
    const slowness = frame.workers.slowness[worker]!;
    setText(this.#state, reason === "" ? (slowness === 1 ? "As fast as its scenario says." : `It takes ${slowness} times as long for each record.`) : `${reason}.`);
    this.#slow.setAttribute("aria-pressed", String(slowness !== 1));
    for (const one of [this.#slow, ...this.#others]) setReason(one, reason);
    setReason(this.#rebalance, frame.isRebalancing ? "The group is rebalancing already" : "");
  }
}

function named<Field extends HTMLElement>(field: Field, id: string, name: string): Field {
  field.id = id;
  field.setAttribute("aria-label", name);
  return field;
}
