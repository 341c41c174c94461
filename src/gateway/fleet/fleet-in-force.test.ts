/** What a gateway keeps of its fleet, and when that changes who gets in. */
import { expect, test } from "vitest";
import {
  ADA,
  accept,
  delegated,
  key,
  made,
  OWN,
  states,
} from "../../../test/support/fleet/fleet-in-force.ts";
import {
  accepted,
  fleetClient,
  fleetList,
  makeOperator,
  signNext,
} from "../../../test/support/fleet/sample-fleet.ts";
import { DAY_MS } from "../../base/index.ts";
import type { FleetDocuments } from "../../fleet/index.ts";

const EVE = fleetClient("eve");

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

const CAROL = fleetClient("carol");
const LIST = fleetList({ clients: [EVE] });
const HIGHEST = 999_999_998;
const keyOf = ({ fingerprint }: typeof EVE) => fingerprint ?? "";
const madeUp = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `${from + at}`.padStart(64, "0"));

test("what one operator revokes counts, also in documents that are refused; nothing takes it back", async () => {
  const { two, ben, revoke } = await delegated(LIST);
  const { fleet, make, onChange } = made();
  await accept(fleet, two.documents);
  // A thief has signed the highest version: nobody can publish any more, but revoke.
  expect(await accept(fleet, revoke(ben, [], HIGHEST))).toEqual({ isNews: true });
  expect(states(fleet)).toEqual([["eve", "active", null]]);
  const revoked = revoke(key, [keyOf(EVE)]);
  onChange.mockClear();
  const told = { refused: expect.stringMatching(/is less than current/), revoked: 1 };
  expect(await accept(fleet, revoked)).toEqual(told);
  expect(states(fleet)).toEqual([["eve", "revoked", null]]);
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(await accept(fleet, revoked)).toEqual(told);
  expect(onChange).toHaveBeenCalledTimes(1);
  await accept(fleet, revoke(ben, []));
  const again = make();
  await again.load();
  expect(states(again)).toEqual([["eve", "revoked", null]]);
});

test("one stolen key does not use up the room for revocations, in documents that are accepted or refused", async () => {
  const { two, ben, both, revoke } = await delegated(LIST);
  const { fleet, make, kept } = made();
  await accept(fleet, two.documents);
  const before = kept.text?.length ?? 0;
  for (let at = 0; at < 100; at += 1)
    expect(await accept(fleet, revoke(ben, madeUp(at * 1_000, 1_000), 10 + at))).toEqual({ isNews: true });
  for (let at = 100; at < 110; at += 1)
    expect(await accept(fleet, revoke(ben, madeUp(at * 1_000, 1_000)))).toEqual({
      refused: expect.stringMatching(/is less than current/),
    });
  expect(fleet.kept?.revoked).toEqual([]);
  expect((kept.text?.length ?? 0) - before).toBeLessThan(100_000);
  expect(await accept(fleet, revoke(key, [keyOf(EVE)], 500))).toEqual({ isNews: true });
  const again = make();
  await again.load();
  expect(states(again)).toEqual([["eve", "revoked", null]]);
  // Nor that of the signed list, which takes over what was revoked alone.
  const last = await accepted(two.documents, revoke(ben, madeUp(0, 1_000), 600));
  expect((await both(last, last.view.list)).view.list.revoked).toEqual([]);
});

test("a revoked key stays revoked when its client is taken off the list and put on it again", async () => {
  const { two, both, revoke } = await delegated(LIST);
  const { fleet } = made();
  const revoked = await accepted(two.documents, revoke(key, [keyOf(EVE)]));
  await accept(fleet, revoked.documents);
  const without = await both(revoked, fleetList());
  await accept(fleet, without.documents);
  expect([states(fleet), fleet.kept?.revoked]).toEqual([[], [keyOf(EVE)]]);
  await accept(fleet, (await both(without, LIST)).documents);
  expect(states(fleet)).toEqual([["eve", "revoked", null]]);
});

test("a client is revoked on a host that has not had the list with them yet", async () => {
  const { two, ben, both, revoke } = await delegated(LIST);
  const { fleet } = made();
  await accept(fleet, revoke(ben, [], HIGHEST - 1));
  const later = await both(two, fleetList({ clients: [EVE, CAROL] }));
  expect(await accept(fleet, revoke(key, [keyOf(CAROL), ...madeUp(0, 9)], 0, later))).toEqual({
    refused: expect.any(String),
    revoked: 1,
  });
  // The thief brings the list without the revocation.
  expect(await accept(fleet, revoke(ben, [], HIGHEST, later))).toEqual({ isNews: true });
  expect(states(fleet)).toEqual([
    ["eve", "active", null],
    ["carol", "revoked", null],
  ]);
});

test("what a list revokes that both have signed counts on a host that refuses it; one signature too few does not", async () => {
  const { two, ben, both, revoke } = await delegated(LIST);
  const { fleet } = made();
  await accept(fleet, revoke(ben, [], HIGHEST));
  const revoking = fleetList({ clients: [EVE], revoked: [keyOf(EVE)] });
  const alone = signNext(two, ben, revoking);
  expect(await accept(fleet, alone)).toEqual({ refused: expect.any(String) });
  expect(states(fleet)).toEqual([["eve", "active", null]]);
  expect(await accept(fleet, (await both(two, revoking)).documents)).toMatchObject({ revoked: 1 });
  expect(states(fleet)).toEqual([["eve", "revoked", null]]);
});

test("one operator's revocation leaves a host an admin, whose key is on both lists, and counts for the others", async () => {
  const { two, ben, revoke } = await delegated(fleetList({ clients: [EVE, OWN] }));
  const { fleet } = made();
  await accept(fleet, two.documents);
  const state = (name: string) => fleet.members([OWN]).clients.find((one) => one.name === name)?.state;
  expect(await accept(fleet, revoke(key, [keyOf(OWN), keyOf(EVE)]), [OWN], "another")).toEqual({
    ...{ refused: expect.stringContaining("the last active admin"), revoked: 1 },
  });
  expect([state("root"), state("eve")]).toEqual(["active", "revoked"]);
  await accept(fleet, revoke(ben, [], HIGHEST));
  await accept(fleet, revoke(key, [keyOf(OWN)]));
  expect(state("root")).toBe("active");
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
