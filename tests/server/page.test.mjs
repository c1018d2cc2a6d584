// The live page in a real browser: what it shows, and what it says when there is nothing new.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gatherUrls, serve } from "streamgauge/server";
import { launchChromium, newWatchedPage } from "../support/chromium.mjs";
import { monitorOf, until } from "./support.mjs";

const TOKEN = "a-token-for-the-page";
const HOSTILE = '<img src=x onerror="document.title=1">';
/** What a browser says by itself of a server that stopped. */
const LOST = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|request failed/;

describe("the live page", { timeout: 240_000 }, () => {
  let browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser?.close());

  /** Opens the page; `expected` are the troubles that the test makes itself. */
  async function open(url, options = {}) {
    const { page, troubles } = await newWatchedPage(browser, { viewport: { width: 1440, height: 900 }, ...options });
    const foreign = [];
    const addresses = [];
    page.on("request", (request) => {
      addresses.push(request.url());
      if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith("data:")) foreign.push(request.url());
    });
    await page.goto(url);
    return {
      page,
      addresses,
      text: (selector) => page.locator(selector).textContent(),
      says: (selector, words) => page.locator(selector, { hasText: words }).waitFor(),
      phase: (phase) => page.locator(`#connection[data-phase="${phase}"]`).waitFor(),
      /** Waits until the newest moment is of this time: seconds since the first worker began. */
      time: (seconds) => page.waitForFunction((wanted) => Math.abs(Number(document.querySelector("#topology").dataset.time) - wanted) < 1e-6, seconds),
      facts: () => page.locator("#process dl").evaluate((list) => Object.fromEntries([...list.querySelectorAll("dt")].map((name) => [name.textContent, name.nextElementSibling.textContent]))),
      async close(but = /^$/) {
        await page.close();
        assert.deepEqual(troubles.filter((trouble) => !but.test(trouble)), []);
        assert.deepEqual(foreign, [], "requests to other hosts");
      },
    };
  }

  it("shows a process as it goes on, in its own words, without a simulation", async () => {
    const { monitor, clock, tp } = monitorOf({ topic: HOSTILE, worker: "<b>bold</b>" });
    monitor.onError("process", "<b>bold</b>");
    const server = await serve(monitor, { intervalSeconds: 0.1 });
    const { page, addresses, text, phase, time, facts, close } = await open(server.url);
    await phase("live");
    await time(0.75);
    assert.equal(await text("#connection-text"), "");
    assert.equal(await text("#process-title"), "Process");
    assert.equal(await text(".process-name"), "<b>bold</b>");
    const { "Up since": since, ...others } = await facts();
    assert.match(since, /^2023-11-1[45] \d\d:\d\d:\d\d, for 0 s$/);
    assert.deepEqual(others, { Origin: new URL(server.url).host, Lives: "1", Partitions: "1 owned of 1", Form: "streamgauge/1" });
    assert.equal(await page.locator("#controls").isVisible(), false);
    assert.equal(await page.locator("body img, main b, aside b").count(), 0);
    assert.equal(await page.title(), "streamgauge");
    clock.now += 2;
    for (let offset = 3; offset < 9; offset += 1) monitor.onMessageIn(tp, offset, {});
    await time(2.75);
    // Each view has heard of it.
    for (const region of ["figures", "charts", "health", "inspector", "tabs"]) {
      await page.locator(`#${region}[data-time="2.75"]`).waitFor({ state: "attached" });
    }
    assert.deepEqual(addresses.filter((address) => /\.wasm$|worker/.test(address)), []);
    await close();
    await until(() => server.clients === 0);
    await server.close();
  });

  it("fills every region from the server alone: figures, tables, health and texts, hostile names among them", async () => {
    const { monitor, clock, tp } = monitorOf({ topic: HOSTILE });
    const server = await serve(monitor, { intervalSeconds: 0.1, metrics: { prefix: "mine_" } });
    const { page, addresses, text, says, phase, time, close } = await open(server.url);
    await phase("live");
    monitor.sample();
    clock.now += 2;
    for (let offset = 3; offset < 9; offset += 1) monitor.onMessageIn(tp, offset, {});
    monitor.sample();
    await time(2.75);
    await says("#figures-received", "3.0");
    assert.match(await text("#figures-lag"), /1/);
    assert.match(await text("#figures-inFlight"), /6/);
    await says("#health", "ok");
    await says("#tabs", HOSTILE);
    const tab = async (name, words) => {
      await page.getByRole("tab", { name, exact: true }).click();
      await page.locator("#tabs .text-tab:visible", { hasText: words }).waitFor();
    };
    await tab("asdict()", '"messages_received_total": 9');
    await tab("snapshot()", '"streamgauge/1"');
    await tab("OpenMetrics", "mine_");
    await tab("Prometheus", "mine_");
    assert.deepEqual([...new Set(addresses.map((address) => new URL(address).pathname))].filter((path) => !/^\/(assets\/|theme\.js)/.test(path)).sort(), ["/", "/events", "/metrics", "/stats/"]);
    assert.equal(await page.locator("body img").count(), 0);
    await close();
    await server.close();
  });

  it("says since when its figures are old, and goes on when the server is back", async () => {
    const { monitor, clock } = monitorOf();
    let server = await serve(monitor, { intervalSeconds: 0.1 });
    const { page, says, phase, time, close } = await open(server.url);
    await time(0.75);
    assert.equal(await page.locator("html.is-old").count(), 0);
    await server.close();
    await phase("reconnecting");
    assert.equal(await page.locator("#connection-phase").getAttribute("role"), "status");
    await says("#connection-text", /^.+\. No news for \d+ s; figures are as of \d\d:\d\d:\d\d\.$/);
    await says("#connection-text", /No news for [1-9]\d* s/);
    assert.equal(await page.locator("html.is-old").count(), 1);
    assert.equal(await page.title(), "(stale) streamgauge");
    await time(0.75);
    clock.now += 5;
    server = await serve(monitor, { intervalSeconds: 0.1, port: Number(new URL(server.url).port) });
    await phase("live");
    await time(5.75);
    assert.equal(await page.locator("html.is-old").count(), 0);
    assert.equal(await page.title(), "streamgauge");
    await close(LOST);
    await server.close();
  });

  it("goes on where a process started again, and begins anew where its clock was set back", async () => {
    const { monitor } = monitorOf();
    const base = JSON.parse(JSON.stringify(monitor.snapshot()));
    let [since, at] = [base.since, base.at];
    const server = await serve(() => ({ ...base, since, at }), { intervalSeconds: 0.1 });
    const { time, close } = await open(server.url);
    await time(0.75);
    [since, at] = [base.at + 60, base.at + 61];
    await time(61.75);
    [since, at] = [base.since - 3600, base.since - 3590];
    await time(10);
    await close();
    await server.close();
  });

  it("says that the server gets no snapshot", async () => {
    const { monitor } = monitorOf();
    let works = true;
    const server = await serve(() => (works ? monitor.snapshot() : undefined), { intervalSeconds: 0.1 });
    const { says, phase, close } = await open(server.url);
    await phase("live");
    works = false;
    await phase("failing");
    await says("#connection-text", /^The server gets no snapshot: its log says why\. No news for \d+ s;/);
    works = true;
    await phase("live");
    await close();
    await server.close();
  });

  it("asks for the token, keeps it for this tab, and puts it into no address", async () => {
    const { monitor } = monitorOf();
    const server = await serve(monitor, { token: TOKEN, intervalSeconds: 0.1 });
    const { page, addresses, says, phase, time, close } = await open(server.url);
    const field = page.getByLabel("Token");
    await field.waitFor();
    assert.equal(await field.getAttribute("type"), "password");
    assert.ok(await field.evaluate((node) => node === document.activeElement));
    assert.equal(await page.locator(".frame").isVisible(), false);
    await field.fill("not-the-token-at-all");
    await field.press("Enter");
    await says("#token-error", "The server refused this token.");
    await field.fill("ümlaut");
    await field.press("Enter");
    await says("#token-error", "letters, digits");
    await field.fill(TOKEN);
    await page.getByRole("button", { name: "Connect" }).click();
    await phase("live");
    await time(0.75);
    assert.equal(await field.isVisible(), false);
    assert.equal(await page.locator(".frame").isVisible(), true);
    await page.reload();
    await phase("live");
    assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, ""]);
    assert.ok(addresses.length > 0 && addresses.every((address) => !address.includes(TOKEN)));
    // The browser writes a 401 into its console by itself, and a reload ends the stream.
    await close(/401|^request failed: \S+\/events$/);
    await server.close();
  });

  it("shows a dashboard over two workers, and which of them is away", async () => {
    const one = monitorOf({ worker: "w1" });
    const two = monitorOf({ worker: HOSTILE, topic: "payments" });
    const servers = [await serve(one.monitor, { intervalSeconds: 0.1 }), await serve(two.monitor, { intervalSeconds: 0.1 })];
    const gathered = gatherUrls(servers.map(({ url }) => url));
    const dashboard = await serve(gathered, { intervalSeconds: 0.1 });
    const { page, text, says, phase, facts, close } = await open(dashboard.url);
    await says("#process-title", "2 workers");
    await phase("live");
    const names = page.locator(".process-name");
    await until(async () => (await names.allTextContents()).includes(HOSTILE));
    assert.deepEqual((await names.allTextContents()).sort(), [HOSTILE, "w1"]);
    assert.equal((await facts()).Partitions, "2 owned of 2");
    assert.equal(await text("#connection-text"), "");
    // Faust's dictionary is one worker's: the sum has none, and nobody is asked for it.
    await page.getByRole("tab", { name: "asdict()", exact: true }).click();
    await says("#tabs-asdict-line", "Nothing to show: this page's server gives the sum of its workers: Faust's dictionary is at the server of");
    await servers[1].close();
    await says("#connection-text", `1 of 2 workers is away: ${servers[1].url}; what was told last still counts.`);
    assert.equal(await page.locator("#connection").getAttribute("data-phase"), "live");
    assert.equal(await page.locator("html.is-old").count(), 0);
    assert.deepEqual((await page.locator(".process-away").allTextContents()).sort(), ["", "away"]);
    await close();
    gathered.close();
    for (const server of [dashboard, servers[0]]) await server.close();
  });

  for (const colorScheme of ["light", "dark"]) {
    it(`fits narrow and wide windows, in ${colorScheme} colours, with names that are long`, async () => {
      const { monitor } = monitorOf({ topic: "a-very-long-name.".repeat(20), worker: "worker-".repeat(30) });
      monitor.onError("process", "E".repeat(100));
      const server = await serve(monitor, { intervalSeconds: 0.1 });
      for (const width of [340, 400, 760, 1000, 1440, 2560]) {
        const { page, phase, time, close } = await open(server.url, { viewport: { width, height: 900 }, colorScheme });
        await phase("live");
        await time(0.75);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `it scrolls sideways at ${width}`);
        await close();
      }
      await server.close();
    });
  }
});
