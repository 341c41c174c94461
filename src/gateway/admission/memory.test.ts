/** What one connection holds, as it reports it to the holdings of all connections. */
import { expect, test, vi } from "vitest";
import { Holdings } from "./holdings.ts";
import { Memory } from "./memory.ts";

const KIB = 1024;

function made(heldBytes = 1_000 * KIB) {
  const holdings = new Holdings({ heldBytes, heldBytesPerClient: heldBytes });
  const released = vi.fn();
  const onTooMuch = vi.fn();
  const context = { holdings, released, turns: { request: vi.fn() } };
  const memory = new Memory(context as unknown as ConstructorParameters<typeof Memory>[0], "anna", onTooMuch);
  return { memory, holdings, released, onTooMuch, held: () => holdings.of("anna") };
}

test("all held bytes are added up, and unread ones are counted separately", () => {
  const { memory, held } = made();
  memory.gathers(4 * KIB);
  memory.keeps(8 * KIB);
  memory.waits(16 * KIB);
  memory.sends(32 * KIB);
  expect(held()).toMatchObject({ bytes: 60 * KIB, unread: 16 * KIB });
});

test("a body that is judged is counted once, and what its judge makes of it besides", () => {
  const { memory, held, onTooMuch } = made(30 * KIB);
  memory.gathers(20 * KIB);
  memory.judges(20 * KIB);
  memory.gathers(0);
  expect(held()).toMatchObject({ bytes: 20 * KIB, unread: 0 });
  memory.judges(30 * KIB);
  expect(held()).toMatchObject({ bytes: 30 * KIB });
  memory.judges(0);
  expect([held().bytes, onTooMuch.mock.calls]).toEqual([0, []]);
});

test("less than 4 KiB is not counted", () => {
  const { memory, held } = made();
  memory.waits(4 * KIB - 1);
  expect(held()).toMatchObject({ bytes: 0, unread: 0 });
  memory.waits(4 * KIB);
  expect(held()).toMatchObject({ bytes: 4 * KIB, unread: 4 * KIB });
});

test("released bytes are reported, and after the end nothing is counted", () => {
  const { memory, holdings, released } = made();
  memory.keeps(10 * KIB);
  memory.keeps(6 * KIB);
  expect(released.mock.calls).toEqual([[4 * KIB]]);
  memory.end();
  expect(released.mock.calls).toEqual([[4 * KIB], [6 * KIB]]);
  memory.gathers(20 * KIB);
  expect(holdings.total).toBe(0);
});

test("above the budget it releases everything, and the connection is notified", () => {
  const { memory, holdings, onTooMuch } = made(10 * KIB);
  memory.gathers(11 * KIB);
  expect(onTooMuch).toHaveBeenCalledOnce();
  expect(holdings.total).toBe(0);
});
