/** Files given to the page: dropped anywhere on it, or chosen by a button. What reads them is loaded with the first one. */

import type { Session } from "./session.js";
import type { SettingsHub } from "./settings.js";
import type { RecordingHooks } from "./recording.js";
import { byId, element } from "../view/dom.js";

/** On the document, while a file is held over it. */
const CLASS = "takes-file";

/** Opens each file that is given: a trace or a scenario. */
export function takeFiles(session: Session, settings: SettingsHub, hooks: RecordingHooks): void {
  let desk: Promise<{ open(file: File): Promise<void> }> | undefined;
  const open = async (file: File): Promise<void> => {
    try {
      desk ??= import("./recording.js").then(({ RecordingDesk }) => new RecordingDesk(session, settings, hooks));
      await (await desk).open(file);
    } catch (error) {
      desk = undefined;
      session.emit("notice", `${file.name} cannot be opened: ${(error as Error).message}`);
    }
  };
  takeDrops((file) => void open(file));
  addButton((file) => void open(file));
}

function takeDrops(open: (file: File) => void): void {
  const { classList } = document.documentElement;
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
  // Entering a child is told before leaving its parent.
  let depth = 0;
  addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth += 1;
    classList.add(CLASS);
  });
  addEventListener("dragover", (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  addEventListener("dragleave", (event) => {
    if (!holdsFiles(event)) return;
    depth -= 1;
    if (depth <= 0) classList.remove(CLASS);
  });
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    classList.remove(CLASS);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) open(file);
  });
}

function addButton(open: (file: File) => void): void {
  const button = element("button", { text: "Open trace", className: "quiet" });
  button.id = "tools-open";
  button.type = "button";
  button.title = "A recorded trace (.jsonl), or a scenario (.json). It stays in this browser.";
  const input = element("input");
  input.id = "tools-file";
  input.type = "file";
  input.accept = ".jsonl,.ndjson,.json,.txt";
  input.hidden = true;
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    // Only another choice is told: the same file may be chosen again.
    input.value = "";
    if (file !== undefined) open(file);
  });
  byId("tools").prepend(button, input);
}
