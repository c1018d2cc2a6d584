/** Which of several groups is looked at: chosen beside the run's controls, or among the boxes below its workers. */

import type { Session } from "../../app/session.js";
import { short } from "../../format.js";
import type { GroupMoment, Moment } from "../../model/moment.js";
import { byId, element, setText } from "../dom.js";
import "../../style/groups.css";

export class GroupsView {
  readonly #session: Session;
  readonly #select = element("select");
  readonly #field = element("div", { className: "field groups-field" });
  readonly #boxes = byId("topology-others");

  constructor(session: Session) {
    this.#session = session;
    const label = element("label", { text: "Group" });
    label.htmlFor = this.#select.id = "groups-select";
    this.#field.append(label, this.#select);
    this.#select.addEventListener("change", () => this.#choose(this.#select.value));
    this.#boxes.setAttribute("role", "group");
    this.#boxes.setAttribute("aria-label", "Other groups, to be looked at instead");
    session.on("moment", (moment) => this.#show(moment));
    if (session.moment !== undefined) this.#show(session.moment);
  }

  #choose(name: string): void {
    this.#session.source?.showGroup?.(name);
  }

  #show({ groups = [], group = 0 }: Moment): void {
    // Beside the run's controls, or beside what is said of a recording.
    const place = byId(this.#session.source?.kind === "recording" ? "recording" : "controls-run");
    if (this.#field.parentElement !== place) place.append(this.#field);
    this.#field.hidden = this.#boxes.hidden = groups.length < 2;
    this.#field.dataset["group"] = groups[group]?.name ?? "";
    const { options } = this.#select;
    // An open list stays open: it is filled anew only for other groups.
    if (options.length !== groups.length || groups.some(({ name }, place) => options[place]!.value !== name)) {
      this.#select.replaceChildren(...groups.map(({ name }) => element("option", { text: name })));
    }
    this.#select.selectedIndex = group;
    const others = groups.filter((_, number) => number !== group);
    while (this.#boxes.childElementCount > others.length) this.#boxes.lastElementChild!.remove();
    while (this.#boxes.childElementCount < others.length) this.#boxes.append(this.#newBox());
    for (const [place, other] of others.entries()) tell(this.#boxes.children[place] as HTMLButtonElement, other);
  }

  /** One button for each place, whatever group stands there: it keeps the focus when groups change places. */
  #newBox(): HTMLButtonElement {
    const made = element("button", { className: "groups-box" });
    made.type = "button";
    made.append(element("strong"), element("span"));
    made.addEventListener("click", () => this.#choose(made.value));
    return made;
  }
}

function tell(box: HTMLButtonElement, { name, up, waiting }: GroupMoment): void {
  const figures = `${up} up, ${short(waiting)} waiting`;
  box.value = name;
  setText(box.children[0]!, name);
  setText(box.children[1]!, figures);
  const words = `${name}: ${figures}`;
  if (box.ariaLabel !== words) box.ariaLabel = words;
  const title = `Look at the group ${name}: workers up, and records waiting for it`;
  if (box.title !== title) box.title = title;
}
