/** Go's verifier, by the docker CLI itself: what it accepts, and the words in which it refuses. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/base/index.ts";
import { BACKDATE_MS, LEAF_LIFETIME_MS } from "../../src/pki/index.ts";
import { run } from "../support/run.ts";
import { startEngine } from "./engine-server.ts";
import { type Identity, makeWorld, type World } from "./world.ts";

const now = Date.now();
let world: World;
let past: World;
beforeAll(async () => {
  world = await makeWorld(now);
  past = await makeWorld(now - LEAF_LIFETIME_MS - 2 * DAY_MS);
});
afterAll(async () => {
  await world.end();
  await past.end();
});

/** `docker version` against a port. @returns the engine's version, or what the CLI says to stderr */
async function docker(host: string, ca: string, client: Identity): Promise<string> {
  const [caPath, certPath] = [await world.file("ca.pem", ca), await world.file("cert.pem", client.cert)];
  const keyPath = await world.file("key.pem", client.key);
  const tls = ["--tlsverify", "--tlscacert", caPath, "--tlscert", certPath, "--tlskey", keyPath];
  const show = ["version", "--format", "{{.Server.Version}}"];
  const { stdout, stderr, status } = await run(["docker", "-H", `tcp://${host}`, ...tls, ...show]);
  return status === 0 ? stdout.trim() : stderr;
}

test.each(["127.0.0.1", "[::1]", "localhost"])("the CLI connects by %s", async (host) => {
  const { certificate: ca } = world.authority;
  await using engine = await startEngine(world.server, ca);
  expect(await docker(`${host}:${engine.port}`, ca, world.clients.good)).toBe("28.2.2");
  expect(engine.answered.at(-1)).toMatch(/^\/v1\.\d+\/version$/);
});

test("the CLI connects by an IPv4-mapped address if the certificate has the IPv4 address", async () => {
  const { certificate: ca } = world.authority;
  const server = await world.serverFor(["::ffff:127.0.0.1"]);
  await using engine = await startEngine(server, ca);
  expect(await docker(`[::ffff:127.0.0.1]:${engine.port}`, ca, world.clients.good)).toBe("28.2.2");
});

test("the CLI does not accept another CA of the same name", async () => {
  await using engine = await startEngine(world.server, world.authority.certificate);
  const said = await docker(`127.0.0.1:${engine.port}`, world.twin.certificate, world.clients.good);
  expect(said).toContain("certificate signed by unknown authority");
});

test.each([
  [["192.0.2.7"], "certificate is valid for 192.0.2.7, not 127.0.0.1"],
  [["a.example"], "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs"],
])("the CLI refuses a server named %j", async (names, said) => {
  const { certificate: ca } = world.authority;
  await using engine = await startEngine(await world.serverFor(names), ca);
  expect(await docker(`127.0.0.1:${engine.port}`, ca, world.clients.good)).toContain(said);
});

test("the CLI refuses a server whose certificate has expired", async () => {
  const { certificate: ca } = past.authority;
  await using engine = await startEngine(past.server, ca);
  const said = await docker(`127.0.0.1:${engine.port}`, ca, past.clients.good);
  expect(said).toContain("certificate has expired or is not yet valid");
});

test("backdating tolerates exactly the promised clock difference", async () => {
  const { certificate: ca } = world.authority;
  for (const [ahead, verdict] of [
    [BACKDATE_MS - MINUTE_MS, "28.2.2"],
    [BACKDATE_MS + HOUR_MS, "not yet valid"],
  ] as const) {
    const server = await world.serverFor(["127.0.0.1"], now + ahead);
    await using engine = await startEngine(server, ca);
    expect(await docker(`127.0.0.1:${engine.port}`, ca, world.clients.good)).toContain(verdict);
  }
});

test("a server refuses the CLI with an expired client certificate", async () => {
  const { certificate: ca } = world.authority;
  await using engine = await startEngine(world.server, ca);
  expect(await docker(`127.0.0.1:${engine.port}`, ca, world.clients.expired)).not.toBe("28.2.2");
  expect(engine.answered).toEqual([]);
  expect(engine.refused.join()).toContain("CERT_HAS_EXPIRED");
});
