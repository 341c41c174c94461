/** The prototype of ADR 0018 in front of a fake engine that speaks gRPC on its socket. */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http2, {
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge, startGateway } from "../../bench/http2/gateway.ts";
import { OpensslPki } from "../system/openssl-pki.ts";

const folder = mkdtempSync(join(tmpdir(), "tetherdock-h2-"));
const heard: IncomingHttpHeaders[] = [];
const pki = new OpensslPki();
const ca = pki.authority();
const leaf = ca.leaf({ san: "IP:127.0.0.1" });
const people = new Map(["admin", "viewer"].map((cn) => [cn, ca.leaf({ cn, usage: "clientAuth" })]));
pki.remove();

const engine = http2.createServer();
engine.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
  heard.push(headers);
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.on("error", () => {});
  stream.pipe(stream);
});
const socketPath = join(folder, "docker.sock");
const isAdmin = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN === "admin";
const options = { ca: ca.certPem, cert: leaf.certPem, key: leaf.keyPem };
const gateway = startGateway(options, socketPath, isAdmin, (socket) => socket.end("HTTP/1.1 204 No\r\n\r\n"));

beforeAll(async () => {
  engine.listen(socketPath);
  gateway.listen(0, "127.0.0.1");
  await Promise.all([once(engine, "listening"), once(gateway, "listening")]);
});
afterAll(() => {
  engine.close();
  gateway.close();
  rmSync(folder, { recursive: true });
});

const port = () => (gateway.address() as AddressInfo).port;

function dial(who: string, protocols: string[]): TLSSocket {
  const person = people.get(who);
  const tls = { ca: ca.certPem, cert: person?.certPem, key: person?.keyPem, ALPNProtocols: protocols };
  return connect({ host: "127.0.0.1", port: port(), ...tls });
}

/** @returns the answer's head, its body and its trailers */
async function ask(who: string, headers: OutgoingHttpHeaders, body = "") {
  const socket = dial(who, ["h2"]);
  await once(socket, "secureConnect");
  const session = http2.connect("https://127.0.0.1", { createConnection: () => socket });
  const stream = session.request({ ":method": "POST", "content-type": "application/grpc", ...headers });
  const trailers = new Promise<IncomingHttpHeaders>((resolve) => stream.on("trailers", resolve));
  stream.end(body);
  const [head] = (await once(stream, "response")) as [IncomingHttpHeaders];
  const text = (await stream.setEncoding("utf8").toArray()).join("");
  const end = head["grpc-status"] === undefined ? await trailers : head;
  session.close();
  return { status: end["grpc-status"], text };
}

test.each([
  [["h2"], "h2"],
  [["h2", "http/1.1"], "http/1.1"],
  [["http/1.1"], "http/1.1"],
])("a client that offers %j gets %s", async (offered, chosen) => {
  const socket = dial("admin", offered);
  await once(socket, "secureConnect");
  expect(socket.alpnProtocol).toBe(chosen);
  socket.destroy();
});

test("an admin's call passes with its messages and trailers, without fields that are not gRPC's", async () => {
  const path = "/moby.buildkit.v1.Control/Solve";
  const answer = await ask("admin", { ":path": path, "x-registry-auth": "s3cret" }, "message");
  expect(answer).toEqual({ status: "0", text: "message" });
  expect(heard.at(-1)).toMatchObject({ ":path": path, ":authority": "docker" });
  expect(heard.at(-1)).not.toHaveProperty("x-registry-auth");
});

test.each([
  ["viewer", "/moby.buildkit.v1.Control/Solve", "7"],
  ["admin", "/v1.56/containers/create", "12"],
  ["admin", "/moby.buildkit.v1.Control/Solve?x", "12"],
  ["admin", "/moby.buildkit.v1.Control/../../v1.56/info", "12"],
  ["admin", "//moby.buildkit.v1.Control/Solve", "12"],
])("%s, %s: refused, and the engine gets nothing", async (who, path, status) => {
  const before = heard.length;
  expect(await ask(who, { ":path": path })).toMatchObject({ status });
  expect(heard.length).toBe(before);
});

test("GET and requests that are not gRPC are refused", () => {
  const call = { ":path": "/moby.buildkit.v1.Control/Solve", ":method": "POST" };
  expect(judge({ ...call, "content-type": "application/json" }, true).allow).toBe(false);
  expect(judge({ ...call, ":method": "GET", "content-type": "application/grpc" }, true).allow).toBe(false);
  expect(judge({ ...call, "content-type": "application/grpc+proto" }, true).allow).toBe(true);
});
