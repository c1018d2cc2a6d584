// A process that serves its figures: the shortest there is.
import { Monitor } from "streamgauge";
import { follow } from "streamgauge/live";
import { serve } from "streamgauge/server";

const monitor = new Monitor({ worker: "billing-1" }).start();
const server = await serve(monitor, { logger: console });
console.log(`live figures at ${server.url}`);

// ... hooks, as messages come ...
monitor.onMessageIn({ topic: "invoices", partition: 0 }, 41, {});

// And a program that reads them, here or elsewhere.
const follower = follow(server.url, {
  onChange({ phase, snapshot }) {
    if (phase !== "live") return;
    console.log(`${snapshot.worker}: ${snapshot.messages.received} received`);
    follower.close();
    server.close();
  },
});
