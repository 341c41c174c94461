import { expect, test } from "vitest";
import { type Operator, withOperator as withOperatorAt } from "./operator-client.ts";

const fingerprint = "a".repeat(64);
const operator = { name: "anna@laptop", fingerprint };
const entry = { ...operator, role: "admin", state: "active", expires: null };
const ben = { name: "ben", fingerprint: "b".repeat(64), role: "viewer", state: "revoked", expires: null };
const list = (...clients: readonly object[]) => JSON.stringify({ version: 1, clients });
const withOperator = (clients: string | undefined, who: Operator, revocations?: string) =>
  withOperatorAt({ clients, revocations }, who, 0);
const clientsOf = (text: string) => JSON.parse(text).clients;

test("without a list, the operator is the only client", () => {
  expect(JSON.parse(withOperator(undefined, operator))).toEqual({ version: 1, clients: [entry] });
});

test("a list with the operator does not change by a byte", () => {
  const text = list(ben, { ...entry, name: "another-name" });
  expect(withOperator(text, operator)).toBe(text);
});

test.each([
  ["not in it", []],
  ["a viewer", [{ ...entry, role: "viewer" }]],
  ["active until a date", [{ ...entry, expires: "2026-01-01T00:00:00.000Z" }]],
])("an operator who is %s becomes an active admin; other clients do not change", (_what, before) => {
  expect(clientsOf(withOperator(list(...before, ben), operator))).toEqual([ben, entry]);
});

test("a name that another client has gets a number", () => {
  const [, added] = clientsOf(withOperator(list({ ...ben, name: operator.name }), operator));
  expect(added.name).toBe("anna@laptop-2");
});

test("a number fits into the longest name; without any valid character the name is laptop", () => {
  const name = "x".repeat(64);
  const [, , third] = clientsOf(
    withOperator(
      list({ ...ben, name }, { ...ben, name: `${"x".repeat(62)}-2`, fingerprint: "c".repeat(64) }),
      {
        ...{ name, fingerprint },
      },
    ),
  );
  expect(third.name).toBe(`${"x".repeat(62)}-3`);
  const [made] = clientsOf(withOperator(undefined, { name: "--..", fingerprint }));
  expect(made.name).toBe("laptop");
});

test("an invalid client name is made valid", () => {
  const [made] = clientsOf(withOperator(undefined, { name: `-ann\u00e9 x@${"h".repeat(80)}`, fingerprint }));
  expect(made.name).toMatch(/^ann--x@h{57}$/);
});

test.each(["{", "null", "[]", '{"version":2,"clients":[]}', '{"version":1}'])(
  "an invalid list is an error, and is not overwritten: %s",
  (text) => {
    expect(() => withOperator(text, operator)).toThrow(
      expect.objectContaining({
        code: "GATEWAY_CLIENTS_BROKEN",
        message: expect.stringContaining("/var/lib/private/tetherdock-gateway/clients.json on the host"),
      }),
    );
  },
);

const revoked = (...keys: string[]) =>
  JSON.stringify({ version: 2, keys: keys.map((key) => ({ key, revoked: true, until: null })) });

test("an operator whose key was revoked gets an error; up does not restore them", () => {
  expect(() => withOperator(undefined, operator, revoked(fingerprint))).toThrow(
    expect.objectContaining({
      code: "CLIENT_REVOKED",
      why: [
        "it was removed from the client list",
        "the gateway refuses anna@laptop, and up does not change that",
      ],
    }),
  );
  expect(() => withOperator(list(entry), operator, revoked(fingerprint))).toThrow(
    expect.objectContaining({ why: ["the gateway refuses anna@laptop, and up does not change that"] }),
  );
  expect(clientsOf(withOperator(undefined, operator, revoked(ben.fingerprint)))).toEqual([entry]);
  // Somebody with root edited the list, or the file of revocations is lost.
  expect(() => withOperator(list({ ...entry, state: "revoked" }), operator)).toThrow(
    expect.objectContaining({ code: "CLIENT_REVOKED" }),
  );
  expect(() => withOperator(undefined, operator, "{")).toThrow(
    expect.objectContaining({
      code: "GATEWAY_CLIENTS_BROKEN",
      message: expect.stringContaining("clients.revoked.json on the host"),
    }),
  );
});

test("up's list does not restore a client that the gateway has revoked", () => {
  const written = withOperator(list({ ...ben, state: "active" }), operator, revoked(ben.fingerprint));
  expect(clientsOf(written)).toEqual([ben, entry]);
});

test.each([
  ["revoked", list({ ...entry, name: "anna" }), /^tetherdock client restore anna /],
  ["removed from the list", list(ben), /^tetherdock client add anna@laptop --public-key FILE --role admin /],
])("the hint restores an operator who was %s", (_what, clients, hint) => {
  expect(() => withOperator(clients, operator, revoked(fingerprint))).toThrow(
    expect.objectContaining({ hints: [expect.stringMatching(hint)] }),
  );
});
