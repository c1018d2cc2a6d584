/** Failures, told to whoever runs the server. */

/** Tells of a failure once, until it is another one or it works again. */
export class FailureLog {
  readonly #warn: (message: string) => void;
  readonly #told = new Map<string, string>();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  failed(what: string, why: string): void {
    if (this.#told.get(what) !== why) this.#warn(`${what} failed: ${why}`);
    this.#told.set(what, why);
  }

  works(what: string): void {
    this.#told.delete(what);
  }
}

/** Carries words that `textOf` gave in another thread. */
export class Told extends Error {}

/** What was thrown, in words: anything can be. */
export function textOf(error: unknown): string {
  if (error instanceof Told) return error.message;
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return "something that has no text was thrown";
  }
}
