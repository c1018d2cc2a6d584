/** Sliders and buttons. They say what is wanted; `main.ts` does it. */

import { count, percent, rate, secondsText } from "../format.js";
import { load } from "../model/load.js";
import { ERROR_RATE, HANDLER_LATENCY, MESSAGE_RATE, SPEED, type Scale } from "../scales.js";
import { byId, setText } from "./dom.js";

/** What the controls stand at. */
export interface Settings {
  speed: number;
  messageRate: number;
  handlerLatency: number;
  errorRate: number;
  slow: boolean;
}

/** What was asked for. */
export interface Wishes {
  toggle(): void;
  step(): void;
  reset(): void;
  changed(setting: keyof Settings): void;
  rebalance(): void;
}

type SliderSetting = "speed" | "messageRate" | "handlerLatency" | "errorRate";

const SLIDERS: readonly { setting: SliderSetting; id: string; scale: Scale; text: (value: number) => string }[] = [
  { setting: "speed", id: "speed", scale: SPEED, text: (value) => `${value}×` },
  { setting: "messageRate", id: "message-rate", scale: MESSAGE_RATE, text: (value) => `${count(value)} /s` },
  { setting: "handlerLatency", id: "handler-latency", scale: HANDLER_LATENCY, text: secondsText },
  { setting: "errorRate", id: "error-rate", scale: ERROR_RATE, text: percent },
];

export class Controls {
  readonly settings: Settings;
  readonly #workers: number;
  readonly #slowFactor: number;
  readonly #wishes: Wishes;
  readonly #toggle = byId<HTMLButtonElement>("toggle");
  readonly #slow = byId<HTMLButtonElement>("slow");
  readonly #rebalance = byId<HTMLButtonElement>("rebalance");
  readonly #seed = byId<HTMLInputElement>("seed");

  constructor(settings: Settings, { workers, slowFactor, seed }: { workers: number; slowFactor: number; seed: number }, wishes: Wishes) {
    this.settings = settings;
    this.#workers = workers;
    this.#slowFactor = slowFactor;
    this.#wishes = wishes;
    for (const { setting, id, scale, text } of SLIDERS) this.#startSlider(setting, id, scale, text);
    this.#toggle.addEventListener("click", () => wishes.toggle());
    byId("step").addEventListener("click", () => wishes.step());
    byId("reset").addEventListener("click", () => wishes.reset());
    this.#rebalance.addEventListener("click", () => wishes.rebalance());
    this.#slow.addEventListener("click", () => {
      settings.slow = !settings.slow;
      this.#showSlow();
      wishes.changed("slow");
    });
    this.#seed.value = String(seed);
    // What is being corrected is not wrong any more: a field marked so would keep the form from being sent.
    this.#seed.addEventListener("input", () => this.showSeed(true));
    byId("controls").addEventListener("submit", (event) => {
      event.preventDefault();
      wishes.reset();
    });
    setText(byId("slow-hint"), `Worker ${workers} takes ${slowFactor} times as long for each message.`);
    this.#showSlow();
  }

  /** The text in the field for the seed. */
  get seedText(): string {
    return this.#seed.value;
  }

  /** Says whether the text is a seed. */
  showSeed(isSeed: boolean): void {
    this.#seed.setCustomValidity(isSeed ? "" : "A seed is a whole number from 0 to 9007199254740991.");
    this.#seed.setAttribute("aria-invalid", String(!isSeed));
    if (!isSeed) this.#seed.reportValidity();
  }

  showRunning(running: boolean): void {
    setText(this.#toggle, running ? "Pause" : "Start");
    byId<HTMLButtonElement>("step").disabled = running;
  }

  showRebalancing(isRebalancing: boolean): void {
    // Not `disabled`: that would take the focus away from whoever pressed it.
    this.#rebalance.setAttribute("aria-disabled", String(isRebalancing));
    setText(this.#rebalance, isRebalancing ? "Rebalancing …" : "Rebalance");
  }

  #startSlider(setting: SliderSetting, id: string, scale: Scale, text: (value: number) => string): void {
    const input = byId<HTMLInputElement>(id);
    const output = byId(`${id}-value`);
    input.min = "0";
    input.max = String(scale.positions);
    input.step = "1";
    input.value = String(scale.positionOf(this.settings[setting]));
    const show = (): void => {
      const said = text(this.settings[setting]);
      setText(output, said);
      input.setAttribute("aria-valuetext", said);
      this.#showLoad();
    };
    input.addEventListener("input", () => {
      this.settings[setting] = scale.valueAt(Number(input.value));
      show();
      this.#wishes.changed(setting);
    });
    show();
  }

  #showSlow(): void {
    this.#slow.setAttribute("aria-pressed", String(this.settings.slow));
    this.#showLoad();
  }

  #showLoad(): void {
    const { messageRate, handlerLatency, slow } = this.settings;
    const slowness = Array.from({ length: this.#workers }, (_, worker) => (slow && worker === this.#workers - 1 ? this.#slowFactor : 1));
    const { capacity, share } = load(messageRate, handlerLatency, slowness);
    setText(byId("load-value"), `${count(share * 100)} %`);
    byId<HTMLMeterElement>("load").value = share;
    setText(byId("load-hint"), `${count(messageRate)} of at most ${rate(capacity)} records a second${share > 1 ? "; one worker gets too many" : ""}`);
  }
}
