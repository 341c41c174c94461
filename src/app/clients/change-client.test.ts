/** Why a gateway refuses a change, and what the error says to do. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { changeClient } from "./change-client.ts";

const ANNA: Client = {
  ...{ name: "anna@laptop", fingerprint: "a".repeat(64), role: "admin", state: "active", expires: null },
};

/** A gateway that refuses every change with this error. */
function refusing(error: Error, ...more: readonly Client[]) {
  const gateway = new FakeGateway();
  for (const client of [ANNA, ...more]) gateway.clients.set(client.name, client);
  gateway.refusal = error;
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web" }));
  return { lines, env: { TETHERDOCK_LINE: "web" }, gateway, clock: () => NOW };
}

const refusal = new TetherdockError("GATEWAY_REFUSED", "no", { why: ["because"] });

describe("refused because it is the last admin", () => {
  const add = "tetherdock client invite NAME --role admin";

  test.each(["revoke", "remove"] as const)(
    "%s: the error says to add another, to the line that was named",
    async (change) => {
      const ports = refusing(
        refusal,
        { ...ANNA, name: "old", state: "revoked" },
        { ...ANNA, name: "v", role: "viewer" },
      );
      for (const [line, given] of [
        [undefined, ""],
        ["web", " --line web"],
      ] as const)
        expect(await failureOf(changeClient(ports, change, line, ANNA.name))).toMatchObject({
          ...{
            code: "GATEWAY_REFUSED",
            why: ["because"],
            hints: [`${add}${given}   # first, another admin`],
          },
        });
    },
  );
});

describe("the gateway's own error is kept", () => {
  test.each<["revoke" | "restore" | "remove", string]>([
    ["restore", ANNA.name],
    ["revoke", "v"],
    ["remove", "v"],
  ])("if %s of %s does not concern the last admin", async (change, name) => {
    const ports = refusing(refusal, { ...ANNA, name: "v", role: "viewer" });
    expect(await failureOf(changeClient(ports, change, undefined, name))).toBe(refusal);
  });

  test("if there is another admin", async () => {
    const ports = refusing(refusal, { ...ANNA, name: "olaf" });
    expect(await failureOf(changeClient(ports, "remove", undefined, ANNA.name))).toBe(refusal);
  });

  test("if the gateway has not refused", async () => {
    for (const error of [new TetherdockError("GATEWAY_UNREACHABLE", "it is off"), new Error("a bug")])
      expect(await failureOf(changeClient(refusing(error), "revoke", undefined, ANNA.name))).toBe(error);
  });
});

test("an unknown client: without --line, the hints have none either", async () => {
  const ports = refusing(refusal);
  expect(await failureOf(changeClient(ports, "revoke", undefined, "ana@laptop"))).toMatchObject({
    code: "CLIENT_UNKNOWN",
    message: "there is no client ana@laptop",
    hints: ["tetherdock client revoke anna@laptop", "tetherdock client ls"],
  });
});

test("an invitation is on no client list: the gateway's own error is kept", async () => {
  const ports = refusing(refusal);
  const until = new Date(NOW + 1).toISOString();
  ports.gateway.invitations = [
    { name: "eve", role: "viewer", expires: null, until, state: "invited", fingerprint: null },
  ];
  for (const change of ["revoke", "remove"] as const)
    expect(await failureOf(changeClient(ports, change, undefined, "eve"))).toBe(refusal);
});

/** A gateway that ends our access with the change: it cannot answer, and then refuses us. */
function endingOurs() {
  const ports = refusing(new TetherdockError("GATEWAY_UNREACHABLE", "socket hang up"), {
    ...ANNA,
    name: "olaf",
  });
  const { call } = ports.gateway;
  let isOver = false;
  Object.assign(ports.gateway, {
    call: (...[access, asked, reader]: Parameters<typeof call>) => {
      if (isOver) return Promise.reject(refusal);
      isOver = asked.method !== "GET";
      return call(access, asked, reader);
    },
  });
  return ports;
}

test.each([
  ["revoke", undefined, "tetherdock client restore anna@laptop   # by another admin"],
  ["remove", "web", "tetherdock client invite anna@laptop --role admin --line web   # by another admin"],
] as const)(
  "%s of this machine's own client: the error says so, and how to come back",
  async (change, line, hint) => {
    expect(await failureOf(changeClient(endingOurs(), change, line, ANNA.name))).toMatchObject({
      code: "CLIENT_REVOKED",
      message: "anna@laptop was this machine's own access, which has ended",
      hints: [hint],
    });
  },
);
