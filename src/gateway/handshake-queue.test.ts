import { describe, expect, test } from "vitest";
import { addressGroup, HandshakeQueue } from "./handshake-queue.ts";

/** Who has begun, in order. */
function queueOf(handshakes: number, handshakesPerAddress: number) {
  const queue = new HandshakeQueue({ handshakes, handshakesPerAddress });
  const begun: string[] = [];
  const enter = (group: string) => queue.enter(group, () => begun.push(group));
  return { queue, begun, enter };
}

describe("HandshakeQueue", () => {
  test("begins at once while there is room, in all and for the address", () => {
    const { begun, enter, queue } = queueOf(3, 2);
    for (const group of ["a", "a", "a", "b", "c"]) enter(group);
    expect(begun).toEqual(["a", "a", "b"]);
    expect(queue.running).toBe(3);
  });

  test("addresses take turns, however many of one wait", () => {
    const { begun, enter, queue } = queueOf(1, 1);
    for (const group of ["a", "a", "a", "a", "b", "c"]) enter(group);
    for (const ended of ["a", "a", "b", "c", "a"]) queue.leave(ended);
    expect(begun).toEqual(["a", "a", "b", "c", "a", "a"]);
  });

  test("one at its limit does not hold up the others", () => {
    const { begun, enter, queue } = queueOf(3, 2);
    for (const group of ["a", "a", "a", "b", "b"]) enter(group);
    queue.leave("b");
    expect(begun).toEqual(["a", "a", "b", "b"]);
    queue.leave("a");
    expect(begun.at(-1)).toBe("a");
  });

  test("whoever has nothing under way comes first, and is known to wait", () => {
    const { begun, enter, queue } = queueOf(2, 2);
    for (const group of ["a", "a", "a", "b"]) enter(group);
    expect(queue.starved).toBe(1);
    expect(queue.runningOf("a")).toBe(2);
    queue.leave("a");
    expect(begun).toEqual(["a", "a", "b"]);
    expect(queue.starved).toBe(0);
  });

  test("who has given up is not starved", () => {
    const { enter, queue } = queueOf(1, 1);
    enter("a");
    enter("b")();
    expect(queue.starved).toBe(0);
  });

  test("who has given up has no turn", () => {
    const { begun, enter, queue } = queueOf(1, 1);
    enter("a");
    const giveUp = enter("a");
    enter("a");
    giveUp();
    queue.leave("a");
    queue.leave("a");
    expect(begun).toEqual(["a", "a"]);
    expect(queue.running).toBe(0);
  });
});

describe("addressGroup()", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8:1:2::9", "2001:db8:1:2"],
    ["2001:db8::9", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["", ""],
  ])("%s belongs to %s", (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
