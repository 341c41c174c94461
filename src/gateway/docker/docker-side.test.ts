import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { expect, test, vi } from "vitest";
import { DockerSide } from "./docker-side.ts";

/** A dockerd that takes what is written only when told to. */
function slowDockerd() {
  const waiting: (() => void)[] = [];
  const told: string[] = [];
  const connect = () =>
    new Duplex({
      read() {},
      write(_bytes, _encoding, callback) {
        waiting.push(callback);
      },
    }) as Socket;
  const memory = { gathers: () => {}, wantsTurn: () => () => {} };
  const side = new DockerSide(connect, memory, {
    pass: () => told.push("pass"),
    answered: () => told.push("answered"),
    becameRaw: () => told.push("raw"),
    ended: (how) => told.push(how),
    drained: () => told.push("drained"),
    unread: () => told.push("unread"),
  });
  return { side, told, take: () => waiting.shift()?.() };
}

const BYTE = Buffer.from("x");

test("writing stops after 64 single bytes, not after 64 KiB", async () => {
  const { side, told, take } = slowDockerd();
  const flows = Array.from({ length: 65 }, () => side.write(BYTE));
  expect(flows.indexOf(false)).toBe(64);
  expect(side.isWriting).toBe(true);
  for (let taken = 0; taken < 65; taken++) take();
  await expect.poll(() => told).toEqual(["drained"]);
  expect(side.isWriting).toBe(false);
  expect(side.write(BYTE)).toBe(true);
});

test("a renewed side accepts bytes, and the old one reports nothing more", async () => {
  const { side, told, take } = slowDockerd();
  while (side.write(BYTE));
  const another = side.renewed();
  expect(told).toEqual(["drained"]);
  take();
  expect(another.isWriting).toBe(false);
  expect(another.write(BYTE)).toBe(true);
  expect(told).toEqual(["drained"]);
});

test("a start that dockerd never answers does not keep the gateway's process from ending", () => {
  const unref = vi.fn();
  const socket = Object.assign(new Duplex({ read() {}, write() {} }), { unref }) as unknown as Socket;
  const memory = { gathers: () => {}, wantsTurn: () => () => {} };
  const none = () => {};
  const events = { pass: none, answered: none, becameRaw: none, ended: none, drained: none, unread: none };
  const side = new DockerSide(() => socket, memory, events);
  const terms = {
    method: "POST",
    mayHijack: true,
    headBytes: 1024,
    rewriteBytes: 1024,
    answer: null,
    isShared: false,
    place: null,
  };
  side.begin({ ...terms, begins: () => none });
  side.write(BYTE);
  side.destroy();
  expect([socket.destroyed, unref.mock.calls.length]).toEqual([false, 1]);
});
