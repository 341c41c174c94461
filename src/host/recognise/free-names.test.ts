import { expect, test } from "vitest";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { normaliseNames } from "../../pki/index.ts";
import { requireFreeNames } from "./free-names.ts";

const prod = sampleLine({
  id: "00000000000000aa",
  name: "prod",
  address: "192.0.2.1",
  sans: ["prod.example"],
});
const check = (names: string[], over: object = {}) =>
  requireFreeNames([prod], { id: "", port: 2376, target: "root@evil", ...over }, normaliseNames(names));

test.each(["192.0.2.1", "prod.example", "PROD.example."])(
  "%s belongs to another line: nothing is signed for it",
  (name) => {
    expect(() => check(["192.0.2.66", name])).toThrow(expect.objectContaining({ code: "NAME_TAKEN" }));
  },
);

test.each([
  [{}, `"prod" was made with ${prod.target}, and its clients connect there`],
  [{ target: null }, '"prod" was made with this machine, and its clients connect there'],
  [{ target: null, joined: true }, '"prod" was joined or imported, and its clients connect there'],
] as const)("the error for %j says where the other line is from", (over, why) => {
  const names = normaliseNames(["prod.example"]);
  const line = { id: "", port: 2376, target: "root@evil" };
  expect(() => requireFreeNames([{ ...prod, ...over }], line, names)).toThrow(
    expect.objectContaining({ why: expect.arrayContaining([why]) }),
  );
});

test("the line's own names, and other hosts' names at the same address, are free", () => {
  expect(() => check(["192.0.2.1"], { id: prod.id })).not.toThrow();
  expect(() => check(["192.0.2.1"], { port: 2377 })).not.toThrow();
  expect(() => check(["192.0.2.66", "evil.example"])).not.toThrow();
});

test("a name that a host once claimed, and that only an old record has, is free", () => {
  const old = sampleLine({
    id: "00000000000000bb",
    address: "192.0.2.2",
    addresses: ["192.0.2.2", "192.0.2.66"],
  });
  const names = normaliseNames(["192.0.2.66"]);
  expect(() => requireFreeNames([old], { id: "", port: 2376, target: "x" }, names)).not.toThrow();
});

test("a joined line to the host itself: its own down, which leaves the host alone, and then up", () => {
  const names = normaliseNames(["prod.example"]);
  const line = { id: "", port: 2376, target: "root@evil" };
  expect(() => requireFreeNames([{ ...prod, target: null, joined: true }], line, names)).toThrow(
    expect.objectContaining({
      hints: [expect.stringMatching(/^tetherdock down prod .*on this machine only/)],
    }),
  );
});
