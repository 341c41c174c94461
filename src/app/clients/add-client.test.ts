/** What is checked before a certificate is made, and what is said when a client cannot be added. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { keepLine } from "../../../test/support/app/visit-world.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { makeKeyPair } from "../../pki/index.ts";
import { addClient, type NewClient } from "./add-client.ts";

const ANNA: Client = {
  ...{ name: "anna@laptop", fingerprint: "a".repeat(64), role: "admin", state: "active", expires: null },
};
const { publicKey } = makeKeyPair();

/** A line to a gateway that has the role web-team. */
async function stage() {
  const gateway = new FakeGateway();
  gateway.clients.set(ANNA.name, ANNA);
  gateway.answers.set("roles", { roles: [{ version: 1, name: "web-team", extends: "deployer" }] });
  const lines = new MemoryLines();
  await keepLine(lines, { name: "web" });
  let delivered = 0;
  /** What the gateway's answer to the new client is. */
  const answer: { error: Error | null } = { error: null };
  const ports = {
    ...{ lines, env: {}, gateway, clock: () => NOW, warn: () => {}, passphrase: async () => "" },
    deliver: async () => {
      delivered += 1;
      gateway.failure = answer.error as TetherdockError | null;
      return async () => {
        delivered -= 1;
      };
    },
  };
  const add = (over: Partial<NewClient>) =>
    addClient(ports, {
      ...{ line: undefined, name: "bob@desk", publicKey, role: "viewer", expiresIn: undefined },
      ...over,
    });
  return { add, gateway, answer, delivered: () => delivered };
}

test("a name that is taken: the error has the client's state, and a command for the line that was named", async () => {
  const { add, delivered } = await stage();
  const after = "   # first, if the new key is to take its place";
  for (const [line, given] of [
    [undefined, ""],
    ["web", " --line web"],
  ] as const)
    expect(await failureOf(add({ name: "anna@laptop", line }))).toMatchObject({
      ...{ code: "CLIENT_EXISTS", message: "there is already a client anna@laptop" },
      why: ["its state is active, its role admin"],
      hints: [`tetherdock client rm anna@laptop${given}${after}`],
    });
  expect(delivered()).toBe(0);
});

test.each(["viewer", "web-team"])("the role %s is one that the gateway knows", async (role) => {
  const { add, gateway } = await stage();
  await add({ role });
  expect(gateway.clients.get("bob@desk")).toMatchObject({ role });
});

test("a built-in role is known without asking the gateway for its roles", async () => {
  const { add, gateway } = await stage();
  await add({ role: "deployer" });
  expect(gateway.calls.map(({ path }) => path)).toEqual(["clients", "clients/bob%40desk"]);
});

test("an unknown role: no certificate is made, and the error has the command with the nearest one", async () => {
  const { add, gateway, delivered } = await stage();
  const command = (role: string) =>
    `tetherdock client add bob@desk --role ${role} --public-key FILE --line web`;
  expect(await failureOf(add({ role: "web-taem" }))).toMatchObject({
    ...{ code: "ROLE_UNKNOWN", message: "there is no role web-taem" },
    why: ["did you mean web-team?", expect.stringMatching(/^the roles are .*viewer.*, web-team$/)],
    hints: [command("web-team"), "tetherdock policy ls --line web"],
  });
  expect(await failureOf(add({ role: "viewr" }))).toMatchObject({
    hints: [command("viewer"), "tetherdock policy ls --line web"],
  });
  expect([delivered(), gateway.clients.size]).toEqual([0, 1]);
});

test("no answer: the certificate stays, and the error says that the client may be on the list", async () => {
  const { add, answer, delivered } = await stage();
  answer.error = new TetherdockError("GATEWAY_UNREACHABLE", "its answer breaks off");
  expect(await failureOf(add({}))).toMatchObject({
    ...{ code: "GATEWAY_UNREACHABLE", why: ["whether the gateway has added bob@desk is not known"] },
    hints: ["tetherdock client ls --line web"],
  });
  expect(delivered()).toBe(1);
});

test("an error that is a bug is passed on as it is", async () => {
  const { add, answer } = await stage();
  answer.error = new Error("a bug");
  await expect(add({})).rejects.toBe(answer.error);
});
