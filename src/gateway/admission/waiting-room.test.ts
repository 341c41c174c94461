import { expect, test } from "vitest";
import { WaitingRoom } from "./waiting-room.ts";

const group = (network: string) => ({ network, block: network.slice(0, 1) });

function roomWith(...networks: string[]) {
  const room = new WaitingRoom<string>();
  networks.forEach((network, at) => {
    room.add(`${network}#${at}`, group(network));
  });
  return room;
}

test("room is made by the oldest of the largest network of the largest block", () => {
  expect(roomWith("b1", "a1", "a2", "a2", "b1").largest(0)).toBe("a2#2");
});

test("nobody makes room if no block has more than the given number", () => {
  const room = roomWith("a1", "a2");
  expect([room.largest(2), room.largest(1)]).toEqual([undefined, "a1#0"]);
});

test("an entry that left is not counted, and cannot leave twice", () => {
  const room = roomWith("a1", "a1", "a2", "b1");
  for (const _ of [1, 2]) room.remove("a1#0", group("a1"));
  expect([room.countOf(group("a1")), room.countOf(group("a2")), room.countOfBlock(group("a1"))]).toEqual([
    1, 1, 2,
  ]);
  room.remove("a1#1", group("a1"));
  room.remove("a2#2", group("a2"));
  expect([room.countOfBlock(group("a1")), room.countOf(group("c1")), room.largest(0)]).toEqual([
    0,
    0,
    "b1#3",
  ]);
});
