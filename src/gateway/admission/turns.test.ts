import { expect, test, vi } from "vitest";
import { Turns } from "./turns.ts";

test("one at a time, clients in turn, without clients that must wait", async () => {
  vi.useFakeTimers();
  const held = new Set<string>(["c"]);
  const turns = new Turns((owner) => !held.has(owner));
  const begun: string[] = [];
  const dones = ["a1", "a2", "b1", "c1"].map((name) =>
    turns.request(name.slice(0, 1), () => void begun.push(name)),
  );
  expect(begun).toEqual(["a1"]);
  dones[0]?.(10);
  await vi.advanceTimersByTimeAsync(29);
  expect(begun).toEqual(["a1"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual(["a1", "a2"]);
  dones[1]?.(0);
  await vi.advanceTimersByTimeAsync(1);
  dones[2]?.(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual(["a1", "a2", "b1"]);
  held.clear();
  turns.next();
  expect(begun.at(-1)).toBe("c1");
  vi.useRealTimers();
});

test("a client with many requests does not keep the others waiting, and a pause has an end", async () => {
  vi.useFakeTimers();
  const turns = new Turns(() => true);
  const begun: string[] = [];
  const request = (name: string) => turns.request(name.slice(0, 1), () => void begun.push(name));
  const dones = ["a1", "a2", "a3", "b1"].map(request);
  for (const at of [0, 1, 3]) {
    dones[at]?.(0);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(begun).toEqual(["a1", "a2", "b1", "a3"]);
  request("c1");
  dones[2]?.(1_000_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun.at(-1)).toBe("c1");
  vi.useRealTimers();
});

test("a cancelled request has no turn", () => {
  const turns = new Turns(() => true);
  const begun: string[] = [];
  turns.request("a", () => void begun.push("a"));
  turns.request("b", () => void begun.push("b"))(0);
  turns.next();
  expect(begun).toEqual(["a"]);
});

test("who gets no free turn because of what it leaves unread is told so; who only waits for others is not", () => {
  vi.useFakeTimers();
  const held = new Set<string>(["b"]);
  const turns = new Turns((owner) => !held.has(owner));
  const told: string[] = [];
  const request = (name: string) =>
    turns.request(
      name,
      () => void told.push(`${name} begins`),
      () => void told.push(`${name} is held up`),
    );
  const a = request("a");
  request("b");
  request("c");
  expect(told).toEqual(["a begins"]);
  a(0);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(["a begins", "b is held up", "c begins"]);
  vi.useRealTimers();
});
