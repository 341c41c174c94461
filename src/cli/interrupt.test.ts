import { expect, test } from "vitest";
import { createInterrupt } from "./interrupt.ts";

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "the first %s aborts the command; the second has its default effect",
  (name) => {
    const before = process.listenerCount(name);
    const signal = createInterrupt().signal();
    expect(process.listenerCount(name)).toBe(before + 1);
    process.emit(name);
    expect(signal.reason).toMatchObject({ code: "INTERRUPTED", exitStatus: 130 });
    for (const each of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      expect(process.listenerCount(each)).toBe(each === name ? before : process.listenerCount(each));
    expect(process.listenerCount(name)).toBe(before);
  },
);

test("nothing listens for signals until a command asks for the signal", () => {
  const before = process.listenerCount("SIGINT");
  createInterrupt();
  expect(process.listenerCount("SIGINT")).toBe(before);
});
