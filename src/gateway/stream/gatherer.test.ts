import { expect, test } from "vitest";
import { Gatherer } from "./gatherer.ts";

function made(maxBytes: number) {
  const counted: number[] = [];
  return { counted, gatherer: new Gatherer(maxBytes, { gathers: (bytes) => counted.push(bytes) }) };
}

test("pieces are copied, and counted until they are taken", () => {
  const { gatherer, counted } = made(10);
  const shared = Buffer.from("abc");
  expect(gatherer.add(shared)).toBe(true);
  shared.write("def");
  expect(gatherer.add(shared)).toBe(true);
  shared.write("xxx");
  expect(`${gatherer.take()}`).toBe("abcdef");
  expect(counted).toEqual([3, 6, 0]);
  expect(gatherer.length).toBe(0);
});

test("a body of the limit is kept; one byte more drops everything", () => {
  const { gatherer, counted } = made(4);
  expect(gatherer.add(Buffer.from("four"))).toBe(true);
  expect(gatherer.add(Buffer.from("!"))).toBe(false);
  expect(counted).toEqual([4, 0]);
  expect(gatherer.length).toBe(0);
});

test("a gatherer that holds nothing does not touch the count of another", () => {
  const { gatherer, counted } = made(4);
  gatherer.drop();
  expect(gatherer.add(Buffer.from("12345"))).toBe(false);
  expect(counted).toEqual([]);
});
