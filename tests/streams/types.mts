// The real streams are assignable to what the adapter takes, and what it gives is what was given.
import { Duplex, PassThrough, Readable, Transform, Writable } from "node:stream";
import { createGzip } from "node:zlib";
import { Socket } from "node:net";
import { Monitor } from "streamgauge";
import { Recorder } from "streamgauge/replay";
import { attachStream, attachTransformer, monitorReadable, monitorTransform, monitorWritable, type Attachment } from "streamgauge/streams";

const monitor = new Monitor();
const orders = { topic: "orders" };
const attachments: Attachment[] = [
  attachStream(Readable.from([1]), monitor, orders),
  attachStream(new Writable(), monitor, orders),
  attachStream(new Transform(), new Recorder(), orders),
  attachStream(new PassThrough(), monitor, { ...orders, timestamp: (chunk: { at: number }) => chunk.at }),
  attachStream(createGzip(), monitor, orders),
  attachStream(new Socket(), monitor, { ...orders, side: "readable" }),
  attachStream(new Duplex(), monitor, { ...orders, side: "writable", partition: 3, stream: "a", task: null }),
];
const transformer: Transformer<number, string> = { transform: (chunk, controller) => controller.enqueue(String(chunk)) };
attachments.push(attachTransformer(transformer, monitor, orders));

const readable: ReadableStream<number> = monitorReadable(new ReadableStream<number>(), monitor, orders).readable;
const texts: ReadableStream<string> = readable.pipeThrough(monitorTransform(new TransformStream<number, string>(transformer), monitor, orders));
const writable: WritableStream<string> = monitorWritable(new WritableStream<string>(), monitor, { ...orders, highWaterMark: 8 }).writable;
await texts.pipeTo(writable);

// @ts-expect-error: a topic is wanted.
attachStream(new PassThrough(), monitor, {});
// @ts-expect-error: no stream.
attachStream(new Map(), monitor, orders);
