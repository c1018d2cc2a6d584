// The client's own objects fit what the adapter takes. Compiled by types.test.mjs, never run.
import { Consumer, Producer } from "@platformatic/kafka";
import { Monitor, SensorDelegate } from "streamgauge";
import { attachConsumer, attachProducer, type Attachment, type ConsumerAttachment } from "streamgauge/platformatic";

const options = { clientId: "c", bootstrapBrokers: [] };
const consumer = new Consumer<string, string, string, string>({ ...options, groupId: "g" });
const monitor = new Monitor();
const attachment: ConsumerAttachment = attachConsumer(consumer, monitor, { streamName: "totals" });
const stream = attachment.watch(await consumer.consume({ topics: ["orders"] }));
const handle = attachment.processed(async (message: { topic: string; partition: number; offset: bigint; timestamp: bigint; value: string }) => message.value.length);
for await (const message of stream) {
  const length: number = await handle(message);
  console.log(length, message.key.length);
}
const sends: Attachment = attachProducer(new Producer(options), new SensorDelegate([monitor]));
sends.detach();
// @ts-expect-error no consumer
attachConsumer(new Producer(options), monitor);
