/** A list that two of three operators sign: what one key cannot do, and what it can. */
import { describe, expect, test } from "vitest";
import { accepted, fleetClient, fleetList, makeOperator } from "../../test/support/fleet/sample-fleet.ts";
import { DAY_MS } from "../base/index.ts";
import type { FleetDocuments } from "./documents.ts";
import { operatorOf } from "./operators.ts";
import {
  differencesOf,
  formatProposal,
  judgeDraft,
  type Proposal,
  readProposal,
  signProposal,
} from "./proposal/index.ts";
import { revocationsIn } from "./revocations/index.ts";
import { type Draft, draftList, finishDocuments, type Signed, sameList } from "./sign-documents.ts";
import { verifyDocuments } from "./verify-documents.ts";

const now = Date.now();
const [anna, ben, carol] = [makeOperator(), makeOperator(), makeOperator()];
const operators = [operatorOf(anna, "anna"), operatorOf(ben, "ben"), operatorOf(carol, "carol")];
const signing = (key = anna) => ({ key, now, validMs: 30 * DAY_MS, rootMs: 730 * DAY_MS });
const dora = fleetClient("dora");
const list = fleetList({ clients: [dora] });
const DORA = dora.fingerprint ?? "";

const judged = (before: Signed, draft: Draft): Proposal => {
  const read = judgeDraft(before, draft, now);
  return "value" in read ? read.value : expect.fail(read.refused);
};
const alone = await accepted(
  null,
  finishDocuments(null, draftList(null, list, { ...signing(), operators }), [], signing()),
);
const proposed = draftList(alone, list, { ...signing(), threshold: 2 });
const bySecond = signProposal(judged(alone, proposed), ben);
const finish = (before: Signed, draft: Draft, key = ben, revoked = before.view.list.revoked) =>
  finishDocuments(before, draft, revoked, signing(key));
const two = await accepted(alone.documents, finish(alone, bySecond));
const withErin = fleetList({ clients: [dora, fleetClient("erin")] });
const draft = draftList(two, withErin, signing());
const refusedBy = async (trusted: Signed, offered: FleetDocuments) => {
  const verified = await verifyDocuments(trusted.documents, offered);
  return "refused" in verified ? verified.refused : expect.fail("accepted");
};
const revokeBy = (before: Signed, key: typeof anna, keys: readonly string[]) =>
  finish(before, sameList(before.documents), key, keys);

describe("a list", () => {
  test("of one signature is refused, and so is one that a key signs twice", async () => {
    expect(judged(two, draft)).toMatchObject({ missing: 1, signers: [operators[0]] });
    expect(await refusedBy(two, finish(two, draft))).toBe("targets was signed by 1/2 keys");
    const twice = signProposal(judged(two, draft), anna);
    expect(judged(two, twice).missing).toBe(1);
    expect(await refusedBy(two, finish(two, twice))).toBe("targets was signed by 1/2 keys");
  });

  test("of two is accepted, and one operator alone changes neither operators nor threshold", async () => {
    const signed = signProposal(judged(two, draft), carol);
    expect((await accepted(two.documents, finish(two, signed))).view.list.clients).toHaveLength(2);
    for (const more of [{ threshold: 1 }, { operators: operators.slice(0, 2) }])
      expect(await refusedBy(two, finish(two, draftList(two, list, { ...signing(), ...more })))).toMatch(
        /root was signed by 1\/2 keys/,
      );
  });

  test("that two have signed and dropped does not come back beside another of its version", async () => {
    const dropped = signProposal(judged(two, draft), ben);
    const other = signProposal(judged(two, draftList(two, list, signing())), ben);
    const published = await accepted(two.documents, finish(two, other));
    expect(await refusedBy(published, finish(published, dropped))).toBe(
      `there is another list of version ${published.view.version}`,
    );
  });
});

