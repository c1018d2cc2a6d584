/** A scenario of the user's own in a link: deflated JSON, in the letters that an address may hold. */

import type { Scenario } from "streamgauge/sim";

/** Bytes of JSON, at most: a link is not a place for more. */
const LARGEST = 1_000_000;

/** As text of `A-Z a-z 0-9 - _`. */
export async function packPlan(scenario: Scenario): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(scenario)), new CompressionStream("deflate-raw"), Infinity);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Rejects with a sentence where the text holds no JSON object. Whether that is a scenario, the simulator says. */
export async function unpackPlan(text: string): Promise<Scenario> {
  let plan: unknown;
  try {
    if (!/^[\w-]+$/.test(text)) throw new Error("it holds other characters");
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    plan = JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw"), LARGEST)));
  } catch (cause) {
    throw new Error("it is cut off or was changed", { cause });
  }
  if (typeof plan !== "object" || plan === null || Array.isArray(plan)) throw new Error("it is no JSON object");
  return plan;
}

/** @param most bytes that may come out: a few may stand for very many. */
async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Error(`it holds more than ${most} bytes`);
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
