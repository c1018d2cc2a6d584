/** Play, pause, step, restart, speed, and the time: for every source whose time can be moved. */

import type { Session } from "../../app/session.js";
import type { SettingsHub } from "../../app/settings.js";
import { clock, count } from "../../format.js";
import { SPEED } from "../../scales.js";
import type { Player, Progress, Source } from "../../source/source.js";
import { byId, element, setText } from "../dom.js";

/** Less than this part of what is asked for is worth a word. */
const WELL_BELOW = 0.8;
/** Where the keys take the speed. */
const SPEEDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

const speedText = (speed: number): string => `${speed < 10 ? Number(speed.toPrecision(2)) : count(speed)}×`;

export class TransportView {
  readonly #root = byId("transport");
  readonly #session: Session;
  readonly #settings: SettingsHub;
  readonly #player = element("div", { className: "transport-player" });
  readonly #play = this.#button("transport-play", "Play", "Space", () => this.toggle());
  readonly #restart = this.#button("transport-restart", "Restart", "R", () => this.restart());
  readonly #clock = element("output", { className: "transport-clock", text: clock(0) });
  readonly #slider = element("input");
  readonly #speed = element("output", { className: "transport-speed-value" });
  readonly #beside = element("p", { className: "transport-beside" });
  readonly #forward = element("progress");
  readonly #halt = this.#button("transport-halt", "Stop here", "", () => this.#halted());
  #source: Source | undefined;

  constructor(session: Session, settings: SettingsHub) {
    this.#session = session;
    this.#settings = settings;
    this.#play.classList.add("primary");
    const step = this.#button("transport-step", "+1 s", "→", () => this.step(1));
    const buttons = element("div", { className: "transport-buttons" });
    buttons.append(this.#play, step, this.#restart);
    this.#player.id = "transport-player";
    this.#player.setAttribute("role", "group");
    this.#player.setAttribute("aria-label", "Time");
    this.#player.append(buttons, this.#clockField(), this.#speedField(), this.#besideField());
    this.#root.append(this.#player);
    settings.on("change", (name) => {
      if (name !== "speed") return;
      this.#showSpeed();
      this.#moved?.setSpeed(settings.values.speed);
    });
    session.on("begin", () => this.#begin());
    session.on("progress", (progress) => this.#show(progress));
    session.on("moment", (moment) => {
      this.#root.dataset["time"] = String(moment.time);
    });
    this.#showSpeed();
  }

  toggle(): void {
    if (this.#session.progress.isPlaying) this.#moved?.pause();
    else this.#moved?.play();
  }

  /** Lets these seconds pass, and stands still then. */
  step(seconds: number): void {
    this.#moved?.step(seconds);
  }

  restart(): void {
    this.#moved?.restart?.();
  }

  /** The next speed of those that are round, up (1) or down (-1). */
  changeSpeed(direction: 1 | -1): void {
    const { speed } = this.#settings.values;
    const next = direction === 1 ? SPEEDS.find((one) => one > speed) : SPEEDS.findLast((one) => one < speed);
    if (next !== undefined && this.#moved !== undefined) this.#settings.set("speed", next);
  }

  get #moved(): Player | undefined {
    return this.#session.source?.player;
  }

  #button(id: string, text: string, key: string, press: () => void): HTMLButtonElement {
    const made = element("button", { text });
    made.id = id;
    made.type = "button";
    if (key !== "") made.title = `${text} (${key})`;
    made.addEventListener("click", press);
    return made;
  }

  #clockField(): HTMLElement {
    const box = element("p", { className: "transport-time" });
    const label = element("span", { className: "hint", text: "Time" });
    label.id = "transport-clock-label";
    this.#clock.id = "transport-clock";
    this.#clock.setAttribute("aria-labelledby", label.id);
    // It changes all the time: read on demand.
    this.#clock.setAttribute("aria-live", "off");
    box.append(label, this.#clock);
    return box;
  }

  #speedField(): HTMLElement {
    const box = element("div", { className: "transport-speed" });
    const label = element("label", { className: "hint", text: "Speed" });
    label.htmlFor = this.#slider.id = "transport-speed";
    this.#speed.id = "transport-speed-value";
    this.#speed.htmlFor.add("transport-speed");
    this.#slider.type = "range";
    this.#slider.min = "0";
    this.#slider.max = String(SPEED.positions);
    this.#slider.step = "1";
    this.#slider.addEventListener("input", () => this.#settings.set("speed", SPEED.valueAt(Number(this.#slider.value))));
    box.append(label, this.#slider, this.#speed);
    return box;
  }

  #besideField(): HTMLElement {
    const box = element("div", { className: "transport-note" });
    this.#beside.id = "transport-beside";
    this.#forward.id = "transport-forward";
    this.#forward.setAttribute("aria-label", "Passing at once");
    this.#forward.hidden = this.#halt.hidden = true;
    this.#halt.classList.add("quiet");
    box.append(this.#forward, this.#beside, this.#halt);
    return box;
  }

  #begin(): void {
    const { source } = this.#session;
    this.#player.hidden = source?.player === undefined;
    this.#restart.hidden = source?.player?.restart === undefined;
    if (source === this.#source) return;
    this.#source = source;
    source?.player?.setSpeed(this.#settings.values.speed);
  }

  #show({ isPlaying, speed, reachedSpeed, time, end, forwardTo }: Progress): void {
    setText(this.#play, isPlaying ? "Pause" : "Play");
    setText(this.#clock, clock(time));
    const isForward = forwardTo !== undefined;
    this.#forward.hidden = !isForward;
    this.#halt.hidden = !isForward || this.#moved?.halt === undefined;
    if (isForward) {
      this.#forward.value = time / forwardTo;
      setText(this.#beside, `on to ${clock(forwardTo)}`);
    } else {
      const isBehind = isPlaying && reachedSpeed < speed * WELL_BELOW && (end === null || time < end);
      setText(this.#beside, isBehind ? `as fast as this machine can: ${speedText(reachedSpeed)}` : "");
    }
  }

  #halted(): void {
    this.#moved?.halt?.();
    // The button goes away, and must not take the focus with it.
    this.#play.focus();
  }

  #showSpeed(): void {
    const { speed } = this.#settings.values;
    const text = speedText(speed);
    this.#slider.value = String(SPEED.positionOf(speed));
    this.#slider.setAttribute("aria-valuetext", text);
    setText(this.#speed, text);
  }
}
