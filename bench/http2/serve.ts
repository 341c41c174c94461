/** The prototype in a separate process: `node serve.ts FOLDER SOCKET judge|pipe`. Prints its port. */
import { readFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import { startGateway } from "./gateway.ts";

const [folder = "", socketPath = "", manner = "judge"] = process.argv.slice(2);
const read = (name: string) => readFileSync(join(folder, name));
const options = { ca: read("ca.pem"), cert: read("server-cert.pem"), key: read("server-key.pem") };

/** The gateway's behaviour today after `/grpc` has been answered 101: bytes pass, and streams are not examined. */
function pipe(socket: TLSSocket): void {
  const engine = connect(socketPath);
  socket.pipe(engine).pipe(socket);
  socket.setNoDelay(); // otherwise a small answer waits 40 ms for the client to acknowledge the last one
  for (const end of [socket, engine]) end.on("error", () => socket.destroy(engine.destroy() as never));
}

const mayTunnel = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN === "bench";
const server =
  manner === "pipe"
    ? createServer({ ...options, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ["h2"] }, pipe)
    : startGateway(options, socketPath, mayTunnel, (socket) =>
        socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
      );
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
