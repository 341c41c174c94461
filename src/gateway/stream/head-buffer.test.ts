import { expect, test } from "vitest";
import { cpuMs } from "../../../test/support/cpu-ms.ts";
import { HeadBuffer } from "./head-buffer.ts";

const LIMIT = 20;

test("the first piece is returned and not held", () => {
  const bytes = Buffer.from("GET");
  expect(new HeadBuffer().add(bytes, LIMIT)).toBe(bytes);
});

test("returns nothing before the end of the head, wherever that is split", () => {
  const whole = "GET /\r\n\r\nmore";
  for (let cut = 1; cut < 9; cut++) {
    const buffer = new HeadBuffer();
    buffer.hold(Buffer.from(whole.slice(0, cut)));
    for (let at = cut; at < 8; at++) {
      expect(buffer.add(Buffer.from(whole.slice(at, at + 1)), LIMIT)).toBeNull();
      expect(buffer.length).toBe(at + 1);
    }
    expect(buffer.add(Buffer.from(whole.slice(8)), LIMIT)?.toString()).toBe(
      whole.slice(0, 8) + whole.slice(8),
    );
    expect(buffer.length).toBe(0);
  }
});

test("returns everything above the limit, so that it can be refused", () => {
  const buffer = new HeadBuffer();
  buffer.hold(Buffer.alloc(LIMIT, "x"));
  expect(buffer.add(Buffer.from("x"), LIMIT)).toHaveLength(LIMIT + 1);
});

test("a head that arrives byte by byte takes time in proportion to its length", () => {
  const buffer = new HeadBuffer();
  buffer.hold(Buffer.from("G"));
  const piece = Buffer.from("x");
  const start = cpuMs();
  for (let count = 0; count < 200_000; count++) buffer.add(piece, 1_000_000);
  expect(cpuMs() - start).toBeLessThan(1_500); // copying everything each time would be 20 GB
});
