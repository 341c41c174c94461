/** A real gateway, run by the built command, in front of a socket that answers like a small engine. */
import type { ChildProcess } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { endOf } from "../support/end-of.ts";
import { freePort } from "../support/free-port.ts";
import { ENGINE_VERSION, makeServerCertificate } from "./fake-engine.ts";
import type { LaptopStage } from "./laptop-stage.ts";
import { makeCertificates, type SampleCertificates, writeSampleLine } from "./sample-line.ts";

/** A gateway that runs, and a line to it. */
export interface GatewayStage {
  readonly line: string;
  /** Of the audit log. */
  readonly directory: string;
  /** With the host's files. */
  readonly folder: string;
  readonly port: number;
  /** Asks something of the engine, as the line's client. @returns the answer's status */
  ask(method: string, path: string): Promise<number>;
  /** Ends the gateway, until {@link resume}. */
  pause(): Promise<void>;
  /** The same with -9. */
  kill(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Of a client that has been removed. */
const GONE = { "io.tetherdock.owner": "9".repeat(64) };
/** Of an engine that has next to nothing. */
const LISTS: Readonly<Record<string, string>> = {
  "/containers/json": JSON.stringify([
    { Id: "1".repeat(64), ImageID: "sha256:1", Names: ["/left"], Labels: GONE },
  ]),
  "/version": JSON.stringify({ Version: ENGINE_VERSION, ApiVersion: "1.41", Os: "linux", Arch: "amd64" }),
  "/images/json": "[]",
  "/networks": "[]",
  "/volumes": '{"Volumes":null}',
};

/** Of its audit log, over the defaults. */
interface AuditSizes {
  readonly rotateBytes?: number;
  readonly keep?: number;
}

function writeFiles(
  folder: string,
  certificates: SampleCertificates,
  port: number,
  audit: AuditSizes,
): string {
  const server = makeServerCertificate(certificates);
  const at = (name: string): string => join(folder, name);
  const spki = new X509Certificate(certificates.cert).publicKey.export({ type: "spki", format: "der" });
  const fingerprint = createHash("sha256").update(spki).digest("hex");
  const clients = [{ name: "anna@laptop", fingerprint, role: "admin", state: "active", expires: null }];
  const config = {
    version: 1,
    listen: [{ address: `tcp://127.0.0.1:${port}` }],
    upstream: `unix://${at("docker.sock")}`,
    tls: { ca: at("ca.pem"), certificate: at("cert.pem"), key: at("key.pem") },
    clients: at("clients.json"),
    audit: { directory: at("log"), ...audit },
  };
  writeFileSync(at("ca.pem"), certificates.ca);
  writeFileSync(at("cert.pem"), server.cert);
  writeFileSync(at("key.pem"), server.key, { mode: 0o600 });
  writeFileSync(at("clients.json"), JSON.stringify({ version: 1, clients }));
  writeFileSync(at("gateway.json"), JSON.stringify(config));
  return at("gateway.json");
}

async function untilReady(child: ChildProcess): Promise<void> {
  if (!child.stderr) throw new Error("no stderr");
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    told.push(line);
    if (line.startsWith("ready")) {
      child.stderr.resume();
      return;
    }
  }
  throw new Error(`the gateway did not start:\n${told.join("\n")}`);
}

/** @param line to the gateway; there may be several @param place of the host's files, below the stage's folder */
export async function startGateway(
  stage: Pick<LaptopStage, "work" | "home" | "spawn">,
  line = "guarded",
  place = "host",
  audit: AuditSizes = {},
): Promise<GatewayStage> {
  const folder = join(stage.work, place);
  mkdirSync(folder);
  const certificates = makeCertificates(100);
  const port = await freePort();
  const config = writeFiles(folder, certificates, port, audit);
  writeSampleLine(stage.home, line, certificates, { mode: "gateway", address: "127.0.0.1", port });
  const engine = createServer(({ url = "" }, response) => {
    response.setHeader("Api-Version", "1.41");
    if (url.startsWith("/events")) response.flushHeaders();
    else response.end(LISTS[url.split("?")[0] ?? ""] ?? "OK");
  });
  engine.listen(join(folder, "docker.sock"));
  await once(engine, "listening");
  const run = async () => {
    const child = stage.spawn("tetherdock", ["gateway", "run", "--config", config]);
    await untilReady(child);
    return child;
  };
  let child = await run();
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    await endOf(child, "the gateway");
  };
  const stop = end("SIGTERM");
  const { ca, cert, key } = certificates;
  return {
    line,
    directory: join(folder, "log"),
    folder,
    port,
    async ask(method, path) {
      const asking = request({ host: "127.0.0.1", port, method, path, ca, cert, key, agent: false }).end();
      const [answer] = await once(asking, "response");
      await text(answer);
      return answer.statusCode;
    },
    pause: stop,
    kill: end("SIGKILL"),
    resume: async () => {
      child = await run();
    },
    async stop() {
      await stop();
      engine.closeAllConnections();
      engine.close();
    },
  };
}
