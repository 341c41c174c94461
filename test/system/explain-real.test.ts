/** What real clients really say against servers that are wrong in one way each, explained. */
import type { Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Endpoint } from "../../src/engine/index.ts";
import { explain } from "../../src/explain/index.ts";
import { type Client, ClientBench, type Material } from "./explain-clients.ts";
import { type Authority, OpensslPki, type Pair } from "./openssl-pki.ts";
import { allHungUp, freePort, plainServer, rawPeer, tlsServer } from "./peers.ts";

// Every test starts at least one foreign program, on a machine that may be busy.
vi.setConfig({ testTimeout: 20_000 });

const bench = new ClientBench();
const NAMES = bench.clients.map(({ name }) => name);
const DOCKERS = NAMES.filter((name) => name.endsWith("docker"));
const IS_DOCKER = (name: string): boolean => DOCKERS.includes(name);

let pki: OpensslPki;
let ca: Authority;
let own: Material;
let stranger: Authority;

beforeAll(() => {
  pki = new OpensslPki();
  ca = pki.authority("test ca");
  stranger = pki.authority("stranger");
  own = { caPem: ca.certPem, own: ca.leaf({ usage: "clientAuth" }) };
});
afterEach(allHungUp);
afterAll(() => {
  pki.remove();
  bench[Symbol.dispose]();
});

/** Speaks first, as sshd does, and reads what comes. */
function sshd(socket: Socket): void {
  socket.resume().end("SSH-2.0-OpenSSH_9.2\r\n");
}

const client = (name: string): Client => bench.clients.find((one) => one.name === name) as Client;
const server = (leaf: Pair, more = {}): Promise<Endpoint> =>
  tlsServer({ cert: leaf.certPem, key: leaf.keyPem, ca: ca.certPem, ...more });
const good = (): Pair => ca.leaf({ san: "IP:127.0.0.1" });

/** @returns the topics found, with the text for when they are not what was expected */
async function topics(name: string, endpoint: Endpoint, material: Material | undefined) {
  const text = await client(name).ask(endpoint, material);
  const { explanations, endpoint: found } = explain(text);
  // Whoever names an endpoint must name the one that was asked.
  if (found) expect(found).toEqual(endpoint);
  return { topics: explanations.map(({ topic }) => topic), text };
}

test("a docker CLI is installed", () => {
  expect(DOCKERS.length).toBeGreaterThan(0);
});

