/** Packets of an upload, and how a session judges them. */
import { expect } from "vitest";
import type { SentAnswer } from "../../../src/policy/build/session/answer.ts";
import { answerTo } from "../../../src/policy/build/session/sent.ts";
import { type Message, write } from "../../../src/policy/build/wire.ts";
import { PACKET } from "./upload-model.ts";

export const UPLOAD = "/moby.filesync.v1.FileSync/DiffCopy";

export const answer = (path: string): SentAnswer => answerTo(path) ?? expect.fail(path);
/** As the first message of an answer. */
export const refuseIn = (path: string, sent: Uint8Array) => answer(path).refuses(sent);
export const refuseSent = (sent: Uint8Array) => refuseIn(UPLOAD, sent);
export const isContent = (start: Uint8Array, length: number) =>
  answer(UPLOAD).contentOf(start, length) !== null;

export const packet = (more: Message): Uint8Array => write(more, PACKET);
export const file = (stat: Message): Uint8Array => packet({ stat });
export const stat = (mode: number): Uint8Array => file({ path: "a", mode: BigInt(mode) });
export const DEVICE = 0x4000000;
export const LINK = 0x8000000n + 0o777n;
export const STRANGE = "the session sends what Docker's clients do not send";
