/** What stands above the charts: how far back they reach, and how they are read by hand. */

import type { Range } from "../../model/window.js";
import { element } from "../dom.js";

/** A small choice of one of few. */
export function choice<V extends string>(
  name: string,
  label: string,
  options: readonly (readonly [value: V, text: string])[],
  first: V,
  choose: (value: V) => void,
): { group: HTMLElement; check: (value: V) => void } {
  const group = element("div", { className: "choice" });
  group.id = name;
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", label);
  const inputs = options.map(([value, text]) => {
    const input = element("input");
    input.type = "radio";
    input.name = name;
    input.value = value;
    input.checked = value === first;
    // A browser that goes back would restore another choice than the one that is shown.
    input.autocomplete = "off";
    input.addEventListener("change", () => choose(value));
    const box = element("label");
    box.append(input, element("span", { text }));
    group.append(box);
    return input;
  });
  return {
    group,
    check: (value) => {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

const RANGES = [
  ["60", "1 min"],
  ["300", "5 min"],
  ["0", "whole run"],
] as const;

export function chartTools(choose: (range: Range) => void): { bar: HTMLElement; reset: HTMLButtonElement; told: HTMLElement; setRange: (range: Range) => void } {
  const bar = element("div", { className: "chart-tools" });
  const ranges = choice("charts-range", "Time that the charts show", RANGES, "300", (value) => choose(Number(value) as Range));
  const reset = element("button", { className: "quiet away", text: "Zoom out" });
  reset.id = "charts-reset";
  reset.type = "button";
  const hint = element("p", { className: "note", text: "Drag to zoom, double click to go back. Shaded: a rebalance." });
  const keys = element("p", { className: "visually-hidden", text: "Arrow keys move the cursor, plus and minus zoom, Escape goes back." });
  keys.id = "charts-keys";
  const told = element("p", { className: "visually-hidden" });
  told.id = "charts-told";
  told.setAttribute("aria-live", "polite");
  bar.append(ranges.group, reset, hint, keys, told);
  return { bar, reset, told, setRange: (range) => ranges.check(String(range) as "0" | "60" | "300") };
}
