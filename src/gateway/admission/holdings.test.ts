import { expect, test } from "vitest";
import { Holdings } from "./holdings.ts";

/** Two clients, `a` and `b`; holders that must yield are listed by name. */
function kept(limits: { heldBytes: number; heldBytesPerClient: number }) {
  const cut: string[] = [];
  let less = 0;
  const holdings = new Holdings(limits, () => less++);
  const holders = new Map<string, { yieldMemory(): void }>();
  const hold = (name: string, bytes: number, unread = bytes) => {
    const owner = name.slice(0, 1);
    const holder = holders.get(name) ?? {
      yieldMemory() {
        cut.push(name);
        holdings.set(owner, this, { bytes: 0, unread: 0 });
      },
    };
    holders.set(name, holder);
    holdings.set(owner, holder, { bytes, unread });
  };
  return { holdings, hold, cut, less: () => less };
}

test("a client above its share loses the connection that has waited longest; others are not affected", () => {
  const { hold, cut, holdings } = kept({ heldBytes: 100, heldBytesPerClient: 30 });
  for (const [name, bytes] of [
    ["b1", 20],
    ["a1", 15],
    ["a2", 15],
    ["a3", 10],
  ] as const)
    hold(name, bytes);
  expect(cut).toEqual(["a1"]);
  expect(holdings.of("a")).toMatchObject({ bytes: 25, unread: 25 });
  expect(holdings.total).toBe(45);
});

test("data that is not ready to be read is dropped before data that is", () => {
  const { hold, cut } = kept({ heldBytes: 100, heldBytesPerClient: 30 });
  hold("a1", 15);
  hold("a2", 10, 0);
  hold("a3", 10, 0);
  expect(cut).toEqual(["a3"]);
});

test("one answer may be larger than a client's share", () => {
  const { hold, cut } = kept({ heldBytes: 100, heldBytesPerClient: 30 });
  hold("a1", 90);
  expect(cut).toEqual([]);
  hold("a2", 5);
  expect(cut).toEqual(["a1"]);
});

test("when the total is exceeded, the largest holder loses first, and the last to ask keeps its data", () => {
  const { hold, cut } = kept({ heldBytes: 100, heldBytesPerClient: 80 });
  hold("a1", 30);
  hold("a2", 40);
  hold("b1", 35);
  expect(cut).toEqual(["a1"]);
});

test("it reports when a client holds less", () => {
  const { hold, less, holdings } = kept({ heldBytes: 100, heldBytesPerClient: 80 });
  hold("a1", 30);
  expect(less()).toBe(0);
  hold("a1", 20);
  hold("a1", 0);
  expect(less()).toBe(2);
  expect(holdings.total).toBe(0);
});
