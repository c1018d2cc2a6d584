/** What the thread of the host, where the source lives, and the thread that serves tell each other. */

import type { AddressInfo } from "node:net";
import type { WorkerState } from "../../live/worker-state.js";
import type { ServingOptions } from "../options.js";

/** What the serving thread begins with. */
export interface Beginning {
  readonly options: ServingOptions;
  readonly hasStats: boolean;
  /** How many read `/events`: one number in memory that both threads see. */
  readonly clients: SharedArrayBuffer;
}

/** What is asked of the source. */
export type Wanted = "snapshot" | "stats";

/** A snapshot on its way: the slices of its bytes, the bytes or the text that the source gave, or the text of an object. */
export type Passed =
  | { readonly slices: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly form: string | Uint8Array }
  | { readonly object: string };

/** From the serving thread. */
export type FromServer =
  | { readonly kind: "ask"; readonly wanted: Wanted }
  | { readonly kind: "warn"; readonly message: string }
  | { readonly kind: "listening"; readonly address: AddressInfo }
  | { readonly kind: "refused"; readonly error: PassedError };

/** From the host's thread. */
export type FromHost =
  /** It heard what it was asked, and reads. */
  | { readonly kind: "heard"; readonly wanted: Wanted }
  | { readonly kind: "snapshot"; readonly passed: Passed; readonly workers: readonly WorkerState[] }
  | { readonly kind: "stats"; readonly text: string }
  | { readonly kind: "failed"; readonly wanted: Wanted; readonly why: string; readonly workers: readonly WorkerState[] }
  | { readonly kind: "close" };

/** An error that goes to another thread with all that it says: a copy would lose its code. */
export interface PassedError {
  readonly isType: boolean;
  readonly isRange: boolean;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function passError(error: unknown): PassedError {
  const { message = String(error), ...fields } = error as Error & Record<string, unknown>;
  const plain = Object.entries(fields).filter(([, value]) => ["string", "number", "boolean", "undefined"].includes(typeof value));
  return {
    isType: error instanceof TypeError,
    isRange: error instanceof RangeError,
    message: (error as Error).message ?? message,
    fields: Object.fromEntries(plain),
  };
}

export function receiveError({ isType, isRange, message, fields }: PassedError): Error {
  const Kind = isType ? TypeError : isRange ? RangeError : Error;
  return Object.assign(new Kind(message), fields);
}
