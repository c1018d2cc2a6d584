/** How adapters take hold of a host, and let go of it. */

import { outOfRange, record, unknownOption, wrongType } from "../../checks.js";
import type { SensorDelegate } from "../../delegate.js";
import type { Sensor } from "../../sensor.js";
import type { Attachment, Guard } from "../attachment.js";

/** What adapters tell: a `Monitor`, a `Recorder`, any other `Sensor`, or several in a `SensorDelegate`. */
export type AnyMonitor = Sensor | SensorDelegate;

/** A monitor as adapters call it: what a start hook gave goes into its end hook unseen. */
export function checkMonitor(monitor: unknown): Sensor {
  const hook = (monitor as { readonly onMessageIn?: unknown } | null | undefined)?.onMessageIn;
  if (typeof hook !== "function") throw wrongType("monitor", "a monitor: a Monitor, a Recorder, any Sensor or a SensorDelegate", monitor);
  return monitor as Sensor;
}

/** A host that has these methods. */
export function checkHost(argument: string, host: unknown, what: string, methods: readonly string[]): void {
  const has = host as Record<string, unknown> | null | undefined;
  if (typeof host !== "object" || host === null) throw wrongType(argument, what, host);
  const missing = methods.find((method) => typeof has?.[method] !== "function");
  if (missing !== undefined) throw wrongType(argument, `${what}, with a method ${missing}`, host);
}

/** Options of these names. */
export function checkNames(options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  for (const [name, value] of Object.entries(record("options", options))) {
    if (!known.includes(name)) throw unknownOption(name, known, value);
  }
}

/** An option that is a text, where it is given. */
export function optionalText(argument: string, value: unknown): void {
  if (value !== undefined && typeof value !== "string") throw wrongType(argument, "a string", value);
}

const attached = new WeakSet<object>();

/** Takes the host for one attachment, until that is detached. Two would count everything twice. */
export function claim(guard: Guard, argument: string, host: object): void {
  if (attached.has(host)) {
    throw outOfRange(argument, "one that no monitor is attached to (detach that first; a SensorDelegate tells several monitors)", host);
  }
  attached.add(host);
  guard.onDetach(() => attached.delete(host));
}

/**
 * Puts what `make` gives in a method's place until `guard` detaches. Where somebody else wrapped it
 * again meanwhile it stays there, for theirs calls it: so it must only pass through once
 * `guard.detached`. Throws where the object takes no new properties.
 */
export function wrapMethod<Host extends object, Name extends keyof Host>(
  guard: { onDetach(undo: () => void): unknown },
  host: Host,
  name: Name,
  make: (original: Host[Name]) => Host[Name],
): void {
  const own = Object.getOwnPropertyDescriptor(host, name);
  const wrapper = make(host[name]);
  // As an assignment would, but also over a method of the prototype; not seen where properties are listed.
  Object.defineProperty(host, name, { value: wrapper, writable: true, configurable: true, enumerable: own?.enumerable ?? false });
  guard.onDetach(() => {
    if (host[name] !== wrapper) return;
    if (own === undefined) delete host[name];
    else Object.defineProperty(host, name, own);
  });
}

/** A method of the host's, of which nothing is known but that it can be called. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a host's own arguments and result pass through as they are
export type Method = (this: any, ...args: any[]) => any;

/** A host, of which nothing is known but that it has methods. */
export const methodsOf = (host: object): Record<string, Method> => host as Record<string, Method>;

/**
 * Hears how what the host's function gave ends, before the host does, and gives what to hand on in its place. Of a promise that is
 * another one: a rejection that nobody in the host looks at has to stay unhandled. `then` is called once,
 * for there are queries that run anew each time.
 */
export function whenSettled<T>(given: T, done: (value: unknown) => void, failed: (error: unknown) => void): T {
  if (typeof (given as { then?: unknown } | null | undefined)?.then !== "function") {
    done(given);
    return given;
  }
  const promise = given instanceof Promise ? given : Promise.resolve(given);
  return promise.then(
    (value: unknown) => {
      done(value);
      return value;
    },
    (error: unknown) => {
      failed(error);
      throw error;
    },
  ) as T;
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
