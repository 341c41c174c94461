/** `tetherdock doctor` and its like as processes, against endpoints that write down all they are sent. */

import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { writeSampleLine } from "../cli/sample-line.ts";
import { MAIN } from "../support/program.ts";
import { type Output, run } from "../support/run.ts";
import { OpensslPki } from "./openssl-pki.ts";

// Every test starts Node several times, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** A whole request without a body: nothing before it and nothing after it. */
const READING = /^(?:GET|HEAD) \/(?:_ping|version|info) HTTP\/1\.1\r\n(?:[A-Za-z-]+: [^\r\n]*\r\n)+\r\n$/;
const TLS_HANDSHAKE = 0x16;
const ANSWER =
  "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK";

let folder: string;
let pki: OpensslPki;
/** All bytes of each connection, TLS taken off where it was spoken. */
const sent: { readonly to: string; bytes: Buffer }[] = [];
const servers: Server[] = [];
const ports: Record<string, number> = {};

function record(to: string, socket: Socket): void {
  const connection = { to, bytes: Buffer.alloc(0) };
  sent.push(connection);
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    connection.bytes = Buffer.concat([connection.bytes, chunk]);
    if (connection.bytes[0] === TLS_HANDSHAKE) socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    else if (connection.bytes.includes("\r\n\r\n")) socket.end(ANSWER);
  });
}

async function listening(name: string, server: Server): Promise<void> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ports[name] = (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tetherdock-doctor-"));
  pki = new OpensslPki();
  const ca = pki.authority();
  const { certPem, keyPem } = ca.leaf({ san: "IP:127.0.0.1" });
  const tls = { cert: certPem, key: keyPem, ca: ca.certPem };
  const client = ca.leaf({ usage: "clientAuth" });
  await listening(
    "plain",
    createTcpServer((socket) => record("plain", socket)),
  );
  for (const [name, requestCert] of [
    ["open", false],
    ["mutual", true],
  ] as const) {
    const server = createTlsServer({ ...tls, requestCert }, (socket) => record(name, socket));
    server.on("tlsClientError", () => undefined);
    await listening(name, server);
  }
  const files = { ca: ca.certPem, caKey: ca.keyPem, cert: client.certPem, key: client.keyPem };
  writeSampleLine(join(folder, "home"), "vps", files, { address: "127.0.0.1", port: ports["mutual"] });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  pki.remove();
  rmSync(folder, { recursive: true });
});

function tetherdock(...args: readonly string[]): Promise<Output> {
  const env = ["-i", `PATH=${process.env["PATH"]}`, `HOME=${folder}`, `TETHERDOCK_HOME=${folder}/home`];
  return run(["env", ...env, process.execPath, MAIN, ...args]);
}

test("doctor, topology, explain and status ask for /_ping and /version, and send nothing else at all", async () => {
  const at = (name: string) => `127.0.0.1:${ports[name]}`;
  const commands = [
    ["doctor", at("plain"), at("open"), at("mutual"), "--no-ssh", "--json"],
    ["doctor", "vps", "--no-ssh", "--port", String(ports["plain"]), "--sarif"],
    ["topology", at("plain")],
    ["topology", "vps", "--no-ssh"],
    ["explain", `Get https://${at("plain")}/v1.19/info: tls: oversized record received with length 20527`],
    ["explain", `https://${at("mutual")} remote error: tls: certificate required`],
    ["status"],
  ];
  for (const command of commands) {
    const { stdout, stderr } = await tetherdock(...command);
    expect(stdout + stderr, command.join(" ")).not.toContain("tetherdock: error");
  }
  const spoke = sent.filter(({ bytes }) => bytes.length > 0 && bytes[0] !== TLS_HANDSHAKE);
  expect(new Set(spoke.map(({ to }) => to))).toEqual(new Set(["plain", "open", "mutual"]));
  for (const { to, bytes } of spoke) expect(bytes.toString("latin1"), to).toMatch(READING);
  // What is not HTTP is the beginning of a handshake, and on the port in the clear alone.
  const greetings = sent.filter(({ bytes }) => bytes[0] === TLS_HANDSHAKE);
  expect(new Set(greetings.map(({ to }) => to))).toEqual(new Set(["plain"]));
  // An engine is asked for its version by its owner only.
  const versions = spoke.filter(({ bytes }) => bytes.includes("/version"));
  expect(new Set(versions.map(({ to }) => to))).toEqual(new Set(["mutual"]));
});
