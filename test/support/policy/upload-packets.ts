/** Packets of an upload, and how a session judges them. */
import { expect } from "vitest";
import type { SentAnswer } from "../../../src/policy/build/session/answer.ts";
import { answerTo } from "../../../src/policy/build/session/sent.ts";
import {
  bytes,
  integer,
  list,
  type Message,
  type Model,
  message,
  one,
  text,
  write,
} from "../../../src/policy/build/wire.ts";

export const UPLOAD = "/moby.filesync.v1.FileSync/DiffCopy";

export const answer = (path: string): SentAnswer => answerTo(path) ?? expect.fail(path);
/** As the first message of an answer. */
export const refuseIn = (path: string, sent: Uint8Array) => answer(path).refuses(sent);
export const refuseSent = (sent: Uint8Array) => refuseIn(UPLOAD, sent);
export const isContent = (start: Uint8Array, length: number) =>
  answer(UPLOAD).contentOf(start, length) !== null;

const ATTRIBUTE: Model = { 1: one("key", text), 2: one("value", bytes) };
export const STAT: Model = {
  ...{
    1: one("path", text),
    2: one("mode", integer),
    3: one("uid", integer),
    4: one("gid", integer),
    5: one("size", integer),
    6: one("modTime", integer),
  },
  ...{ 7: one("linkname", text), 8: one("devmajor", integer), 10: list("xattrs", message(ATTRIBUTE)) },
};
export const PACKET: Model = {
  ...{ 1: one("type", integer), 2: one("stat", message(STAT)) },
  ...{ 3: one("id", integer), 4: one("data", bytes) },
};
export const packet = (more: Message): Uint8Array => write(more, PACKET);
export const file = (stat: Message): Uint8Array => packet({ stat });
export const stat = (mode: number): Uint8Array => file({ path: "a", mode: BigInt(mode) });
export const DEVICE = 0x4000000;
export const LINK = 0x8000000n + 0o777n;
export const STRANGE = "the session sends what Docker's clients do not send";
