/** The few things that every view does with the document. Text is text: nothing here parses HTML. */

export function byId<T extends Element = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found as unknown as T;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { className, text }: { className?: string; text?: string } = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== undefined) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Sets the text where it is another: an unchanged node costs no layout. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** The class that gives a worker's colour. */
export const workerClass = (worker: number): string => `worker-${(worker % WORKER_COLOURS) + 1}`;

/** How many colours there are for workers, in `tokens.css`. */
export const WORKER_COLOURS = 6;
