/** What a gateway keeps of its fleet, and when that changes who gets in. */
import { expect, test, vi } from "vitest";
import {
  accepted,
  fleetClient,
  fleetList,
  makeOperator,
  signNext,
} from "../../../test/support/fleet/sample-fleet.ts";
import { DAY_MS } from "../../base/index.ts";
import {
  draftList,
  type FleetDocuments,
  finishDocuments,
  judgeDraft,
  operatorOf,
  sameList,
  signProposal,
} from "../../fleet/index.ts";
import type { FleetStore } from "../ports.ts";
import { FleetInForce } from "./fleet-in-force.ts";

const key = makeOperator();
const EVE = fleetClient("eve");

function made() {
  const kept: { text: string | undefined } = { text: undefined };
  const store: FleetStore = {
    path: "fleet.json",
    read: async () => kept.text,
    write: async (text) => {
      kept.text = text;
    },
  };
  const time = { now: Date.now() };
  const onChange = vi.fn(async () => {});
  const make = () => new FleetInForce(store, () => time.now, { rolesAfterEnd: [] }, onChange);
  return { kept, store, time, onChange, make, fleet: make() };
}

const OWN = fleetClient("root", { role: "admin" });
const ADA = fleetClient("ada", { role: "admin" });

const accept = (
  fleet: FleetInForce,
  documents: Parameters<FleetInForce["accept"]>[0],
  own: readonly (typeof OWN)[] = [OWN],
  sender = "root",
) => fleet.accept(documents, () => own, sender);

const states = (fleet: FleetInForce) =>
  fleet.members([]).clients.map(({ name, state, expires }) => [name, state, expires]);

test("the first documents pin the operator; a restart keeps them, and what they revoked", async () => {
  const { fleet, make, onChange } = made();
  const first = signNext(null, key, fleetList({ clients: [EVE], revoked: [EVE.fingerprint ?? ""] }));
  expect(await accept(fleet, first)).toEqual({ isNews: true });
  expect(await accept(fleet, first)).toEqual({ isNews: false });
  expect(onChange).toHaveBeenCalledTimes(1);
  const again = make();
  await again.load();
  expect(states(again)).toEqual([["eve", "revoked", null]]);
  expect(await accept(again, signNext(null, makeOperator(), fleetList()))).toEqual({
    refused: expect.any(String),
  });
});

/** A fleet with a place for revocations that one operator signs. */
async function delegated() {
  const list = fleetList({ clients: [EVE] });
  const first = await accepted(null, signNext(null, key, list, { threshold: 1 }));
  const [ben, now] = [makeOperator(), Date.now()];
  const operators = [operatorOf(key, "anna"), operatorOf(ben, "ben")];
  const signing = { key, now, validMs: DAY_MS, rootMs: 730 * DAY_MS, operators, threshold: 2 };
  const judged = judgeDraft(first, draftList(first, list, signing), now);
  const draft = "value" in judged ? signProposal(judged.value, ben) : expect.fail(judged.refused);
  const two = await accepted(first.documents, finishDocuments(first, draft, [], { ...signing, key: ben }));
  const revoke = (by: typeof ben, keys: readonly string[], above = 0) =>
    finishDocuments(two, sameList(two.documents), keys, { ...signing, key: by, above });
  return { two, ben, revoke };
}

test("what one operator revokes counts, also in documents that are refused; nothing takes it back", async () => {
  const { two, ben, revoke } = await delegated();
  const { fleet, make, onChange } = made();
  await accept(fleet, two.documents);
  // A thief has signed the highest version: nobody can publish any more, but revoke.
  expect(await accept(fleet, revoke(ben, [], 999_999_998))).toEqual({ isNews: true });
  expect(states(fleet)).toEqual([["eve", "active", null]]);
  const revoked = revoke(key, [EVE.fingerprint ?? ""]);
  onChange.mockClear();
  expect(await accept(fleet, revoked)).toEqual({ refused: expect.stringMatching(/is less than current/) });
  expect(states(fleet)).toEqual([["eve", "revoked", null]]);
  expect(onChange).toHaveBeenCalledTimes(1);
  await accept(fleet, revoked);
  expect(onChange).toHaveBeenCalledTimes(1);
  await accept(fleet, revoke(ben, []));
  const again = make();
  await again.load();
  expect(states(again)).toEqual([["eve", "revoked", null]]);
});

test("one operator's revocation leaves a host an admin", async () => {
  const { two, ben, revoke } = await delegated();
  const { fleet } = made();
  await accept(fleet, two.documents);
  await accept(fleet, revoke(ben, [], 999_999_998));
  await accept(fleet, revoke(key, [OWN.fingerprint ?? ""]));
  expect(fleet.members([OWN]).clients.find(({ name }) => name === "root")).toMatchObject({ state: "active" });
});

