import { describe, expect, test } from "vitest";
import { addressGroup } from "./address-group.ts";
import { HandshakeQueue } from "./handshake-queue.ts";

interface Options {
  readonly handshakes: number;
  readonly handshakesPerAddress: number;
  readonly mayBegin?: () => boolean;
}

/** A queue, and who has begun, in order. `k…` are known addresses; `a1` and `a2` are networks of the block `a`. */
function queueOf({ mayBegin, ...limits }: Options) {
  const queue = new HandshakeQueue(limits, mayBegin);
  const begun: string[] = [];
  const open = new Map<string, (() => void)[]>();
  const enter = (network: string) => {
    const group = { network, block: network.slice(0, 1) };
    const done = queue.enter(group, network.startsWith("k"), () => begun.push(network));
    open.set(network, [...(open.get(network) ?? []), done]);
    return done;
  };
  /** Ends the first handshake of this network that is not over yet. */
  const leave = (network: string) => open.get(network)?.shift()?.();
  return { queue, begun, enter, leave };
}

describe("HandshakeQueue", () => {
  test("starts at once while there is room, in total and for the address", () => {
    const { begun, enter, queue } = queueOf({ handshakes: 4, handshakesPerAddress: 2 });
    for (const network of ["a", "a", "a", "b", "c"]) enter(network);
    expect(begun).toEqual(["a", "a", "b"]);
    expect(queue.running).toBe(3);
    expect(queue.waiting).toBe(2);
  });

  test("a quarter of the places is reserved for known addresses, and their turn comes first", () => {
    const { begun, enter, leave } = queueOf({ handshakes: 4, handshakesPerAddress: 4 });
    for (const network of ["a", "b", "c", "d", "k", "k"]) enter(network);
    expect(begun).toEqual(["a", "b", "c", "k"]);
    leave("a");
    expect(begun.at(-1)).toBe("k");
    leave("b");
    expect(begun).toHaveLength(6);
    expect(begun.at(-1)).toBe("d");
  });

  test("addresses take turns, however many of one address wait", () => {
    const { begun, enter, leave } = queueOf({ handshakes: 1, handshakesPerAddress: 1 });
    for (const network of ["a", "a", "a", "a", "b", "c"]) enter(network);
    for (let turn = 0; turn < 4; turn++) leave(begun.at(-1) as string);
    expect(begun).toEqual(["a", "b", "c", "a", "a"]);
  });

  test("an address at its limit does not delay the others", () => {
    const { begun, enter, leave } = queueOf({ handshakes: 6, handshakesPerAddress: 2 });
    for (const network of ["a", "a", "a", "b", "b"]) enter(network);
    expect(begun).toEqual(["a", "a", "b", "b"]);
    leave("a");
    expect(begun.at(-1)).toBe("a");
  });

  test("a block may have twice as many as a network, whichever networks it has", () => {
    const { begun, enter } = queueOf({ handshakes: 100, handshakesPerAddress: 2 });
    for (let network = 0; network < 10; network++) enter(`a${network}`);
    enter("b1");
    expect(begun).toEqual(["a0", "a1", "a2", "a3", "b1"]);
  });

  test("a block at its limit does not hide another one", () => {
    const { begun, enter, leave } = queueOf({ handshakes: 8, handshakesPerAddress: 2 });
    for (const network of ["a1", "a1", "a1", "b1", "b1", "b2", "b2", "b3"]) enter(network);
    expect(begun).toEqual(["a1", "a1", "b1", "b1", "b2", "b2"]);
    leave("b1");
    expect(begun.at(-1)).toBe("b3");
  });

  test("an address without a running handshake comes first", () => {
    const { begun, enter, leave, queue } = queueOf({ handshakes: 3, handshakesPerAddress: 2 });
    for (const network of ["a", "a", "a", "b"]) enter(network);
    expect(queue.starved).toBe(1);
    leave("a");
    expect(begun).toEqual(["a", "a", "b"]);
    expect(queue.starved).toBe(0);
  });

  test("strangers' handshakes start at the configured rate, known addresses' at once", () => {
    const state = { allowed: 1 };
    const mayBegin = () => state.allowed-- > 0;
    const { begun, enter, queue } = queueOf({ handshakes: 9, handshakesPerAddress: 9, mayBegin });
    for (const network of ["a", "b", "k"]) enter(network);
    expect(begun).toEqual(["a", "k"]);
    state.allowed = 1;
    queue.next();
    expect(begun).toEqual(["a", "k", "b"]);
  });

  test("a cancelled handshake has no turn, and waiting ones are not starved", () => {
    const { begun, enter, leave, queue } = queueOf({ handshakes: 1, handshakesPerAddress: 1 });
    enter("a");
    enter("b")();
    enter("c")();
    expect(queue.starved).toBe(0);
    leave("a");
    expect(begun).toEqual(["a"]);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  test("16,000 waiting networks cost a millisecond for a thousand turns, not for each turn", () => {
    const { enter, leave, begun } = queueOf({ handshakes: 256, handshakesPerAddress: 32 });
    const name = (index: number) => `${String.fromCharCode(1_000 + index)}1`;
    for (let index = 0; index < 16_000; index++) enter(name(index));
    // this process's time only: the machine may be busy with others
    const start = process.cpuUsage();
    for (let index = 0; index < 8_000; index++) leave(begun[index] as string);
    expect(begun.length).toBeGreaterThan(8_000);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(500);
  });
});

describe("addressGroup()", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2", "2001:db8:1:00"],
    ["2001:db8:1:2::9", "2001:db8:1:2", "2001:db8:1:00"],
    ["2001:db8:1:1203::9", "2001:db8:1:1203", "2001:db8:1:12"],
    ["2001:db8:1:12ff::9", "2001:db8:1:12ff", "2001:db8:1:12"],
    ["2001:db8::9", "2001:db8:0:0", "2001:db8:0:00"],
    ["::1", "0:0:0:0", "0:0:0:00"],
    ["fe80::1%eth0", "fe80:0:0:0", "fe80:0:0:00"],
    ["", "", ""],
  ])("%s belongs to %s in %s", (address, network, block) => {
    expect(addressGroup(address)).toEqual({ network, block });
  });
});
