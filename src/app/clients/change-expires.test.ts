/** `client expires`: what the gateway is asked, and what is kept of an approved key. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryRecords } from "../../../test/support/app/memory-records.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { DAY_MS, TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { formatApproval, parseApproval } from "../approve/index.ts";
import { changeExpires } from "./change-expires.ts";

const client = (name: string, role: string): Client => ({
  ...{ name, fingerprint: "a".repeat(64), role, state: "active", expires: null },
});

function stage() {
  const gateway = new FakeGateway();
  for (const one of [client("anna@laptop", "admin"), client("bob@desk", "viewer")])
    gateway.clients.set(one.name, one);
  gateway.invitations = [
    {
      ...{ name: "eva", role: "viewer", expires: null, until: new Date(NOW).toISOString() },
      ...{ state: "invited", fingerprint: null },
    },
  ];
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web" }));
  return {
    ...{ lines, env: { TETHERDOCK_LINE: "web" }, gateway, clock: () => NOW },
    approvals: new MemoryRecords(),
  };
}

const IN_30_DAYS = { text: "30d", at: NOW + 30 * DAY_MS };
const NEVER = { text: "never", at: null };
const IN_A_MONTH = new Date(NOW + 30 * DAY_MS).toISOString();

test.each([
  [IN_30_DAYS, IN_A_MONTH, null],
  [NEVER, null, false],
])("$text", async (end, expires, endsEarlier) => {
  const ports = stage();
  expect(await changeExpires(ports, undefined, "bob@desk", end)).toEqual({
    ...{ name: "bob@desk", expires, state: "active", endsEarlier, certificateEnds: null },
  });
  expect(ports.gateway.calls.at(-1)).toEqual({
    ...{ line: "web", method: "POST", path: "clients/bob%40desk/expires" },
  });
  expect(ports.gateway.bodies).toEqual([{ expires }]);
  expect(ports.approvals.texts.size).toBe(0);
});

describe("whether the certificate ends earlier", () => {
  /** In days from now. */
  const DAYS = (days: number) => NOW + days * DAY_MS;
  test.each<[string, number | null, number | null, number | null, boolean | null]>([
    ["it ends later", null, 30, 400, false],
    ["it ends before the new end", null, 30, 20, true],
    ["the gateway has not seen it", null, 30, null, null],
    ["it was made for an earlier end, and access has none now", 7, null, 8, true],
    ["it was made before, and access has no end now", 7, null, 400, false],
    ["access had no end, and has none now", null, null, 20, false],
    ["access had an end, and has none now; the gateway has not seen it", 7, null, null, null],
  ])("%s", async (_, before, after, certificate, endsEarlier) => {
    const ports = stage();
    const end = before === null ? null : new Date(DAYS(before)).toISOString();
    ports.gateway.clients.set("bob@desk", { ...client("bob@desk", "viewer"), expires: end });
    const certificateEnds = certificate === null ? null : DAYS(certificate);
    const seen = [{ name: "bob@desk", time: NOW, address: "192.0.2.7:1", certificateEnds }];
    ports.gateway.answers.set("clients", { seen });
    const at = after === null ? null : DAYS(after);
    expect(await changeExpires(ports, undefined, "bob@desk", { text: "", at })).toMatchObject({
      endsEarlier,
      certificateEnds: certificateEnds === null ? null : new Date(certificateEnds).toISOString(),
    });
  });
});

test("the next certificate of a key that was approved here ends with the new end; a refusal changes nothing", async () => {
  const ports = stage();
  const record = { name: "bob@desk", expires: null, publicKey: "PEM" };
  ports.approvals.texts.set("web bob@desk", formatApproval(record));
  ports.gateway.refusal = new TetherdockError("GATEWAY_REFUSED", "no");
  await failureOf(changeExpires(ports, undefined, "bob@desk", IN_30_DAYS));
  const kept = () => parseApproval(ports.approvals.texts.get("web bob@desk") ?? "", "bob@desk");
  expect(kept()).toMatchObject(record);
  ports.gateway.refusal = null;
  await changeExpires(ports, undefined, "bob@desk", IN_30_DAYS);
  expect(kept()).toMatchObject({ ...record, expires: IN_A_MONTH });
});

test("who is unknown, or has not joined: the hint is the whole command", async () => {
  const ports = stage();
  expect(await failureOf(changeExpires(ports, "web", "bob@dsk", IN_30_DAYS))).toMatchObject({
    ...{
      code: "CLIENT_UNKNOWN",
      hints: ["tetherdock client expires bob@desk 30d --line web", expect.anything()],
    },
  });
  expect(await failureOf(changeExpires(ports, undefined, "eva", NEVER))).toMatchObject({
    code: "CLIENT_UNKNOWN",
    hints: ["tetherdock client invite eva --expires TIME   # replaces the invitation"],
  });
  expect(ports.gateway.bodies).toEqual([]);
});

test("the last admin: the error says to add another", async () => {
  const ports = stage();
  ports.gateway.refusal = new TetherdockError("GATEWAY_REFUSED", "no", { why: ["because"] });
  expect(await failureOf(changeExpires(ports, undefined, "anna@laptop", IN_30_DAYS))).toMatchObject({
    hints: ["tetherdock client invite NAME --role admin   # first, another admin"],
  });
});
