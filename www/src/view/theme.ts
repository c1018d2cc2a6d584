/** Light, dark, or as the system says; and the colours of the moment, for what is drawn on canvas. */

import { byId, element } from "./dom.js";

const CHOICES = ["system", "light", "dark"] as const;
type Choice = (typeof CHOICES)[number];
/** As in `public/theme.js`. */
const KEY = "streamgauge-theme";

const listeners = new Set<() => void>();
const colours = new Map<string, string>();
const probe = document.body.appendChild(element("span", { className: "visually-hidden" }));
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Tells when the colours became others. */
export function onThemeChange(listener: () => void): void {
  listeners.add(listener);
}

/** A colour of `tokens.css` by its name without dashes in front, as canvas takes it. */
export function colour(name: string, alpha = 1): string {
  let resolved = colours.get(name);
  if (resolved === undefined) {
    // Only an element's own colour is resolved: the property itself reads `light-dark(...)`.
    probe.style.color = `var(--${name})`;
    resolved = getComputedStyle(probe).color;
    colours.set(name, resolved);
  }
  return alpha === 1 ? resolved : resolved.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
}

export function startTheme(): void {
  const button = byId<HTMLButtonElement>("theme");
  // `public/theme.js` has set what was stored.
  let choice: Choice = CHOICES.find((one) => one === document.documentElement.dataset["theme"]) ?? "system";
  const apply = (): void => {
    if (choice === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = choice;
    button.textContent = `Theme: ${choice}`;
    colours.clear();
    for (const listener of listeners) listener();
  };
  button.addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length]!;
    store(choice);
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}

function store(choice: Choice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}
