// Counts the words of the lines that it is given, and says how that went.
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Monitor } from "streamgauge";
import { attachStream } from "streamgauge/streams";

const monitor = new Monitor().start();
const words = new Map();
const count = new Transform({
  objectMode: true,
  transform(line, _, callback) {
    for (const word of line.split(" ")) words.set(word, (words.get(word) ?? 0) + 1);
    callback();
  },
});
attachStream(count, monitor, { topic: "lines", stream: "word-count" });

await pipeline(Readable.from(["to be or", "not to be"]), count);

const { messages, events } = monitor.snapshot();
console.log(JSON.stringify({ words: Object.fromEntries(words), lines: messages.received, timed: events.runtimeByStream["word-count"].count }));
