/** Whose digest the engine takes for another's: of hard links, and of what names another file without being a link. */
import { describe, expect, test } from "vitest";
import {
  answer,
  file,
  LINK,
  refuseSent,
  STRANGE,
  UPLOAD,
} from "../../../../test/support/policy/upload-packets.ts";
import type { Message } from "../wire.ts";

const ANOTHER =
  "the build's files have a hard link with another mode than its file; build again, or leave it out with .dockerignore";
const SETUID = 0x800000n;
/** @returns of the last one */
const refuseLast = (...stats: readonly Message[]) => {
  const upload = answer(UPLOAD);
  return stats.map((stat) => upload.refuses(file(stat))).at(-1);
};

describe("a hard link has its file's mode: the receiver sets it on the file, behind the digest", () => {
  const first = { path: "a", mode: 0o644n };
  const link = { path: "y", linkname: "x" };
  test.each<[string, Message, Message]>([
    ["the usual mode", { mode: 0o644n }, { mode: 0o644n }],
    ["another mode", { mode: 0o755n }, { mode: 0o755n }],
  ])("with %s it passes", (_what, listed, linked) => {
    expect(refuseLast(first, { path: "x", ...listed }, { ...link, ...linked })).toBeNull();
    expect(refuseLast({ path: "x", ...listed }, { ...link, ...linked })).toBeNull();
  });
  test.each<[string, Message, Message]>([
    ["a mode that others have", { mode: 0o755n }, { mode: 0o644n }],
    ["a mode that none has", { mode: 0o644n }, { mode: 0o777n }],
    ["setuid", { mode: 0o755n }, { mode: SETUID + 0o755n }],
    ["no mode", { mode: 0o644n }, {}],
  ])("with %s it does not", (_what, listed, linked) => {
    expect(refuseLast(first, { path: "x", ...listed }, { ...link, ...linked })).toBe(ANOTHER);
    expect(refuseLast({ path: "x", ...listed }, { ...link, ...linked })).toBe(ANOTHER);
  });
  test("with another mode than most, a file that is not listed has no hard link", () => {
    expect(refuseLast(first, { ...link, mode: 0o755n })).toBe(ANOTHER);
  });
  test("of many files, each is known; most take no memory, and the rest is counted", () => {
    const upload = answer(UPLOAD);
    const before = upload.held;
    const name = (at: number) => `f${`${at}`.padStart(6, "0")}`;
    const mode = (at: number) => (at % 10 < 1 ? 0o755n : 0o644n);
    const all = Array.from({ length: 20_000 }, (_, at) => at);
    for (const at of all) expect(upload.refuses(file({ path: name(at), mode: mode(at) }))).toBeNull();
    for (const at of all)
      expect(upload.refuses(file({ path: `g${name(at)}`, linkname: name(at), mode: mode(at) }))).toBeNull();
    const changed = (at: number) => file({ path: `h${name(at)}`, linkname: name(at), mode: mode(at + 5) });
    expect(all.map((at) => upload.refuses(changed(at)) ?? at).filter((why) => why !== ANOTHER)).toEqual(
      all.filter((at) => mode(at) === mode(at + 5)),
    );
    const bits = 40_000 / 8;
    expect(upload.held - before).toBeGreaterThan(8 * 3_000);
    expect(upload.held - before).toBeLessThan(8 * 3_000 * 3 + 2 * bits);
  });
});

test.each<[string, boolean]>([
  ["user.a", false],
  ["security.capability", false],
  ["com.apple.provenance", true],
  ["security.selinux", true],
  ["system.nfs4_acl", true],
])("with the attribute %s, which its file has too, it passes: %s", (key, passes) => {
  const stat = { mode: 0o644n, xattrs: [{ key, value: Buffer.from("x") }] };
  const why = refuseLast({ path: "x", ...stat }, { path: "y", linkname: "x", ...stat });
  if (passes) expect(why).toBeNull();
  else expect(why).toContain("a link with extended attributes");
});

test.each([
  ["a folder", 0x80000000n],
  ["a socket", 0x1000000n],
])("%s names no other file: it would have that one's digest", (_what, mode) => {
  expect(refuseSent(file({ path: "a", mode }))).toBeNull();
  expect(refuseSent(file({ path: "a", mode, linkname: "b" }))).toBe(STRANGE);
});

test("no name has a zero byte, which the engine's cache takes for a slash", () => {
  expect(refuseSent(file({ path: "a\0b" }))).toBe(STRANGE);
  expect(refuseSent(file({ path: "a", mode: LINK, linkname: "b\0" }))).toBe(STRANGE);
});
