import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { STAT } from "../../../../test/support/policy/upload-model.ts";
import {
  answer,
  DEVICE,
  file,
  isContent,
  LINK,
  packet,
  refuseIn,
  refuseSent,
  STRANGE,
  stat,
  UPLOAD,
} from "../../../../test/support/policy/upload-packets.ts";
import { bytes, integer, type Message, type Model, message, one, text, write } from "../wire.ts";
import { answerTo } from "./sent.ts";

const CREDENTIALS = "/moby.filesync.v1.Auth/Credentials";
const SECRET = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
const SSH = "/moby.sshforward.v1.SSH/ForwardAgent";
const EXPORT = "/moby.filesync.v1.FileSend/DiffCopy";

const SPECIAL = "the build's files have a device or a pipe";
const KIND = "the build's files have one of an unknown kind";
const OUTSIDE = "the build's files have a path that leads out of their folder";

test.each([
  ["a file", stat(0o644), null],
  ["a folder", stat(0x80000000 + 0o755), null],
  ["a link", stat(0x8000000 + 0o777), null],
  ["a file with setuid", stat(0x800000 + 0o755), null],
  ["a socket", stat(0x1000000), null],
  ["a device", stat(DEVICE), SPECIAL],
  ["a character device", stat(DEVICE + 0x200000), SPECIAL],
  ["a pipe", stat(0x2000000), SPECIAL],
  ["a device with an error", packet({ type: 4n, stat: { mode: BigInt(DEVICE) }, id: 1n }), STRANGE],
  ["a mode of 64 bits", file({ mode: 2n ** 40n + BigInt(DEVICE) }), STRANGE],
  ["an owner of 64 bits", file({ path: "a", gid: 2n ** 40n }), STRANGE],
  ["a folder that is a link", stat(0x88000000), KIND],
  ["a file of an odd mode", stat(0x40000000), KIND],
  ["a file of an irregular mode", stat(0x80000), KIND],
  ["the end of the list", packet({}), null],
  [
    "the end of the upload, before its end",
    packet({ type: 3n }),
    "the session ends an upload before its end",
  ],
  ["a type of 64 bits", packet({ type: 2n ** 32n }), STRANGE],
  ["an error", packet({ type: 4n, data: Buffer.from("no such file") }), null],
  ["a file from before 1970", file({ path: "old", modTime: -1n }), null],
  ["a request", packet({ type: 1n }), STRANGE],
  ["what is no packet", packet({ type: 5n }), STRANGE],
  ["a file with an ID", packet({ stat: { path: "a" }, id: 1n }), STRANGE],
  ["the end with an ID", packet({ type: 3n, id: 1n }), STRANGE],
])("%s", (_what, sent, why) => {
  expect(refuseSent(sent)).toBe(why);
});

const LOGIN: Model = { 1: one("name", text), 2: one("secret", text) };
const TOKEN: Model = { 1: one("token", text), 2: one("expiresIn", integer), 3: one("issuedAt", integer) };
const KEY_FILE = JSON.stringify(
  { type: "service_account", private_key: "-----BEGIN\nMII/a+b=\n-----END\n", uri: "https://a.example/o" },
  null,
  "\t",
);

test.each([
  ["a password", CREDENTIALS, write({ name: "me", secret: "hunter2, p\u00e4ssword" }, LOGIN)],
  ["a file with a key as the password", CREDENTIALS, write({ name: "_json_key", secret: KEY_FILE }, LOGIN)],
  ["no login", CREDENTIALS, write({}, LOGIN)],
  [
    "a token",
    "/moby.filesync.v1.Auth/FetchToken",
    write({ token: "t.t.t", expiresIn: 300n, issuedAt: 1_790_000_000n }, TOKEN),
  ],
  [
    "a secret of any bytes",
    SECRET,
    write({ data: Uint8Array.of(0, 255, 18, 2, 16, 1) }, { 1: one("data", bytes) }),
  ],
  ["what an ssh agent says", SSH, write({ data: Uint8Array.of(0, 255) }, { 1: one("data", bytes) })],
  ["that there is an ssh agent", "/moby.sshforward.v1.SSH/CheckAgent", new Uint8Array()],
  ["a health check's answer", "/grpc.health.v1.Health/Check", Uint8Array.of(8, 1)],
  [
    "a key of a registry's token",
    "/moby.filesync.v1.Auth/GetTokenAuthority",
    write({ data: Buffer.alloc(32) }, { 1: one("data", bytes) }),
  ],
  ["which file of an export is wanted", EXPORT, packet({ type: 1n, id: 7n })],
])("%s passes where it is asked for, once, and not in an upload", (_what, path, sent) => {
  const once = answer(path);
  expect(once.refuses(sent)).toBeNull();
  const again = [SSH, EXPORT].includes(path) ? null : "the session answers a call twice";
  expect(once.refuses(sent)).toBe(again);
  if (sent.length > 0) expect(refuseSent(sent)).toBe(STRANGE);
});

