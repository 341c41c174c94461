/** How clients are added and changed: the order of the steps, and what is refused first. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { isIssuedBy, makeAuthority, makeKeyPair, readCertificate } from "../../pki/index.ts";
import { addClient, type NewClient } from "./add-client.ts";
import { changeClient } from "./change-client.ts";
import { listClients } from "./list-clients.ts";
import type { Issued } from "./ports.ts";

const ANNA: Client = {
  name: "anna@laptop",
  fingerprint: "a".repeat(64),
  role: "admin",
  state: "active",
  expires: null,
};
const HOUR = 3_600_000;

async function stage(passphrase?: string) {
  const gateway = new FakeGateway();
  gateway.clients.set(ANNA.name, ANNA);
  const locked = passphrase === undefined ? {} : { passphrase };
  const ca = await makeAuthority({ subject: "test", now: NOW, ...locked });
  const lines = new MemoryLines();
  const files = { "docker/ca.pem": ca.certificate, "docker/cert.pem": "", "docker/key.pem": "" };
  for (const name of ["web", "other"])
    lines.keep(sampleLine({ name }), { ...files, "ca/ca-key.pem": ca.privateKey });
  const delivered: Issued[] = [];
  const asked: string[] = [];
  const env: Record<string, string> = { TETHERDOCK_LINE: "web" };
  const ports = {
    ...{ lines, env, gateway, clock: () => NOW, warn: () => {} },
    passphrase: async (line: string) => {
      asked.push(line);
      return passphrase ?? "";
    },
    deliver: async (issued: Issued) => {
      expect(
        gateway.calls.map(({ method }) => method),
        "not let in yet",
      ).toEqual(["GET"]);
      delivered.push(issued);
      return async () => {
        delivered.splice(0);
      };
    },
  };
  return { ports, gateway, delivered, asked, env, ca };
}

const { publicKey } = makeKeyPair();
const bob = (over: Partial<NewClient> = {}): NewClient => ({
  ...{ line: undefined, name: "bob@desk", publicKey, role: "viewer", expiresIn: undefined },
  ...over,
});

describe("add", () => {
  test("delivers the certificate before it adds the client to the list", async () => {
    const { ports, gateway, delivered, ca } = await stage();
    await addClient(ports, bob({ expiresIn: HOUR }));
    const certificate = delivered[0]?.certificate ?? "";
    expect(isIssuedBy(certificate, ca.certificate)).toBe(true);
    const { subject, publicKeyFingerprint } = readCertificate(certificate);
    expect(subject).toBe("CN=bob@desk");
    expect(readCertificate(certificate).notAfter).toBe(NOW + HOUR + 24 * HOUR);
    expect(gateway.clients.get("bob@desk")).toEqual({
      ...{ name: "bob@desk", fingerprint: publicKeyFingerprint, role: "viewer", state: "active" },
      expires: new Date(NOW + HOUR).toISOString(),
    });
    expect(gateway.calls.at(-1)).toEqual({ line: "web", method: "PUT", path: "clients/bob%40desk" });
  });

  test("asks for the passphrase of an encrypted CA key", async () => {
    const { ports, asked, delivered } = await stage("secret");
    await addClient(ports, bob({ line: "other" }));
    expect([asked, delivered.length]).toEqual([["other"], 1]);
  });

  test("signs nothing for a name that another client has", async () => {
    const { ports, delivered } = await stage();
    expect(await failureOf(addClient(ports, bob({ name: "anna@laptop", line: "other" })))).toMatchObject({
      code: "CLIENT_EXISTS",
      hints: [expect.stringMatching(/^tetherdock client rm anna@laptop --line other /)],
    });
    expect(delivered).toEqual([]);
  });

  test.each<[string, Partial<NewClient>, string]>([
    ["a private key", { publicKey: makeKeyPair().privateKey }, "KEY_UNREADABLE"],
    ["no key", { publicKey: "x" }, "KEY_UNREADABLE"],
    ["an unknown line", { line: "nosuch" }, "LINE_UNKNOWN"],
  ])("%s: no client is added", async (_what, over, code) => {
    const { ports, gateway } = await stage();
    expect((await failureOf(addClient(ports, bob(over)))).code).toBe(code);
    expect([...gateway.clients.keys()]).toEqual(["anna@laptop"]);
  });

  test("adds no client if the certificate cannot be delivered", async () => {
    const { ports, gateway } = await stage();
    const deliver = () => Promise.reject(new TetherdockError("FILE_FAILED", "the disk is full"));
    expect((await failureOf(addClient({ ...ports, deliver }, bob()))).code).toBe("FILE_FAILED");
    expect([...gateway.clients.keys()]).toEqual(["anna@laptop"]);
  });
});

test("add: the certificate is removed again if the gateway refuses the client", async () => {
  const { ports, gateway, delivered } = await stage();
  const { deliver } = ports;
  const refusal = new TetherdockError("GATEWAY_REFUSED", "it is full");
  const handing = async (issued: Issued) => {
    gateway.failure = refusal;
    return deliver(issued);
  };
  expect(await failureOf(addClient({ ...ports, deliver: handing }, bob()))).toBe(refusal);
  expect(delivered).toEqual([]);
});

test("add: the certificate is kept if it is not known whether the gateway added the client", async () => {
  const { ports, gateway, delivered } = await stage();
  const { deliver } = ports;
  const handing = async (issued: Issued) => {
    gateway.failure = new TetherdockError("GATEWAY_UNREACHABLE", "its answer breaks off");
    return deliver(issued);
  };
  const error = await failureOf(addClient({ ...ports, deliver: handing }, bob()));
  expect(error.code).toBe("GATEWAY_UNREACHABLE");
  expect(error.hints.at(-1)).toBe("tetherdock client ls --line web");
  expect(delivered).toHaveLength(1);
});

test("add: the gateway's refusal is reported even if the certificate cannot be taken back", async () => {
  const { ports, gateway } = await stage();
  const refusal = new TetherdockError("GATEWAY_REFUSED", "it is full");
  const stuck = async () => {
    gateway.failure = refusal;
    return () => Promise.reject(new TetherdockError("FILE_FAILED", "cannot remove cert.pem"));
  };
  expect(await failureOf(addClient({ ...ports, deliver: stuck }, bob()))).toBe(refusal);
});

describe("revoke, restore, rm", () => {
  test.each([
    ["revoke", "POST", "clients/anna%40laptop/revoke"],
    ["restore", "POST", "clients/anna%40laptop/restore"],
    ["remove", "DELETE", "clients/anna%40laptop"],
  ] as const)("%s", async (change, method, path) => {
    const { ports, gateway } = await stage();
    await changeClient(ports, change, undefined, "anna@laptop");
    expect(gateway.calls).toEqual([
      { line: "web", method: "GET", path: "clients" },
      { line: "web", method, path },
    ]);
  });

  test("the receipt is what the gateway sends; an older gateway sends none", async () => {
    const { ports, gateway } = await stage();
    expect(await changeClient(ports, "revoke", undefined, "anna@laptop")).toBeNull();
    const session = { id: "1", client: "anna@laptop", address: "192.0.2.7", since: NOW, requests: 1 };
    const receipt = { cut: [{ ...session, operation: "ContainerLogs", target: "/x" }], open: 0, tookMs: 4 };
    gateway.receipt = receipt;
    expect(await changeClient(ports, "remove", undefined, "anna@laptop")).toEqual(receipt);
  });

  test.each([
    ["restore", /^tetherdock client invite anna@laptop --line plain {3}#/],
    ["remove", /^tetherdock client revoke anna@laptop --line plain {3}# a new CA/],
  ] as const)("native mode: %s names each way out once, for this client", async (change, way) => {
    const { ports, gateway } = await stage();
    ports.lines.keep(sampleLine({ name: "plain", mode: "native" }));
    gateway.failure = new TetherdockError("GATEWAY_REFUSED", "no gateway answers", {
      hints: ["tetherdock up core@vps --gateway   # puts one in front of docker"],
    });
    const error = await failureOf(changeClient(ports, change, "plain", "anna@laptop"));
    expect(error).toMatchObject({
      code: "GATEWAY_REFUSED",
      message: expect.stringContaining("has no gateway"),
    });
    expect(error.hints).toEqual([
      expect.stringMatching(/^tetherdock up core@vps --gateway {3}# from then on/),
      expect.stringMatching(way),
    ]);
  });

  test("a line in gateway mode where no gateway answers: the error stays", async () => {
    const { ports, gateway } = await stage();
    ports.lines.keep(sampleLine({ name: "plain", mode: "gateway" }));
    const failure = new TetherdockError("GATEWAY_REFUSED", "no gateway answers");
    gateway.failure = failure;
    expect(await failureOf(changeClient(ports, "restore", "plain", "anna@laptop"))).toBe(failure);
  });

  test("an unknown client: the error names the clients and the command that lists them", async () => {
    const { ports, gateway } = await stage();
    expect(await failureOf(changeClient(ports, "revoke", "other", "eve"))).toMatchObject({
      code: "CLIENT_UNKNOWN",
      why: ["the clients are anna@laptop"],
      hints: ["tetherdock client ls --line other"],
    });
    expect(gateway.calls).toHaveLength(1);
  });

  test("a mistyped client: the error has the command with the nearest name", async () => {
    const { ports, gateway } = await stage();
    const change = (name: string) => failureOf(changeClient(ports, "remove", "other", name));
    expect(await change("ana@laptop")).toMatchObject({
      why: ["did you mean anna@laptop?", "the clients are anna@laptop"],
      hints: ["tetherdock client rm anna@laptop --line other", "tetherdock client ls --line other"],
    });
    for (let index = 0; index < 30; index++) gateway.clients.set(`c${index}`, { ...ANNA, name: `c${index}` });
    expect((await change("x".repeat(100_000))).why).toEqual([expect.stringMatching(/, c18 and 11 more$/)]);
  });

  test.each(["revoke", "remove"] as const)(
    "%s refused for the last admin: add another first",
    async (change) => {
      const { ports, gateway } = await stage();
      gateway.refusal = new TetherdockError("GATEWAY_REFUSED", "that would leave no active admin");
      expect(await failureOf(changeClient(ports, change, undefined, "anna@laptop"))).toMatchObject({
        code: "GATEWAY_REFUSED",
        hints: [expect.stringMatching(/^tetherdock client invite NAME --role admin /)],
      });
      gateway.clients.set("olaf", { ...ANNA, name: "olaf" });
      expect((await failureOf(changeClient(ports, change, undefined, "anna@laptop"))).hints).toEqual([]);
    },
  );
});

test("ls shows the current state of each client", async () => {
  const { ports, gateway } = await stage();
  const until = (ms: number) => new Date(NOW + ms).toISOString();
  gateway.clients.set("old", { ...ANNA, name: "old", expires: until(0) });
  gateway.clients.set("new", { ...ANNA, name: "new", expires: until(1) });
  gateway.clients.set("out", { ...ANNA, name: "out", state: "revoked", expires: until(-1) });
  const states = (await listClients(ports, undefined)).map(({ name, state }) => [name, state]);
  expect(states).toEqual([
    ["anna@laptop", "active"],
    ["old", "expired"],
    ["new", "active"],
    ["out", "revoked"],
  ]);
});

test("an end of access is RFC 3339 with milliseconds, however the list has it", async () => {
  const { ports, gateway } = await stage();
  gateway.clients.set("short", { ...ANNA, name: "short", expires: "2027-01-31T08:00Z" });
  const times = (await listClients(ports, undefined)).map(({ expires }) => expires);
  expect(times).toEqual([null, "2027-01-31T08:00:00.000Z"]);
});
