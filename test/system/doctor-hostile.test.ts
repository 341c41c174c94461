/** `tetherdock doctor` as a process, with its real limits, against endpoints that mean it harm, and against a hundred at once. */
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { formatEndpoint } from "../../src/engine/index.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { MAIN } from "../support/program.ts";
import { OpensslPki, type Pair } from "./openssl-pki.ts";
import { allHungUp, likeDocker, plainServer, rawPeer } from "./peers.ts";

vi.setConfig({ testTimeout: 120_000 });

const TELL_MEMORY = fileURLToPath(new URL("../support/tell-memory.ts", import.meta.url));
const GIGABYTE = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 1073741824\r\n\r\n";

let laptop: Laptop;
let pki: OpensslPki;
let pair: Pair;
const tlsServers: Server[] = [];

beforeAll(async () => {
  laptop = await makeLaptop("/dev/null");
  pki = new OpensslPki();
  pair = pki.authority().leaf({ san: "IP:127.0.0.1", to: "491231000000Z" });
});
afterEach(allHungUp);
afterAll(async () => {
  await Promise.all(tlsServers.map((server) => new Promise((resolve) => server.close(resolve))));
  pki.remove();
  await laptop[Symbol.asyncDispose]();
});

/** Once it has been asked something, writes for as long as the other side reads. */
function pour(socket: Socket, first: string, again: string): void {
  const chunk = again.repeat(Math.ceil(65_536 / again.length));
  const more = (): void => {
    while (socket.writable && socket.write(chunk));
  };
  socket.on("drain", more).once("data", () => {
    socket.write(first);
    more();
  });
}

function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ""), 1_000);
  socket.on("close", () => clearInterval(timer)).resume();
}

async function behindTls(behave: (socket: TLSSocket) => void): Promise<string> {
  const server = createTlsServer({ cert: pair.certPem, key: pair.keyPem }, (socket) => {
    socket.on("error", () => undefined);
    behave(socket);
  });
  server.on("tlsClientError", () => undefined);
  tlsServers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const raw = async (behave: (socket: Socket) => void) => formatEndpoint(await rawPeer(behave));

/** A TLS record of its own length and handshake messages without an end in it. */
const garbage = Buffer.from([22, 3, 3, 64, 0, ...Array(16_384).fill(7)]).toString("latin1");

const PEERS: readonly (readonly [name: string, peer: () => Promise<string>, finding: unknown])[] = [
  ["silent", () => raw((socket) => socket.resume()), "low silent-endpoint"],
  ["one byte a second", () => raw((socket) => drip(socket, "HTTP/1.1 200 OK")), "low silent-endpoint"],
  [
    "endless headers",
    () => raw((socket) => pour(socket, "HTTP/1.1 200 OK\r\n", `X-Pad: ${"a".repeat(1000)}\r\n`)),
    "info not-docker",
  ],
  ["garbage", () => raw((socket) => pour(socket, "", "\0\u001b[2J")), "info not-docker"],
  [
    "TLS garbage",
    () => raw((socket) => socket.on("data", () => socket.write(garbage, "latin1"))),
    "info not-docker",
  ],
  [
    "1 GB of an engine's answer",
    () => raw((socket) => pour(socket, GIGABYTE, "x")),
    "critical api-without-tls",
  ],
  // Some probes are answered, at some the flood is over its bound before the answer's head has been decrypted.
  [
    "1 GB, over TLS",
    () => behindTls((socket) => pour(socket, GIGABYTE, "x")),
    expect.stringMatching(/^critical (?:no-client-auth|untrusted-admitted)$|^info not-docker$/),
  ],
  [
    "endless headers, over TLS",
    () => behindTls((socket) => pour(socket, "HTTP/1.1 200 OK\r\n", "X: y\r\n")),
    "info not-docker",
  ],
  ["silent after the handshake", () => behindTls((socket) => socket.resume()), "low silent-endpoint"],
];

test("all of them in one run: bounded time and memory, and a finding for each", async () => {
  const words = await Promise.all(PEERS.map(([, peer]) => peer()));
  const begun = performance.now();
  const { stdout, stderr, status } = await laptop.run([
    process.execPath,
    "--import",
    TELL_MEMORY,
    MAIN,
    "doctor",
    ...words,
    "--json",
  ]);
  // Three seconds a connection, a minute for all together.
  expect(performance.now() - begun).toBeLessThan(60_000);
  expect(Number(/maxRSS (\d+)/.exec(stderr)?.[1]), stderr).toBeLessThan(256 * 1024);
  const { reports } = JSON.parse(stdout);
  const found = reports.map(
    ({ findings }: { findings: { severity: string; check: string }[] }, at: number) => [
      PEERS[at]?.[0],
      findings.map(({ severity, check }) => `${severity} ${check}`).join(),
    ],
  );
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(PEERS.map(([name, , finding]) => [name, finding])),
  );
  expect(status).toBe(13);
});

test("a hundred engines: a dozen connections at a time, and a progress line that is erased afterwards", async () => {
  const CONNECTIONS = 12;
  let now = 0;
  let most = 0;
  const peers = await Promise.all(
    Array.from({ length: 100 }, () =>
      plainServer((request, response) => {
        most = Math.max(most, ++now);
        response.on("close", () => now--);
        likeDocker(request, response);
      }),
    ),
  );
  const words = peers.map(formatEndpoint).join(" ");
  await using doctor = laptop.pty(`tetherdock doctor ${words} --json >report.json`);
  const { text, status } = await doctor.ended;
  expect(status).toBe(13);
  const told = [...text.matchAll(/probing from outside: (\d+) of 100 endpoints/g)].map(([, done]) =>
    Number(done),
  );
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(100);
  expect(told.length).toBeGreaterThan(50);
  expect(text.endsWith("100 of 100 endpoints …\r\u001b[2K"), text.slice(-200)).toBe(true);
  expect(most).toBeLessThanOrEqual(CONNECTIONS);
});
