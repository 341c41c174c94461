/** What the gateway says is explained as what it means: neither as a fault of the request, nor of the role. */
import { expect, test } from "vitest";
import { explain } from "../../src/explain/explain.ts";
import { refusalText } from "../../src/gateway/clients/refusal-text.ts";
import type { Asking } from "../../src/policy/asking.ts";
import type { Refusal } from "../../src/policy/refusal.ts";
import { refuseCall } from "../../src/policy/roles/rule.ts";
import { keepProblem } from "../../src/policy/roles/rules/deployer/keeps.ts";

const idsOf = (text: string) =>
  explain(`Error response from daemon: tetherdock: ${text}`).explanations.map(({ id }) => id);

test.each([
  ["unknown-client", "gateway-client-refused"],
  ["revoked-client", "gateway-client-refused"],
  ["expired-client", "gateway-client-refused"],
  ["unknown-role", "gateway-client-refused"],
  ["audit-unwritable", "gateway-trouble"],
  ["admin-only", "gateway-role-refused"],
  ["too-many-connections", "gateway-trouble"],
  ["too-many-starts", "gateway-too-many-starts"],
  ["too-many-answers", "gateway-too-many-answers"],
  ["too-many-logs", "gateway-too-many-logs"],
] as const)("a refusal for %s is explained by %s", (rule, id) => {
  expect(idsOf(refusalText(rule))).toEqual([id]);
});

test("a client that has made too much is not told that its role forbids it", () => {
  const asking = { mayKeep: () => false } as unknown as Asking;
  const { refuse } = keepProblem(Buffer.alloc(0), asking) as Refusal;
  expect(idsOf(refuseCall("operator", "ExecCreate", "", refuse).reason)).toEqual(["gateway-made-too-much"]);
});
