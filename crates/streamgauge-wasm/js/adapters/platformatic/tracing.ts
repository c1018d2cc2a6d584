/** The client's diagnostics channels, which all clients of a process share: of one client's operations alone. */

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Guard } from "../attachment.js";
import type { Traced } from "./types.js";

/** The hooks of an operation; what `started` gave comes back. */
export interface Operation<Context, State> {
  started(context: Context): State;
  done?(state: State, context: Context): void;
  failed?(state: State, error: unknown, context: Context): void;
}

/**
 * Hears every operation of `client` on a channel such as `consumer:commits`, until detached. One that was under way
 * then is not told to its end. What a subscriber throws would end the process, so none does.
 */
export function trace<Context extends Traced, State>(guard: Guard, client: object, channel: string, operation: Operation<Context, State>): void {
  const states = new WeakMap<object, { readonly state: State }>();
  const take = (context: Context, tell: (state: State) => void): void => {
    const started = states.get(context);
    if (started === undefined) return;
    states.delete(context);
    guard.run(() => tell(started.state));
  };
  const listen = (moment: string, listener: (context: Context) => void): void => {
    const name = `tracing:plt:kafka:${channel}:${moment}`;
    const subscriber = (context: unknown): void => {
      if ((context as Context | undefined)?.client === client) listener(context as Context);
    };
    subscribe(name, subscriber);
    guard.onDetach(() => unsubscribe(name, subscriber));
  };
  listen("start", (context) => {
    guard.run(() => states.set(context, { state: operation.started(context) }));
  });
  listen("error", (context) => take(context, (state) => operation.failed?.(state, context.error, context)));
  listen("asyncStart", (context) => take(context, (state) => operation.done?.(state, context)));
}
