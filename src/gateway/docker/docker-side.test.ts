import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { expect, test, vi } from "vitest";
import { findOperation } from "../../engine/index.ts";
import type { Answer } from "../../policy/index.ts";
import type { AnswerPlace } from "../answers/answer-place.ts";
import { Answers } from "../answers/answers.ts";
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
    gone: null,
  };
  side.begin({ ...terms, begins: () => none });
  side.write(BYTE);
  side.destroy();
  expect([socket.destroyed, unref.mock.calls.length]).toEqual([false, 1]);
});

/** A large list that waits for its turn. */
function waitingList() {
  let now = 0;
  const limits = { listsPerClient: 2, answersPerClient: 64, logsPerClient: 1, unreadPerClient: 128 };
  const call = findOperation("GET", "/containers/json");
  const place = new Answers(limits, () => now).placeFor("a", call) as AnswerPlace;
  place.mayBegin();
  let take: (bytes: Buffer) => void = () => {};
  const turn = { go: () => {}, withheld: () => {} };
  const wantsTurn = (go: () => void, withheld = () => {}) => {
    Object.assign(turn, { go, withheld });
    return () => {};
  };
  const socket = new Duplex({ read() {}, write: (_bytes, _encoding, callback) => callback() }) as Socket;
  const connect = (onBytes: (bytes: Buffer) => void) => {
    take = onBytes;
    return socket;
  };
  const none = () => {};
  const events = { pass: none, answered: none, becameRaw: none, ended: none, drained: none, unread: none };
  const side = new DockerSide(connect, { gathers: none, wantsTurn }, events);
  const mark: Answer["mark"] = { verdict: "shown", why: "", show: (value) => value, fields: null };
  const terms = {
    method: "GET",
    mayHijack: false,
    headBytes: 65_536,
    rewriteBytes: 1 << 25,
    isShared: false,
  };
  side.begin({ ...terms, answer: { lines: false, mark }, place, begins: null, gone: null });
  side.write(BYTE);
  const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n";
  take(Buffer.from(`${head}[${" ".repeat(100_000)}`));
  const after = (ms: number) => {
    now += ms;
    return place.unreadMs(now);
  };
  return { side, socket, turn, after };
}

test("an answer that waits for others' turns is not unread by its client", () => {
  const { socket, turn, after } = waitingList();
  expect([socket.isPaused(), after(31_000)]).toEqual([true, 0]);
  turn.go();
  expect([socket.isPaused(), after(31_000)]).toEqual([false, 0]);
});

test("an answer that gets no turn because of what its client leaves unread is unread", () => {
  const { socket, turn, after } = waitingList();
  turn.withheld();
  turn.withheld();
  expect(after(31_000)).toBe(31_000);
  turn.go();
  expect([socket.isPaused(), after(5_000)]).toEqual([false, 31_000]);
});

test("a turn does not read on for a client that is slow", () => {
  const { side, socket, turn } = waitingList();
  side.pause();
  turn.go();
  expect(socket.isPaused()).toBe(true);
  side.resume();
  expect(socket.isPaused()).toBe(false);
});
