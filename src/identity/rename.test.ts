/** What a client's new name may be, and that only the name changes. */
import { expect, test } from "vitest";
import { revokeKey } from "./change.ts";
import type { Client } from "./client.ts";
import { renameClient } from "./rename.ts";

const client = (name: string, digit: string): Client => ({
  ...{
    name,
    fingerprint: digit.repeat(64),
    role: "viewer",
    state: "revoked",
    expires: "2027-01-31T08:00:00Z",
  },
});
const LIST = [client("anna", "a"), client("bob", "b")];
const nothing = () => null;

test("only the name changes, and the order stays", () => {
  expect(renameClient("anna", "eva", nothing)(LIST)).toEqual({
    clients: [{ ...LIST[0], name: "eva" }, LIST[1]],
    done: "renamed",
  });
});

test.each([
  ["nobody", "eva", "unknown-client"],
  ["anna", "bob", "name-taken"],
  ["anna", "lend-0123456789", "fixed-name"],
  ["anna", "local", "fixed-name"],
])("%s is not renamed %s: %s", (from, to, refused) => {
  const fixed = (name: string) => (name === "local" ? "a socket's" : null);
  expect(renameClient(from, to, fixed)(LIST)).toMatchObject({ refused });
});

test("a key that was copied is stopped under whatever name it has by then", () => {
  const list = [client("anna", "b"), { ...client("bob", "a"), state: "active" as const }];
  expect(revokeKey("a".repeat(64))(list)).toEqual({
    clients: [list[0], client("bob", "a")],
    done: "changed",
  });
  expect(revokeKey("c".repeat(64))(list)).toMatchObject({ refused: "unknown-client" });
});
