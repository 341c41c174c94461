/** An upload: its list, its content, and who owns its files. */
import { describe, expect, test } from "vitest";
import {
  answer,
  file,
  isContent,
  LINK,
  packet,
  refuseSent,
  STRANGE,
  stat,
  UPLOAD,
} from "../../../../test/support/policy/upload-packets.ts";

const harmless = Buffer.from(stat(0o644));
const numbered = (at: number) => file({ path: `f${`${at}`.padStart(6, "0")}` });

describe("the end of an upload's list ends dockerd if it comes twice, or a file after it", () => {
  const END = packet({});
  const AFTER = "the session lists files after the end of their list";
  test.each<[string, Uint8Array, string]>([
    ["another end", END, AFTER],
    ["an end with a type", packet({ type: 0n }), AFTER],
    ["an end whose type has more than 32 bits", packet({ type: 2n ** 32n }), STRANGE],
    ["an end with content", packet({ id: 1n, data: Buffer.alloc(100) }), STRANGE],
    ["a file", harmless, AFTER],
  ])("%s", (_what, second, why) => {
    const upload = answer(UPLOAD);
    for (const sent of [harmless, END, packet({ type: 2n, id: 0n })]) expect(upload.refuses(sent)).toBeNull();
    expect(upload.refuses(second)).toBe(why);
    expect(isContent(second.subarray(0, 24), second.length)).toBe(false);
    expect(refuseSent(END), "on another stream").toBeNull();
  });
});

describe("content", () => {
  const part = (id: bigint) => packet({ type: 2n, id, data: Buffer.alloc(9) });
  const end = (id: bigint) => packet({ type: 2n, id });
  const listed = (...files: readonly Uint8Array[]) => {
    const upload = answer(UPLOAD);
    for (const one of files) expect(upload.refuses(one)).toBeNull();
    return upload;
  };
  const folder = file({ path: "b", mode: 0x80000000n });
  const hard = file({ path: "e", linkname: "d" });
  const link = file({ path: "c", mode: LINK, linkname: "a" });
  const UNLISTED = "the session sends the content of a file that it has not listed";

  test("of a listed file passes, in parts, and ends once; before and after the list's end", () => {
    const upload = listed(
      folder,
      file({ path: "c" }),
      part(1n),
      part(1n),
      end(1n),
      file({ path: "z" }),
      packet({}),
    );
    expect(upload.refuses(end(2n))).toBeNull();
    for (const id of [1n, 2n])
      for (const sent of [part(id), end(id)])
        expect(upload.refuses(sent)).toBe("the session sends a file again");
    expect(upload.refusesContent({ id: 1, bytes: 1 })).toBe("the session sends a file again");
  });
  test.each([
    ["a folder", 0n],
    ["a link", 1n],
    ["a hard link", 3n],
    ["what is not listed", 4n],
  ])("of %s does not", (_what, id) => {
    expect(listed(folder, link, file({ path: "d" }), hard).refuses(part(id))).toBe(UNLISTED);
  });
  test("of an ID with more than 32 bits does not: some readers take the rest", () => {
    expect(listed(harmless).refuses(part(2n ** 32n))).toBe(STRANGE);
    const whole = packet({ type: 2n, id: 2n ** 32n + 7n, data: Buffer.alloc(99) });
    expect(answer(UPLOAD).contentOf(whole.subarray(0, 24), whole.length)).toBeNull();
  });
  test("of no more than 64 files is on its way at once: the engine opens each", () => {
    const upload = listed(...Array.from({ length: 66 }, (_, at) => numbered(at)));
    for (let id = 0; id < 64; id += 1) expect(upload.refusesContent({ id: id, bytes: 1 })).toBeNull();
    expect(upload.refuses(part(0n)), "more of an open one").toBeNull();
    expect(upload.refuses(end(0n))).toBeNull();
    expect(upload.refuses(part(64n))).toBeNull();
    expect(upload.refuses(part(65n))).toBe("the session sends too many files at once");
  });
  test("and everything else ends with the upload", () => {
    const upload = listed(harmless, packet({}), packet({ type: 3n }));
    const why = "the session sends files after their end";
    expect(
      [part(0n), packet({ type: 3n }), packet({ type: 4n })].map((sent) => upload.refuses(sent)),
    ).toEqual([...[why, why, why]]);
    expect(upload.refusesContent({ id: 0, bytes: 1 })).toBe(why);
  });
  test.each<[string, readonly Uint8Array[], string]>([
    ["before the end of the list", [packet({ type: 3n })], "the session ends an upload before its end"],
    ["in a file", [part(0n), packet({}), packet({ type: 3n })], "the session ends an upload before its end"],
    ["with an error after the list", [packet({}), packet({ type: 4n })], STRANGE],
    ["with two errors", [packet({ type: 4n }), packet({ type: 4n })], STRANGE],
    [
      "with a file after an error",
      [packet({ type: 4n }), numbered(1)],
      "the session lists files after the end of their list",
    ],
  ])("does not end %s", (_what, sent, why) => {
    const upload = listed(harmless);
    expect(sent.map((one) => upload.refuses(one)).at(-1)).toBe(why);
  });
  test("that is on its way may follow an error", () => {
    expect(listed(harmless, packet({ type: 4n }), part(0n)).refuses(end(0n))).toBeNull();
  });
  test("the list takes a bit of memory for each file, which is counted", () => {
    const upload = answer(UPLOAD);
    const before = upload.held;
    for (let count = 0; count < 10_000; count += 1) upload.refuses(numbered(count));
    expect(upload.held).toBeGreaterThan(1_250);
    expect(upload.held - before).toBeLessThan(3_000 + 16 * 1024);
  });
});

