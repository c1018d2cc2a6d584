/** Asks for the token, and keeps it in this tab alone: never in an address, never on the disk. */

import { byId, setText } from "../view/dom.js";

const KEY = "streamgauge-token";

export class TokenForm {
  readonly #form = byId<HTMLFormElement>("token-form");
  readonly #field = byId<HTMLInputElement>("token");
  readonly #error = byId("token-error");
  #token: string | undefined = stored();

  /** @param onToken hears that there is another token to try. */
  constructor(onToken: () => void) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#token = this.#field.value.trim();
      this.#field.value = "";
      // Headers take no other characters.
      if (!/^[\x21-\x7e]+$/.test(this.#token)) {
        this.#token = undefined;
        setText(this.#error, "A token has letters, digits and -._~+/= only.");
        return;
      }
      setText(this.#error, "");
      onToken();
    });
  }

  get value(): string | undefined {
    return this.#token;
  }

  /** The server wants one, or another. */
  ask(): void {
    if (this.#token !== undefined) setText(this.#error, "The server refused this token.");
    this.#token = undefined;
    store(undefined);
    if (!this.#form.hidden) return;
    this.#form.hidden = false;
    this.#field.focus();
  }

  /** The server took it. */
  accepted(): void {
    if (this.#form.hidden) return;
    this.#form.hidden = true;
    setText(this.#error, "");
    store(this.#token);
  }
}

function stored(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function store(token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    // Storage may be forbidden; it then lasts as long as the page.
  }
}
