// What any sensor hears of a stream.
import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { it } from "node:test";
import { attachStream } from "streamgauge/streams";

it("the hooks of a chunk come in order, with one offset", async () => {
  const told = [];
  const hear = (name, offsetAt) => (...given) => void told.push([name, given[offsetAt]]);
  const sensor = { onPoll: hear("poll", 0), onMessageIn: hear("in", 1), onStreamEventIn: hear("event in", 1), onStreamEventOut: hear("event out", 1), onMessageOut: hear("out", 1) };
  const through = new PassThrough();
  const attachment = attachStream(through, sensor, { topic: "orders" });
  await pipeline(Readable.from([Buffer.from("a"), Buffer.from("b")]), through.resume());
  assert.deepEqual(told, [0, 1].flatMap((offset) => [["poll", 1], ["in", offset], ["event in", offset], ["event out", offset], ["out", offset]]));
  assert.equal(attachment.faults, 0);
});
