/** Who may sign a fleet's list, and what a host accepts of those who come after them. */
import { type KeyObject, sign } from "node:crypto";
import { Metadata, MetadataKind, type Root, Signature } from "@tufjs/models";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../test/support/app/change.ts";
import {
  accepted,
  fleetClient,
  fleetList,
  makeOperator,
  signNext,
} from "../../test/support/fleet/sample-fleet.ts";
import type { FleetDocuments } from "./documents.ts";
import { keyOf, operatorOf, operatorsOf, readOperatorKey, readRoot, signersOf } from "./operators.ts";
import { verifyDocuments } from "./verify-documents.ts";

const [anna, ben, eve] = [makeOperator(), makeOperator(), makeOperator()];
const [annas, bens, eves] = [operatorOf(anna, "anna"), operatorOf(ben, "ben"), operatorOf(eve, "eve")];
const list = fleetList({ clients: [fleetClient("carol")] });

const alone = await accepted(null, signNext(null, anna, list, { operators: [annas] }));
const both = await accepted(alone.documents, signNext(alone, anna, list, { operators: [annas, bens] }));
const byBen = await accepted(both.documents, signNext(both, ben, list));
const withoutBen = await accepted(byBen.documents, signNext(byBen, anna, list, { operators: [annas] }));

/** A root.json as somebody would make it who has these keys and nothing else. */
function madeUp(after: string, change: (root: Root) => void, ...keys: readonly KeyObject[]): string {
  const root = readRoot(after);
  Object.assign(root, { version: root.version + 1 });
  change(root);
  return signedBy(
    root,
    keys.map((key) => [operatorOf(key, null).id, key]),
  );
}

function signedBy(root: Root, by: readonly (readonly [string, KeyObject])[]): string {
  const metadata = new Metadata(root);
  for (const [keyID, key] of by)
    metadata.sign((data) => new Signature({ keyID, sig: sign(null, data, key).toString("hex") }));
  return JSON.stringify(metadata.toJSON());
}

const ROLES = ["root", "timestamp", "snapshot", "targets"] as const;
/** The only operator. */
const seize = (root: Root) => {
  for (const role of ROLES) Object.assign(root.roles[role] as object, { keyIDs: [] });
  for (const role of ROLES) root.addKey(keyOf(eves), role);
};
const last = ({ roots }: FleetDocuments) => roots.at(-1) ?? "";
const withRoot = (documents: FleetDocuments, root: string): FleetDocuments => ({
  ...documents,
  roots: [...documents.roots, root],
});

test("a second operator signs alone; hosts know who has signed", async () => {
  expect(operatorsOf(both.documents)).toEqual([annas, bens]);
  expect(both.view).toMatchObject({ version: 2, rootVersion: 2 });
  expect(byBen.view).toMatchObject({ version: 3, rootVersion: 2 });
  expect(signersOf(both.documents)).toEqual([annas]);
  expect(signersOf(byBen.documents)).toEqual([bens]);
});

test("a host that was away follows every change of operators, one after another", async () => {
  expect(await verifyDocuments(alone.documents, withoutBen.documents)).toMatchObject({
    view: { version: 4, rootVersion: 3 },
    documents: { roots: { length: 3 } },
  });
});

test("a key is replaced: the old one signs who comes after it, and nothing more", async () => {
  const next = makeOperator();
  const operators = [operatorOf(next, "anna")];
  const rotated = await accepted(alone.documents, signNext(alone, next, list, { operators, replaced: anna }));
  expect(rotated.view).toMatchObject({ version: 2, rootVersion: 2 });
  await accepted(rotated.documents, signNext(rotated, next, list));
  expect(await verifyDocuments(rotated.documents, signNext(rotated, anna, list))).toEqual({
    refused: "timestamp was signed by 0/1 keys",
  });
});

test("the operators that root.json has had stay when it is signed again after a year", async () => {
  const now = Date.now() + 500 * 86_400_000;
  const later = signNext(withoutBen, anna, list, { now });
  expect(operatorsOf(later)).toEqual([annas]);
  expect(readRoot(last(later))).toMatchObject({
    version: 4,
    unrecognizedFields: readRoot(last(withoutBen.documents)).unrecognizedFields,
  });
});

