// A metrics endpoint for a monitor, in the text that the scraper asks for.
import { createServer } from "node:http";
import { negotiate } from "streamgauge/export";

/** Serves what `snapshots` gives, on loopback, at any free port. */
export function metricsServer(snapshots, options) {
  const server = createServer((request, response) => {
    const { contentType, render } = negotiate(request.headers.accept);
    response.setHeader("Content-Type", contentType);
    response.end(render(snapshots(), options));
  });
  return server.listen(0, "127.0.0.1");
}
