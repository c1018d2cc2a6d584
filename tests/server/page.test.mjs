// The live page in a real browser: what it shows, and what it says when there is nothing new.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { serve } from "streamgauge/server";
import { launchChromium, newWatchedPage } from "../support/chromium.mjs";
import { monitorOf, until } from "./support.mjs";

const TOKEN = "a-token-for-the-page";
const HOSTILE = '<img src=x onerror="document.title=1">';

describe("the live page", { timeout: 120_000 }, () => {
  let browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser?.close());

  /** Opens the page; `expected` are the troubles that the test makes itself. */
  async function open(url, options = {}) {
    const { page, troubles } = await newWatchedPage(browser, { viewport: { width: 1280, height: 900 }, ...options });
    const foreign = [];
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith("data:")) foreign.push(request.url());
    });
    await page.goto(url);
    return {
      page,
      troubles,
      text: (selector) => page.locator(selector).textContent(),
      says: (selector, words) => page.locator(selector, { hasText: words }).waitFor(),
      rows: (table) => page.locator(`#${table} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))),
      async close(expected = /^$/) {
        await page.close();
        assert.deepEqual(troubles.filter((trouble) => !expected.test(trouble)), []);
        assert.deepEqual(foreign, [], "requests to other hosts");
      },
    };
  }

  it("shows the figures, and new ones as they come", async () => {
    const { monitor, clock, tp } = monitorOf({ topic: HOSTILE });
    monitor.onError("process", "<b>bold</b>");
    const server = await serve(monitor, { intervalSeconds: 0.1 });
    const { page, text, says, rows, close } = await open(server.url);
    await says("#health", "ok");
    assert.equal(await text("#figure-lag"), "7");
    assert.equal(await text("#figure-in-flight"), "0");
    assert.match(await text("#who"), /^w1, up /);
    const [[topic, partition, lag, , status, , position, committed, end, worker]] = await rows("partitions");
    assert.deepEqual([topic, partition, lag, status, position, committed, end, worker], [HOSTILE, "0", "7", "ok", "3", "–", "10", "w1"]);
    assert.deepEqual(await rows("errors"), [["process", "<b>bold</b>", "1"]]);
    assert.deepEqual((await rows("latency"))[0].slice(0, 2), ["Message, in to out", "3"]);
    assert.deepEqual((await rows("throughput"))[0], ["Messages received", "–", "–", "–", "–", "3"]);
    assert.deepEqual((await rows("workers")).map((row) => row[0]), ["w1"]);
    assert.equal(await page.locator("#banner").isVisible(), false);
    assert.equal(await page.locator("main img, main b").count(), 0);
    assert.equal(await page.title(), "streamgauge");
    monitor.sample();
    clock.now += 2;
    for (let offset = 3; offset < 9; offset += 1) monitor.onMessageIn(tp, offset, {});
    monitor.sample();
    await says("#figure-in-flight", "6");
    assert.equal(await text("#figure-received"), "3.0");
    assert.equal(await text("#figure-lag"), "1");
    await close();
    await until(() => server.clients === 0);
    await server.close();
  });

  it("says since when its figures are old, and goes on when the server is back", async () => {
    const { monitor } = monitorOf();
    let server = await serve(monitor, { intervalSeconds: 0.1 });
    const { page, text, says, close } = await open(server.url);
    await says("#health", "ok");
    await server.close();
    await says("#banner", /^Stale since \d+ s: .+\. Reconnecting …$/);
    assert.equal(await text("#figure-lag"), "7", "what was known stays");
    assert.equal(await page.title(), "(stale) streamgauge");
    assert.equal(await page.locator("#banner").getAttribute("role"), "status");
    await says("#banner", /^Stale since [1-9]\d* s/);
    server = await serve(monitor, { intervalSeconds: 0.1, port: Number(new URL(server.url).port) });
    await page.locator("#banner").waitFor({ state: "hidden" });
    assert.equal(await page.title(), "streamgauge");
    await close(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|request failed/);
    await server.close();
  });

  it("says that the server gets no snapshot", async () => {
    const { monitor } = monitorOf();
    let works = true;
    const server = await serve(() => (works ? monitor.snapshot() : undefined), { intervalSeconds: 0.1 });
    const { page, says, close } = await open(server.url);
    await says("#health", "ok");
    works = false;
    await says("#banner", "the server gets no snapshot");
    works = true;
    await page.locator("#banner").waitFor({ state: "hidden" });
    await close();
    await server.close();
  });

  it("asks for the token, keeps it for this tab, and puts it into no address", async () => {
    const { monitor } = monitorOf();
    const server = await serve(monitor, { token: TOKEN, intervalSeconds: 0.1 });
    const { page, text, says, close } = await open(server.url);
    const addresses = [];
    page.on("request", (request) => addresses.push(request.url()));
    const field = page.getByLabel("Token");
    await field.waitFor();
    assert.equal(await field.getAttribute("type"), "password");
    assert.ok(await field.evaluate((node) => node === document.activeElement));
    assert.equal(await page.locator("#content").isVisible(), false);
    await field.fill("not-the-token-at-all");
    await field.press("Enter");
    await says("#token-error", "The server refused this token.");
    await field.fill("ümlaut");
    await field.press("Enter");
    await says("#token-error", "letters, digits");
    await field.fill(TOKEN);
    await page.getByRole("button", { name: "Connect" }).click();
    await says("#health", "ok");
    assert.equal(await field.isVisible(), false);
    assert.equal(await text("#figure-lag"), "7");
    await page.reload();
    await says("#health", "ok");
    assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, ""]);
    assert.ok(addresses.length > 0 && addresses.every((address) => !address.includes(TOKEN)));
    // The browser writes a 401 into its console by itself, and a reload ends the stream.
    await close(/401|^request failed: \S+\/events$/);
    await server.close();
  });

  it("names the workers of a dashboard that are away", async () => {
    const { monitor } = monitorOf();
    const workers = [
      { source: "http://a/", worker: "w1", state: "live", reason: "", at: monitor.snapshot().at },
      { source: "http://b/", worker: "", state: "missing", reason: "nothing listens there", at: null },
    ];
    const server = await serve({ snapshot: () => monitor.snapshot(), workers: () => workers }, { intervalSeconds: 0.1 });
    const { says, text, rows, close } = await open(server.url);
    await says("#banner", "1 of 2 workers is away: http://b/.");
    assert.match(await text("#who"), /^1 of 2 workers live/);
    assert.deepEqual((await rows("workers")).map((row) => [row[0], row[1], row[2]]), [["w1", "http://a/", "live"], ["–", "http://b/", "missing: nothing listens there"]]);
    await close();
    await server.close();
  });

  for (const colorScheme of ["light", "dark"]) {
    it(`fits narrow and wide windows, in ${colorScheme} colours, with names that are long`, async () => {
      const { monitor } = monitorOf({ topic: "a-very-long-name.".repeat(20), worker: "worker-".repeat(30) });
      monitor.onError("process", "E".repeat(100));
      const server = await serve(monitor, { intervalSeconds: 0.1 });
      for (const width of [340, 400, 760, 1000, 1280, 2560]) {
        const { page, says, close } = await open(server.url, { viewport: { width, height: 900 }, colorScheme });
        await says("#health", "ok");
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `it scrolls sideways at ${width}`);
        for (const name of ["Partitions", "Latency", "Throughput", "Workers", "Errors"]) {
          assert.equal(await page.getByRole("table", { name, exact: true }).count(), 1, name);
        }
        await close();
      }
      await server.close();
    });
  }
});
