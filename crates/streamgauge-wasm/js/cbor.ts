/** Reads the snapshot's CBOR form (RFC 8949): what the wasm module writes, and no more. */

import { put } from "./checks.js";

const INDEFINITE = 31;
const BREAK = 0xff;
/** Texts up to this length may be keys, of which there are few different ones. */
const LONGEST_KEY = 24;
/** Places for short texts that were read before; a power of two. */
const PLACES = 1024;

const decoder = new TextDecoder();
const known = new Array<string>(PLACES).fill("");

/** A short text; the same string as last time, which is found faster as a key and need not be made. */
function shortText(bytes: Uint8Array, start: number, end: number): string {
  let place = end - start;
  for (let at = start; at < end; at += 1) place = (Math.imul(place, 31) + bytes[at]!) & (PLACES - 1);
  const text = known[place]!;
  if (isAt(text, bytes, start, end)) return text;
  return (known[place] = decoder.decode(bytes.subarray(start, end)));
}

function isAt(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let place = 0; place < text.length; place += 1) {
    const byte = bytes[start + place]!;
    if (byte > 127 || byte !== text.charCodeAt(place)) return false;
  }
  return true;
}

/**
 * The value in `bytes`, as plain data. Whole numbers over 2^53 are the nearest number that
 * JavaScript has; a map's keys become own properties, whatever their names.
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  const argument = (information: number): number => {
    if (information < 24) return information;
    const size = 1 << (information - 24);
    const start = at;
    at += size;
    switch (size) {
      case 1:
        return bytes[start]!;
      case 2:
        return view.getUint16(start);
      case 4:
        return view.getUint32(start);
      default:
        return view.getUint32(start) * 2 ** 32 + view.getUint32(start + 4);
    }
  };

  const text = (length: number): string => {
    const start = at;
    at += length;
    if (length <= LONGEST_KEY) return shortText(bytes, start, at);
    return decoder.decode(bytes.subarray(start, at));
  };

  /** Whether a list or map that is `length` long, or ends with a break, has one more entry. */
  const hasMore = (done: number, length: number): boolean => {
    if (length >= 0) return done < length;
    if (bytes[at] !== BREAK) return true;
    at += 1;
    return false;
  };

  const value = (): unknown => {
    const head = bytes[at++]!;
    const information = head & 31;
    const length = head >> 5 < 7 && information !== INDEFINITE ? argument(information) : -1;
    switch (head >> 5) {
      case 0:
        return length;
      case 1:
        return -1 - length;
      case 3:
        return text(length);
      case 4: {
        const list: unknown[] = [];
        while (hasMore(list.length, length)) list.push(value());
        return list;
      }
      case 5: {
        const map: Record<string, unknown> = {};
        for (let done = 0; hasMore(done, length); done += 1) {
          const key = value();
          put(map, String(key), value());
        }
        return map;
      }
      default:
        return simple(information);
    }
  };

  const simple = (information: number): unknown => {
    switch (information) {
      case 20:
        return false;
      case 21:
        return true;
      case 26:
        at += 4;
        return view.getFloat32(at - 4);
      case 27:
        at += 8;
        return view.getFloat64(at - 8);
      default:
        return null;
    }
  };

  return value();
}
