/** Vite before version 8 serves this script from its cache, away from the wasm file, which is still in the package. */
export const findMoved = (url: URL): URL => new URL(url.href.replace(/\/\.vite\/deps\/([^/]+)$/, "/streamgauge/dist/$1"));
