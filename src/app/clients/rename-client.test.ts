/** `client rename`: what the gateway is asked, and what the errors say to do. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { Client } from "../../identity/index.ts";
import { renameClient } from "./rename-client.ts";

const client = (name: string): Client => ({
  ...{ name, fingerprint: "a".repeat(64), role: "viewer", state: "active", expires: null },
});

function line() {
  const gateway = new FakeGateway();
  for (const one of [client("anna@laptop"), client("bob@desk")]) gateway.clients.set(one.name, one);
  const invited = { state: "invited", fingerprint: null, until: "2027-01-31T08:00:00Z" } as const;
  gateway.invitations = [{ name: "eva@desk", role: "deployer", expires: null, ...invited }];
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web" }));
  return { lines, env: { TETHERDOCK_LINE: "web" }, gateway, clock: () => NOW };
}

test("the gateway is asked for another name and nothing else", async () => {
  const ports = line();
  await renameClient(ports, undefined, "bob@desk", "bob@home");
  const path = "clients/bob%40desk/rename";
  expect(ports.gateway.calls.at(-1)).toEqual({ line: "web", method: "POST", path });
  expect(ports.gateway.bodies).toEqual([{ name: "bob@home" }]);
});

test.each<readonly [string, string, string, string]>([
  ["bob@dsk", "bob", "CLIENT_UNKNOWN", "tetherdock client rename bob@desk bob --line web"],
  ["bob@desk", "anna@laptop", "CLIENT_EXISTS", "tetherdock client ls --line web"],
  ["bob@desk", "eva@desk", "CLIENT_EXISTS", "tetherdock client ls --line web"],
  [
    "eva@desk",
    "eva",
    "CLIENT_UNKNOWN",
    "tetherdock client rm eva@desk --line web && tetherdock client invite eva --role deployer --line web",
  ],
])("%s is not renamed %s: %s", async (name, to, code, hint) => {
  const ports = line();
  const failure = await failureOf(renameClient(ports, "web", name, to));
  expect(failure).toMatchObject({ code });
  expect(failure.hints[0]).toBe(hint);
  expect(ports.gateway.bodies).toEqual([]);
});
