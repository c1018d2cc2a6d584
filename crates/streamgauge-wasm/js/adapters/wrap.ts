/** How adapters put themselves in the way of a host's methods, and out of it again. */

import { Guard, type Attachment } from "./attachment.js";

/** A method of the host's, of which nothing is known but that it can be called. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a host's own arguments and result pass through as they are
export type Method = (this: any, ...args: any[]) => any;

/**
 * Puts what `make` gives in a method's place until `guard` detaches. Where somebody else wrapped it
 * again meanwhile it stays there, for theirs calls it: so it must only pass through once
 * `guard.detached`. Throws where the object takes no new properties.
 */
export function wrapMethod(guard: Guard, target: object, name: string, make: (original: Method) => Method): void {
  const methods = target as Record<string, Method>;
  const own = Object.getOwnPropertyDescriptor(target, name);
  const wrapper = make(methods[name] as Method);
  Object.defineProperty(target, name, { value: wrapper, writable: true, configurable: true, enumerable: own?.enumerable ?? false });
  guard.onDetach(() => {
    if (methods[name] !== wrapper) return;
    if (own === undefined) delete methods[name];
    else Object.defineProperty(target, name, own);
  });
}

/** Makes an object, or a function that the host calls, the attachment of `guard`. */
export function asAttachment<T extends object>(target: T, guard: Guard): T & Attachment {
  Object.defineProperties(target, {
    detach: { value: () => guard.detach() },
    faults: { get: () => guard.faults },
    lastFault: { get: () => guard.lastFault },
  });
  return target as T & Attachment;
}
