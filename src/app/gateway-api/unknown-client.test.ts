/** The error for a client that does not exist: which names it shows. */
import { expect, test } from "vitest";
import { unknownClient } from "./unknown-client.ts";

const commands = {
  list: "tetherdock client ls",
  again: (name: string) => ["tetherdock", "client", "rm", name],
};
const error = (typed: string, names: readonly string[], list: string | null = commands.list) =>
  unknownClient("there is no such client", typed, names, { ...commands, list });
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `c${at}`);

test("without any client it names none", () => {
  expect(error("x", [])).toMatchObject({
    ...{ code: "CLIENT_UNKNOWN", message: "there is no such client", why: [], hints: [commands.list] },
  });
});

test("twenty names are shown, and of more the number", () => {
  const shown = `the clients are ${numbered(20).join(", ")}`;
  expect(error("somebody", numbered(20)).why).toEqual([shown]);
  expect(error("somebody", numbered(21)).why).toEqual([`${shown} and 1 more`]);
});

test("of several near names all are shown, and the command has the nearest", () => {
  const { why, hints } = error("annna", ["anna", "annaa", "bob"], null);
  expect(why.filter((one) => one.startsWith("did you mean"))).toHaveLength(2);
  expect(hints).toEqual([expect.stringMatching(/^tetherdock client rm anna/)]);
});
