// What the tests of the live server share: a monitor with known figures, requests as they go over the wire, events as they come.
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { after } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { Monitor } from "streamgauge";

/** A monitor that was told of three messages, with a clock that the test moves. */
export function monitorOf({ worker = "w1", topic = "orders", messages = 3 } = {}) {
  const clock = { now: 100 };
  const monitor = new Monitor({ worker, epoch: 1_700_000_000, time: () => clock.now });
  const tp = monitor.topicPartition(topic, 0);
  monitor.onPartitionsAssigned([tp]);
  for (let offset = 0; offset < messages; offset += 1) {
    const message = {};
    monitor.onMessageIn(tp, offset, message);
    clock.now += 0.25;
    monitor.onMessageOut(tp, offset, message);
  }
  monitor.trackTpEndOffset(tp, 10);
  return { monitor, clock, tp };
}

/** A source that counts how often it was read. */
export function counting(source) {
  const counted = { reads: 0, snapshot: () => ((counted.reads += 1), source.snapshot()), asdict: () => source.asdict() };
  return counted;
}

/** A GET, or what `options` say; headers as they came. */
export function get(url, path, { headers = {}, method = "GET", body } = {}) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const asked = request({ host: hostname.replace(/^\[|\]$/g, ""), port, path, method, headers, agent: false }, async (answer) => {
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      resolve({ status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString() });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Sends bytes as they are, and gives all that comes until the server ends. */
export async function raw(url, text) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.setEncoding("latin1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.on("error", () => {});
  socket.write(text);
  await once(socket, "close");
  return answer;
}

const opened = [];
// A test that failed leaves its readers open, and must end all the same.
after(() => {
  for (const one of opened) one.destroy();
});

/** A reader of `/events` on a socket of its own, that can be told to take nothing. */
export async function reader(url, headers = {}) {
  const { hostname, port } = new URL(url);
  const asked = request({ host: hostname, port, path: "/events", headers, agent: false });
  opened.push(asked);
  asked.on("error", () => {});
  asked.end();
  const [answer] = await once(asked, "response");
  const events = [];
  let text = "";
  let ended = false;
  answer.setEncoding("utf8");
  answer.on("error", () => {});
  answer.on("close", () => {
    ended = true;
  });
  answer.on("data", (chunk) => {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => /^(\w+): ?(.*)$/s.exec(line)?.slice(1) ?? ["comment", line]));
      events.push({ ...fields, data: fields.data === undefined ? undefined : JSON.parse(fields.data) });
    }
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    events,
    pause: () => answer.pause(),
    resume: () => answer.resume(),
    get ended() {
      return ended;
    },
    until: (holds) => until(() => holds(events)),
    close: () => asked.destroy(),
  };
}

/** Waits until something holds; the test's own limit ends what never does. */
export async function until(holds, what = "what the test waits for", seconds = 30) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (performance.now() > end) throw new Error(`${what} did not come: ${holds}`);
    await wait(10);
  }
}
