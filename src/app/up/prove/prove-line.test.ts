/** Which connections a proof makes: to which addresses, by which name, and with which certificates. */
import { expect, test } from "vitest";
import { preparedFor, upWorld } from "../../../../test/support/app/up-world.ts";
import type { ProbeRequest } from "../../../engine/index.ts";
import type { LineMode } from "../../../line/index.ts";
import { issueServer, normaliseNames, readCertificate } from "../../../pki/index.ts";
import { proveLine } from "./prove-line.ts";

interface DesiredState {
  readonly named?: readonly string[];
  readonly claimed?: readonly string[];
  readonly resolved?: Readonly<Record<string, readonly string[]>>;
  readonly mode?: LineMode;
  readonly closedPorts?: readonly number[];
}

async function proved({
  named = ["192.0.2.7"],
  claimed = [],
  resolved = {},
  mode = "native",
  closedPorts = [],
}: DesiredState) {
  const world = upWorld();
  const { identity } = await preparedFor(world);
  const serves = { publicKey: world.host.publicKey, names: normaliseNames(named), now: world.ports.clock() };
  world.host.certificate = await issueServer(identity.authority, serves);
  for (const [name, addresses] of Object.entries(resolved)) world.outside.names.set(name, addresses);
  const requests: ProbeRequest[] = [];
  const probe = (request: ProbeRequest) => {
    requests.push(request);
    return world.outside.probe(request);
  };
  const proofs = await proveLine(
    { resolve: world.outside.resolve, probe },
    {
      ...{ identity, mode, closedPorts, serverKey: "", port: 2376, now: world.ports.clock() },
      names: { named: normaliseNames(named), claimed },
    },
  );
  const certificates = requests.flatMap(({ credential }) =>
    credential.kind === "tls" && credential.identity ? [credential.identity.certPem] : [],
  );
  return { proofs, identity, requests, certificates: [...new Set(certificates)], came: world.outside.came };
}

test("every address of a name is probed by that name, and an address that the host claims by the first name", async () => {
  const { proofs, came } = await proved({
    named: ["web.test", "192.0.2.9"],
    resolved: { "web.test": ["192.0.2.7", "192.0.2.8"] },
    claimed: ["192.0.2.8", "198.51.100.1"],
  });
  expect(proofs.map(({ target, named }) => [target.endpoint.host, target.serverName, named])).toEqual([
    ["192.0.2.7", "web.test", true],
    ["192.0.2.8", "web.test", true],
    ["192.0.2.9", "192.0.2.9", true],
    ["198.51.100.1", "web.test", false],
  ]);
  expect(proofs.every(({ target }) => target.endpoint.port === 2376)).toBe(true);
  const withCertificate = came.filter(({ who }) => who === "line").map(({ endpoint }) => endpoint.host);
  expect(withCertificate.toSorted(), "each once").toEqual([
    ...["192.0.2.7", "192.0.2.8", "192.0.2.9", "198.51.100.1"],
  ]);
});

test("of a name with more than 32 addresses, 32 are probed", async () => {
  const addresses = Array.from({ length: 40 }, (_, at) => `192.0.2.${at + 1}`);
  const { proofs } = await proved({ named: ["web.test"], resolved: { "web.test": addresses } });
  expect(proofs.map(({ target }) => target.endpoint.host)).toEqual(addresses.slice(0, 32));
});

test("a name with many addresses does not displace other names", async () => {
  const addresses = Array.from({ length: 40 }, (_, at) => `192.0.2.${at + 1}`);
  const { proofs } = await proved({
    named: ["web.test", "198.51.100.1"],
    resolved: { "web.test": addresses },
  });
  expect(proofs.map(({ target }) => target.serverName)).toContain("198.51.100.1");
});

test("ports that were open before are probed too", async () => {
  const { came } = await proved({ closedPorts: [2400] });
  expect(came.filter(({ who }) => who === "closed").map(({ endpoint }) => endpoint.port)).toEqual([
    2375, 2400,
  ]);
});

test("the untrusted certificate is from a CA of the same name, the expired one from the line's own", async () => {
  const { identity, certificates } = await proved({});
  const { subject } = readCertificate(identity.ca);
  expect(certificates.map((pem) => readCertificate(pem).issuer)).toEqual(certificates.map(() => subject));
  expect(certificates).toContain(identity.certificate);
  expect(certificates).toHaveLength(3);
});

test("with a gateway, an unlisted certificate of the line's CA is tried too", async () => {
  expect((await proved({ mode: "gateway" })).certificates).toHaveLength(4);
});