describe("a revocation", () => {
  test("of one operator is accepted, and adds keys only", async () => {
    const revoked = await accepted(two.documents, revokeBy(two, carol, [DORA]));
    expect(revoked.view.version).toBe(two.view.version + 1);
    expect(revoked.view.list).toMatchObject({
      clients: [{ name: "dora", state: "revoked" }],
      revoked: [DORA],
    });
    expect(revoked.documents.targets).toBe(two.documents.targets);
  });

  test("that is older is refused; one that takes keys back gives a host nothing to forget", async () => {
    const first = revokeBy(two, carol, [DORA]);
    const second = await accepted(
      first,
      revokeBy(await accepted(two.documents, first), ben, [DORA, "a".repeat(64)]),
    );
    expect(await refusedBy(second, first)).toMatch(/is less than current version/);
    const mixed = { ...second.documents, revocations: first.revocations, revoked: first.revoked };
    expect(
      await verifyDocuments(second.documents, { ...mixed, timestamp: `${mixed.timestamp} ` }),
    ).toHaveProperty("refused");
  });

  test("of somebody else, or changed on the way, is refused", async () => {
    const documents = revokeBy(two, makeOperator(), [DORA]);
    expect(await refusedBy(two, documents)).toMatch(/signed by 0\/1 keys/);
    expect(await revocationsIn(two.documents, documents)).toEqual([]);
    const good = revokeBy(two, ben, [DORA]);
    const other = { ...good, revoked: good.revoked?.replace(DORA, "b".repeat(64)) ?? "" };
    expect(await refusedBy(two, other)).toBe("the revocations are not those that were signed");
    expect(await revocationsIn(two.documents, other)).toEqual([]);
    const { revocations: _, revoked: __, ...without } = good;
    expect(await refusedBy(two, without)).toBe("the revocations are missing");
  });

  test("counts also in documents that are refused: two operators at once, or the highest version", async () => {
    const mine = await accepted(two.documents, revokeBy(two, anna, []));
    const theirs = revokeBy(two, ben, [DORA]);
    expect(await refusedBy(mine, theirs)).toMatch(/equal to current version/);
    expect(await revocationsIn(mine.documents, theirs)).toEqual([DORA]);
  });

  test("of a key that no client has does not count, and there is room for all clients", async () => {
    const keys = (count: number) => Array.from({ length: count }, (_, at) => `${at}`.padStart(64, "0"));
    const full = await accepted(two.documents, revokeBy(two, ben, [...keys(4_999), DORA]));
    expect(full.view.list.revoked).toEqual([DORA]);
    expect(await refusedBy(two, revokeBy(two, ben, keys(5_001)))).toMatch(/at most 5000 items/);
    expect(await revocationsIn(two.documents, revokeBy(two, ben, [...keys(5_000), DORA]))).toEqual([]);
  });

  test("of an operator who is new in the documents that are refused counts, with a list that enough have signed", async () => {
    const dave = makeOperator();
    const named = [...operators, operatorOf(dave, "dave")];
    const withDave = draftList(two, withErin, { ...signing(), operators: named });
    const later = await accepted(two.documents, finish(two, signProposal(judged(two, withDave), ben)));
    const erin = fleetClient("erin").fingerprint ?? "";
    const thiefs = await accepted(
      two.documents,
      revokeBy({ ...two, view: { ...two.view, version: 900 } }, carol, []),
    );
    const revoking = revokeBy(later, dave, [erin]);
    expect(await refusedBy(thiefs, revoking)).toMatch(/is less than current version/);
    expect(await revocationsIn(thiefs.documents, revoking)).toEqual([erin]);
    expect(await revocationsIn(thiefs.documents, { ...revoking, list: `${revoking.list} ` })).toEqual([]);
  });
});

