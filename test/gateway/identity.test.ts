import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Identities } from "./support/identities.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

/** The last record of a refusal. */
const refused = async () => (await stage.records()).filter(({ decision }) => decision !== "allow").at(-1);

/** What happens to somebody who says hello and asks. */
async function shownOut(options: Parameters<Stage["connectWith"]>[0]): Promise<string> {
  const client = await stage.connectWith(options);
  client.send(ask("/_ping"));
  return client.rest();
}

test.each([
  ["no certificate", async () => ({})],
  ["a certificate of a CA with the same name", async () => (await Identities.make()).client("anna")],
  ["an expired certificate", () => stage.identities.expired("anna")],
  ["a certificate that is not valid yet", () => stage.identities.early("anna")],
  ["a server's certificate", () => stage.identities.server("docker.test")],
])("%s: not a word of HTTP, and a record", async (_what, make) => {
  const before = stage.docker.count;
  expect(await shownOut(await make())).toBe("");
  expect(stage.docker.count).toBe(before);
  await expect.poll(refused).toMatchObject({ event: "connection", decision: "refuse", client: null });
});

test.each([
  ["unknown", {}, "unknown-client", /not on this host's list/],
  ["revoked", { state: "revoked" }, "revoked-client", /was revoked/],
  ["expired on the list", { expires: "2020-01-01T00:00:00Z" }, "expired-client", /has expired/],
] as const)("a certificate from our CA, %s: one 403 with the reason", async (who, entry, rule, text) => {
  const identity = await stage.identities.client(who);
  const { fingerprint } = identity;
  const name = who.split(" ")[0] as string;
  if (rule !== "unknown-client") {
    const client = { name, fingerprint, role: "admin", state: "active", expires: null, ...entry } as const;
    await stage.setList([...stage.list, client]);
  }
  const client = await stage.connect(identity);
  client.send(ask("/_ping") + ask("/containers/json"));
  const told = await client.rest();
  expect(told).toMatch(/^HTTP\/1.1 403 .*Connection: close/s);
  expect(told).toMatch(text);
  expect(told.match(/HTTP\/1/g)).toHaveLength(1);
  await expect.poll(refused).toMatchObject({ rule, fingerprint, decision: "deny", status: 403 });
});

test("an undefined role permits nothing", async () => {
  const identity = await stage.identities.client("ghost");
  const { fingerprint } = identity;
  await stage.setList([
    ...stage.list,
    { name: "ghost", fingerprint, role: "nobody", state: "active", expires: null },
  ]);
  const client = await stage.connect(identity);
  client.send(ask("/_ping"));
  expect(await client.rest()).toMatch(/403.*role is not defined/s);
});

test.each(["TLSv1.2", "TLSv1.3"] as const)(
  "no session is resumed with %s: each handshake is verified",
  async (version) => {
    const only = { minVersion: version, maxVersion: version };
    const client = await stage.connect("anna", only);
    const socket = client.socket as TLSSocket;
    let ticket: Buffer | undefined;
    socket.on("session", (session: Buffer) => {
      ticket = session;
    });
    client.send(ask("/_ping"));
    const docker = await stage.docker.next();
    docker.send(answer(200, "OK"));
    await client.sees("OK");
    const session = ticket ?? socket.getSession();
    const again = await stage.connect("anna", { ...only, ...(session && { session }) });
    expect((again.socket as TLSSocket).isSessionReused()).toBe(false);
  },
);

test.each(["TLSv1", "TLSv1.1"] as const)("%s is not accepted", async (version) => {
  const old = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" } as const;
  await expect(stage.connect("anna", old)).rejects.toThrow(/version|alert/i);
});
