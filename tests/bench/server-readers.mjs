// The readers for tests/bench/server.mjs: they follow the events, and scrape; and know how long they heard nothing.
import { setTimeout as wait } from "node:timers/promises";
import { follow } from "streamgauge/live";

const [url, readers, scraper] = [process.argv[2], Number(process.argv[3]), process.argv[4] === "true"];
let longestGap = null;
const followers = Array.from({ length: readers }, () => {
  let last;
  return follow(url, {
    onChange: ({ receivedAt }) => {
      if (receivedAt === undefined || receivedAt === last) return;
      if (last !== undefined) longestGap = Math.max(longestGap ?? 0, receivedAt - last);
      last = receivedAt;
    },
  });
});
let scrapes = 0;
async function scrape() {
  for (;;) {
    const answer = await fetch(`${url}metrics`);
    await answer.arrayBuffer();
    if (answer.ok) scrapes += 1;
    await wait(1000);
  }
}
if (scraper) void scrape();
while (!followers.every(({ state }) => state.phase === "live")) await wait(20);
process.on("message", () => process.send({ longestGap, scrapes, phases: followers.map(({ state }) => state.phase) }));
process.send("ready");
setInterval(() => {}, 1000);