describe("what waits", () => {
  const text = formatProposal(two, draft);
  const read = (value: string, before = two) => readProposal(before, value, now);

  test("is shown whole: clients, roles, hosts, store, operators", () => {
    const all = draftList(
      two,
      fleetList({
        clients: [fleetClient("dora", { role: "admin" })],
        roles: [{ name: "web-team", extends: "viewer" }],
        store: { urls: ["https://web.example/acme"], ca: null },
      }),
      { ...signing(), operators: operators.slice(1), threshold: 1, replaced: ben },
    );
    const found = differencesOf(two, judged(two, all)).map(({ what, name }) => `${what} ${name}`);
    expect(found).toEqual([
      "signatures needed ",
      "operator's key anna",
      "client dora",
      'role web-team "name"',
      'role web-team "extends"',
      "store ",
    ]);
  });

  const changesOf = (one: Draft) =>
    differencesOf(two, judged(two, one)).map(({ what, name, before, after }) => [what, name, before, after]);

  test("shows the role and what changes of a client, and not the key that stays", () => {
    const role = fleetList({ clients: [{ ...dora, role: "operator" }] });
    expect(changesOf(draftList(two, role, signing()))).toEqual([["client", "dora", dora.role, "operator"]]);
    const other = "f".repeat(64);
    const key = fleetList({ clients: [{ ...dora, fingerprint: other }] });
    expect(changesOf(draftList(two, key, signing()))).toEqual([
      ["client", "dora", `${dora.role}, key ${dora.fingerprint}`, `${dora.role}, key ${other}`],
    ]);
  });

  test("shows an operator who has the name of another one", () => {
    const second = operatorOf(makeOperator(), "ben");
    const [first = expect.fail(), ben_ = expect.fail(), third = expect.fail()] = operators;
    for (const all of [
      [first, second, ben_, third],
      [first, ben_, second, third],
    ])
      expect(changesOf(draftList(two, list, { ...signing(), operators: all }))).toEqual([
        ["operator's key", "ben", ben_.id, [ben_.id, second.id].toSorted().join(", ")],
      ]);
  });

  test("shows a list in a role file that becomes an object", async () => {
    const role = (deny: unknown) =>
      fleetList({ clients: [dora], roles: [{ name: "web-team", operations: { deny } }] });
    const signed = signProposal(judged(two, draftList(two, role(["ContainerExec"]), signing())), ben);
    const before = await accepted(two.documents, finish(two, signed));
    const other = judged(before, draftList(before, role({ 0: "ContainerExec" }), signing()));
    expect(differencesOf(before, other)).toHaveLength(2);
  });

  test("ends when its root.json does, if that is sooner", () => {
    const early = draftList(two, list, { ...signing(), operators: operators.slice(0, 2), rootMs: DAY_MS });
    expect(judged(two, early).until).toBeLessThanOrEqual(now + DAY_MS);
    expect(judged(two, draft).until).toBeGreaterThan(now + 29 * DAY_MS);
  });

  test("is refused if the fleet would have another name", () => {
    const renamed = draftList(two, fleetList({ clients: [dora], name: "other" }), signing());
    expect(judgeDraft(two, renamed, now)).toEqual({ refused: expect.stringContaining("name"), isOld: false });
  });

  test("is refused if a revoked key leaves the list", async () => {
    const revoking = draftList(two, fleetList({ clients: [dora], revoked: [DORA] }), signing());
    const before = await accepted(two.documents, finish(two, signProposal(judged(two, revoking), ben)));
    expect(judgeDraft(before, draftList(before, list, signing()), now)).toEqual({
      refused: "it takes a revocation back",
      isOld: false,
    });
  });

  test("and was made for another list is refused", async () => {
    const next = await accepted(two.documents, finish(two, signProposal(judged(two, draft), ben)));
    expect(read(text, next)).toEqual({
      refused: "it is signed and published",
      isOld: true,
      isPublished: true,
    });
    const other = draftList(two, fleetList({ clients: [] }), signing());
    expect(read(formatProposal(two, other), next)).toEqual({
      ...{ refused: expect.stringContaining("not the newest"), isOld: true },
    });
    const base = JSON.parse(formatProposal(next, draft)).base as string;
    const moved = JSON.stringify({ ...JSON.parse(text), base });
    expect(read(moved, next)).toEqual({ refused: "a list of its version is published", isOld: false });
  });

  test.each<[string, (form: Draft) => Partial<Draft>]>([
    ["another list", ({ list: one }) => ({ list: one.replace("viewer", "admin") })],
    ["other hosts", () => ({ hosts: '{"version":1,"hosts":[]} \n' })],
    ["a list with blanks", ({ list: one }) => ({ list: one.replace(",", ", ") })],
    ["another version", ({ targets }) => ({ targets: targets.replace('"version":3', '"version":4') })],
    ["another end", ({ targets }) => ({ targets: targets.replace(/"expires":"20../, '"expires":"2099') })],
    [
      "a role that is not shown",
      ({ targets }) => ({ targets: targets.replace('"terminating":false', '"terminating":true') }),
    ],
    ["no signature", ({ targets }) => ({ targets: targets.replace(/"sig":"[0-9a-f]+"/, '"sig":"00"') })],
    ["no JSON", () => ({ targets: "{" })],
  ])("with %s is not signed", (_what, change) => {
    const changed = change(draft);
    expect({ ...draft, ...changed }).not.toEqual(draft);
    expect(read(JSON.stringify({ ...JSON.parse(text), ...changed }))).toHaveProperty("refused");
  });
});
