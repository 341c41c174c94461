import type { Socket } from "node:net";
import { connect } from "node:net";
import { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Credential, Endpoint, Observation } from "../../src/engine/index.ts";
import { probe } from "../../src/system/probing/prober.ts";
import { type Authority, OpensslPki, type Pair } from "./openssl-pki.ts";
import { allHungUp, freePort, likeDocker, plainServer, rawPeer, tlsServer } from "./peers.ts";

const PLAIN: Credential = { kind: "plain" };
const LOOPBACK = "IP:127.0.0.1,IP:::1";

let pki: OpensslPki;
let ca: Authority;
let server: Pair;
let ours: Pair;

beforeAll(() => {
  pki = new OpensslPki();
  ca = pki.authority();
  server = ca.leaf({ san: LOOPBACK });
  ours = ca.leaf({ usage: "clientAuth" });
});
afterAll(() => pki.remove());
afterEach(allHungUp);

const tls = (identity?: Pair, caPem = ca.certPem): Credential => ({
  kind: "tls",
  caPem,
  ...(identity && { identity }),
});
const withKey = ({ certPem, keyPem }: Pair) => ({ cert: certPem, key: keyPem });

function see(endpoint: Endpoint, credential: Credential, timeoutMs = 5_000): Promise<Observation> {
  return probe({ endpoint, credential, timeoutMs });
}

describe("an endpoint that behaves", () => {
  test("answers plain HTTP", async () => {
    const seen = await see(await plainServer(), PLAIN);
    const answer = { status: 200, apiVersion: "1.41", server: "Docker/20.10.24 (linux)", body: "OK" };
    expect(seen).toEqual({ kind: "answered", answer });
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("answers over %s", async (version) => {
    const endpoint = await tlsServer({ ...withKey(server), minVersion: version, maxVersion: version });
    const seen = await see(endpoint, tls());
    expect(seen).toMatchObject({ kind: "answered", answer: { status: 200, body: "OK" }, tls: { version } });
    expect(seen.kind === "answered" && seen.tls?.certificatePem).toContain(server.certPem.slice(30, 90));
  });

  test("answers over IPv6, by address and certificate", async () => {
    const endpoint = await tlsServer(withKey(server), likeDocker, "::1");
    expect(await see(endpoint, tls())).toMatchObject({ kind: "answered", answer: { status: 200 } });
  });

  test("is verified by the server name, and sent it, when connecting to an address", async () => {
    let sni: string | undefined;
    const named = ca.leaf({ san: "DNS:box.example" });
    const endpoint = await tlsServer({
      ...withKey(named),
      SNICallback: (name, done) => {
        sni = name;
        done(null);
      },
    });
    const request = { endpoint, serverName: "box.example", credential: tls(), timeoutMs: 5_000 };
    expect(await probe(request)).toMatchObject({ kind: "answered" });
    expect(sni).toBe("box.example");
  });

  test("of an engine that answers 403 is reported as it is", async () => {
    const endpoint = await plainServer((_, response) => response.writeHead(403).end("no"));
    expect(await see(endpoint, PLAIN)).toEqual({ kind: "answered", answer: { status: 403, body: "no" } });
  });
});

describe("client certificates with TLS servers of Node", () => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)("%s admits ours and no other", async (version) => {
    const endpoint = await tlsServer({
      ...withKey(server),
      ca: ca.certPem,
      requestCert: true,
      minVersion: version,
      maxVersion: version,
    });
    expect(await see(endpoint, tls(ours))).toMatchObject({ kind: "answered", tls: { version } });
    const expired = ca.leaf({ usage: "clientAuth", from: "200101000000Z", to: "200201000000Z" });
    const stranger = pki.authority().leaf({ usage: "clientAuth" });
    for (const identity of [undefined, stranger, expired])
      expect((await see(endpoint, tls(identity))).kind).toMatch(/^(?:tls-alert|closed)$/);
  });
});

