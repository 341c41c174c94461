import { expect, test } from "vitest";
import { refuseByEngine } from "./engines.ts";
import { ownId } from "./own-id.ts";
import { isContent, judgeSession, refuseSent } from "./session.ts";
import { bytes, integer, type Message, type Model, map, message, one, text, write } from "./wire.ts";

const ME = "a".repeat(64);
const PREFIX = "X-Docker-Expose-Session-";
const fields = (more: Readonly<Record<string, readonly string[]>> = {}) => {
  const all: Record<string, readonly string[]> = {
    ...{
      Uuid: ["u1"],
      Name: ["ctx"],
      SharedKey: ["k"],
      "Grpc-Method": ["/moby.filesync.v1.FileSync/DiffCopy"],
    },
    ...more,
  };
  return (name: string) => all[name.slice(PREFIX.length)] ?? [];
};

test("the engine gets a new head, with IDs of the client's", () => {
  expect(judgeSession(fields(), ME)).toEqual([
    ["Connection", "Upgrade"],
    ["Upgrade", "h2c"],
    [`${PREFIX}Uuid`, ownId("session", ME, "u1")],
    [`${PREFIX}Name`, "ctx"],
    [`${PREFIX}Sharedkey`, ownId("shared", ME, "k")],
    [`${PREFIX}Grpc-Method`, "/moby.filesync.v1.FileSync/DiffCopy"],
  ]);
});

test("the engine is offered only the calls that a build needs", () => {
  const methods = [
    "/moby.filesync.v1.Auth/Credentials",
    "/moby.buildkit.secrets.v1.Secrets/GetSecret",
    "/containerd.services.content.v1.Content/Read",
    "/moby.upload.v1.Upload/Pull",
    "/moby.filesync.v1.FileSync/DiffCopy\u00e9",
  ];
  const found = judgeSession(fields({ "Grpc-Method": methods }), ME);
  const offered = (found as [string, string][]).filter(([name]) => name.endsWith("Method"));
  expect(offered.map(([, value]) => value)).toEqual(methods.slice(0, 2));
});

test.each([
  ["no ID", { Uuid: [] }],
  ["an empty ID", { Uuid: [""] }],
  ["two IDs", { Uuid: ["a", "b"] }],
  ["two keys", { SharedKey: ["a", "b"] }],
  ["very many calls", { "Grpc-Method": Array<string>(65).fill("/a/b") }],
])("a session with %s is refused", (_what, more) => {
  expect(judgeSession(fields(more), ME)).toMatchObject({ check: "session" });
});

test("a name that is no plain text is replaced", () => {
  expect(judgeSession(fields({ Name: ["caf\u00e9"] }), ME)).toContainEqual([`${PREFIX}Name`, "build"]);
});

test.each(["25.0.2", "25.0.10", "25.1.0", "26.1.5+dfsg1", "28.5.2", "100.0.0"])(
  "Engine %s may build",
  (version) => {
    expect(refuseByEngine(version)).toBeNull();
  },
);

test.each(["25.0.1", "24.0.9", "20.10.24+dfsg1", "24.9.9", "", "dev", "25.0", "25.0.2.1"])(
  "Engine %j may not build",
  (version) => {
    expect(refuseByEngine(version)).toMatchObject({
      check: "engine",
      refuse: expect.stringContaining("25.0.2"),
    });
  },
);

const PACKET: Model = {
  1: one("type", integer),
  2: one("stat", message({ 1: one("path", text), 2: one("mode", integer), 8: one("devmajor", integer) })),
  3: one("id", integer),
  4: one("data", bytes),
};
const packet = (more: Message): Uint8Array => write(more, PACKET);
const stat = (mode: number): Message => ({ stat: { path: "a", mode: BigInt(mode) } });
const DEVICE = 0x4000000;
const REFUSED = "the build's files have a device or a pipe";

test.each([
  ["a file", packet(stat(0o644)), null],
  ["a folder", packet(stat(0x80000000 + 0o755)), null],
  ["a link", packet(stat(0x8000000 + 0o777)), null],
  ["a file with setuid", packet(stat(0x800000 + 0o755)), null],
  ["a socket", packet(stat(0x1000000)), null],
  ["a device", packet(stat(DEVICE)), REFUSED],
  ["a character device", packet(stat(DEVICE + 0x200000)), REFUSED],
  ["a pipe", packet(stat(0x2000000)), REFUSED],
  [
    "a device behind other fields",
    packet({ type: 2n, id: 1n, data: Buffer.from("x"), ...stat(DEVICE) }),
    REFUSED,
  ],
  ["a device, then a file", Buffer.concat([packet(stat(DEVICE)), packet(stat(0o644))]), REFUSED],
  ["a file, then a device", Buffer.concat([packet(stat(0o644)), packet(stat(DEVICE))]), REFUSED],
  ["a mode of 64 bits", packet({ stat: { mode: 2n ** 40n + BigInt(DEVICE) } }), REFUSED],
  ["the end of the list", packet({}), null],
  [
    "a login",
    write({ name: "me", secret: "hunter2, p\u00e4ssword" }, { 1: one("name", text), 2: one("secret", text) }),
    null,
  ],
  ["bytes that nobody can read", Uint8Array.of(0xff, 0xff), null],
])("the engine gets %s, or not: %#", (_what, message, why) => {
  expect(refuseSent(message)).toBe(why);
});

