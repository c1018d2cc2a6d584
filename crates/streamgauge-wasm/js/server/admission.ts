/** Who may read: checked before anything else is looked at. */

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/** An answer that refuses: its status, what it says, and headers of its own. */
export interface Refused {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LOOPBACK_V4 = /^127(\.\d{1,3}){3}$/;

export const isLoopback = (address: string): boolean => LOOPBACK_V4.test(address) || address === "::1" || address === "localhost";

/** The name in a Host header, in lower case, without port and brackets; undefined for what is none. */
function hostName(header: string | undefined): string | undefined {
  const [, six, name] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+))(?::\d{1,5})?$/.exec(header ?? "") ?? [];
  return (six ?? name)?.toLowerCase().replace(/\.$/, "");
}

/** A socket on both protocols gives version 4 addresses in version 6 form. */
const plainAddress = (address: string | undefined): string | undefined => address?.replace(/^::ffff:(?=\d)/, "").toLowerCase();

/**
 * A page of another site whose name was made to point here reads like one of ours, but its requests
 * carry its name in Host: so only names that are known to be ours are answered.
 */
export function refusedHost(request: IncomingMessage, allowed: ReadonlySet<string>): Refused | undefined {
  const hosts = request.rawHeaders.filter((value, place) => place % 2 === 0 && value.toLowerCase() === "host");
  const name = hosts.length === 1 ? hostName(request.headers.host) : undefined;
  if (name === undefined) return { status: 400, text: "one Host header is wanted" };
  if (isLoopback(name) || allowed.has(name)) return undefined;
  if (isIP(name) !== 0 && name === plainAddress(request.socket.localAddress)) return undefined;
  return { status: 421, text: "this server is not called so: allow the name with allowedHosts (--allowed-host)" };
}

/** Data is for programs, and for pages of this very server. */
export function refusedOrigin(request: IncomingMessage): Refused | undefined {
  const { origin, host } = request.headers;
  const site = request.headers["sec-fetch-site"];
  const isForeign = origin === undefined ? (site === "cross-site" || site === "same-site") && request.headers["sec-fetch-mode"] !== "navigate" : !isOwn(origin, host);
  return isForeign ? { status: 403, text: "pages of other sites may not read this" } : undefined;
}

/** A proxy in front may speak https: the scheme says nothing of the site. */
function isOwn(origin: string, host: string | undefined): boolean {
  const [, named] = /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase()) ?? [];
  return named !== undefined && named === host?.toLowerCase();
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares in a time that says nothing of how much of a token was right. */
export class TokenCheck {
  readonly #wanted: Buffer;

  constructor(token: string) {
    this.#wanted = digest(token);
  }

  refused(request: IncomingMessage): Refused | undefined {
    const [, given] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (given !== undefined && timingSafeEqual(digest(given), this.#wanted)) return undefined;
    const challenge = given === undefined ? 'Bearer realm="streamgauge"' : 'Bearer realm="streamgauge", error="invalid_token"';
    return { status: 401, text: "a token is wanted: Authorization: Bearer ...", headers: { "www-authenticate": challenge } };
  }
}
