/** Which clients an operator can add to a fleet's list. */
import { expect, test } from "vitest";
import { fleetClient, fleetList } from "../../test/support/fleet/sample-fleet.ts";
import { addClient, removeClient, revokeClient } from "./change-list.ts";
import { formatFleetList, readFleetList } from "./fleet-list.ts";

const ANNA = fleetClient("anna");
const list = fleetList({ clients: [ANNA] });

test.each([
  ["the name of another", { ...ANNA, fingerprint: "b".repeat(64) }, "taken", "a client anna already"],
  ["the key of another", { ...ANNA, name: "ben" }, "taken", "the key belongs to anna"],
] as const)("a client with %s is refused", (_what, client, refused, text) => {
  expect(addClient(list, client)).toEqual({ refused, text: expect.stringContaining(text) });
});

test.each([
  ["revoked", revokeClient],
  ["removed", removeClient],
])("the key of a client that was %s is refused for good", (_what, change) => {
  const changed = change(list, "anna");
  if ("refused" in changed) throw new Error(changed.text);
  expect(changed.list.revoked).toEqual([ANNA.fingerprint]);
  const left = { ...changed.list, clients: [] };
  expect(addClient(left, ANNA)).toMatchObject({ refused: "revoked-key" });
});

test("a client whose key is revoked is read as revoked, whatever its list says of it", () => {
  const text = formatFleetList({ ...list, revoked: [ANNA.fingerprint ?? ""] });
  expect(readFleetList(text)).toMatchObject({ value: { clients: [{ state: "revoked" }] } });
});
