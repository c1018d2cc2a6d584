/** What colours and shapes mean. */

import { AGE_MARKS } from "../../model/ages.js";
import { mark } from "../../format.js";
import { element } from "../dom.js";

export function legend(): HTMLElement {
  const box = element("div", { className: "topology-legend" });
  box.append(ages(), shapes());
  return box;
}

function ages(): HTMLElement {
  const list = element("ul", { className: "legend topology-ages" });
  list.setAttribute("aria-label", "Colours of records, by their age");
  list.append(element("li", { className: "topology-ages-name", text: "Age of a record" }));
  for (const [place, seconds] of AGE_MARKS.entries()) {
    const item = element("li");
    const dot = element("span", { className: `topology-dot age-${place + 1}` });
    dot.ariaHidden = "true";
    const sign = place === 0 ? "≤ " : place === AGE_MARKS.length - 1 ? "≥ " : "";
    item.append(dot, `${sign}${mark(seconds)} s`);
    list.append(item);
  }
  return list;
}

const SHAPES = [
  ["waiting", "records waiting (log scale), in their owner’s colour"],
  ["resting", "nobody reads"],
  ["ring", "how busy a worker is"],
  ["trouble", "stalled, offline or crashed"],
] as const;

function shapes(): HTMLElement {
  const list = element("ul", { className: "legend" });
  list.setAttribute("aria-label", "Shapes");
  for (const [shape, meaning] of SHAPES) {
    const item = element("li");
    const sign = element("span", { className: `topology-sign topology-sign-${shape}` });
    sign.ariaHidden = "true";
    item.append(sign, meaning);
    list.append(item);
  }
  return list;
}
