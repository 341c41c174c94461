import { expect, test } from "vitest";
import { Roll } from "./roll.ts";

const connection = (name: string, isIdle = false) => ({ name, isIdle });

function rollOf(...all: [owner: string, name: string, isIdle?: boolean][]) {
  const roll = new Roll<ReturnType<typeof connection>>();
  const made = all.map(([owner, name, isIdle]) => [owner, connection(name, isIdle)] as const);
  for (const [owner, one] of made) roll.add(owner, one);
  return { roll, made };
}

test("the owner with most makes room: its oldest idle connection", () => {
  const { roll } = rollOf(["a", "a1"], ["a", "a2", true], ["a", "a3", true], ["b", "b1", true]);
  expect(roll.largest(0)?.name).toBe("a2");
});

test("where none is idle, the newest one goes", () => {
  expect(rollOf(["a", "a1"], ["a", "a2"], ["b", "b1", true]).roll.largest(0)?.name).toBe("a2");
});

test("nobody makes room who has no more than is asked", () => {
  const { roll } = rollOf(["a", "a1", true], ["a", "a2", true]);
  expect(roll.largest(2)).toBeUndefined();
  expect(roll.largest(1)?.name).toBe("a1");
});

test("what has left is no longer counted, and cannot leave twice", () => {
  const { roll, made } = rollOf(["a", "a1"], ["a", "a2"], ["b", "b1"]);
  for (const [owner, one] of made.slice(0, 2)) {
    roll.remove(owner, one);
    roll.remove(owner, one);
  }
  expect([roll.countOf("a"), roll.countOf("b"), roll.countOf("c")]).toEqual([0, 1, 0]);
  expect(roll.largest(0)?.name).toBe("b1");
});
