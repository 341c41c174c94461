/** Who may use a host that is in a fleet. */
import { expect, test } from "vitest";
import {
  accepted,
  fleetClient,
  fleetList,
  makeOperator,
  signNext,
} from "../../test/support/fleet/sample-fleet.ts";
import { formatKeptFleet, type KeptFleet, parseKeptFleet } from "./kept-fleet.ts";
import { membersOf, revokedAfter } from "./members.ts";

const key = makeOperator();
const ANNA = fleetClient("anna");
const OWN = fleetClient("root", { role: "admin" });

async function keptOf(
  over: Parameters<typeof fleetList>[0],
  revoked: readonly string[] = [],
): Promise<KeptFleet> {
  const { documents, view } = await accepted(null, signNext(null, key, fleetList(over)));
  return { documents, view, revoked };
}

test("a host in no fleet has its own clients", async () => {
  expect(membersOf([OWN], null, 0)).toEqual({ clients: [OWN], hidden: [] });
});

test("the fleet's clients come after the host's own", async () => {
  expect(membersOf([OWN], await keptOf({ clients: [ANNA] }), Date.now())).toEqual({
    clients: [OWN, ANNA],
    hidden: [],
  });
});

test("the host's own client keeps its name and its key", async () => {
  const kept = await keptOf({ clients: [ANNA, fleetClient("ben")] });
  const named = fleetClient("anna", { fingerprint: "c".repeat(64), role: "admin" });
  expect(membersOf([named], kept, Date.now())).toMatchObject({
    clients: [named, { name: "ben" }],
    hidden: ["anna"],
  });
  const same = { ...ANNA, name: "anna@desk" };
  expect(membersOf([same], kept, Date.now())).toMatchObject({
    clients: [same, { name: "ben" }],
    hidden: ["anna"],
  });
});

test("a key that the fleet has revoked is refused, whichever list it is on", async () => {
  const kept = await keptOf({ clients: [ANNA] }, [ANNA.fingerprint ?? "", OWN.fingerprint ?? ""]);
  expect(membersOf([OWN], kept, Date.now()).clients.map(({ state }) => state)).toEqual([
    "revoked",
    "revoked",
  ]);
});

test("when the documents end, so does the access of the fleet's clients, and only theirs", async () => {
  const kept = await keptOf({ clients: [ANNA] });
  const end = new Date(kept.view.until).toISOString();
  expect(membersOf([OWN], kept, kept.view.until - 1).clients).toEqual([OWN, ANNA]);
  expect(membersOf([OWN], kept, kept.view.until).clients).toEqual([OWN, { ...ANNA, expires: end }]);
});

test("roles that the host names keep their access after the end; a revocation and their own end still count", async () => {
  const ended = "2026-01-01T00:00:00.000Z";
  const kept = await keptOf({ clients: [ANNA, fleetClient("ben", { role: "admin" })] });
  const after = (fleet: KeptFleet) => membersOf([], fleet, fleet.view.until, [ANNA.role]).clients;
  expect(after(kept)).toMatchObject([ANNA, { expires: new Date(kept.view.until).toISOString() }]);
  expect(after({ ...kept, revoked: [ANNA.fingerprint ?? ""] })).toMatchObject([{ state: "revoked" }, {}]);
  const short = { ...ANNA, expires: ended };
  expect(after(await keptOf({ clients: [short] }))).toEqual([short]);
});

test("no later list undoes a revocation", async () => {
  const [before, next] = [await keptOf({}, ["a".repeat(64)]), await keptOf({ revoked: ["b".repeat(64)] })];
  expect(revokedAfter(before, next)).toEqual(["a".repeat(64), "b".repeat(64)]);
});

test("what a host keeps is read as it was written; anything else is an error", async () => {
  const kept = await keptOf({ clients: [ANNA] }, ["a".repeat(64)]);
  expect(parseKeptFleet(formatKeptFleet(kept), "fleet.json")).toEqual(kept);
  for (const text of ["{", "{}", formatKeptFleet(kept).replace('"version":1', '"version":3')])
    expect(() => parseKeptFleet(text, "fleet.json")).toThrow(
      expect.objectContaining({ code: "GATEWAY_FLEET_BROKEN" }),
    );
});
