import { expect, test } from "vitest";
import { describeListener } from "./listeners.ts";

const holder = (pid: number, command = "nginx") => ({ pid, command, unit: "nginx.service" });

test("a listener is described by a few of its processes, however many there are and whatever they are called", () => {
  const described = (...holders: ReturnType<typeof holder>[]) =>
    describeListener({ address: "[::]:2376", port: 2376, holders });
  expect(described()).toBe("[::]:2376 is held by a process that cannot be seen");
  expect(described(holder(1), holder(2))).toBe(
    "[::]:2376 is held by nginx (pid 1, nginx.service) and nginx (pid 2, nginx.service)",
  );
  const many = described(...Array.from({ length: 500 }, (_, pid) => holder(pid)));
  expect(many).toMatch(/ and nginx \(pid 4, nginx\.service\) and 495 more$/);
  expect(described(holder(1, "x".repeat(1e6))).length).toBeLessThan(400);
});
