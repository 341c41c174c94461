/** `client role`: what the gateway is asked, and what the errors say to do. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { changeRole } from "./change-role.ts";

const client = (name: string, role: string): Client => ({
  ...{ name, fingerprint: "a".repeat(64), role, state: "active", expires: null },
});

function line() {
  const gateway = new FakeGateway();
  for (const one of [client("anna@laptop", "admin"), client("bob@desk", "viewer")])
    gateway.clients.set(one.name, one);
  gateway.answers.set("roles", { roles: [{ version: 1, name: "web-team", extends: "deployer" }] });
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web" }));
  const warned: string[] = [];
  const warn = (text: string) => void warned.push(text);
  return { lines, env: { TETHERDOCK_LINE: "web" }, gateway, clock: () => NOW, warn, warned };
}

test.each(["deployer", "web-team"])(
  "the gateway is asked for the role %s only, not for a new client",
  async (role) => {
    const ports = line();
    await changeRole(ports, undefined, "bob@desk", role);
    expect(ports.gateway.calls.at(-1)).toEqual({
      line: "web",
      method: "POST",
      path: "clients/bob%40desk/role",
    });
    expect(ports.gateway.bodies).toEqual([{ role }]);
  },
);

test.each([
  ["of the fleet", "ops-team", ["ops-team is a role of the fleet: whoever signs its list decides"]],
  ["of the host's own, which counts although the fleet has one of its name", "web-team", []],
  ["that is built in", "viewer", []],
])("who gives a role %s is warned if others decide about it", async (_what, role, texts) => {
  const ports = line();
  const { roles } = ports.gateway.answers.get("roles") as { roles: object[] };
  const fleet = [...roles, { version: 1, name: "ops-team", extends: "deployer" }];
  ports.gateway.answers.set("roles", { roles, fleet });
  await changeRole(ports, undefined, "bob@desk", role);
  expect(ports.warned).toEqual(texts.map((text) => expect.stringContaining(text)));
});

test("an unknown client or role: nothing is changed, and the hint is the whole command", async () => {
  const ports = line();
  expect(await failureOf(changeRole(ports, "web", "bob@dsk", "viewer"))).toMatchObject({
    ...{
      code: "CLIENT_UNKNOWN",
      hints: ["tetherdock client role bob@desk viewer --line web", "tetherdock client ls --line web"],
    },
  });
  expect(await failureOf(changeRole(ports, "web", "bob@desk", "web-taem"))).toMatchObject({
    ...{
      code: "ROLE_UNKNOWN",
      hints: ["tetherdock client role bob@desk web-team --line web", "tetherdock policy ls --line web"],
    },
  });
  expect(ports.gateway.bodies).toEqual([]);
});

test("the last admin: the error says to add another; any other refusal stays as it is", async () => {
  const ports = line();
  const refusal = new TetherdockError("GATEWAY_REFUSED", "no", { why: ["because"] });
  ports.gateway.refusal = refusal;
  expect(await failureOf(changeRole(ports, undefined, "anna@laptop", "viewer"))).toMatchObject({
    hints: ["tetherdock client invite NAME --role admin   # first, another admin"],
  });
  expect(await failureOf(changeRole(ports, undefined, "bob@desk", "admin"))).toBe(refusal);
});
