/** What keys do. Not while text is typed, not with Ctrl, Alt or Meta, and not where the user does not want them. */

/** What the keys move. */
export interface Moves {
  toggle(): void;
  step(seconds: number): void;
  changeSpeed(direction: 1 | -1): void;
  restart(): void;
  replay(): void;
  choose(place: number): void;
  newSeed(): void;
  openFaults(): void;
  copyLink(): void;
  help(): void;
}

interface Key {
  /** As `KeyboardEvent.key` says it. */
  readonly keys: readonly string[];
  /** As the help says it. */
  readonly shown: readonly string[];
  readonly does: string;
  /** With Shift, for keys that have no letter of their own for it. */
  readonly shift?: boolean;
  /** A key that moves what has the focus, or presses it: then it does only that. */
  readonly isOfFocus?: boolean;
  readonly press: (moves: Moves, key: string) => void;
}

export const KEYS: readonly Key[] = [
  { keys: [" "], shown: ["Space"], does: "play or pause", isOfFocus: true, press: (moves) => moves.toggle() },
  { keys: ["ArrowRight"], shown: ["→"], does: "one second on", shift: false, isOfFocus: true, press: (moves) => moves.step(1) },
  { keys: ["ArrowRight"], shown: ["Shift", "→"], does: "ten seconds on", shift: true, isOfFocus: true, press: (moves) => moves.step(10) },
  { keys: ["."], shown: ["."], does: "a tenth of a second on", press: (moves) => moves.step(0.1) },
  { keys: ["+", "="], shown: ["+"], does: "faster", press: (moves) => moves.changeSpeed(1) },
  { keys: ["-"], shown: ["-"], does: "slower", press: (moves) => moves.changeSpeed(-1) },
  { keys: ["r"], shown: ["r"], does: "begin again", press: (moves) => moves.restart() },
  { keys: ["R"], shown: ["Shift", "r"], does: "begin again, with what was done by hand", press: (moves) => moves.replay() },
  { keys: [..."12345678"], shown: ["1", "…", "8"], does: "a scenario", press: (moves, key) => moves.choose(Number(key) - 1) },
  { keys: ["n"], shown: ["n"], does: "a new seed by chance", press: (moves) => moves.newSeed() },
  { keys: ["f"], shown: ["f"], does: "to the faults of workers", press: (moves) => moves.openFaults() },
  { keys: ["l"], shown: ["l"], does: "copy a link to this moment", press: (moves) => moves.copyLink() },
  { keys: ["?"], shown: ["?"], does: "this list", press: (moves) => moves.help() },
];

const STORED = "streamgauge-keys";
/** Where text is typed, or letters choose. */
const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]:not([contenteditable=false])";
/** What does something of its own with spaces and arrows. */
const FOCUSED = `${TYPED}, button, a[href], input, summary, [tabindex]`;

export class Keys {
  readonly #moves: Moves;
  #areOn = readChoice();

  constructor(moves: Moves) {
    this.#moves = moves;
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  get areOn(): boolean {
    return this.#areOn;
  }

  /** Kept for the next visit, where that is allowed. */
  setOn(areOn: boolean): void {
    this.#areOn = areOn;
    try {
      if (areOn) localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, "off");
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  }

  #press(event: KeyboardEvent): void {
    if (!this.#areOn || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(TYPED) !== null) return;
    const isBusy = target.closest(FOCUSED) !== null;
    const found = KEYS.find(({ keys, shift, isOfFocus }) => {
      return keys.includes(event.key) && (shift === undefined || shift === event.shiftKey) && !(isOfFocus === true && isBusy);
    });
    if (found === undefined) return;
    event.preventDefault();
    // A key that is held down steps on, and toggles nothing.
    if (event.repeat && !event.key.startsWith("Arrow") && event.key !== ".") return;
    found.press(this.#moves, event.key);
  }
}

function readChoice(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}
