// How the page is laid out, read and used without a mouse.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { startPage } from "./page.mjs";

describe("the page's looks", () => {
  let site;
  before(async () => {
    site = await startPage();
  });
  after(() => site?.close());

  for (const width of [360, 619, 800, 1100, 1440, 2560]) {
    it(`fits a window ${width} wide`, async () => {
      const page = await site.open({ viewport: { width, height: 800 } });
      await page.step(30);
      const overflow = await page.tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(overflow, 0, "it scrolls sideways");
      const cut = await page.tab.evaluate(() =>
        [...document.querySelectorAll(".figure .number, button, h2, .clock output")]
          .filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0)
          .map((node) => node.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(cut, []);
      await page.close();
    });
  }

  it("does not shift while figures change", async () => {
    for (const width of [360, 1440]) {
      const page = await site.open({ viewport: { width, height: 900 } });
      await page.tab.evaluate(() => {
        globalThis.shift = 0;
        globalThis.shifted = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries()) {
            globalThis.shift += value;
            globalThis.shifted.push(...sources.map(({ node }) => node?.id || node?.className || node?.nodeName));
          }
        }).observe({
          type: "layout-shift",
          buffered: true,
        });
      });
      await page.slide("Speed", 50);
      await page.toggleRun();
      await wait(1500);
      await page.tab.locator("#slow").evaluate((button) => button.click());
      await wait(1000);
      await page.tab.locator("#rebalance").evaluate((button) => button.click());
      await wait(1500);
      const [shift, shifted] = await page.tab.evaluate(() => [globalThis.shift, globalThis.shifted]);
      assert.ok(shift < 0.005, `layout shift ${shift} at ${width}, of ${shifted.join(", ")}`);
      await page.close();
    }
  });

  const ground = (page) => page.tab.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  it("is light or dark as the system says, and as its button says", async () => {
    const light = await site.open({ colorScheme: "light" });
    const dark = await site.open({ colorScheme: "dark" });
    const [lightGround, darkGround] = [await ground(light), await ground(dark)];
    assert.notEqual(lightGround, darkGround);
    await light.button("Theme: system").click();
    await light.button("Theme: light").click();
    assert.equal(await light.text("#theme"), "Theme: dark");
    assert.equal(await ground(light), darkGround);
    await light.tab.reload();
    assert.equal(await ground(light), darkGround, "it is remembered");
    await light.close();
    await dark.close();
  });

  it("moves nothing for those who asked for less motion", async () => {
    const page = await site.open({ reducedMotion: "reduce" });
    const duration = await page.tab.locator(".level").first().evaluate((node) => getComputedStyle(node).transitionDuration);
    assert.equal(duration, "0s");
    await page.close();
  });

  it("can be used with the keyboard alone", async () => {
    const page = await site.open();
    const { keyboard } = page.tab;
    const focused = () => page.tab.evaluate(() => document.activeElement.id);
    await keyboard.press("Tab");
    assert.ok(await page.tab.getByText("Skip to the figures").evaluate((link) => link === document.activeElement));
    const reached = new Set();
    for (let presses = 0; presses < 30; presses += 1) {
      await keyboard.press("Tab");
      const id = await focused();
      if (id !== "") reached.add(id);
      // A thing that has the focus shows it.
      const outline = await page.tab.evaluate(() => {
        const { activeElement } = document;
        const shown = activeElement.matches(".choice input") ? activeElement.nextElementSibling : activeElement;
        return activeElement === document.body || getComputedStyle(shown).outlineStyle !== "none";
      });
      assert.ok(outline, `the focus on "${id}" is seen`);
    }
    const controls = ["toggle", "step", "reset", "speed", "theme", "message-rate", "handler-latency", "error-rate", "slow", "rebalance", "seed", "apply-seed", "dict-worker", "copy", "dict"];
    assert.deepEqual(controls.filter((id) => !reached.has(id)), []);

    await page.tab.locator("#message-rate").focus();
    const before = await page.text("#message-rate-value");
    await keyboard.press("ArrowRight");
    assert.notEqual(await page.text("#message-rate-value"), before);
    await page.tab.locator("#toggle").focus();
    await keyboard.press("Space");
    assert.equal(await page.text("#toggle"), "Pause");
    assert.equal(await focused(), "toggle");
    await page.close();
  });

  it("names every control and figure for those who do not see it", async () => {
    const page = await site.open();
    await page.step(10);
    for (const name of ["Speed", "Message rate", "Handler latency", "Error rate"]) {
      assert.equal(await page.tab.getByRole("slider", { name, exact: true }).count(), 1, name);
    }
    for (const name of ["Start", "+1 s", "Reset", "Slow consumer", "Rebalance", "Reset to it", "Copy"]) {
      assert.equal(await page.button(name).count(), 1, name);
    }
    assert.equal(await page.tab.getByRole("textbox", { name: "Seed" }).count(), 1);
    assert.equal(await page.tab.getByRole("combobox", { name: "of" }).count(), 1);
    for (const name of ["Partitions", "Topics", "Tables"]) {
      assert.equal(await page.tab.getByRole("table", { name, exact: true }).count(), 1, name);
    }
    for (const name of ["Arriving", "Handled", "Lag", "In flight", "Event runtime", "Send errors", "Commit", "Rebalances"]) {
      assert.equal(await page.tab.getByRole("status", { name, exact: true }).count(), 1, name);
    }
    await page.close();
  });

  it("says in words what is going on", async () => {
    const page = await site.open();
    assert.match(await page.text("#status"), /Press Start/);
    await page.slide("Speed", 50);
    await page.toggleRun();
    const says = (words) => page.tab.locator("#status", { hasText: words }).waitFor({ timeout: 10_000 });
    await says("keep up");
    await page.button("Slow consumer").click();
    await says("Worker 2 is slow: it handles less than arrives");
    await page.button("Slow consumer").click();
    await says("catch up");
    await page.toggleRun();
    await says("Paused");
    await page.button("Rebalance").click();
    await page.slide("Speed", 0);
    await page.toggleRun();
    await says("Rebalancing");
    await page.close();
  });

  it("shows names as text, whatever is in them", async () => {
    const names = ['<img src=x onerror="document.title=1">', "__proto__", "<script>document.title=1</script>"];
    const page = await site.open({ search: `?topics=${names.map(encodeURIComponent).join(",")}` });
    await page.slide("Message rate", 47);
    await page.step(20);
    await page.tab.getByRole("radio", { name: "by partition" }).check();
    await page.step(20);
    const rows = await page.rows("partitions");
    assert.deepEqual([...new Set(rows.map(([topic]) => topic))].sort(), [...names].sort());
    assert.ok(rows.every((row) => Number(row[6].replaceAll(",", "")) > 0));
    assert.equal(await page.tab.locator("img, main script").count(), 0);
    assert.equal(await page.tab.title(), "streamgauge");
    await page.close();
  });

  it("draws its charts", async () => {
    const page = await site.open({ colorScheme: "light" });
    /** How many pixels of a chart have a colour that is no grey. */
    const coloured = (id) =>
      page.tab.locator(`#${id} canvas`).evaluate((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          const [red, green, blue, alpha] = data.subarray(at, at + 4);
          if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) count += 1;
        }
        return count;
      });
    const charts = ["chart-lag", "chart-throughput", "chart-runtime", "chart-active"];
    await page.button("Slow consumer").click();
    await page.step(60);
    for (const chart of charts) {
      await page.tab.waitForFunction((id) => document.querySelector(`#${id} canvas`).width > 200, chart);
      assert.ok((await coloured(chart)) > 100, `${chart} is empty`);
    }
    await page.tab.getByRole("radio", { name: "by partition" }).check();
    assert.equal(await page.tab.locator("#chart-lag .legend .value").count(), 8);
    await page.close();
  });
});
