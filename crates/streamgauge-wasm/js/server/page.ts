/** The page's files, read once: what is not among them cannot be asked for. */

import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";

/** One file of the page. */
export interface PageFile {
  readonly type: string;
  /** Whether its name changes with what is in it. */
  readonly isHashed: boolean;
  readonly body: Uint8Array;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

const FOLDER = new URL("./page/", import.meta.url);

/** The files by path; `/` is the page itself. @throws where they are not beside this file. */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const add = async (path: string, file: string, isHashed: boolean): Promise<void> => {
    const type = TYPES[extname(file)];
    if (type !== undefined) files.set(path, { type, isHashed, body: await readFile(new URL(file, FOLDER)) });
  };
  await add("/", "live.html", false);
  await add("/theme.js", "theme.js", false);
  for (const name of await readdir(new URL("assets/", FOLDER))) await add(`/assets/${name}`, `assets/${name}`, true);
  return files;
}