describe("refused", () => {
  test.each<[string, FleetDocuments, FleetDocuments, RegExp]>([
    [
      "a list that a removed operator signs",
      withoutBen.documents,
      signNext(withoutBen, ben, list),
      /timestamp was signed by 0\/1 keys/,
    ],
    [
      "operators that a removed one names",
      withoutBen.documents,
      withRoot(withoutBen.documents, madeUp(last(withoutBen.documents), seize, ben, eve)),
      /root was signed by 0\/1 keys/,
    ],
    [
      "operators that only they themselves have signed",
      both.documents,
      withRoot(both.documents, madeUp(last(both.documents), seize, eve)),
      /root was signed by 0\/1 keys/,
    ],
    [
      "operators that only those before them have signed",
      both.documents,
      withRoot(both.documents, madeUp(last(both.documents), seize, anna)),
      /root was signed by 0\/1 keys/,
    ],
    [
      "a root.json that skips a version",
      alone.documents,
      { ...withoutBen.documents, roots: withoutBen.documents.roots.toSpliced(1, 1) },
      /Expected version 2, got 3|root was signed by 0\/1/,
    ],
    [
      "an older list of an operator who stays, after another was removed",
      byBen.documents,
      { ...both.documents, roots: withoutBen.documents.roots },
      /version 2 is less than 4, the first one of these operators/,
    ],
    [
      "the list of a removed operator, with the new root.json",
      both.documents,
      { ...byBen.documents, roots: withoutBen.documents.roots },
      /timestamp was signed by 0\/1 keys/,
    ],
  ])("%s", async (_what, trusted, offered, refused) => {
    expect(await verifyDocuments(trusted, offered)).toEqual({ refused: expect.stringMatching(refused) });
  });

  const needTwo = (root: Root) => {
    root.addKey(keyOf(bens), "root");
    for (const role of ROLES) Object.assign(root.roles[role] as object, { threshold: 2 });
  };

  test("one signature too few", async () => {
    const one = withRoot(alone.documents, madeUp(last(alone.documents), needTwo, anna));
    expect(await verifyDocuments(alone.documents, one)).toEqual({ refused: "root was signed by 1/2 keys" });
  });

  test.each([
    ["under another id", "f".repeat(64), annas.publicKey],
    ["in other letters", annas.id.toUpperCase(), annas.publicKey.toUpperCase()],
  ])("one key that is there twice, %s: it would count twice", async (_what, id, publicKey) => {
    const root = readRoot(last(alone.documents));
    Object.assign(root, { version: root.version + 1 });
    const twin = { ...annas, id, publicKey };
    for (const role of ROLES) {
      root.addKey(keyOf(twin), role);
      Object.assign(root.roles[role] as object, { threshold: 2 });
    }
    const twice = signedBy(root, [
      [annas.id, anna],
      [id, anna],
    ]);
    for (const [trusted, roots] of [
      [alone.documents, [...alone.documents.roots, twice]],
      [null, [twice]],
    ] as const)
      expect(await verifyDocuments(trusted, { ...alone.documents, roots })).toEqual({
        refused: "the id of an operator's key is not the SHA-256 of the key",
      });
  });

  test("a version so high that nobody could sign a higher one", async () => {
    const high = signNext(both, ben, list, { above: 999_999_999 });
    expect(await verifyDocuments(both.documents, high)).toEqual({
      refused: "version 1000000000 is more than 999999999",
    });
  });
});

test("the highest version, signed with a stolen key, is forgotten with that key", async () => {
  const highest = await accepted(both.documents, signNext(both, ben, list, { above: 999_999_998 }));
  expect(highest.view.version).toBe(999_999_999);
  const recovered = signNext(both, anna, list, { operators: [annas] });
  expect(await verifyDocuments(highest.documents, recovered)).toMatchObject({ view: { version: 3 } });
});

test("only a public Ed25519 key is added", async () => {
  const pem = anna.export({ type: "pkcs8", format: "pem" }).toString();
  const codeOf = async (text: string) =>
    (await failureOf(Promise.resolve().then(() => readOperatorKey(text)))).code;
  expect(await codeOf(pem)).toBe("KEY_UNSUITABLE");
  expect(await codeOf("x")).toBe("KEY_UNREADABLE");
  const { publicKey } = await import("../pki/index.ts").then(({ makeKeyPair }) => makeKeyPair());
  expect(await codeOf(publicKey)).toBe("KEY_UNSUITABLE");
});

test("a name that is none is not shown", () => {
  const root = madeUp(last(alone.documents), (one) =>
    one.addKey(keyOf({ ...bens, name: "ben\u001b[2J" }), "targets"),
  );
  expect(operatorsOf({ ...alone.documents, roots: [root] })).toEqual([annas, { ...bens, name: null }]);
  expect(Metadata.fromJSON(MetadataKind.Root, JSON.parse(root)).signed.version).toBe(2);
});
