/** What lies further down is loaded when it is about to be seen. */

import type { Session } from "../app/session.js";

/** How far below the window is near. */
const MARGIN = "600px";

/** Calls `load` once, when `region` comes near the window; again the next time it comes near where that fails. */
export function whenNear(region: Element, session: Session, load: () => Promise<void>): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.unobserve(region);
      load().catch(() => {
        observer.observe(region);
        session.emit("notice", "A part of the page could not be loaded.");
      });
    },
    { rootMargin: MARGIN },
  );
  observer.observe(region);
}
