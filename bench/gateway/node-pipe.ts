/**
 * Node's own TLS server with a pipe to the upstream behind it: no HTTP, no policy, no limits, no audit. The cost of a
 * new connection and its requests with Node's own streams.
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { createServer } from "node:tls";

const [folder = "", host, port, upstream = ""] = process.argv.slice(2);
const read = (name: string) => readFileSync(join(folder, name));
const [ca, cert, key] = [read("ca.pem"), read("server-cert.pem"), read("server-key.pem")];
createServer({ ca, cert, key, requestCert: true, noDelay: true }, (client) =>
  pipeline(client, connect(upstream), client, () => client.destroy()),
).listen(Number(port), host);
