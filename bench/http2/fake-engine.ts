/** A fake of a future engine: gRPC over HTTP/2 without TLS, on its socket. `node fake-engine.ts SOCKET`. */

import { rmSync } from "node:fs";
import http2, { type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";

const [path = ""] = process.argv.slice(2);
const MESSAGE = Buffer.concat([Buffer.from([0, 0, 0, 0, 64]), Buffer.alloc(64, 1)]);

/** Echoes its input, and ends like gRPC. `Health/Check` answers one message, whatever the input. */
function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", "x-path": headers[":path"] }));
  stream.on("error", () => {});
  if (headers[":path"]?.endsWith("/Check")) {
    stream.resume();
    stream.on("end", () => stream.end(MESSAGE));
  } else if (headers[":path"]?.endsWith("/Solve")) {
    stream.resume(); // takes an upload
    stream.on("end", () => stream.end(MESSAGE));
  } else stream.pipe(stream);
}

rmSync(path, { force: true });
const server = http2.createServer();
server.on("stream", serve);
server.on("session", (session) => session.on("error", () => session.destroy()));
server.listen(path, () => console.log("ready"));