describe.each(NAMES)("%s", (name) => {
  test("over TLS to plain HTTP", async () => {
    const seen = await topics(name, await plainServer(), own);
    expect(seen.topics, seen.text).toEqual([
      IS_DOCKER(name) ? "plain-http-where-tls-was-expected" : "peer-does-not-speak-tls",
    ]);
  });

  test("over TLS to an SSH server", async () => {
    const seen = await topics(name, await rawPeer(sshd), own);
    expect(seen.topics, seen.text).toEqual(["peer-does-not-speak-tls"]);
  });

  test("without a certificate, TLS 1.2", async () => {
    const strict = { requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" };
    const seen = await topics(name, await server(good(), strict), { caPem: ca.certPem });
    expect(seen.topics, seen.text).toEqual(["handshake-refused"]);
  });

  test("without a certificate, TLS 1.3", async () => {
    const seen = await topics(name, await server(good(), { requestCert: true }), { caPem: ca.certPem });
    // The alert comes after the handshake, and a reset may overtake it: both are the client's own words.
    const possible = ["client-certificate-missing", "connection-reset", "connection-closed-early"];
    expect(seen.topics, seen.text).toHaveLength(1);
    expect(possible, seen.text).toContain(seen.topics[0]);
  });

  test("a CA that the client does not know", async () => {
    const seen = await topics(name, await server(good()), { ...own, caPem: stranger.certPem });
    expect(seen.topics, seen.text).toEqual(["unknown-authority"]);
  });

  test("a certificate for other addresses", async () => {
    const seen = await topics(name, await server(ca.leaf({ san: "IP:192.0.2.7,DNS:vps.example" })), own);
    expect(seen.topics, seen.text).toEqual(["name-mismatch"]);
  });

  test("an expired certificate", async () => {
    const past = { san: "IP:127.0.0.1", from: "200101000000Z", to: "200201000000Z" };
    const seen = await topics(name, await server(ca.leaf(past)), own);
    expect(seen.topics, seen.text).toEqual(["certificate-expired"]);
  });

  test("a certificate that is not yet valid", async () => {
    const future = { san: "IP:127.0.0.1", from: "400101000000Z", to: "410101000000Z" };
    const seen = await topics(name, await server(ca.leaf(future)), own);
    expect(seen.topics, seen.text).toEqual(["certificate-not-yet-valid"]);
  });

  test("nothing listens", async () => {
    const seen = await topics(name, await freePort(), own);
    expect(seen.topics, seen.text).toEqual([IS_DOCKER(name) ? "daemon-not-reached" : "connection-refused"]);
  });
});

describe.each(DOCKERS)("%s alone", (name) => {
  const dockerSays = async (args: readonly string[], env: readonly string[] = []): Promise<string[]> => {
    const text = await bench.docker(name, args, env);
    const { explanations } = explain(text);
    return explanations.length === 0 ? [text] : explanations.map(({ topic }) => topic);
  };

  test("plain HTTP to a daemon with TLS: Go's own answer, and a bare alert", async () => {
    const answer = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
    // Answered when asked, as a server does.
    const go = await rawPeer((socket) => socket.once("data", () => socket.end(answer)));
    expect((await topics(name, go, undefined)).topics).toEqual(["tls-where-plain-http-was-sent"]);
    const alert = await rawPeer((socket) =>
      socket.once("data", () => socket.end("\x15\x03\x01\x00\x02\x02\x0a", "latin1")),
    );
    const seen = await client(name).ask(alert, undefined);
    const [one] = explain(seen).explanations;
    expect(one?.topic, seen).toBe("tls-where-plain-http-was-sent");
    expect(one?.decoded.join(), seen).toContain("unexpected_message");
  });

  test("plain HTTP to an SSH server", async () => {
    const ssh = await rawPeer((socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.2\r\n")));
    const seen = await topics(name, ssh, undefined);
    expect(seen.topics, seen.text).toEqual(["another-service-on-the-port"]);
  });

  test("plain HTTP to a TLS server that just hangs up", async () => {
    const seen = await topics(name, await server(good()), undefined);
    expect(seen.topics, seen.text).toEqual(["connection-closed-early"]);
  });

  test("an address where the certificate has names only, and a common name only", async () => {
    const named = await topics(name, await server(ca.leaf({ san: "DNS:vps.example" })), own);
    expect(named.topics, named.text).toEqual(["no-ip-address-in-certificate"]);
    const old = await topics(name, await server(ca.leaf({ cn: "127.0.0.1" })), own);
    expect(old.topics, old.text).toEqual(["common-name-only"]);
  });

  test("its own files", async () => {
    const tls = ["DOCKER_HOST=tcp://127.0.0.1:1", "DOCKER_TLS_VERIFY=1"];
    expect(await dockerSays(["ps"], [...tls, "DOCKER_CERT_PATH=/nowhere"])).toEqual([
      "certificate-files-missing",
    ]);
    const mixed = { certPem: ca.leaf({}).certPem, keyPem: ca.leaf({}).keyPem };
    const mismatch = bench.store({ caPem: ca.certPem, own: mixed });
    expect(await dockerSays(["ps"], [...tls, `DOCKER_CERT_PATH=${mismatch}`])).toEqual([
      "key-and-certificate-do-not-match",
    ]);
    const junk = bench.store({ caPem: "junk", own: ca.leaf({}) });
    expect(await dockerSays(["ps"], [...tls, `DOCKER_CERT_PATH=${junk}`])).toEqual([
      "certificate-file-unusable",
    ]);
  });

  test("a missing socket, context, address and ssh host", async () => {
    expect(await dockerSays(["-H", "unix:///nowhere/docker.sock", "ps"])).toEqual([
      "local-socket-without-daemon",
    ]);
    expect(await dockerSays(["-c", "nosuch", "ps"])).toEqual(["docker-context-missing"]);
    expect(await dockerSays(["-H", "http://127.0.0.1:1", "ps"])).toEqual(["docker-host-malformed"]);
    const { port } = await freePort();
    expect(await dockerSays(["-H", `ssh://127.0.0.1:${port}`, "ps"])).toEqual(["ssh-unreachable"]);
  });
});