test("a call that builds do not need has no answer", () => {
  for (const path of [
    "",
    "/",
    "/moby.filesync.v1.FileSync/TarStream",
    "/containerd.services.content.v1.Content/Read",
    "toString",
  ])
    expect(answerTo(path), path).toBeNull();
});

test.each([
  ["a file", file({ path: "a" })],
  ["the end of a list", new Uint8Array()],
  ["content", packet({ type: 2n, data: Buffer.alloc(9) })],
  ["a wish with content", packet({ type: 1n, data: Buffer.alloc(9) })],
  ["a wish for a file of more than 32 bits", packet({ type: 1n, id: 2n ** 32n })],
  ["an end with an ID", packet({ type: 3n, id: 1n })],
  ["a type of 64 bits", packet({ type: 2n ** 32n + 1n })],
])("%s is nothing that the receiver of an export says", (_what, sent) => {
  expect(refuseIn(EXPORT, sent)).toBe(STRANGE);
});

/** As an engine reads it that skips fields of another type than it expects. */
const asPassword = (inner: Uint8Array) =>
  write({ name: "x", secret: inner }, { 1: one("name", text), 2: one("secret", bytes) });
const statOf = (more: Message): Uint8Array => write(more, STAT);

test.each([
  ["a device", statOf({ path: "Dockerfile", mode: BigInt(DEVICE) })],
  ["a link", statOf({ path: "a", mode: LINK, linkname: "/" })],
  ["the folder itself", statOf({ path: "." })],
  ["a path out of the folder, of the length of a tab", Buffer.from("\n\t././././.")],
  ["a path out of the folder, of 32 characters", Buffer.from(`\n ${"a/".repeat(15)}..`)],
])("a password that could be read as a file is refused: %s", (_what, inner) => {
  expect(refuseIn(CREDENTIALS, asPassword(inner))).toBe(STRANGE);
});

test.each([".", "..", "../x", "a/..", "a/./b"])("the path %j is not in the build's folder", (path) => {
  expect(refuseSent(file({ path, mode: LINK, linkname: "/" }))).toBe(OUTSIDE);
});

test.each([".dockerignore", "...", "a/..b", "a../b", "\u00e9/x"])("the path %j is in it", (path) => {
  const upload = answer(UPLOAD);
  const [folder = "", ...inFolder] = path.split("/");
  if (inFolder.length > 0) upload.refuses(file({ path: folder, mode: 0x80000000n }));
  expect(upload.refuses(file({ path, mode: LINK, linkname: "../../x" }))).toBeNull();
});

test("a path is bytes: not every laptop names files in UTF-8", () => {
  const path = Buffer.from("caf\u00e9", "latin1");
  expect(
    refuseSent(write({ stat: { path } }, { 2: one("stat", message({ 1: one("path", bytes) })) })),
  ).toBeNull();
});

test("nothing has a name under which the engine makes changed files: it would write where a link leads", () => {
  const why = "the build's files have a name that Docker uses for temporary files";
  for (const path of [".tmp.257237960", "a/b/.tmp.000000001"])
    for (const mode of [LINK, LINK | 0x80000000n, 0x80000000n, 0o644n])
      expect(refuseSent(file({ path, mode, linkname: "/etc/passwd" }))).toContain(why);
  for (const path of [".tmp.25723796", ".tmp.2572379600", "a.tmp.257237960", ".tmp.x"])
    expect(refuseSent(file({ path, mode: LINK, linkname: "x" }))).toBeNull();
});

