// Web Streams in Node and in Chromium: the same cases, the same figures.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { describe, it } from "node:test";
import { Monitor } from "streamgauge";
import * as streams from "streamgauge/streams";
import { launchChromium, newWatchedPage } from "../support/chromium.mjs";
import { serveFolder } from "../support/static-server.mjs";
import { webCases } from "./web-cases.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
const quiet = { full: {}, errors: {}, bytes: 0, anomalies: [], faults: [0] };
const none = [0, 0];
const one = [1, 1];

const expected = {
  "a transformer's work is measured, asynchronous or not": {
    first: { received: { orders: 1 }, active: one, took: [], full: {} },
    second: { received: { orders: 2 }, active: one, took: [0.5], full: {} },
    out: [10, 20],
    end: { ...quiet, received: { orders: 2 }, active: none, took: [0.5, 0.25] },
    byStream: { tens: 2 },
  },
  "a transformer without transform passes on, and one that fills its reader's buffer says so": {
    one: {},
    two: { orders: 1 },
    out: ["a", "b"],
    end: { ...quiet, received: { orders: 2 }, active: none, took: [0, 0], full: { orders: 1 } },
    left: [],
  },
  "what transform throws goes on unchanged, told once": {
    ends: ["RangeError", "TypeError"],
    end: { ...quiet, received: { orders: 2 }, active: none, took: [0, 0], errors: { process: { RangeError: 1, TypeError: 1 } }, faults: [0, 0] },
  },
  "a readable's chunk stays until the next is asked for": {
    before: { received: {}, active: none, took: [], full: {} },
    first: 3,
    between: { received: { bytes: 1 }, active: one, took: [], full: {} },
    second: 4,
    last: true,
    end: { ...quiet, received: { bytes: 2 }, active: none, took: [1, 0.5], bytes: 7 },
  },
  "a readable that is cancelled lets go; one that fails tells why": {
    cancelled: true,
    leaving: { ...quiet, received: { left: 1 }, active: none, took: [0] },
    failed: "RangeError",
    end: { ...quiet, received: { left: 1 }, active: none, took: [0], errors: { fetch: { RangeError: 1 } }, faults: [0, 0] },
  },
  "an abort ends what is in flight, and the stream behind hears of it at once": {
    during: { received: { sink: 1 }, active: one, took: [], full: { sink: 1 } },
    heard: ["RangeError"],
    end: { ...quiet, received: { sink: 1 }, active: none, took: [3], full: { sink: 1 }, errors: { process: { RangeError: 1 } } },
  },
  "an abort of a pipe lets go at both ends and is told once": {
    done: "AbortError",
    end: { ...quiet, received: { piped: 1, sink: 1 }, active: none, took: [0, 0], full: { sink: 1 }, errors: { process: { AbortError: 1 } }, faults: [0, 0] },
  },
  "a writable's chunk goes out when it is written, and a full one says so": {
    sizes: [2, 1, 0, -1],
    during: { received: { orders: 1 }, active: one, took: [], full: { orders: 1 } },
    written: ["a", "b", "c"],
    end: { ...quiet, received: { orders: 3 }, active: none, took: [2, 0, 0], full: { orders: 1 } },
  },
  "a failing writable fails its writer, and is told once": {
    write: "RangeError",
    closed: "RangeError",
    end: { ...quiet, received: { orders: 1 }, active: none, took: [0], full: { orders: 1 }, errors: { process: { RangeError: 1 } } },
  },
  "a stage of the platform's own is measured from outside": {
    text: "grün",
    end: { ...quiet, received: { text: 2 }, active: none, took: [0, 0], full: { text: 2 }, bytes: 5 },
  },
  "one that is detached only passes on": { before: one, after: none, value: 2, received: { orders: 1 } },
  "an abort or a failure that is a text is told once": [{ process: { stop: 1 } }, { process: { bad: 1 } }],
  "a transformer's thenable is run once": [1, none],
  "what does not serve is refused": [
    "ERR_INVALID_READABLE",
    "ERR_INVALID_READABLE",
    "ERR_INVALID_TOPIC",
    "ERR_INVALID_WRITABLE",
    "ERR_INVALID_HIGH_WATER_MARK",
    "ERR_INVALID_STAGE",
    "ERR_INVALID_TRANSFORMER",
  ],
};

function same(seen) {
  assert.deepEqual(Object.keys(seen), Object.keys(expected));
  for (const [name, what] of Object.entries(expected)) assert.deepEqual(seen[name], what, name);
}

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>streams</title><link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "streamgauge": "/dist/browser.js", "streamgauge/streams": "/dist/streams.browser.js" } }</script>
</head><body></body></html>`;

describe("Web Streams", { timeout: 120_000 }, () => {
  it("are measured in Node", async () => {
    same(await webCases({ Monitor, ...streams }));
  });

  it("are measured in Chromium", async () => {
    const server = await serveFolder(root);
    const browser = await launchChromium();
    try {
      const { page: tab, troubles } = await newWatchedPage(browser);
      await tab.route("**/streams.html", (route) => route.fulfill({ contentType: "text/html", body: page }));
      await tab.goto(`${server.url}streams.html`);
      const seen = await tab.evaluate(async () => {
        const [{ Monitor }, own, { webCases: run }] = await Promise.all(
          ["streamgauge", "streamgauge/streams", "/tests/streams/web-cases.mjs"].map((name) => import(name)),
        );
        return run({ Monitor, ...own });
      });
      same(seen);
      assert.deepEqual(troubles, []);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
