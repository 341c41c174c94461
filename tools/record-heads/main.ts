/**
 * Records the request heads of one client's life, for test/vectors/clients:
 *
 *     node tools/record-heads/main.ts --docker 10.0.0.2:2375 --certs DIR --port 2476 --client "docker 28.5.2" --into FILE
 *
 * DIR holds key.pem and cert.pem of the relay. Ends on SIGTERM, and then adds what is new to FILE.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { normalise } from "./normalise.ts";
import { headsOf, recordingOf } from "./recording.ts";
import { relay } from "./relay.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: { docker: text, certs: text, port: text, client: text, into: text },
});
const need = (name: keyof typeof values): string => {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
};

const [into, client] = [need("into"), need("client")];
const [host = "", port = ""] = need("docker").split(":");
const heads = new Set<string>();
let requests = 0;
const [key, cert] = ["key.pem", "cert.pem"].map((name) => readFileSync(join(need("certs"), name)));
const server = relay({ key: key as Buffer, cert: cert as Buffer }, { host, port: Number(port) }, (head) => {
  requests++;
  heads.add(normalise(head));
});

process.on("SIGTERM", () => {
  const before = existsSync(into) ? headsOf(JSON.parse(readFileSync(into, "utf8"))) : [];
  const all = new Set([...before, ...heads]);
  writeFileSync(into, `${JSON.stringify(recordingOf(client, all), null, 2)}\n`);
  console.error(`${client}: ${requests} requests, ${heads.size} different heads, ${all.size} in ${into}`);
  process.exit();
});
server.listen(Number(need("port")), "127.0.0.1", () => console.error("recording"));
