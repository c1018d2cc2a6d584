// A server whose requests are counted.
import { once } from "node:events";
import { createServer } from "node:http";
import { Monitor } from "streamgauge";
import { attachHttpServer } from "streamgauge/http";

const monitor = new Monitor().start();
const server = createServer((request, response) => response.writeHead(request.url === "/" ? 200 : 404).end());
const attachment = attachHttpServer(server, monitor, { filter: ({ url }) => url !== "/healthz" });

server.listen(0, "127.0.0.1");
await once(server, "listening");
for (const path of ["/", "/none", "/healthz"]) await (await fetch(`http://127.0.0.1:${server.address().port}${path}`)).text();
server.closeAllConnections();
server.close();
await once(server, "close");
attachment.detach();

console.log(JSON.stringify(monitor.asdict().http_response_codes));