test("a later list without the revocation does not take it back", async () => {
  const { fleet } = made();
  await accept(fleet, signNext(null, key, fleetList({ clients: [EVE], revoked: [EVE.fingerprint ?? ""] })));
  const { documents, view } = fleet.kept ?? expect.fail("it is in no fleet");
  await accept(fleet, signNext({ documents, view }, key, fleetList({ clients: [EVE] })));
  expect(fleet.kept?.view.version).toBe(2);
  expect(states(fleet)).toEqual([["eve", "revoked", null]]);
});

test("when the documents end, access is judged anew, once; and again when newer ones come", async () => {
  const { fleet, time, onChange } = made();
  await accept(fleet, signNext(null, key, fleetList({ clients: [EVE] }), { validMs: DAY_MS }));
  fleet.sweep();
  expect(onChange).toHaveBeenCalledTimes(1);
  time.now += 2 * DAY_MS;
  fleet.sweep();
  fleet.sweep();
  expect(onChange).toHaveBeenCalledTimes(2);
  expect(states(fleet)).toEqual([["eve", "active", expect.stringMatching(/Z$/)]]);
  const { documents, view } = fleet.kept ?? expect.fail("it is in no fleet");
  await accept(fleet, signNext({ documents, view }, key, fleetList({ clients: [EVE] })));
  fleet.sweep();
  expect(states(fleet)).toEqual([["eve", "active", null]]);
});

test("a host that leaves keeps nothing; what cannot be written changes nothing", async () => {
  const { fleet, store, kept } = made();
  expect(await fleet.leave()).toBe(false);
  await accept(fleet, signNext(null, key, fleetList({ clients: [EVE] })));
  const { write } = store;
  Object.assign(store, { write: () => Promise.reject(new Error("disk full")) });
  await expect(fleet.leave()).rejects.toThrow("disk full");
  expect(states(fleet)).toHaveLength(1);
  Object.assign(store, { write });
  expect(await fleet.leave()).toBe(true);
  expect([kept.text, fleet.members([]).clients]).toEqual([undefined, []]);
});

test("a damaged file is an error, and the host is in no fleet", async () => {
  const { fleet, kept } = made();
  kept.text = "{";
  await expect(fleet.load()).rejects.toMatchObject({ code: "GATEWAY_FLEET_BROKEN" });
  expect(fleet.kept).toBeNull();
});

const revoking = (...clients: readonly (typeof OWN)[]) =>
  signNext(null, key, fleetList({ revoked: clients.map(({ fingerprint }) => fingerprint ?? "") }));

test("no list shuts out the admin who sends it, or the last admin of the host's own list", async () => {
  const { fleet, kept } = made();
  expect(await accept(fleet, revoking(OWN), [OWN, ADA])).toEqual({
    refused: "the list revokes the key of root, who sends it",
  });
  expect(await accept(fleet, revoking(OWN), [OWN], "a client of the fleet")).toEqual({
    refused: expect.stringContaining("the last active admin"),
  });
  expect([kept.text, fleet.kept]).toEqual([undefined, null]);
  expect(await accept(fleet, revoking(ADA), [OWN, ADA])).toEqual({ isNews: true });
});

test("what could not be read again after a restart is refused", async () => {
  const { fleet, make, kept } = made();
  const root = (documents: FleetDocuments) => documents.roots.at(-1) ?? "";
  let signed = await accepted(null, signNext(null, key, fleetList()));
  await accept(fleet, signed.documents);
  const roots = [root(signed.documents)];
  for (let version = 2; version <= 65; version += 1) {
    const documents = signNext(signed, key, fleetList(), { now: Date.now() + version * 400 * DAY_MS });
    signed = { documents, view: { ...signed.view, version } };
    roots.push(root(documents));
  }
  const refused = await accept(fleet, { ...signed.documents, roots: roots.slice(1) });
  expect(refused).toEqual({ refused: expect.stringContaining("documents.roots must have at most 64 items") });
  const again = make();
  await again.load();
  expect(again.kept?.view.version).toBe(1);
  expect(kept.text).toBeDefined();
});

test("a fleet process that sends list after list does not keep an admin's out", async () => {
  const { fleet } = made();
  const first = signNext(null, key, fleetList());
  await accept(fleet, first);
  const { documents, view } = fleet.kept ?? expect.fail("it is in no fleet");
  const flood = Array.from({ length: 7 }, () => fleet.accept(first, () => [OWN], null));
  const next = signNext({ documents, view }, key, fleetList({ clients: [EVE] }));
  expect(await accept(fleet, next)).toEqual({ isNews: true });
  expect((await Promise.all(flood)).filter((one) => "isNews" in one)).toHaveLength(1);
});

test("documents of many senders at once do not pile up: four wait, others are told to try again", async () => {
  const { fleet } = made();
  const first = signNext(null, key, fleetList());
  const answers = await Promise.all(Array.from({ length: 7 }, () => accept(fleet, first)));
  expect(answers.map((one) => ("refused" in one ? one.refused : "taken"))).toEqual([
    ...Array.from({ length: 4 }, () => "taken"),
    ...Array.from({ length: 3 }, () => "others are sending lists at the same time; try again"),
  ]);
  expect(await accept(fleet, first)).toEqual({ isNews: false });
});
