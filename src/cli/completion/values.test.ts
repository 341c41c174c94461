import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { lineNames } from "./values.ts";

const among = (...names: readonly string[]) => ({ lines: { list: async () => names } }) as unknown as Context;

test("proposes what begins like the typed word", async () => {
  expect(await lineNames.call(among("web", "build", "web.example_1"), "we")).toEqual([
    "web",
    "web.example_1",
  ]);
});

test("proposes no word that a shell would expand", async () => {
  const names = ["web", "$(id)", "`id`", "a b", "-rf", "a\nb", "a*", "~root", "$HOME", ""];
  expect(await lineNames.call(among(...names), "")).toEqual(["web"]);
});

test("proposes nothing if the names cannot be read", async () => {
  const broken = { lines: { list: () => Promise.reject(new Error("disk")) } } as unknown as Context;
  expect(await lineNames.call(broken, "")).toEqual([]);
});
