import { expect, test } from "vitest";
import { InTurnByClient } from "./in-turn-by-client.ts";

test("one client's work waits for its own, also after a failure, and not for others'; nothing is left over", async () => {
  const turns = new InTurnByClient();
  const begun: string[] = [];
  const first = Promise.withResolvers<void>();
  const begin = (name: string, until?: Promise<void>) => async () => {
    begun.push(name);
    await until;
  };
  const all = [
    turns.run("a", begin("a1", first.promise)),
    turns.run("a", begin("a2")),
    turns.run("b", begin("b1")),
  ];
  await all[2];
  expect(begun).toEqual(["a1", "b1"]);
  await expect.poll(() => turns.size).toBe(1);
  first.reject(new Error("no answer"));
  await expect(all[0]).rejects.toThrow("no answer");
  await all[1];
  expect(begun).toEqual(["a1", "b1", "a2"]);
  await expect.poll(() => turns.size).toBe(0);
});
