/** `join` against a real gateway, and against who stands in between: no byte of the token is sent before the host is proven. */
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type JoinPorts, join } from "../../src/app/join/index.ts";
import { TetherdockError } from "../../src/base/index.ts";
import { JOIN_PROTOCOL } from "../../src/gateway/index.ts";
import { formatToken } from "../../src/identity/index.ts";
import { readCertificate } from "../../src/pki/index.ts";
import { fetchJoinCa, redeemToken } from "../../src/system/api/join-client.ts";
import { createLineStore } from "../../src/system/files/line-store.ts";
import { countingRandom } from "../support/app/counting-random.ts";
import { Identities } from "./support/identities.ts";
import { invite, secret } from "./support/joining.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
let home: string;
const servers: { close(): unknown }[] = [];
beforeEach(async () => {
  stage = await Stage.make();
  // The certificate's names are what a machine that joins dials.
  await stage.takenOver("the certificates", async () =>
    stage.useServer(await stage.identities.server(stage.host, "docker.test")),
  );
  home = await mkdtemp(pathOf(tmpdir(), "tetherdock-join-"));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await stage.end();
  await rm(home, { recursive: true });
});

const portsOf = (): JoinPorts => ({
  lines: createLineStore(home),
  clock: Date.now,
  random: countingRandom(),
  gateway: { fetchCa: fetchJoinCa, redeem: redeemToken },
  onWaiting: () => {},
  pause: async () => {},
});

function tokenFor(token: Buffer, port: number = stage.port, address = stage.host): string {
  const caFingerprint = readCertificate(stage.identities.ca).fingerprint;
  return formatToken({ approval: false, secret: token, caFingerprint, address, port, line: "web" });
}

async function failure(work: Promise<unknown>): Promise<TetherdockError> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (cause) => cause,
  );
  if (error instanceof TetherdockError) return error;
  throw error;
}

/** Somebody in between. @param greeting its first line @returns its port, and all that it was sent */
async function middle(options: TlsOptions, greeting: string, leave = false) {
  const heard: string[] = [];
  const server = createServer({
    ...options,
    ALPNProtocols: [JOIN_PROTOCOL],
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on("secureConnection", (socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      heard.push(bytes.toString("latin1"));
      if (leave) socket.destroy();
    });
    socket.write(greeting);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return { heard, port: (server.address() as AddressInfo).port };
}

const leftovers = async () =>
  (await readdir(home, { recursive: true })).filter((name) => name.endsWith(".pem"));

test("a machine joins, and its line is whole", async () => {
  const token = secret();
  await invite(stage, "bob@desk", token);
  const ports = portsOf();
  expect(await join(ports, tokenFor(token))).toMatchObject({ line: "web", client: "bob@desk" });
  expect(await ports.lines.read("web")).toMatchObject({ joined: true, address: stage.host });
  const read = (file: "ca" | "cert" | "key") => ports.lines.readFile("web", `docker/${file}.pem`);
  const wire = await stage.connectWith({
    ca: await read("ca"),
    cert: await read("cert"),
    key: await read("key"),
  });
  wire.send("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n");
  await stage.docker.next();
});

test("an attacker in the middle with another CA does not get the token", async () => {
  const [token, mallory] = [secret(), await Identities.make()];
  await invite(stage, "bob@desk", token);
  const server = await mallory.server("127.0.0.1");
  const { heard, port } = await middle(server, `${JSON.stringify({ ca: mallory.ca })}\n`);
  const error = await failure(join(portsOf(), tokenFor(token, port, "127.0.0.1")));
  expect(error.code).toBe("JOIN_HOST_UNPROVEN");
  expect(heard).toEqual([]);
  expect(await leftovers()).toEqual([]);
});

test("an attacker in the middle who shows the line's own CA does not get the token either", async () => {
  const [token, mallory] = [secret(), await Identities.make("tetherdock test")];
  await invite(stage, "bob@desk", token);
  const { ca } = stage.identities;
  const forged = await mallory.server("127.0.0.1");
  for (const identity of [forged, { ...forged, cert: `${forged.cert}${ca}` }]) {
    const { heard, port } = await middle(identity, `${JSON.stringify({ ca })}\n`);
    const error = await failure(join(portsOf(), tokenFor(token, port, "127.0.0.1")));
    expect(error.code).toBe("JOIN_HOST_UNPROVEN");
    expect(heard).toEqual([]);
  }
});

test("a server of the line's CA with another name, or a client of it, does not get the token", async () => {
  const token = secret();
  const { ca } = stage.identities;
  for (const identity of [
    await stage.identities.server("other.test"),
    stage.person("vera"),
    await stage.identities.expired("x"),
  ]) {
    const { heard, port } = await middle(identity, `${JSON.stringify({ ca })}\n`);
    const error = await failure(join(portsOf(), tokenFor(token, port, "127.0.0.1")));
    expect(error.code).toBe("JOIN_HOST_UNPROVEN");
    expect(heard).toEqual([]);
  }
});

test("without an answer, the same token works again with the same key", async () => {
  const token = secret();
  await invite(stage, "bob@desk", token);
  const server = await stage.identities.server("127.0.0.1");
  const { port } = await middle(server, `${JSON.stringify({ ca: stage.identities.ca })}\n`, true);
  const error = await failure(join(portsOf(), tokenFor(token, port, "127.0.0.1")));
  expect(error.code).toBe("JOIN_UNREACHABLE");
  expect(await leftovers()).toHaveLength(3);
  expect(await portsOf().lines.list()).toEqual([]);
});

test("a port where nobody listens, and a gateway that has invited nobody", async () => {
  const closed = await failure(join(portsOf(), tokenFor(secret(), 1, "127.0.0.1")));
  expect(closed).toMatchObject({ code: "JOIN_UNREACHABLE", why: [expect.stringContaining("ECONNREFUSED")] });
  const none = await failure(join(portsOf(), tokenFor(secret())));
  expect(none).toMatchObject({
    code: "JOIN_REFUSED",
    message: expect.stringContaining("no invitation is open"),
  });
  expect(await leftovers()).toEqual([]);
});

test("a server that sends a byte now and then is left after 15 seconds", async () => {
  const server = createServer({
    ...(await stage.identities.server("127.0.0.1")),
    ALPNProtocols: [JOIN_PROTOCOL],
  });
  const { promise: talks, resolve } = Promise.withResolvers<void>();
  server.on("secureConnection", (socket) => {
    const drip = setInterval(() => socket.write("x"), 10);
    socket.on("error", () => {}).on("close", () => clearInterval(drip));
    resolve();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const left = failure(fetchJoinCa({ host: "127.0.0.1", port }));
    await talks;
    vi.advanceTimersByTime(15_000);
    expect((await left).code).toBe("JOIN_REFUSED");
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  ["no JSON", "hello\n"],
  ["a line without end", "x".repeat(100_000)],
  ["a CA that is none", '{"ca":"nonsense"}\n'],
])("a server that sends %s is refused", async (_what, greeting) => {
  const { heard, port } = await middle(await stage.identities.server("127.0.0.1"), greeting);
  const error = await failure(join(portsOf(), tokenFor(secret(), port, "127.0.0.1")));
  expect(["JOIN_REFUSED", "CERTIFICATE_UNREADABLE"]).toContain(error.code);
  expect(heard).toEqual([]);
});