describe("files are listed as fsutil's sender walks through them", () => {
  const why = "the build's files are not listed in their order";
  const refuseLast = (...paths: readonly string[]) => {
    const upload = answer(UPLOAD);
    return paths
      .map((path) => ({ path: path.replace(/\/$/, ""), mode: path.endsWith("/") ? 0x80000000n : 0n }))
      .map((one) => upload.refuses(file(one)))
      .at(-1);
  };
  test.each([
    [["a", "b"]],
    [["a/", "a/b", "a.c"]],
    [["a/", "a/b/", "a/b/c", "a/d", "e"]],
    [["B", "a", "\u00e9"]],
  ])("%j passes", (paths) => {
    expect(refuseLast(...paths)).toBeNull();
  });
  test.each([
    [["b", "a"]],
    [["a", "a"]],
    [["a/", "a/"]],
    [["a", "a/b"]],
    [["a/b"]],
    [["a/", "b", "a/c"]],
    [["a/", "a/c", "a/b"]],
    [["/a"]],
    [["a//b"]],
    [["a/", "a/b//"]],
    [[""]],
  ])("%j does not", (paths) => {
    expect(refuseLast(...paths)).toBe(why);
  });
  test("with no more than 256 MiB of names", () => {
    const upload = answer(UPLOAD);
    const xattrs = [{ key: "user.a", value: Buffer.alloc(900_000) }];
    const long = (at: number) => upload.refuses(file({ path: `${at}`.padStart(9, "0"), xattrs }));
    for (let at = 0; at < 298; at += 1) expect(long(at)).toBeNull();
    expect(long(298)).toBe("the names of the build's files are too long");
  });
});

test("an upload fails with fsutil's packet for errors; other calls have only their status", () => {
  const failure = answer(UPLOAD).failure("it has an ACL");
  expect(failure).toEqual(packet({ type: 4n, data: Buffer.from("it has an ACL") }));
  expect(answer("/moby.buildkit.secrets.v1.Secrets/GetSecret").failure("no")).toBeNull();
});

describe("owners whom the host may not map, in whose place an earlier link stays", () => {
  const FOLDER = 0x80000000n;
  const [owned, hard] = [file({ path: "b", uid: 501n }), (path: string) => file({ path, linkname: "a" })];
  test("a Dockerfile may have one, as older clients send it", () => {
    expect(refuseSent(owned)).toBeNull();
    expect(refuseSent(file({ path: "a", mode: LINK, uid: 501n, linkname: "b" }))).toBeNull();
  });
  test("a folder may not", () => {
    expect(refuseSent(file({ path: "a", mode: FOLDER, uid: 501n }))).toContain("a folder with an owner");
    expect(refuseSent(file({ path: "a", mode: FOLDER, gid: 20n }))).toContain("a folder with an owner");
  });
  test("there are no hard links with them", () => {
    const upload = answer(UPLOAD);
    const all = [file({ path: "a" }), hard("aa"), owned, hard("c")];
    expect(all.map((sent) => upload.refuses(sent))).toEqual([
      ...[null, null, null],
      "the build's files have hard links and owners",
    ]);
  });
});

test("a path or a name that Linux cannot have is not listed; open folders count in memory", () => {
  const why = "the name of a file is too long";
  const folder = (path: string) => file({ path, mode: 0x80000000n });
  expect(refuseSent(folder("a".repeat(256)))).toBe(why);
  const upload = answer(UPLOAD);
  const before = upload.held;
  let path = "a".repeat(255);
  for (; path.length <= 4095; path += `/${"a".repeat(255)}`) expect(upload.refuses(folder(path))).toBeNull();
  expect(upload.refuses(folder(path))).toBe(why);
  expect(upload.held - before).toBeGreaterThan(15 * 2000);
  expect(upload.refuses(folder("b"))).toBeNull();
  expect(upload.held - before).toBeLessThan(500);
});

describe("a file whose attributes are in the engine's digest has as many bytes as it lists", () => {
  const CHANGED = "a file changed while the build sent it; build again";
  const begun = (key: string) => {
    const upload = answer(UPLOAD);
    const xattrs = [{ key, value: Buffer.from("the beginning of the content") }];
    expect(upload.refuses(harmless)).toBeNull();
    expect(upload.refuses(file({ path: "b", size: 10n, xattrs }))).toBeNull();
    return upload;
  };
  const part = (length: number) => packet({ type: 2n, id: 1n, data: Buffer.alloc(length) });
  const end = packet({ type: 2n, id: 1n });

  test.each(["user.a", "com.apple.provenance", "security.capability"])("with %s", (key) => {
    const whole = begun(key);
    expect([part(4), part(6), end].map((sent) => whole.refuses(sent))).toEqual([null, null, null]);
    const less = begun(key);
    expect([part(9), end].map((sent) => less.refuses(sent))).toEqual([null, CHANGED]);
    expect(begun(key).refuses(end)).toBe(CHANGED);
    const more = begun(key);
    expect([part(4), part(7)].map((sent) => more.refuses(sent))).toEqual([null, CHANGED]);
    expect(begun(key).refusesContent({ id: 1, bytes: 11 })).toBe(CHANGED);
  });
  test.each(["security.selinux", "system.nfs4_acl"])("not with %s, which it leaves out", (key) => {
    const upload = begun(key);
    expect([part(3), end].map((sent) => upload.refuses(sent))).toEqual([null, null]);
  });
  test("nor without attributes: a file may grow meanwhile", () => {
    const upload = answer(UPLOAD);
    upload.refuses(file({ path: "a", size: 1n }));
    const sent = packet({ type: 2n, data: Buffer.alloc(9) });
    expect([upload.refuses(sent), upload.refuses(packet({ type: 2n }))]).toEqual([null, null]);
  });
});