/** Groups of fields that nobody knows, and what else Go's readers skip or merge, and others do not. */
const tag = (field: number, wire: number): number => field * 8 + wire;
const harmless = Buffer.from(stat(0o644));
const device = Buffer.from(stat(DEVICE));
const inFile = (...more: readonly Uint8Array[]) =>
  write({ stat: Buffer.concat([...more]) }, { 2: one("stat", bytes) });
const before = (...group: readonly number[]) => Buffer.concat([Buffer.from(group), harmless]);

test.each<[string, Uint8Array]>([
  ["a group", before(tag(15, 3), tag(15, 4))],
  ["groups whose ends are swapped", before(tag(15, 3), tag(14, 3), tag(15, 4), tag(14, 4))],
  ["a group with a field 0", before(tag(15, 3), tag(0, 0), 1, tag(15, 4))],
  ["a field whose number has 30 bits", before(0x80, 0x80, 0x80, 0x80, 0x10, 1)],
  ["a field that nobody knows", before(tag(5, 0), 1)],
  ["a field of a file that nobody knows", inFile(Buffer.of(tag(11, 0), 1))],
  ["a field of another type", before(tag(1, 5), 1, 2, 3, 4)],
  ["a number that is longer than it must be", before(tag(1, 0), 0x82, 0)],
  ["a tag that is longer than it must be", before(0x88, 0, 2)],
  ["a length that is longer than it must be", Buffer.concat([Buffer.of(0x12, 0x82, 0), Buffer.of(0x10, 1)])],
  ["fields in another order", Buffer.concat([Buffer.of(tag(3, 0), 1), harmless])],
  ["a file, then a device", Buffer.concat([harmless, device])],
  ["a device, then a file", Buffer.concat([device, harmless])],
  ["a path in two files, which Go merges", Buffer.concat([file({ path: "." }), file({ mode: LINK })])],
  ["two modes", inFile(statOf({ mode: 1n }), statOf({ mode: BigInt(DEVICE) }))],
  ["a key of an attribute twice", inFile(Buffer.from("5204" + "0a00" + "0a00", "hex"))],
  ["bytes that nobody can read", Uint8Array.of(0xff, 0xff)],
  ["a file, and bytes that nobody can read", Buffer.concat([harmless, Buffer.of(0xff, 0xff)])],
])("%s: no client of Docker's writes it", (_what, sent) => {
  expect(refuseSent(sent)).toBe(STRANGE);
});

test("a message is only skipped if all that is left of it is a file's content", () => {
  const whole = packet({ type: 2n, id: 7n, data: Buffer.alloc(1000) });
  expect(isContent(whole.subarray(0, 24), whole.length)).toBe(true);
  const more = Buffer.concat([whole, device]);
  expect(isContent(more.subarray(0, 24), more.length)).toBe(false);
  const first = Buffer.concat([device, whole]);
  expect(isContent(first.subarray(0, 24), first.length)).toBe(false);
  expect(isContent(Buffer.alloc(24, 0xff), 24)).toBe(false);
});

test.each([1n, 3n, 4n, 1n << 32n, (1n << 32n) + 2n])(
  "a message of type %d is not skipped: only 2 says that it is content",
  (type) => {
    const whole = packet({ type, data: Buffer.alloc(1000) });
    expect(isContent(whole.subarray(0, 24), whole.length)).toBe(false);
  },
);

test.each<[string, (writer: BinaryWriter) => BinaryWriter]>([
  ["a field that nobody knows", (to) => to.tag(5, WireType.Varint).uint32(1)],
  ["a field twice", (to) => to.tag(1, WireType.Varint).uint32(2).tag(1, WireType.Varint).uint32(2)],
  ["fields in another order", (to) => to.tag(3, WireType.Varint).uint32(1).tag(1, WireType.Varint).uint32(2)],
  ["a number that is longer than it must be", (to) => to.raw(Uint8Array.of(8, 0x82, 0))],
])("%s is not skipped: it is read, and refused", (_what, begin) => {
  const whole = begin(new BinaryWriter()).tag(4, WireType.LengthDelimited).bytes(Buffer.alloc(1000)).finish();
  expect(isContent(whole.subarray(0, 24), whole.length)).toBe(false);
  expect(refuseSent(whole)).toBe(STRANGE);
});
