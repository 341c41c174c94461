import { expect, test } from "vitest";
import {
  FEW_CLIENTS,
  gatewayFromOutside,
  listed,
  MANY_CLIENTS,
  madeByGateway,
  madeByUp,
  onList,
} from "../../test/support/topology-subjects.ts";
import { clientWays, looksIn } from "./clients.ts";
import { topologyOf } from "./graph.ts";
import type { GatewayClients } from "./topology.ts";
import { verdictOf } from "./topology.ts";

const ways = (clients: GatewayClients | null) => clientWays({ clients }).map(({ says }) => says);

test("an active admin is marked as equal to root, and a refused client as refused", () => {
  expect(clientWays({ clients: FEW_CLIENTS })).toEqual([
    { who: "anna@laptop", access: "guarded", says: "admin: equal to root" },
    { who: "bob@desk", access: "guarded", says: "viewer" },
    { who: "temp@agency", access: "refused", says: "viewer, expired" },
    { who: "mallory@old-laptop", access: "refused", says: "admin, revoked" },
  ]);
});

test("of many clients eight are shown, admins first, and the rest are counted", () => {
  const shown = clientWays({ clients: MANY_CLIENTS });
  expect(shown).toHaveLength(9);
  expect(shown.slice(0, 2).every(({ says }) => says === "admin: equal to root")).toBe(true);
  expect(shown.at(-1)).toEqual({ who: "16 more clients", access: "guarded", says: "none equal to root" });
  const admins = Array.from({ length: 20 }, (_, at) => onList(`a${at}`, "admin"));
  expect(ways(listed(...admins)).at(-1)).toBe("12 equal to root");
  const gone = Array.from({ length: 20 }, (_, at) => onList(`a${at}`, "admin", "revoked"));
  expect(clientWays({ clients: listed(...gone) }).at(-1)).toMatchObject({
    access: "refused",
    says: "none equal to root",
  });
});

test("the ninth client is shown, not counted", () => {
  const nine = Array.from({ length: 9 }, (_, at) => onList(`a${at}`, "viewer"));
  expect(clientWays({ clients: listed(...nine) }).map(({ who }) => who)).toEqual(
    nine.map(({ name }) => name),
  );
});

test("a list that was not read is unknown, and an empty one admits nobody", () => {
  expect(clientWays({ clients: { known: false, why: "x" } })).toMatchObject([
    { access: "unknown", says: "not read" },
  ]);
  expect(clientWays({ clients: listed() })).toMatchObject([{ who: "nobody", access: "refused" }]);
  expect(ways(null)).toEqual([]);
});

test("clients are shown at the gateway's entrance only", () => {
  const { entrances } = topologyOf(madeByGateway(), FEW_CLIENTS);
  expect(entrances.filter(({ clients }) => clients !== null).map(({ via }) => via?.name)).toEqual([
    "systemd > gateway",
  ]);
  expect(topologyOf(madeByUp(), FEW_CLIENTS).entrances.every(({ clients }) => clients === null)).toBe(true);
});

test("without an inspection from inside, the line determines where the gateway is", () => {
  const { entrances } = topologyOf(gatewayFromOutside(), FEW_CLIENTS);
  expect(entrances.map(({ clients }) => clients)).toEqual([FEW_CLIENTS]);
});

test("clients do not change whether an entrance is open to others", () => {
  const subject = madeByGateway();
  const unread: GatewayClients = { known: false, why: "x" };
  for (const clients of [FEW_CLIENTS, listed(), unread])
    expect(verdictOf(topologyOf(subject, clients))).toContain("none open to anybody");
  expect(looksIn(topologyOf(subject, FEW_CLIENTS))).toEqual(["guarded", "refused"]);
});
