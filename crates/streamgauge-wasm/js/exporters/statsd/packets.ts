/** Lines into packets that a network carries whole. */

import { byteLength } from "./lines.js";

/** What goes out as one datagram. */
export interface StatsdPacket {
  /** Lines in UTF-8, with a newline between two of them. */
  readonly bytes: Uint8Array;
  /** Lines in it. */
  readonly points: number;
}

/** Fills packets in the order of the lines. A line, or lines that were given together, are never parted. */
export class Packer {
  readonly #maxBytes: number;
  readonly #encoder = new TextEncoder();
  readonly #packets: StatsdPacket[] = [];
  #lines: string[] = [];
  #points = 0;
  #bytes = 0;
  #tooLong = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Lines that were left out because a packet does not hold them. */
  get tooLong(): number {
    return this.#tooLong;
  }

  /** Adds a line; or several, with a newline between two. */
  add(line: string): void {
    const bytes = byteLength(line);
    const points = line.split("\n").length;
    if (bytes > this.#maxBytes) {
      this.#tooLong += points;
      return;
    }
    if (this.#lines.length > 0 && this.#bytes + 1 + bytes > this.#maxBytes) this.#close();
    this.#bytes += bytes + (this.#lines.length > 0 ? 1 : 0);
    this.#lines.push(line);
    this.#points += points;
  }

  /** All packets, the last one closed. */
  finish(): StatsdPacket[] {
    if (this.#lines.length > 0) this.#close();
    return this.#packets;
  }

  #close(): void {
    this.#packets.push({ bytes: this.#encoder.encode(this.#lines.join("\n")), points: this.#points });
    this.#lines = [];
    this.#points = 0;
    this.#bytes = 0;
  }
}
