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

test("if none is idle, it loses the newest one", () => {
  expect(rollOf(["a", "a1"], ["a", "a2"], ["b", "b1", true]).roll.largest(0)?.name).toBe("a2");
});

test("an owner with no more connections than the new one's does not make room", () => {
  const { roll } = rollOf(["a", "a1", true], ["a", "a2", true]);
  expect(roll.largest(2)).toBeUndefined();
  expect(roll.largest(1)?.name).toBe("a1");
});

test("a connection that has ended is no longer counted, and cannot end twice", () => {
  const { roll, made } = rollOf(["a", "a1"], ["a", "a2"], ["b", "b1"]);
  for (const [owner, one] of made.slice(0, 2)) {
    roll.remove(owner, one);
    roll.remove(owner, one);
  }
  expect([roll.countOf("a"), roll.countOf("b"), roll.countOf("c")]).toEqual([0, 1, 0]);
  expect(roll.largest(0)?.name).toBe("b1");
});
