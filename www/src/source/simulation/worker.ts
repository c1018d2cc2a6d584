/** The simulation's thread. It listens before it loads the simulator, so that it can say what went wrong. */

import type { Reply, Request } from "./protocol.js";

const page = self as unknown as { postMessage(reply: Reply, transfer?: Transferable[]): void };

const broken = (error: unknown): void => {
  page.postMessage({ type: "broken", message: error instanceof Error ? error.message : String(error) });
};

try {
  const { Simulator } = await import("./simulator.js");
  const simulator = new Simulator((reply, transfer) => page.postMessage(reply, transfer), broken);
  self.onmessage = ({ data }: MessageEvent<Request>) => simulator.hear(data);
  simulator.begin();
} catch (error) {
  broken(error);
}
