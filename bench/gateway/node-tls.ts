/** Node's own TLS server and nothing behind it: the cost of a connection in Node itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:tls";

const [folder = "", host, port] = process.argv.slice(2);
const read = (name: string) => readFileSync(join(folder, name));
createServer(
  { ca: read("ca.pem"), cert: read("server-cert.pem"), key: read("server-key.pem"), requestCert: true },
  (socket) => socket.on("error", () => socket.destroy()),
).listen(Number(port), host);
