// Several groups read the same partitions: each is looked at as if it were the only one.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Simulation } from "streamgauge/sim";
import { startListening } from "./listening.mjs";
import { load } from "./modules.mjs";

const { packPlan } = await load("app/address/plan.ts");

/** A snapshot without what counts its readings. */
const figures = (snapshot) => JSON.parse(JSON.stringify(snapshot, (key, value) => (key === "sequence" ? undefined : value)));

describe("several groups on the page", { timeout: 300_000 }, () => {
  let site;
  before(async () => {
    site = await startListening();
  });
  after(() => site?.close());

  const opened = (search, options) => site.opened(search, options);
  const select = (page) => page.tab.locator("#groups-select");
  const boxes = (page) => page.tab.locator("#topology-others button");
  const addGroup = (page) => page.tab.locator("#controls-add-group").click();
  /** A group is shown everywhere: by the thread, by the select, in the address. */
  const shows = (page, name) =>
    page.tab.waitForFunction((wanted) => {
      const { moment, isSettled } = globalThis.heard;
      return isSettled && moment.groups[moment.group].name === wanted && document.querySelector(".groups-field")?.dataset.group === wanted;
    }, name);
  /** The same run without a page. */
  const simulated = (run, seconds) => {
    const simulation = Simulation.of(run.scenario, { seed: run.seed });
    for (const { at, ...command } of run.commands) {
      simulation.advance(at - simulation.now);
      simulation.command(command);
    }
    simulation.advance(seconds - simulation.now);
    return simulation;
  };

  it("a group is added, chosen, and its figures are its own", async () => {
    const page = await opened("?scenario=steady-state&seed=7&time=5&paused");
    assert.equal(await select(page).count(), 0);
    assert.equal(await page.tab.locator("#topology-others").evaluate((box) => box.childElementCount), 0);
    await addGroup(page);
    await page.commanded(1);
    await page.pass(30);
    await select(page).waitFor();
    assert.deepEqual(await select(page).locator("option").allTextContents(), ["workers", "group-2"]);
    await page.tab.waitForFunction((wanted) => location.search === wanted, "?seed=7&commands=5_addGroup_2_group-2");
    const node = simulated({ scenario: "steady-state", seed: 7, commands: [{ at: 5, command: "addGroup", name: "group-2", workers: 2 }] }, 35);
    assert.deepEqual(figures((await page.moment()).snapshot), figures(node.snapshot("workers")));

    await select(page).selectOption("group-2");
    await shows(page, "group-2");
    const moment = await page.moment();
    assert.equal(moment.time, 35);
    assert.deepEqual(figures(moment.snapshot), figures(node.snapshot("group-2")));
    assert.ok(moment.snapshot.messages.received > 1000);
    assert.equal(moment.produced, node.countsOf("group-2").produced);
    assert.ok(moment.produced < node.countsOf("workers").produced);
    assert.deepEqual(moment.workers.map(({ id, name }) => ({ id, name })), [{ id: 0, name: "group-2-0" }, { id: 1, name: "group-2-1" }]);
    // The picture's columns are of that group alone, with workers numbered in it.
    const { partitions } = await page.heard("layout");
    assert.equal(partitions.length, node.partitions.filter(({ group }) => group === 1).length);
    const owners = await page.column("partitions", "owner");
    assert.equal(owners.length, partitions.length);
    assert.deepEqual([...new Set(owners)].sort(), [0, 1]);
    for (const partition of await page.column("particles", "partition")) assert.ok(partition >= -1 && partition < partitions.length);
    // Tables and lists, too.
    const rows = await page.tab.locator("#controls-worker option").allTextContents();
    assert.deepEqual(rows, ["group-2-0 · running", "group-2-1 · running"]);
    assert.ok((await page.heard("entries")).every(({ worker }) => worker === null || worker === 0 || worker === 1));
    // The other one is a box below the workers, and a way back, by keyboard as well.
    assert.deepEqual(await boxes(page).locator("strong").allTextContents(), ["workers"]);
    assert.match(await boxes(page).first().getAttribute("aria-label"), /^workers: 3 up, \d+ waiting$/);
    await boxes(page).first().focus();
    await page.tab.keyboard.press("Enter");
    await shows(page, "workers");
    assert.equal(await boxes(page).first().evaluate((box) => box === document.activeElement && box.value), "group-2");
    assert.deepEqual(figures((await page.moment()).snapshot), figures(node.snapshot("workers")));
    node.free();
    await page.close();
  });

  it("what is done to one group leaves the other alone, and a link shows both", async () => {
    const page = await opened("?scenario=steady-state&seed=7&time=5&paused");
    await addGroup(page);
    await page.commanded(1);
    await page.pass(15);
    await select(page).selectOption("group-2");
    await shows(page, "group-2");
    const before = (await page.moment()).groups;
    assert.equal(await page.text("#controls-handler-time-value"), "15.0 ms");
    assert.equal(await page.slide("controls-handler-time", 54), "50.0 ms");
    await page.commanded(2);
    await page.tab.locator("#controls-worker").selectOption("1");
    await page.tab.locator("#controls-slow").click();
    await page.commanded(3);
    assert.deepEqual(await page.column("workers", "slowness"), [1, 8]);
    await page.tab.locator("#controls-rebalance").click();
    await page.commanded(4);
    await page.pass(60);
    const [first, second] = (await page.moment()).groups;
    assert.ok(second.waiting > 2000, `${second.waiting} waiting in the slow group`);
    assert.ok(first.waiting < before[0].waiting + 100, `${first.waiting} waiting in the other`);
    assert.equal(await page.text("#controls-handler-time-value"), "50.0 ms");
    const expected = "?seed=7&commands=5_addGroup_2_group-2~20_handlerTime_0.05_@group-2~20_slow_1_8_@group-2~20_rebalance_@group-2&group=group-2";
    await page.tab.waitForFunction((wanted) => location.search === wanted, expected);
    const all = await page.everything();

    const linked = await opened(`${expected}&time=80&paused`);
    await linked.tab.waitForFunction(() => globalThis.heard.frame.now === 80);
    await shows(linked, "group-2");
    assert.equal(await linked.everything(), all);
    // The first group's own handler time is what it was.
    await select(linked).selectOption("workers");
    await shows(linked, "workers");
    assert.equal(await linked.text("#controls-handler-time-value"), "15.0 ms");
    assert.deepEqual(await linked.column("workers", "slowness"), [1, 1, 1]);
    // Begun anew, there is one group again.
    await linked.tab.locator("#transport-restart").click();
    await linked.tab.waitForFunction(() => globalThis.heard.moment.groups.length === 1 && !document.querySelector("#groups-select").checkVisibility());
    await linked.close();
    await page.close();
  });

  it("groups of a scenario of one's own are there from the start; one that is not is told", async () => {
    const page = await opened("?paused");
    const own = { title: "Two", topics: [{ name: "orders", partitions: 4 }], groups: [{ name: "billing", workers: 1, assignor: "cooperative" }, { name: "audit", workers: 3, assignor: "range" }], producers: [{ pace: { perSecond: 40 } }] };
    await page.tab.locator("#controls-file").setInputFiles({ name: "two.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(own)) });
    await page.tab.waitForFunction(() => globalThis.heard.began === 2);
    await shows(page, "billing");
    assert.match(await page.text("#controls-assignor"), /^Cooperative/);
    await page.pass(8);
    await boxes(page).first().click();
    await shows(page, "audit");
    assert.match(await page.text("#controls-assignor"), /^Range/);
    assert.equal((await page.moment()).workers.length, 3);
    // By number in the group: it is the second of all.
    await page.tab.locator("#controls-crash").click();
    await page.commanded(1);
    assert.deepEqual((await page.moment()).workers.map(({ state }) => state), ["crashed", "running", "running"]);
    await page.close();

    const nobody = await opened("?group=nobody&paused");
    await nobody.notice(/^There is no group “nobody” in this run\.$/);
    assert.equal((await nobody.moment()).group, 0);
    await nobody.close();
  });

  it("a cooperative rebalance tells its rounds, and what is being let go", async () => {
    const scenario = {
      topics: [{ name: "orders", partitions: 4 }],
      group: { workers: 1, concurrency: 8, assignor: "cooperative" },
      producers: [{ pace: { perSecond: 20 } }],
      handler: { time: { mean: 2, kind: "constant" } },
    };
    const node = simulated({ scenario, seed: 3, commands: [{ at: 15, command: "addWorker" }] }, 15);
    const at = {};
    for (let tenth = 151; tenth < 600; tenth += 1) {
      node.advance(Math.max(tenth / 10 - node.now, 0));
      const { groups, partitions } = node.state();
      at[groups.round[0]] ??= { time: tenth / 10 };
      if (partitions.revoking.includes(1)) at.revoking ??= { time: tenth / 10, lane: partitions.revoking.indexOf(1), round: groups.round[0] };
    }
    node.free();
    assert.ok(at[1] && at[2] && at.revoking, JSON.stringify(at));
    const link = `?plan=${await packPlan(scenario)}&seed=3&commands=15_addWorker&paused&time=`;
    for (const [time, round, lane] of [[at[1].time, 1], [at[2].time, 2], [at.revoking.time, at.revoking.round, at.revoking.lane]]) {
      const page = await opened(`${link}${time}`);
      await page.tab.waitForFunction((wanted) => globalThis.heard.frame.now === wanted, time);
      assert.equal((await page.moment()).round, round);
      await page.tab.waitForFunction((wanted) => document.querySelector("#topology-canvas").ariaLabel.includes(`The group is rebalancing, round ${wanted}:`), round);
      await page.tab.waitForFunction((wanted) => document.querySelector("#inspector").textContent.includes(`rebalancing, round ${wanted}`), round);
      assert.ok((await page.text("#figures")).includes(`round ${round} goes on`));
      if (lane !== undefined) await page.tab.waitForFunction((place) => /, being let go$/.test(document.querySelector(`#topology-lane-${place}`).textContent), lane);
      await page.close();
    }
  });
});