/** Groups of fields that nobody knows. Go's readers skip them at any depth, whatever their ends are called. */
const tag = (field: number, wire: number): number => field * 8 + wire;
const GROUPS: readonly (readonly [string, readonly number[]])[] = [
  ["a group", [tag(15, 3), tag(15, 4)]],
  ["groups whose ends are swapped", [tag(15, 3), tag(14, 3), tag(15, 4), tag(14, 4)]],
  ["a group in one that ends as another", [tag(15, 3), tag(14, 3), tag(13, 4), tag(15, 4)]],
  ["200 groups", [...Array<number>(200).fill(tag(15, 3)), ...Array<number>(200).fill(tag(15, 4))]],
  ["a group with a field 0", [tag(15, 3), tag(0, 0), 1, tag(15, 4)]],
  ["a field whose number has 30 bits", [0x80, 0x80, 0x80, 0x80, 0x10, 1]],
  ["a text whose number has 30 bits", [0x82, 0x80, 0x80, 0x80, 0x10, 1, 0xff]],
  [
    "a group with texts and numbers",
    [tag(15, 3), tag(2, 2), 1, 0xff, tag(3, 0), 0xff, 1, tag(9, 5), 1, 2, 3, 4, tag(15, 4)],
  ],
];

test.each(GROUPS)("a device behind %s is refused, in the packet and in its file", (_what, group) => {
  const device = packet(stat(DEVICE));
  const inside = Buffer.concat([Buffer.from(group), device.subarray(2)]);
  expect(refuseSent(Buffer.concat([Buffer.from(group), device]))).toBe(REFUSED);
  expect(refuseSent(write({ stat: inside }, { 2: one("stat", bytes) }))).toBe(REFUSED);
  expect(refuseSent(Buffer.concat([Buffer.from(group), packet(stat(0o644))]))).toBeNull();
});

const FILE: Model = {
  2: one(
    "stat",
    message({
      1: one("path", text),
      2: one("mode", integer),
      7: one("linkname", text),
      10: map("xattrs", bytes),
    }),
  ),
};
const LINK = 0x8000000n + 0o777n;
const file = (stat: Message): Uint8Array => write({ stat }, FILE);

test.each([".", "..", "../x", "a/..", "a/./b"])(
  "the path %j is refused: it is not in the build's folder",
  (path) => {
    const why = "the build's files have a path that leads out of their folder";
    expect(refuseSent(file({ path, mode: LINK, linkname: "/" }))).toBe(why);
    // of two, Go merges both and takes the last of each field
    const split = Buffer.concat([file({ path, mode: 0n }), file({ mode: LINK, linkname: "/" })]);
    expect(refuseSent(split)).toBe(why);
  },
);

test.each([".dockerignore", "...", "a/..b", "a../b", "\u00e9/x"])("the path %j is in it", (path) => {
  expect(refuseSent(file({ path, mode: LINK, linkname: "../../x" }))).toBeNull();
});

test("a link has no attributes but its label: the engine would set them on what it leads to", () => {
  const withNames = (...names: string[]) => ({
    ...{ path: "a", linkname: "/etc/shadow" },
    xattrs: new Map(names.map((name) => [name, Buffer.from("x")])),
  });
  const why = "the build's files have a link with extended attributes";
  expect(refuseSent(file({ ...withNames("security.capability"), mode: LINK }))).toContain(why);
  expect(refuseSent(file({ ...withNames("security.selinux", "user.a"), mode: LINK }))).toContain(why);
  expect(
    refuseSent(file({ ...withNames("security.selinux", "com.apple.provenance"), mode: LINK })),
  ).toBeNull();
  expect(refuseSent(file({ ...withNames("user.a", "security.capability"), mode: 0o644n }))).toBeNull();
  const split = Buffer.concat([file(withNames("user.a")), file({ mode: LINK })]);
  expect(refuseSent(split)).toContain(why);
});

test("what is found first does not keep the rest from being read", () => {
  const entry = Buffer.from("0a06757365722e61", "hex");
  const attributes = Buffer.concat([
    Buffer.of(0x52, entry.length),
    entry,
    Buffer.of(0x52, entry.length),
    entry,
  ]);
  const device = write({ mode: BigInt(DEVICE) }, { 2: one("mode", integer) });
  const stat = Buffer.concat([attributes, device]);
  expect(refuseSent(write({ stat }, { 2: one("stat", bytes) }))).toBe(REFUSED);
});

test("a device before what nobody can read is refused", () => {
  expect(refuseSent(Buffer.concat([packet(stat(DEVICE)), Buffer.of(0xff, 0xff)]))).toBe(REFUSED);
});

test("a message is only skipped if all that is left of it is a file's content", () => {
  const content = { type: 2n, id: 7n, data: Buffer.alloc(1000) };
  const whole = packet(content);
  expect(isContent(whole.subarray(0, 24), whole.length)).toBe(true);
  const more = Buffer.concat([whole, packet(stat(DEVICE))]);
  expect(isContent(more.subarray(0, 24), more.length)).toBe(false);
  const before = Buffer.concat([packet(stat(DEVICE)), whole]);
  expect(isContent(before.subarray(0, 24), before.length)).toBe(false);
  expect(isContent(Buffer.alloc(24, 0xff), 24)).toBe(false);
});
