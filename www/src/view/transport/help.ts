/** The dialog that lists the keys. */

import { KEYS, type Keys } from "../../app/keys.js";
import { element } from "../dom.js";

let dialog: HTMLDialogElement | undefined;

/** Opens it; made when it is wanted first. */
export function openHelp(keys: Keys): void {
  dialog ??= makeDialog(keys);
  if (!dialog.open) dialog.showModal();
}

function makeDialog(keys: Keys): HTMLDialogElement {
  const made = element("dialog", { className: "help" });
  made.id = "tools-help";
  const title = element("h2", { text: "Keys" });
  title.id = "tools-help-title";
  made.setAttribute("aria-labelledby", title.id);
  const list = element("dl", { className: "help-keys" });
  for (const { shown, does } of KEYS) {
    const term = element("dt");
    for (const [place, key] of shown.entries()) {
      if (place > 0) term.append(" ");
      term.append(element("kbd", { text: key }));
    }
    list.append(term, element("dd", { text: does }));
  }
  const choice = element("label", { className: "help-choice" });
  const box = element("input");
  box.type = "checkbox";
  box.id = "tools-keys-on";
  box.checked = keys.areOn;
  box.addEventListener("change", () => keys.setOn(box.checked));
  choice.append(box, "Keys do something on this page");
  const close = element("button", { className: "primary", text: "Close" });
  close.type = "button";
  close.addEventListener("click", () => made.close());
  // A click beside it closes it.
  made.addEventListener("click", (event) => {
    if (event.target === made) made.close();
  });
  const foot = element("div", { className: "help-foot" });
  foot.append(choice, close);
  const body = element("div", { className: "help-body" });
  body.append(title, list, foot);
  made.append(body);
  document.body.append(made);
  return made;
}