describe("a certificate that is not to be trusted", () => {
  const distrusted = async (pair: Pair, caPem?: string): Promise<Observation & { asked: boolean }> => {
    let asked = false;
    const endpoint = await tlsServer(withKey(pair), () => {
      asked = true;
    });
    return { ...(await see(endpoint, tls(ours, caPem))), asked };
  };

  test("from another CA, even of the same name", async () => {
    const reason = { kind: "distrusted", reason: "unknown-authority", asked: false };
    expect(await distrusted(server, pki.authority("other").certPem)).toMatchObject(reason);
    expect(await distrusted(server, pki.authority("test ca").certPem)).toMatchObject(reason);
  });

  test("for another name or address, with the names it has", async () => {
    const other = ca.leaf({ san: "DNS:a.test,IP:192.0.2.1" });
    expect(await distrusted(other)).toMatchObject({
      kind: "distrusted",
      reason: "name-mismatch",
      detail: "it is for DNS:a.test, IP Address:192.0.2.1, not 127.0.0.1",
      asked: false,
    });
  });

  test("with the right name only as common name", async () => {
    const legacy = ca.leaf({ cn: "box.example" });
    const mixed = ca.leaf({ cn: "box.example", san: "IP:192.0.2.1" });
    for (const pair of [legacy, mixed]) {
      const endpoint = await tlsServer(withKey(pair));
      const request = { endpoint, serverName: "box.example", credential: tls(), timeoutMs: 5_000 };
      expect(await probe(request)).toMatchObject({ kind: "distrusted", reason: "name-mismatch" });
    }
  });

  test.each([
    ["expired", "expired", { from: "200101000000Z", to: "200201000000Z" }],
    ["not begun", "not-yet-valid", { from: "20600101000000Z", to: "20610101000000Z" }],
    ["a client's", "other", { usage: "clientAuth" }],
  ] as const)("%s", async (_, reason, options) => {
    const seen = await distrusted(ca.leaf({ san: LOOPBACK, ...options }));
    expect(seen).toMatchObject({ kind: "distrusted", reason, asked: false });
    expect(seen.kind === "distrusted" && seen.tls.certificatePem).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  test("from a public CA is not trusted when the given CA is unusable: that is our own error", async () => {
    const endpoint = await tlsServer(withKey(server));
    for (const caPem of ["", "rubbish"])
      await expect(see(endpoint, tls(ours, caPem))).rejects.toMatchObject({ code: "CREDENTIAL_UNUSABLE" });
    const torn = { certPem: ours.certPem, keyPem: server.keyPem };
    await expect(see(endpoint, tls(torn))).rejects.toMatchObject({ code: "CREDENTIAL_UNUSABLE" });
  });
});

describe("nothing there", () => {
  test.each(["127.0.0.1", "::1"])("nothing listens on %s", async (host) => {
    const endpoint = await freePort(host);
    const refused = { kind: "unreachable", cause: "refused", detail: "ECONNREFUSED" };
    expect(await see(endpoint, PLAIN)).toEqual(refused);
    expect(await see(endpoint, tls(ours))).toEqual(refused);
  });

  test("a name that cannot exist", async () => {
    const seen = await see({ host: `${"x".repeat(64)}.invalid`, port: 2376 }, PLAIN);
    expect(seen).toMatchObject({ kind: "unreachable", cause: "dns" });
  });
});

const trickle = (socket: Socket, bytes: string): void => {
  let at = 0;
  const timer = setInterval(() => socket.write(bytes[at++ % bytes.length] ?? ""), 10);
  socket.on("close", () => clearInterval(timer)).resume();
};

const flood = (socket: Socket, prefix: string, again: string): void => {
  const chunk = again.repeat(64);
  const pour = (): void => {
    while (socket.writable && socket.write(chunk));
  };
  socket.on("drain", pour).resume().write(prefix);
  pour();
};

describe("hostile peers", () => {
  const behaviours: readonly (readonly [string, (socket: Socket) => void, object, object])[] = [
    [
      "silent",
      (socket) => socket.resume(),
      { kind: "silent", stage: "answer", bytes: 0 },
      { kind: "silent", stage: "handshake", bytes: 0 },
    ],
    [
      "closing at once",
      (socket) => socket.resume().end(),
      { kind: "closed", how: "closed" },
      { kind: "unreachable", cause: "reset" },
    ],
    [
      "resetting when asked",
      (socket) => socket.once("data", () => socket.resetAndDestroy()),
      { kind: "closed", how: "reset" },
      { kind: "unreachable", cause: "reset", detail: "ECONNRESET" },
    ],
    [
      "an ssh server",
      (socket) => socket.resume().end("SSH-2.0-OpenSSH_9.2\r\n"),
      { kind: "garbage", speaks: "ssh", detail: "not HTTP" },
      { kind: "not-tls", speaks: "ssh", firstBytes: "SSH-2.0-OpenSSH_9.2\\x0d\\x0a" },
    ],
    [
      "an HTTP server",
      (socket) => socket.resume().end("HTTP/1.1 400 Bad Request\r\n\r\n"),
      { kind: "answered", answer: { status: 400 } },
      { kind: "not-tls", speaks: "http" },
    ],
    [
      "pouring rubbish",
      (socket) => flood(socket, "", "\0\x1b[2J"),
      { kind: "garbage", speaks: "unknown" },
      { kind: "not-tls", speaks: "unknown" },
    ],
    [
      "a TLS server that dislikes us",
      (socket) => socket.resume().end(Buffer.from("15030300020228", "hex")),
      { kind: "garbage", speaks: "tls" },
      { kind: "tls-alert", alert: "handshake_failure", stage: "handshake" },
    ],
    [
      "sending half a TLS record",
      (socket) => socket.resume().end(Buffer.from("1603030040", "hex")),
      { kind: "garbage", speaks: "tls" },
      { kind: "closed", stage: "handshake" },
    ],
    [
      "endless in its headers",
      (socket) => flood(socket, "HTTP/1.1 200 OK\r\n", "X-More: yes\r\n"),
      { kind: "garbage", speaks: "http", detail: "its head has no end" },
      { kind: "not-tls", speaks: "http" },
    ],
    [
      "endless in its body",
      (socket) => flood(socket, "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n\r\n", "x"),
      { kind: "answered", answer: { status: 200, apiVersion: "1.41", body: "x".repeat(4_096) } },
      { kind: "not-tls", speaks: "http" },
    ],
    [
      "endless in interim answers",
      (socket) => flood(socket, "", "HTTP/1.1 103 Early Hints\r\n\r\n"),
      { kind: "garbage", detail: "more than 64 KiB without an end" },
      { kind: "not-tls", speaks: "http" },
    ],
    [
      "trickling a head",
      (socket) =>
        trickle(socket, "HTTP/1.1 200 OK\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"),
      { kind: "silent", stage: "answer" },
      { kind: "not-tls", speaks: "http" },
    ],
    [
      "switching protocols unasked",
      (socket) =>
        socket
          .resume()
          .write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
      { kind: "closed" },
      { kind: "not-tls", speaks: "http" },
    ],
  ];
  const TIMEOUT_MS = 400;
  // Far above the timeout, far below what any of these peers would wait.
  const BOUND_MS = 3_000;

  test.each(behaviours)("%s", async (_, behave, plain, overTls) => {
    const endpoint = await rawPeer(behave);
    const begun = performance.now();
    expect(await see(endpoint, PLAIN, TIMEOUT_MS)).toMatchObject(plain);
    expect(await see(endpoint, tls(ours), TIMEOUT_MS)).toMatchObject(overTls);
    expect(performance.now() - begun).toBeLessThan(2 * BOUND_MS);
  });

  test("a TLS server that completes the handshake and then is silent, floods, or disconnects", async () => {
    const behind = async (behave: (socket: TLSSocket) => void): Promise<Observation> => {
      const endpoint = await rawPeer((socket) => {
        const secured = new TLSSocket(socket, { isServer: true, ...withKey(server) });
        secured.on("error", () => undefined);
        behave(secured);
      });
      return see(endpoint, tls(ours), TIMEOUT_MS);
    };
    expect(await behind((socket) => socket.resume())).toMatchObject({ kind: "silent", stage: "answer" });
    expect(await behind((socket) => flood(socket, "", "zzzz"))).toMatchObject({ kind: "garbage" });
    const cut = await behind((socket) => socket.once("data", () => socket.destroy()));
    expect(cut).toMatchObject({ kind: "closed", stage: "answer", tls: { version: "TLSv1.3" } });
  });

  test("a middlebox that cuts the handshake after the server's first bytes", async () => {
    const behind = await tlsServer(withKey(server));
    const endpoint = await rawPeer((socket) => {
      const upstream = connect(behind.port, behind.host);
      upstream.on("error", () => undefined);
      socket.pipe(upstream);
      upstream.once("data", (bytes: Buffer) => {
        socket.end(bytes.subarray(0, 20));
        upstream.destroy();
      });
    });
    expect(await see(endpoint, tls(ours))).toMatchObject({ kind: "closed", stage: "handshake" });
  });
});
