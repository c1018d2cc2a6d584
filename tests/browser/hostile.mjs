// A scenario whose names are what an attacker would write, and a page that simulates it.

import { seeTabs } from "./page.mjs";

/** As long as a topic's name may be, and as nasty. */
export const HOSTILE_TOPICS = [
  `<img src=x onerror="document.documentElement.dataset.attacked=1">`,
  "\u202egnp.exe\u2066 \u200fright to left\u2069",
  `"},{"a":"\\u0000</script><script>document.documentElement.dataset.attacked=1</script>`,
  `long-${"x".repeat(244)}`,
];

export const HOSTILE_SCENARIO = {
  topics: HOSTILE_TOPICS.map((name) => ({ name, partitions: 2 })),
  producers: [{ name: "<b>shop</b>", pace: { perSecond: 200 } }],
  group: { workers: 2 },
  // One worker soon falls behind: names show in the health card and the log, too.
  commands: [{ at: 5, command: "slow", worker: 1, factor: 40 }],
};

/** Makes a tab simulate a scenario of one's own, whatever its address says, and loads it anew. */
export async function simulateInstead(page, scenario) {
  await page.tab.addInitScript((wanted) => {
    window.Worker = class extends window.Worker {
      postMessage(message, ...rest) {
        super.postMessage(message.type === "start" ? { ...message, run: { ...message.run, scenario: wanted } } : message, ...rest);
      }
    };
  }, scenario);
  await page.tab.reload();
  await page.tab.locator("#topology[data-time]").waitFor({ state: "attached" });
  await seeTabs(page.tab);
}
