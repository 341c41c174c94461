/** What a table of a fleet's hosts says of each. */
import { expect, test } from "vitest";
import { remarks } from "./render-fleet.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");

const after = (ms: number) => ({
  host: "web",
  fleet: {
    ...{ name: "acme", version: 3, rootVersion: 1, until: new Date(NOW + ms).toISOString() },
    ...{ clients: 2, revoked: 0, hidden: [], withoutRole: [], roles: null, link: null },
  },
  receipt: null,
});

test("a list that has ended is told, since roles may go on", () => {
  expect(remarks(after(0), NOW, false)).toBe("its list has ended");
  expect(remarks(after(1), NOW, false)).toBe("");
});
