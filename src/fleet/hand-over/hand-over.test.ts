/** What the gateway and the fleet process say to each other, as either may have been changed. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { type FleetLink, formatLink, parseLink } from "./link.ts";
import { formatAnswer, formatHandOver, readHandOver, readHandOverAnswer } from "./messages.ts";

const documents = signNext(null, makeOperator(), fleetList());
const LINK: FleetLink = {
  ...{ fleet: "acme", host: "web", credentials: "https://web.example/receipts/web.1.json" },
  address: { urls: ["https://web.example/acme"], ca: null },
  socket: "/run/tetherdock-gateway/fleet-1.sock",
};

test("the file that the gateway writes is read as it was written", () => {
  expect(parseLink(formatLink(LINK), "fleet-store.json")).toEqual(LINK);
});

test.each([
  ["a socket's name that is too long for one", { socket: `/${"x".repeat(107)}` }],
  ["another address", { address: { urls: ["http://web.example"], ca: null } }],
  ["a name with a slash", { host: "../web" }],
])("a file with %s is an error with a code", async (_what, over) => {
  const read = async () => parseLink(formatLink({ ...LINK, ...over }), "fleet-store.json");
  expect(await failureOf(read())).toMatchObject({ code: "FLEET_LINK_FAILED" });
});

test("an offer is read as it was written, with the state of the store", () => {
  const lost = { is: "lost", since: 1, why: "it does not answer" } as const;
  for (const offer of [
    { documents: null, store: null, noReceipt: null },
    { documents, store: { is: "connected" } as const, noReceipt: "status 405" },
    { documents, store: lost, noReceipt: null },
  ])
    expect(readHandOver(formatHandOver(offer))).toEqual({ value: { version: 1, ...offer } });
  const why = "x".repeat(10_000);
  const long = readHandOver(formatHandOver({ documents: null, store: { ...lost, why }, noReceipt: why }));
  expect(long).toHaveProperty("value.noReceipt", "x".repeat(240));
  expect(long).toHaveProperty("value.store.why", "x".repeat(240));
});

test("an answer is read as it was written; anything else is a problem", () => {
  const signature = `${"A".repeat(86)}==`;
  const list = "a".repeat(64);
  const answer = {
    documents,
    inForce: 1,
    list,
    refused: null,
    closed: 2,
    open: 0,
    tookMs: 3,
    at: 4,
    signature,
  };
  expect(readHandOverAnswer(formatAnswer(answer))).toMatchObject({ value: answer });
  for (const broken of ["", "{}", "null", '{"version":1,"documents":{}}'])
    expect([readHandOver(broken), readHandOverAnswer(broken)]).toEqual([
      { problems: expect.any(Array) },
      { problems: expect.any(Array) },
    ]);
});
