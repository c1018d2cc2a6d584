// An OTLP receiver on loopback. What it was sent is decoded in Python, by the messages of the official .proto files.
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const script = fileURLToPath(new URL("decode.py", import.meta.url));
const inClone = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));

function decode(body) {
  return new Promise((resolve, reject) => {
    const child = execFile(process.env.PYTHON || inClone, [script], { maxBuffer: 2 ** 26 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout));
    });
    child.stdin.end(body);
  });
}

/** `{ url, requests, close() }`; `requests` are promises of what came, as protobuf's own JSON. */
export async function startReceiver() {
  const requests = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      requests.push(decode(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body));
      // An empty ExportMetricsServiceResponse: all was taken.
      response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}/v1/metrics`, requests, close };
}
