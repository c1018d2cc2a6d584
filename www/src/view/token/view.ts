/** Asks for the token, and keeps it in this tab alone: never in an address, never on the disk. */

import { element, setText } from "../dom.js";

const KEY = "streamgauge-token";

export class TokenForm {
  readonly #form = element("form", { className: "card token" });
  readonly #field = element("input");
  readonly #error = element("p", { className: "token-error" });
  readonly #frame = document.querySelector<HTMLElement>(".frame")!;
  #token: string | undefined = stored();

  /** @param onToken hears that there is another token to try. */
  constructor(onToken: () => void) {
    this.#make();
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

  /** The server wants one, or another. @param hasFigures whether there is something to see meanwhile. */
  ask(hasFigures: boolean): void {
    if (this.#token !== undefined) setText(this.#error, "The server refused this token.");
    this.#token = undefined;
    store(undefined);
    this.#frame.hidden = !hasFigures;
    if (!this.#form.hidden) return;
    this.#form.hidden = false;
    this.#field.focus();
  }

  /** The server took it. */
  accepted(): void {
    if (this.#form.hidden) return;
    this.#form.hidden = true;
    this.#frame.hidden = false;
    setText(this.#error, "");
    store(this.#token);
  }

  #make(): void {
    const title = element("h2");
    const label = element("label", { text: "Token" });
    label.htmlFor = "token";
    title.append(label);
    const hint = element("p", { className: "note", text: "This server wants a token. It stays in this tab until you close it." });
    hint.id = "token-hint";
    this.#error.id = "token-error";
    this.#error.setAttribute("role", "alert");
    this.#field.id = "token";
    this.#field.type = "password";
    this.#field.autocomplete = "off";
    this.#field.spellcheck = false;
    this.#field.required = true;
    this.#field.setAttribute("aria-describedby", "token-hint token-error");
    const button = element("button", { text: "Connect", className: "primary" });
    button.type = "submit";
    const line = element("div", { className: "token-line" });
    line.append(this.#field, button);
    this.#form.id = "token-form";
    this.#form.hidden = true;
    this.#form.append(title, hint, line, this.#error);
    this.#frame.before(this.#form);
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
