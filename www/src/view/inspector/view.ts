/** What is selected, in full: a partition or a worker; and with nothing selected, the group. */

import type { Snapshot } from "streamgauge";
import type { Session } from "../../app/session.js";
import { count } from "../../format.js";
import { type Fact, figuresOf, groupFacts, partitionFacts, workerFacts, worstOf } from "../../model/inspection.js";
import type { Moment } from "../../model/moment.js";
import { byId, element, setText } from "../dom.js";
import { StatusPill } from "../health/status.js";
import { throttled } from "../topology/throttle.js";
import { Facts } from "./facts.js";

const HINT = "Click a lane or a worker in the picture to see all of its figures; or go there with Tab, the arrow keys and Enter.";
const WAITING = "Nothing was measured yet.";
const UNSEEN = "No worker that is up says anything about it.";
/** Milliseconds between two snapshots of one worker. */
const OWN_EVERY = 1000;

export class InspectorView {
  readonly #session: Session;
  readonly #root = byId("inspector");
  readonly #title = element("h2");
  readonly #close = element("button", { className: "quiet", text: "Unselect" });
  readonly #pill = new StatusPill();
  readonly #words = element("p", { className: "inspector-words" });
  readonly #facts: Facts;
  readonly #worst = element("button", { className: "inspector-worst" });
  /** The selected worker's own figures, and whose they are. */
  #own: { id: number; snapshot: Snapshot } | undefined;

  constructor(session: Session) {
    this.#session = session;
    this.#facts = new Facts(({ id, name }) => session.select({ kind: "worker", id, name }));
    const head = element("header");
    const right = element("span", { className: "inspector-right" });
    this.#close.id = "inspector-close";
    this.#worst.id = "inspector-worst";
    right.append(this.#pill.root, this.#close);
    head.append(this.#title, right);
    this.#root.append(head, this.#words, this.#facts.list, this.#worst);

    this.#close.addEventListener("click", () => {
      session.select(undefined);
      // The button is gone: whoever pressed it goes on in the picture.
      byId("topology-list").focus({ preventScroll: true });
    });
    this.#worst.addEventListener("click", () => {
      const worst = worstOf(session.moment?.snapshot);
      if (worst !== undefined) session.select({ kind: "partition", topic: worst.topic, partition: worst.partition });
    });
    session.on("begin", () => {
      this.#own = undefined;
      this.#show();
    });
    session.on("selection", () => {
      this.#own = undefined;
      this.#ask();
      this.#show();
    });
    session.on("moment", (moment) => {
      this.#ask();
      this.#show();
      this.#root.dataset["time"] = String(moment.time);
    });
    this.#show();
  }

  #show(): void {
    const { selection, moment } = this.#session;
    this.#root.dataset["kind"] = selection?.kind ?? "group";
    this.#close.hidden = selection === undefined;
    this.#pill.root.hidden = selection?.kind !== "partition";
    this.#worst.hidden = selection !== undefined || worstOf(moment?.snapshot) === undefined;
    if (selection?.kind === "partition") this.#showPartition(selection.topic, selection.partition);
    else if (selection?.kind === "worker") this.#showWorker(selection.id, selection.name);
    else this.#showGroup(moment);
  }

  #showPartition(topic: string, partition: number): void {
    const { moment, layout, frame } = this.#session;
    const figures = figuresOf(moment?.snapshot, { topic, partition });
    this.#pill.show(figures?.status);
    this.#tell(`${topic} ${partition}`, figures?.reason ?? UNSEEN, partitionFacts({ topic, partition }, { moment, layout, frame }));
  }

  #showWorker(id: number, name: string): void {
    const worker = this.#session.moment?.workers.find((one) => one.id === id);
    const own = this.#own?.id === id ? this.#own.snapshot : undefined;
    if (worker === undefined) this.#tell(name, "It is not in the group.", []);
    else this.#tell(worker.name, "One worker of the group, by its own monitor.", workerFacts(worker, own));
  }

  #showGroup(moment: Moment | undefined): void {
    const worst = worstOf(moment?.snapshot);
    if (worst !== undefined) {
      const behind = worst.lag === null && worst.committedLag !== null ? `${count(worst.committedLag)} not committed` : `${count(worst.lag)} waiting`;
      setText(this.#worst, `Worst: ${worst.topic} ${worst.partition}, ${worst.status}, ${behind}`);
    }
    this.#tell("Consumer group", moment === undefined ? WAITING : HINT, moment === undefined ? [] : groupFacts(moment));
  }

  #tell(title: string, words: string, facts: readonly Fact[]): void {
    setText(this.#title, title);
    this.#title.title = title;
    setText(this.#words, words);
    this.#words.title = words;
    this.#facts.show(facts);
  }

  /** A snapshot of one worker costs the source something: not with every moment. */
  readonly #ask = throttled(OWN_EVERY, () => {
    const { selection, source } = this.#session;
    if (selection?.kind !== "worker" || source === undefined) return;
    const { id } = selection;
    source.snapshot(id).then(
      (snapshot) => {
        const now = this.#session.selection;
        if (now?.kind !== "worker" || now.id !== id || this.#session.source !== source) return;
        this.#own = { id, snapshot };
        this.#show();
      },
      // There is none of this worker: what only it knows stays unknown.
      () => undefined,
    );
  });
}
