import { expect, test } from "vitest";
import { TetherdockError } from "../base/index.ts";
import { formatClients, parseClients } from "./clients-file.ts";

const anna = {
  name: "anna@laptop",
  fingerprint: "a".repeat(64),
  role: "admin",
  state: "active",
  expires: null,
};
const file = (...clients: unknown[]) => JSON.stringify({ version: 1, clients });

/** Why a list is refused. */
function why(source: string): readonly string[] {
  try {
    parseClients(source, "/clients.json");
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(TetherdockError);
    expect(error).toMatchObject({
      code: "GATEWAY_CLIENTS_BROKEN",
      message: expect.stringContaining("/clients.json"),
    });
    return (error as TetherdockError).why;
  }
}

test("a written list is read back; the end of access may be missing", () => {
  const { expires: _, ...short } = anna;
  const clients = parseClients(file(short), "f");
  expect(clients).toEqual([anna]);
  expect(parseClients(formatClients(clients), "f")).toEqual(clients);
  expect(parseClients(file(), "f")).toEqual([]);
});

test.each([
  [{ name: "" }, /^clients\[0\].name must be 1 to 64/],
  [{ name: "-x" }, /name/],
  [{ name: "a/b" }, /name/],
  [{ name: "x".repeat(65) }, /name/],
  [{ fingerprint: "A".repeat(64) }, /fingerprint must be 64 hex digits in lower case/],
  [{ fingerprint: "a".repeat(63) }, /fingerprint/],
  [{ role: "Admin" }, /role/],
  [{ state: "Active" }, /state must be "active" or "revoked"/],
  [{ expires: "2027-01-31" }, /expires must be a time/],
  [{ expires: "2027-13-31T00:00:00Z" }, /expires/],
  [{ expires: "2027-01-31T08:00:00+01:00" }, /expires/],
  [{ admin: true }, /clients\[0\].admin is not known; known are name/],
])("%j is refused", (change, problem) => {
  expect(why(file({ ...anna, ...change }))).toEqual([expect.stringMatching(problem)]);
});

test("every problem is reported at once", () => {
  const other = { ...anna, name: "b", role: 1, state: "gone" };
  expect(why(file({ name: "a" }, other))).toHaveLength(5);
});

test.each([
  ["a name", file(anna, { ...anna, fingerprint: "b".repeat(64) }), "the name anna@laptop appears twice"],
  ["a key", file(anna, { ...anna, name: "b" }), `the fingerprint ${"a".repeat(64)} appears twice`],
])("%s belongs to one client", (_what, source, problem) => {
  expect(why(source)).toEqual([problem]);
});

test.each(["", "[]", "null", '{"version":2,"clients":[]}', '{"version":1}', '{"version":1,"clients":{}}'])(
  "%j is not a list",
  (source) => {
    expect(why(source)).toHaveLength(1);
  },
);

test("of a repeated key the last one counts, and must be valid", () => {
  expect(
    why(`{"version":1,"clients":[],"clients":[${JSON.stringify({ ...anna, state: "x" })}]}`),
  ).toHaveLength(1);
});
