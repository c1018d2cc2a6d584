// A user without Node's types and without the DOM's still compiles.
import { attachStream, monitorReadable, type Attachment, type StreamOptions } from "streamgauge/streams";

export const options: StreamOptions = { topic: "orders" };
export const attach: typeof attachStream = attachStream;
export const wrap: typeof monitorReadable = monitorReadable;
export const faults = (attachment: Attachment): number => attachment.faults;
